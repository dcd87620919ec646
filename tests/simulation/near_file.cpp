// Writes and reads the files of a client.
#include "near_file.hpp"

#include <system_error>
#include <utility>

namespace libftp::simulation {

namespace {

class near_writer final : public file_writer {
public:
    near_writer(std::shared_ptr<near_file> file, near_faults& faults) : file_(std::move(file)), faults_(faults) {}
    near_writer(const near_writer&) = delete;
    near_writer& operator=(const near_writer&) = delete;
    ~near_writer() override { file_->is_gone = true; }

    result<void> write(std::string_view bytes) override
    {
        if (faults_.draw())
            return std::make_error_code(std::errc::no_space_on_device);
        file_->bytes += bytes;
        return {};
    }
    result<void> commit() override
    {
        if (faults_.draw())
            return std::make_error_code(std::errc::io_error);
        file_->is_committed = true;
        return {};
    }

private:
    std::shared_ptr<near_file> file_;
    near_faults& faults_;
};

class near_reader final : public file_reader {
public:
    near_reader(std::string content, near_faults& faults) : content_(std::move(content)), faults_(faults) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        if (faults_.draw())
            return std::make_error_code(std::errc::io_error);
        const auto count = content_.copy(buffer.data(), buffer.size(), at_);
        at_ += count;
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return content_.size() - at_; }

private:
    std::string content_;
    std::size_t at_ = 0;
    near_faults& faults_;
};

} // namespace

std::unique_ptr<file_writer> write_near_file(std::shared_ptr<near_file> file, near_faults& faults)
{
    return std::make_unique<near_writer>(std::move(file), faults);
}

std::unique_ptr<file_reader> read_near_file(std::string content, near_faults& faults)
{
    return std::make_unique<near_reader>(std::move(content), faults);
}

} // namespace libftp::simulation
