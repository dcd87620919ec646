// The clock that hosts hand to the sessions: libftp's core never asks for the time itself.
#pragma once

#include <chrono>

namespace libftp {

/// Time as data. A point counts from the Unix epoch (so that a listing can tell this year's files) and must never run
/// backwards within a session (so that it can serve for deadlines): a host takes the system's time once and adds what
/// its steady clock measures from then on.
struct clock {
    /// What lies between two points.
    using duration = std::chrono::nanoseconds;
    /// As std::chrono asks of a clock; so are the next ones.
    using rep = duration::rep;
    /// Nanoseconds.
    using period = duration::period;
    /// Counts from the Unix epoch.
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;
};

} // namespace libftp
