// Lends a file to one attempt after the other.
#include "kept_file.hpp"

#include <libftp/error.hpp>

#include <utility>

namespace libftp {

bool write_gate::enter() noexcept
{
    auto expected = phase::open;
    return phase_.compare_exchange_strong(expected, phase::in_use);
}

void write_gate::leave() noexcept
{
    phase_ = phase::open;
    phase_.notify_one();
}

void write_gate::close() noexcept
{
    auto found = phase::open;
    while (!phase_.compare_exchange_strong(found, phase::closed) && found == phase::in_use) {
        phase_.wait(phase::in_use);
        found = phase::open;
    }
}

class kept_file::attempt_writer final : public file_writer {
public:
    attempt_writer(std::shared_ptr<kept_file> file, std::shared_ptr<write_gate> gate) noexcept
        : file_(std::move(file)), gate_(std::move(gate))
    {
    }

    result<void> write(std::string_view bytes) override
    {
        if (file_->is_stopped_ || !gate_->enter())
            return protocol_errc::canceled;
        auto written = file_->has_room_for(bytes.size()) ? file_->file_->write(bytes)
                                                         : result<void>{protocol_errc::limit_exceeded};
        if (written) {
            file_->digests_.update(bytes);
            file_->written_ += bytes.size();
        }
        gate_->leave();
        return written;
    }
    result<void> commit() override { return {}; }
    void discard(std::error_code reason) override
    {
        if (!gate_->enter())
            return;
        file_->reason_ = reason;
        gate_->leave();
    }

private:
    std::shared_ptr<kept_file> file_;
    std::shared_ptr<write_gate> gate_;
};

kept_file::kept_file(std::unique_ptr<file_writer> file, digest_set digests,
                     std::optional<std::uint64_t> max_bytes) noexcept
    : file_(std::move(file)), digests_(std::move(digests)), max_bytes_(max_bytes)
{
}

kept_file::~kept_file()
{
    discard();
}

void kept_file::discard()
{
    if (const auto file = std::move(file_))
        file->discard(reason_ ? reason_ : make_error_code(protocol_errc::canceled));
}

std::unique_ptr<file_writer> kept_file::begin_attempt()
{
    gate_ = std::make_shared<write_gate>();
    return std::make_unique<attempt_writer>(shared_from_this(), gate_);
}

void kept_file::end_attempt() noexcept
{
    if (gate_)
        gate_->close();
}

void kept_file::give_up()
{
    end_attempt();
    discard();
}

result<void> kept_file::commit()
{
    const auto file = std::move(file_);
    return file->commit();
}

} // namespace libftp
