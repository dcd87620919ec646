// What a disk store gives to read from and to write to.
#pragma once

#include "disk_file.hpp"
#include "disk_system.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>

namespace libftp::disk {

/// As file_store::open_read and file_store::open_write, beneath the open directory `root`.
result<std::unique_ptr<file_reader>> open_read(const root_directory& root, const store_path& path,
                                               std::uint64_t offset);
result<std::unique_ptr<file_writer>> open_write(const root_directory& root, const store_path& path,
                                                const write_options& options);

/// A new file to be published in the place of what `path` names, if it is a regular file, with the mode and the access
/// control list of that, and with its owner and group as far as they can be given.
result<replacement> make_replacement(const root_directory& root, const store_path& path, const write_options& options);

} // namespace libftp::disk
