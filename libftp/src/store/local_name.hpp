// What a path of the local file system means to the disk store: a folder, and a name in it.
#pragma once

#include <libftp/result.hpp>
#include <libftp/store/store_path.hpp>

#include <string>

namespace libftp {

struct local_name {
    std::string folder;
    store_path name;
};

/// Nothing is looked up. Errors: store_errc::is_a_directory for `.` and `..`, store_errc::name_not_allowed for a path
/// that ends in no name.
result<local_name> split_local(const std::string& path);

} // namespace libftp
