// Open files of a disk store on Windows.
#pragma once

#include "disk_segments.hpp"
#include "disk_windows_system.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace libftp::disk {

std::unique_ptr<file_reader> make_reader(handle file, std::uint64_t offset, std::uint64_t size);

/// A new file beside the place that it gets.
result<std::unique_ptr<unnamed_file>> make_unnamed_file(place target, if_taken taken);

/// Gives `file` its place at commit.
std::unique_ptr<file_writer> make_publishing_writer(std::unique_ptr<unnamed_file> file);

/// Writes from `offset`, or, without one, wherever the end is. Precondition for the latter: it was opened for nothing
/// but to append.
std::unique_ptr<file_writer> make_changing_writer(handle file, std::optional<std::uint64_t> offset);

} // namespace libftp::disk
