// What the tasks of a store have in common: how much one step does, reading a file in steps, and a file being written.
#pragma once

#include "read_within.hpp"

#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace libftp {

inline constexpr std::uint64_t max_step_bytes = 1024 * 1024;
inline constexpr std::size_t max_step_names = 256;

/// Whether the store says this, be it in the system's words.
inline bool means(const std::error_code& error, store_errc refusal) noexcept
{
    return to_store_errc(error) == refusal;
}

/// Reads a file, or the first `limit` bytes that a reader has to give, a step at a time.
class stepwise_reader {
public:
    static constexpr std::size_t block_bytes = 64 * 1024;

    explicit stepwise_reader(std::unique_ptr<file_reader> reader,
                             std::uint64_t limit = std::numeric_limits<std::uint64_t>::max())
        : reader_(std::move(reader)), limit_(limit), block_(std::make_unique<block>())
    {
    }

    /// Gives a step's worth of bytes, or the rest of them, to `use` block by block. Error: the reader's or the first
    /// that `use` returns.
    template <class Use>
    result<void> step(Use use)
    {
        const auto step_end = std::min(limit_, bytes_ + max_step_bytes);
        while (bytes_ < step_end) {
            const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, step_end - bytes_));
            const auto count = read_within(*reader_, std::span{*block_}.first(wanted));
            if (!count)
                return count.error();
            if (*count == 0) {
                at_end_ = true;
                return {};
            }
            bytes_ += *count;
            if (result<void> used = use(std::string_view{block_->data(), *count}); !used)
                return used;
        }
        at_end_ = bytes_ == limit_;
        return {};
    }

    [[nodiscard]] bool at_end() const noexcept { return at_end_; }
    /// How many were read so far.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    using block = std::array<char, block_bytes>;

    std::unique_ptr<file_reader> reader_;
    std::uint64_t limit_;
    std::unique_ptr<block> block_;
    std::uint64_t bytes_ = 0;
    bool at_end_ = false;
};

/// A file being written, which is discarded unless it is committed.
class uncommitted_file {
public:
    explicit uncommitted_file(std::unique_ptr<file_writer> writer) : writer_(std::move(writer)) {}
    ~uncommitted_file() { discard(std::make_error_code(std::errc::operation_canceled)); }
    uncommitted_file(const uncommitted_file&) = delete;
    uncommitted_file& operator=(const uncommitted_file&) = delete;

    result<void> write(std::string_view bytes) { return writer_->write(bytes); }
    /// The last call. After a failure there is nothing left to discard.
    result<void> commit() { return std::exchange(writer_, nullptr)->commit(); }
    void discard(std::error_code reason)
    {
        if (const auto writer = std::exchange(writer_, nullptr))
            writer->discard(reason);
    }

private:
    std::unique_ptr<file_writer> writer_;
};

} // namespace libftp
