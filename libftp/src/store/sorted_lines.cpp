// The newest and the biggest come first, and names decide between equals.
#include "sorted_lines.hpp"

#include <algorithm>

namespace libftp {

std::uint64_t sorted_lines::rank_of(const file_info& entry, list_order order) noexcept
{
    // What is not known comes last.
    static constexpr std::uint64_t least_known = 1;
    switch (order) {
    case list_order::by_name: break;
    case list_order::by_time: {
        static constexpr auto epoch = std::uint64_t{1} << 63U; // So that what was before it counts less.
        if (entry.modified)
            return std::max(least_known,
                            epoch + static_cast<std::uint64_t>(entry.modified->time_since_epoch().count()));
        break;
    }
    case list_order::by_size:
        if (entry.size)
            return std::max(*entry.size, *entry.size + least_known);
        break;
    }
    return 0;
}

void sorted_lines::sort(const list_options& options)
{
    const auto comes_before = [this](const line& left, const line& right) {
        return left.rank != right.rank ? left.rank > right.rank : name_of(left) < name_of(right);
    };
    if (options.is_reversed)
        std::sort(lines_.begin(), lines_.end(),
                  [&](const line& left, const line& right) { return comes_before(right, left); });
    else
        std::sort(lines_.begin(), lines_.end(), comes_before);
}

} // namespace libftp
