// Between a calendar's dates and file_times, and the names that listings give the months.
#pragma once

#include <libftp/protocol/timestamp.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace libftp {

class line_writer;

inline constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Nothing for a date that no calendar has, and for one before 1678 or after 2261, which nanoseconds in 64 bits cannot
/// reach.
inline std::optional<file_time> make_file_time(std::chrono::year_month_day date, std::chrono::seconds time_of_day)
{
    using namespace std::chrono;
    // The last second is left out, so that a fraction can still be added to the result.
    static constexpr auto earliest = ceil<seconds>(file_time::min());
    static constexpr auto latest = floor<seconds>(file_time::max()) - seconds{1};
    if (!date.ok())
        return std::nullopt;
    const sys_seconds time = sys_days{date} + time_of_day;
    if (time < earliest || time > latest)
        return std::nullopt;
    return time;
}

/// What format_timestamp() makes: 14 digits.
void put_timestamp(line_writer& line, file_time time);

} // namespace libftp
