// Whether a file that is in both trees of a mirror is to be transferred.
#pragma once

#include "mirror_task_sides.hpp"

#include <libftp/session/mirror_task.hpp>

#include <cstdint>
#include <optional>

namespace libftp {

/// Whether a listing tells the time less exactly than MDTM would, and without a zone.
bool is_rough(time_precision precision) noexcept;

/// What two entries of one name say.
enum class file_likeness : std::uint8_t {
    same,
    differs,
    differs_by_rough_time, ///< If the server's listing is right about a time that it does not tell to the second.
    same_by_rough_time,    ///< If it is right about the time zone as well.
    same_by_size,          ///< mirror_rule::hash: the digests decide.
};

file_likeness compare_files(mirror_rule rule, mirror_direction direction, const tree_entry& far,
                            const tree_entry& near);

/// Whose file is newer, by more than the server's listing is exact to; nothing where that cannot be told.
enum class file_age : std::uint8_t { same, far_is_newer, near_is_newer };
std::optional<file_age> compare_times(const tree_entry& far, const tree_entry& near);

} // namespace libftp
