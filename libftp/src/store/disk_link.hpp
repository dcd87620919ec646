// The texts of symbolic links that a disk store makes.
#pragma once

#include "disk_system.hpp"

#include <libftp/result.hpp>
#include <libftp/store/store_path.hpp>

#include <string>

namespace libftp::disk {

/// Where an open directory is beneath the open directory `root`, by its own name and not by links on the way to it.
/// Error: store_errc::not_found if it has been moved out of the root.
result<store_path> path_beneath(const root_directory& root, const descriptor& directory);

/// What a link in `directory` has to say to lead to `target`: a relative path, so that it does wherever the root is.
std::string link_text(store_path directory, const store_path& target);

} // namespace libftp::disk
