// A file of the local file system that is written in parts, as far as this system's disk store can do that.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace libftp {

namespace disk {
class segmented_file;
} // namespace disk

/// The parts that belong together: those of one size, opened for as long as one of them is open.
class local_segments {
public:
    /// As file_place::open_segment, for the file at `path`.
    result<std::unique_ptr<file_writer>> open(const std::string& path, std::uint64_t offset, std::uint64_t length,
                                              std::uint64_t whole);

private:
    std::weak_ptr<disk::segmented_file> file_;
};

} // namespace libftp
