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

/// The same for the file that is to be opened at `path`. A symbolic link is followed wherever it leads, as it is by
/// every other program of its user; one that leads nowhere stands for itself.
result<local_name> find_local(const std::string& path);

/// The path of what a symbolic link at `path` leads to, if it is one and leads to something; else `path`.
std::string follow_local_link(const std::string& path);

} // namespace libftp
