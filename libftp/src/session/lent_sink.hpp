// The sink of a download while the host has it too.
#pragma once

#include <libftp/error.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace libftp {

/// Takes what was decoded. Of a small file it is kept until the commit: where files follow each other over one
/// connection, what comes may be another's.
class decoded_file final : public file_writer {
public:
    /// `size`: the small file's.
    decoded_file(std::unique_ptr<file_writer> file, std::optional<std::uint64_t> size) noexcept
        : file_(std::move(file)), size_(size)
    {
    }

    result<void> write(std::string_view bytes) override
    {
        written_ += bytes.size();
        if (!size_)
            return file_->write(bytes);
        if (written_ <= *size_)
            kept_.append(bytes);
        return {};
    }
    result<void> commit() override
    {
        if (auto taken = file_->write(kept_); !taken) {
            file_->discard(taken.error());
            return taken;
        }
        return file_->commit();
    }
    void discard(std::error_code reason) override { file_->discard(reason); }

    [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
    /// Nothing has been written to it, if a size was given.
    [[nodiscard]] std::unique_ptr<file_writer> give_back() noexcept { return std::move(file_); }

private:
    std::unique_ptr<file_writer> file_;
    std::optional<std::uint64_t> size_;
    std::string kept_{};
    std::uint64_t written_ = 0;
};

/// Host and session own the sink together, so that it is never destroyed while it is written to. Only one of them uses
/// it at a time: the host until it has reported the end of the transfer.
class lent_sink {
public:
    lent_sink(std::unique_ptr<file_writer> sink, std::optional<std::uint64_t> length) noexcept
        : sink_(std::move(sink)), left_(length)
    {
    }

    /// What comes is to be decoded before it is written. With a size, nothing is written before it is committed, and
    /// rewind() is possible. To be called before the host writes.
    void decode(const transfer_coding& coding, std::uint64_t offset, std::optional<std::uint64_t> size)
    {
        if (coding.is_plain())
            return;
        auto decoded = std::make_unique<decoded_file>(std::move(sink_), size);
        decoded_ = decoded.get();
        sink_ = make_decoding_writer(std::move(decoded), coding, offset);
    }
    /// As if nothing had come, nor decode() been called.
    void rewind() noexcept
    {
        if (auto* const decoded = std::exchange(decoded_, nullptr))
            sink_ = decoded->give_back();
    }

    [[nodiscard]] file_writer& get() noexcept { return *sink_; }
    /// Bytes of the file, where they were decoded.
    [[nodiscard]] std::uint64_t written() const noexcept { return decoded_ ? decoded_->written() : 0; }
    /// For whoever commits it. This object must not be used afterwards.
    [[nodiscard]] std::unique_ptr<file_writer> take() noexcept { return std::move(sink_); }

    void discard(std::error_code reason)
    {
        if (sink_ && !std::exchange(is_discarded_, true))
            sink_->discard(reason);
    }

    /// The server knows the length and ends by itself: if it goes on, it has sent something else. To be called before
    /// the host writes.
    void demand_end() noexcept { is_end_demanded_ = true; }

    /// What comes past the length is dropped, or protocol_errc::limit_exceeded if an end is demanded.
    result<void> write(std::string_view bytes)
    {
        if (!left_)
            return sink_->write(bytes);
        if (is_end_demanded_ && bytes.size() > *left_)
            return protocol_errc::limit_exceeded;
        const auto share = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), *left_)));
        *left_ -= share.size();
        return sink_->write(share);
    }
    /// Whether all bytes that were wanted are there, and the server need not be heard out.
    [[nodiscard]] bool is_full() const noexcept { return left_ == 0U && !is_end_demanded_; }

private:
    std::unique_ptr<file_writer> sink_;
    decoded_file* decoded_ = nullptr; ///< Behind sink_.
    std::optional<std::uint64_t> left_;
    bool is_end_demanded_ = false;
    bool is_discarded_ = false;
};

/// What the host gets to write to. It cannot commit: that waits for the server's word.
class lent_writer final : public file_writer {
public:
    explicit lent_writer(std::shared_ptr<lent_sink> sink) : sink_(std::move(sink)) {}

    result<void> write(std::string_view bytes) override { return sink_->write(bytes); }
    result<void> commit() override { return {}; }
    void discard(std::error_code reason) override { sink_->discard(reason); }
    [[nodiscard]] bool is_complete() const override { return sink_->is_full() || sink_->get().is_complete(); }
    [[nodiscard]] std::size_t bytes_behind_end() const override { return sink_->get().bytes_behind_end(); }
    [[nodiscard]] std::optional<native_file> native() const override { return sink_->get().native(); }
    void skip(std::uint64_t bytes) override { sink_->get().skip(bytes); }

private:
    std::shared_ptr<lent_sink> sink_;
};

} // namespace libftp
