// Adds limits to times, also those that mean that there is no limit.
#pragma once

#include <libftp/clock.hpp>

#include <chrono>

namespace libftp {

/// A limit as the clock counts it. The longest that can be written, as seconds::max(), would overflow in nanoseconds:
/// a century stands for it, and can still be added to today.
template <class Rep, class Period>
constexpr clock::duration bounded(std::chrono::duration<Rep, Period> limit)
{
    constexpr std::chrono::hours century{24 * 36'525};
    return limit < std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(century)
               ? std::chrono::duration_cast<clock::duration>(limit)
               : century;
}

/// When a limit that begins at `time` is over.
template <class Rep, class Period>
constexpr clock::time_point later(clock::time_point time, std::chrono::duration<Rep, Period> limit)
{
    return time + bounded(limit);
}

} // namespace libftp
