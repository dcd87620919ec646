// Open directories of a disk store.
#pragma once

#include "disk_system.hpp"

#include <libftp/store/file_store.hpp>

#include <memory>

namespace libftp::disk {

/// `directory` was opened for reading, without O_PATH.
result<std::unique_ptr<directory_reader>> make_directory_reader(descriptor directory);

} // namespace libftp::disk
