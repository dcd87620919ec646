// Times of files, and their form in MDTM and in facts: YYYYMMDDHHMMSS[.f], in UTC (RFC 3659 2.3).
#pragma once

#include <libftp/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace libftp {

/// A file's time: UTC, nanoseconds.
using file_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// Accepts any number of fraction digits (those past nanoseconds are dropped) and second 60 (a leap second, taken as
/// the next second). Error: protocol_errc::time_malformed, also for days that no calendar has and for years that a
/// file_time cannot hold (before 1678, after 2261).
result<file_time> parse_timestamp(std::string_view text);

/// Whole seconds, rounded down: `19980615100045`.
std::string format_timestamp(file_time time);

} // namespace libftp
