// Decides whether calls of a store that is seldom slow are worth a thread of their own.
#pragma once

#include <libftp/clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace libftp::net {

/// Such calls are made where they are asked for until one takes long, and again when that is a while ago: then the disk
/// may be busy, and others must not wait for it. If it still is when that is tried, the next try is later. Any thread
/// may call it.
class store_pace {
public:
    [[nodiscard]] bool is_quick(clock::time_point now) const noexcept
    {
        return now >= slow_until_.load(std::memory_order_relaxed);
    }

    void took(clock::duration time, clock::time_point ended) noexcept
    {
        if (time <= longest)
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
    std::atomic<clock::time_point> slow_until_{};
    std::atomic<clock::duration> pause_{recovery};
};

} // namespace libftp::net
