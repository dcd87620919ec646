// One file to read from or write to, outside of any store: the near end of a client's transfer.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace libftp {

/// Reads from a copy of `content`.
std::unique_ptr<file_reader> make_text_reader(std::string content);

/// Appends to `content`, which must outlive the writer. What was written stays if the transfer fails. Past `max_bytes`
/// a write fails with std::errc::file_too_large.
std::unique_ptr<file_writer> make_text_writer(std::string& content,
                                              std::size_t max_bytes = std::numeric_limits<std::size_t>::max());

/// The same, for who may be gone before the writer is.
std::unique_ptr<file_writer> make_text_writer(std::shared_ptr<std::string> content,
                                              std::size_t max_bytes = std::numeric_limits<std::size_t>::max());

/// A file of the local file system, by any path. Only regular files are opened. Errors: the store's or the system's.
result<std::unique_ptr<file_reader>> open_local_file(const std::string& path, std::uint64_t offset = 0);

/// A local file to write. With write_mode::replace it appears under its name at commit, as a whole.
result<std::unique_ptr<file_writer>> create_local_file(const std::string& path, write_mode mode = write_mode::replace,
                                                       std::uint64_t offset = 0);

} // namespace libftp
