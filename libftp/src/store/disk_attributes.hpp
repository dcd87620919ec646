// Times, mode, group, access control list and users' attributes of what a disk store holds.
#pragma once

#include "disk_system.hpp"

#include <libftp/store/file_store.hpp>

#include <sys/types.h>

namespace libftp::disk {

/// Whether the system lets a file be read or written makes no difference: `file` may be opened by O_PATH.
/// Errors: store_errc::not_a_file unless it is a regular file or a directory; store_errc::permission_denied for mode
/// bits beyond 0777, which lend rights; store_errc::not_found for an unknown group; store_errc::not_supported for a
/// time of creation.
result<void> set_attributes(const descriptor& file, const attribute_changes& changes);

/// Any bits; of a file that may be opened by O_PATH, too.
result<void> set_mode(const descriptor& file, mode_t mode);

/// Gives `file` the access control list (POSIX) of `old`, and none where that has none: then it loses what its
/// directory hands down. `old` may be opened by O_PATH.
result<void> copy_access_list(const descriptor& old, const descriptor& file);

/// Gives `file` the extended attributes of `old` that belong to users ("user."), as far as there are rights and room.
/// `old` may be opened by O_PATH.
void copy_user_attributes(const descriptor& old, const descriptor& file);

} // namespace libftp::disk
