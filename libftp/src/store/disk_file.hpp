// Open files of a disk store.
#pragma once

#include "disk_new_file.hpp"
#include "disk_system.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace libftp::disk {

result<std::unique_ptr<file_reader>> make_reader(descriptor file, std::uint64_t offset, std::uint64_t size);

/// Without an offset, at the end.
result<void> write_all(const descriptor& file, std::string_view bytes, std::optional<std::uint64_t> offset);

/// A new file, and what it is to be called in its directory.
struct replacement {
    std::unique_ptr<new_file> file;
    std::string name;
    if_taken taken = if_taken::replace;

    /// Gives it the name, if all that was written has been taken, as far as the system tells without waiting for the
    /// disk.
    [[nodiscard]] result<void> publish() const;
};

/// Publishes the file at commit.
std::unique_ptr<file_writer> make_publishing_writer(replacement made);

/// Writes from `offset`, or, without one, wherever the end is. Precondition for the latter: it was opened by O_APPEND.
std::unique_ptr<file_writer> make_changing_writer(descriptor file, std::optional<std::uint64_t> offset);

} // namespace libftp::disk
