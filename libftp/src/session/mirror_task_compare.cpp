// Compares files by size and by time, as exactly as a listing tells it.
#include "mirror_task_compare.hpp"

#include "file_facts.hpp"

#include <algorithm>
#include <chrono>

namespace libftp {
namespace {

/// Listings tell times in the server's zone, whichever it believes to be in; no two zones are further apart.
bool may_be_of_another_zone(const tree_entry& far, const tree_entry& near)
{
    constexpr std::chrono::hours most{26};
    const auto [earlier, later] = std::minmax(*far.modified, *near.modified);
    return is_rough(far.precision) && later - earlier <= most;
}

} // namespace

bool is_rough(time_precision precision) noexcept
{
    return precision == time_precision::day || precision == time_precision::minute;
}

std::optional<file_age> compare_times(const tree_entry& far, const tree_entry& near)
{
    if (!far.modified || !near.modified || far.precision == time_precision::none)
        return std::nullopt;
    // FTP sets times in whole seconds, so that fractions of them would make each file differ from its copy.
    const auto begin = std::chrono::floor<std::chrono::seconds>(*far.modified);
    const auto time = std::chrono::floor<std::chrono::seconds>(*near.modified);
    if (time < begin)
        return file_age::far_is_newer;
    const auto unit = std::max<std::chrono::nanoseconds>(unit_of(far.precision), std::chrono::seconds{1});
    return time - begin < unit ? file_age::same : file_age::near_is_newer;
}

file_likeness compare_files(mirror_rule rule, mirror_direction direction, const tree_entry& far, const tree_entry& near)
{
    const bool has_sizes = far.size && near.size;
    const bool has_same_size = has_sizes && far.size == near.size;
    const auto age = compare_times(far, near);
    const bool source_is_newer =
        age == (direction == mirror_direction::download ? file_age::far_is_newer : file_age::near_is_newer);
    const bool target_is_newer = age && age != file_age::same && !source_is_newer;
    const auto if_not_newer =
        target_is_newer && may_be_of_another_zone(far, near) ? file_likeness::same_by_rough_time : file_likeness::same;
    const auto if_newer =
        has_same_size && is_rough(far.precision) ? file_likeness::differs_by_rough_time : file_likeness::differs;
    const auto by_time = source_is_newer ? if_newer : if_not_newer;
    switch (rule) {
    case mirror_rule::always: break;
    case mirror_rule::newer: return age ? by_time : file_likeness::differs;
    case mirror_rule::size: return has_same_size ? file_likeness::same : file_likeness::differs;
    case mirror_rule::size_and_time: return has_same_size || (!has_sizes && age) ? by_time : file_likeness::differs;
    case mirror_rule::hash: return has_sizes && !has_same_size ? file_likeness::differs : file_likeness::same_by_size;
    }
    return file_likeness::differs;
}

} // namespace libftp
