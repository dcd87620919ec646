// Whether a remote file is the one that it was: by size, and by time as exactly as it is told.
#pragma once

#include <libftp/session/transfer_task.hpp>

#include <chrono>

namespace libftp {

/// The file's own time is the time told, or later by less than this.
std::chrono::nanoseconds unit_of(time_precision precision) noexcept;

known_file to_known(const listed_entry& entry);

/// The sizes are known and equal, and the times are not known to differ.
bool is_same_file(const known_file& before, const known_file& now);

/// `file` has changed after `time` for certain.
bool is_newer(const known_file& file, const std::optional<file_time>& time);

} // namespace libftp
