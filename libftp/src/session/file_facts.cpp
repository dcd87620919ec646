// Compares what is known of files.
#include "file_facts.hpp"

#include <algorithm>
#include <chrono>

namespace libftp {

std::chrono::nanoseconds unit_of(time_precision precision) noexcept
{
    using namespace std::chrono_literals;
    switch (precision) {
    case time_precision::day: return 24h;
    case time_precision::minute: return 1min;
    case time_precision::none:
    case time_precision::second: return 1s;
    case time_precision::fraction: return 1ns;
    }
    return 1s;
}

known_file to_known(const listed_entry& entry)
{
    known_file known{.size = entry.size, .modified = entry.modified, .precision = entry.precision};
    if (entry.size_is_rounded)
        known.size.reset();
    // Without a text the entry was put together from the replies to SIZE and MDTM.
    if (known.size)
        known.by = entry.raw.empty()                     ? size_source::size_command
                   : entry.style == listing_style::facts ? size_source::facts
                                                         : size_source::listing;
    return known;
}

bool is_same_file(const known_file& before, const known_file& now)
{
    if (!before.size || before.size != now.size)
        return false;
    if (!before.modified || !now.modified)
        return true;
    // One may be told less exactly than the other.
    const auto [earlier, later] = std::minmax(*before.modified, *now.modified);
    return later - earlier < std::max(unit_of(before.precision), unit_of(now.precision));
}

bool is_newer(const known_file& file, const std::optional<file_time>& time)
{
    return file.modified && time && *file.modified > *time + unit_of(file.precision);
}

} // namespace libftp
