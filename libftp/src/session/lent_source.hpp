// The source of a small upload while the host has it too.
#pragma once

#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace libftp {

/// Remembers what was read, so that it can be sent once more. Host and session own it together; only one of them uses
/// it at a time: the host until it has reported the end of the transfer.
class lent_source {
public:
    explicit lent_source(std::unique_ptr<file_reader> source) noexcept : source_(std::move(source)) {}

    void rewind() noexcept { at_ = 0; }

    result<std::size_t> read(std::span<char> buffer)
    {
        if (at_ == read_.size()) {
            const auto count = source_->read(buffer);
            if (!count)
                return count;
            read_.append(buffer.data(), *count);
        }
        const auto count = read_.copy(buffer.data(), std::min(buffer.size(), read_.size() - at_), at_);
        at_ += count;
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const
    {
        const auto unread = source_->remaining();
        return unread ? std::optional{*unread + read_.size() - at_} : std::nullopt;
    }

private:
    std::unique_ptr<file_reader> source_;
    std::string read_;
    std::size_t at_ = 0;
};

/// What the host gets to read.
class lent_reader final : public file_reader {
public:
    explicit lent_reader(std::shared_ptr<lent_source> source) noexcept : source_(std::move(source)) {}

    result<std::size_t> read(std::span<char> buffer) override { return source_->read(buffer); }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return source_->remaining(); }

private:
    std::shared_ptr<lent_source> source_;
};

} // namespace libftp
