// Decides whether calls of a store that is seldom slow are worth a thread of their own.
#pragma once

#include <libftp/clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace libftp::net {

/// Such calls are made on the caller's thread until one takes long: then the disk may be busy, and others must not wait
/// for it. After a while one is tried there again; if that takes long, too, the next try is later. A long call in which
/// the thread never waited was not the disk's doing: the processor had other work. As it costs time to find that out,
/// it is done only after the first long call. Any thread may call it.
class store_pace {
public:
    [[nodiscard]] bool is_quick(clock::time_point now) const noexcept
    {
        return now >= slow_until_.load(std::memory_order_relaxed);
    }

    /// Whether took() wants to know of waits from now on.
    [[nodiscard]] bool counts_waits() const noexcept { return counts_waits_.load(std::memory_order_relaxed); }

    /// `waits`: how often the thread gave up the processor in the call; 0 as long as that is not counted.
    void took(clock::duration time, clock::time_point ended, std::int64_t waits) noexcept
    {
        if (time <= longest)
            return;
        counts_waits_.store(true, std::memory_order_relaxed);
        if (waits == 0)
            return;
        const auto until = slow_until_.load(std::memory_order_relaxed);
        auto pause = pause_.load(std::memory_order_relaxed);
        if (ended >= until) // it was taken for quick
            pause = ended < until + pause ? std::min<clock::duration>(2 * pause, longest_recovery) : recovery;
        pause_.store(pause, std::memory_order_relaxed);
        slow_until_.store(ended + pause, std::memory_order_relaxed);
    }

    static constexpr std::chrono::milliseconds longest{5};
    static constexpr std::chrono::seconds recovery{1};
    static constexpr std::chrono::seconds longest_recovery{16};

private:
    std::atomic<bool> counts_waits_ = false;
    std::atomic<clock::time_point> slow_until_{};
    std::atomic<clock::duration> pause_{recovery};
};

} // namespace libftp::net
