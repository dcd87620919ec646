// Files outside of any store: in a string, or anywhere in the local file system.
#include <libftp/store/single_file.hpp>

#include "local_name.hpp"

#include <libftp/store/file_place.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace libftp {

namespace {

#ifdef _WIN32
constexpr const char* separators = "/\\:"; // behind a drive's letter too
#else
constexpr const char* separators = "/";
#endif

class text_reader final : public file_reader {
public:
    explicit text_reader(std::string content) : content_(std::move(content)) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto n = std::min(buffer.size(), content_.size() - taken_);
        std::memcpy(buffer.data(), content_.data() + taken_, n);
        taken_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return content_.size() - taken_; }

private:
    std::string content_;
    std::size_t taken_ = 0;
};

class text_writer final : public file_writer {
public:
    text_writer(std::shared_ptr<std::string> content, std::size_t max_bytes) noexcept
        : content_(std::move(content)), left_(max_bytes)
    {
    }

    result<void> write(std::string_view bytes) override
    {
        if (bytes.size() > left_)
            return std::make_error_code(std::errc::file_too_large);
        left_ -= bytes.size();
        *content_ += bytes;
        return {};
    }
    result<void> commit() override { return {}; }

private:
    std::shared_ptr<std::string> content_;
    std::size_t left_;
};

} // namespace

result<local_name> split_local(const std::string& path)
{
    const auto end_of_folder = path.find_last_of(separators) + 1; // 0 where there is none
    const auto name = path.substr(end_of_folder);
    if (name == "." || name == "..")
        return store_errc::is_a_directory;
    auto resolved = store_path{}.resolve(name);
    if (!resolved)
        return resolved.error();
    return local_name{path.substr(0, end_of_folder) + ".", *std::move(resolved)};
}

result<local_name> find_local(const std::string& path)
{
    return split_local(follow_local_link(path));
}

std::unique_ptr<file_reader> make_text_reader(std::string content)
{
    return std::make_unique<text_reader>(std::move(content));
}

std::unique_ptr<file_writer> make_text_writer(std::string& content, std::size_t max_bytes)
{
    return make_text_writer(std::shared_ptr<std::string>{std::shared_ptr<void>{}, &content}, max_bytes);
}

std::unique_ptr<file_writer> make_text_writer(std::shared_ptr<std::string> content, std::size_t max_bytes)
{
    return std::make_unique<text_writer>(std::move(content), max_bytes);
}

result<std::unique_ptr<file_reader>> open_local_file(const std::string& path, std::uint64_t offset)
{
    return make_local_place(path)->open_read(offset);
}

result<std::unique_ptr<file_writer>> create_local_file(const std::string& path, write_mode mode, std::uint64_t offset)
{
    return make_local_place(path)->open_write(mode, offset);
}

} // namespace libftp
