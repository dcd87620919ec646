// Decides when the thread of an event loop stays awake for the answer to what it has just sent.
#pragma once

#include <libftp/clock.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace libftp::net {

/// A peer near by answers a reply with its next command sooner than a thread can fall asleep and be woken. So for a
/// moment after a reply the loop is asked again and again whether something has come. That is left out where several
/// sessions are busy, which have the thread do more at a time when it comes late. Where answers come later, it is left
/// out after the next replies, and after more and more of them as long as that goes on. The clock is the caller's.
class busy_poll {
public:
    /// 0: the thread always falls asleep.
    explicit busy_poll(std::chrono::microseconds longest) noexcept : longest_(longest) {}

    /// The peer of `session` was sent something that it may answer.
    void sent(std::uint64_t session, clock::time_point now) noexcept
    {
        if (is_awake_ && has_waited_)
            pause_ /= 2; // that of before was answered in time
        const bool is_alone = std::exchange(session_, session) == session;
        is_awake_ = is_alone && left_out_ >= pause_ && longest_.count() != 0;
        has_waited_ = false;
        left_out_ = is_awake_ ? 0 : left_out_ + 1;
        until_ = now + longest_;
    }

    /// Whether the loop is to be polled before its thread may fall asleep.
    [[nodiscard]] bool is_awake() const noexcept { return is_awake_; }

    /// A poll found nothing.
    void found_nothing(clock::time_point now) noexcept
    {
        has_waited_ = true;
        if (now < until_)
            return;
        is_awake_ = false;
        pause_ = std::min(2 * pause_ + 1, longest_pause);
    }

    /// Of replies. What is tried in vain then costs each of them a fifth of a microsecond.
    static constexpr unsigned longest_pause = 255;

private:
    std::chrono::microseconds longest_;
    clock::time_point until_{};
    std::uint64_t session_ = 0; ///< That was told something last.
    bool is_awake_ = false;
    bool has_waited_ = false; ///< Since then.
    unsigned pause_ = 0;      ///< How many replies are left out between two that are waited for.
    unsigned left_out_ = 0;   ///< Since the last that was waited for.
};

/// By its connection, for whoever runs the loop of this thread and takes it back to 0.
inline thread_local std::uint64_t session_last_told = 0;

} // namespace libftp::net
