// A near file that is being downloaded: it outlives the attempts to fill it.
#pragma once

#include "digest_set.hpp"

#include <libftp/store/file_store.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace libftp {

/// Whether a writer may use the file. Once closed it stays so.
class write_gate {
public:
    /// To be followed by leave() if it returns true.
    bool enter() noexcept;
    void leave() noexcept;
    /// Waits until nobody is inside.
    void close() noexcept;

private:
    enum class phase { open, in_use, closed };
    std::atomic<phase> phase_{phase::open};
};

/// An attempt writes through a writer of its own, on whatever thread, and may be over for the session while its host
/// still writes; so it is locked out first when another one follows. Without commit() the file is discarded.
class kept_file : public std::enable_shared_from_this<kept_file> {
public:
    /// More than `max_bytes` are protocol_errc::limit_exceeded.
    kept_file(std::unique_ptr<file_writer> file, digest_set digests,
              std::optional<std::uint64_t> max_bytes = {}) noexcept;
    kept_file(const kept_file&) = delete;
    kept_file& operator=(const kept_file&) = delete;
    ~kept_file();

    /// A writer whose end, good or bad, leaves the file open. Not before the attempt before has ended.
    std::unique_ptr<file_writer> begin_attempt();
    /// Locks the writer of the attempt out. Waits for a write that is under way.
    void end_attempt() noexcept;
    /// Ends the attempt and lets go of the file, so that it can be opened anew although the host still has the writer
    /// of the attempt. May block.
    void give_up();
    /// Locks the writer of this and every other attempt out, soon. Any thread.
    void stop() noexcept { is_stopped_ = true; }

    // Not during an attempt.

    [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
    result<std::string> finish_digest(digest_algorithm algorithm) { return digests_.finish(algorithm); }
    /// May block. Called once, as the last call.
    result<void> commit();

private:
    class attempt_writer;

    void discard();
    [[nodiscard]] bool has_room_for(std::size_t bytes) const noexcept
    {
        return !max_bytes_ || bytes <= *max_bytes_ - written_;
    }

    std::unique_ptr<file_writer> file_;
    digest_set digests_;
    const std::optional<std::uint64_t> max_bytes_;
    std::uint64_t written_ = 0;
    std::error_code reason_; ///< What the last attempt was given up for.
    std::shared_ptr<write_gate> gate_;
    std::atomic<bool> is_stopped_{false};
};

} // namespace libftp
