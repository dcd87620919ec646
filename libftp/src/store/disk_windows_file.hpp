// Open files of a disk store on Windows.
#pragma once

#include "disk_windows_system.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace libftp::disk {

std::unique_ptr<file_reader> make_reader(handle file, std::uint64_t offset, std::uint64_t size);

/// A new file beside the place that it gets at commit; it goes away if that does not come.
result<std::unique_ptr<file_writer>> make_publishing_writer(place target, if_taken taken);

/// Writes from `offset`, or, without one, wherever the end is. Precondition for the latter: it was opened for nothing
/// but to append.
std::unique_ptr<file_writer> make_changing_writer(handle file, std::optional<std::uint64_t> offset);

} // namespace libftp::disk
