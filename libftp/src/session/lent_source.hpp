// The source of a small upload while the host has it too.
#pragma once

#include "../store/read_within.hpp"

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
    /// What turns out to be longer than `most` is not remembered any more.
    lent_source(std::unique_ptr<file_reader> source, std::uint64_t most) noexcept
        : source_(std::move(source)), most_(most)
    {
    }

    /// Whether it could go back to the beginning.
    [[nodiscard]] bool rewind() noexcept
    {
        given_ = 0;
        return is_remembered_;
    }
    /// Bytes that were read since the beginning.
    [[nodiscard]] std::uint64_t given() const noexcept { return given_; }

    result<std::size_t> read(std::span<char> buffer)
    {
        if (is_remembered_ && given_ < read_.size()) {
            const auto at = static_cast<std::size_t>(given_);
            const auto count = read_.copy(buffer.data(), std::min(buffer.size(), read_.size() - at), at);
            given_ += count;
            return count;
        }
        const auto count = read_within(*source_, buffer);
        if (!count)
            return count;
        given_ += *count;
        is_remembered_ = is_remembered_ && given_ <= most_;
        if (is_remembered_)
            read_.append(buffer.data(), *count);
        else
            std::string{}.swap(read_);
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const
    {
        const auto unread = source_->remaining();
        return unread && is_remembered_ ? std::optional{*unread + read_.size() - given_} : unread;
    }

private:
    std::unique_ptr<file_reader> source_;
    std::uint64_t most_;
    std::string read_;
    std::uint64_t given_ = 0;
    bool is_remembered_ = true;
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
