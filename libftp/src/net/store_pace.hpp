// Decides whether calls of a store that is seldom slow are worth a thread of their own.
#pragma once

#include <libftp/clock.hpp>

#include <atomic>
#include <chrono>

namespace libftp::net {

/// Such calls are made where they are asked for until one takes long, and again when that is a while ago: then the disk
/// may be busy, and others must not wait for it. Any thread may call it.
class store_pace {
public:
    [[nodiscard]] bool is_quick(clock::time_point now) const noexcept
    {
        return now >= slow_until_.load(std::memory_order_relaxed);
    }

    void took(clock::duration time, clock::time_point ended) noexcept
    {
        if (time > longest)
            slow_until_.store(ended + recovery, std::memory_order_relaxed);
    }

    static constexpr std::chrono::milliseconds longest{5};
    static constexpr std::chrono::seconds recovery{1};

private:
    std::atomic<clock::time_point> slow_until_{};
};

} // namespace libftp::net
