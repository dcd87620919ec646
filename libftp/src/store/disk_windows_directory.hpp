// Directories of a disk store on Windows.
#pragma once

#include "disk_windows_system.hpp"

#include <libftp/store/file_store.hpp>

#include <memory>

namespace libftp::disk {

/// Reads the open directory from its beginning.
result<std::unique_ptr<directory_reader>> make_directory_reader(handle directory);

} // namespace libftp::disk
