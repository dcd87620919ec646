// Open files of a disk store.
#pragma once

#include "disk_new_file.hpp"
#include "disk_system.hpp"

#include <libftp/store/file_store.hpp>

#include <memory>
#include <optional>
#include <string>

namespace libftp::disk {

std::unique_ptr<file_reader> make_reader(descriptor file, std::uint64_t offset, std::uint64_t size);

/// Publishes `file` as `name` at commit.
std::unique_ptr<file_writer> make_publishing_writer(std::unique_ptr<new_file> file, std::string name, if_taken taken);

/// Writes from `offset`, or, without one, wherever the end is. Precondition for the latter: it was opened by O_APPEND.
std::unique_ptr<file_writer> make_changing_writer(descriptor file, std::optional<std::uint64_t> offset);

} // namespace libftp::disk
