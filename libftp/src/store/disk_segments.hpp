// A file of the local file system that is written in parts, at several offsets at once.
#pragma once

#include "local_name.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

namespace libftp::disk {

/// A file that has no name yet. It goes away with this object unless it was published.
class unnamed_file {
public:
    unnamed_file() = default;
    unnamed_file(const unnamed_file&) = delete;
    unnamed_file& operator=(const unnamed_file&) = delete;
    virtual ~unnamed_file() = default;

    /// At any offset; any thread, several at once.
    virtual result<void> write(std::string_view bytes, std::uint64_t offset) = 0;
    /// Gives it its name, at once also where another file has it. Called until it succeeds; an error changes nothing.
    virtual result<void> publish() = 0;
};

/// As this system makes one.
result<std::unique_ptr<unnamed_file>> make_unnamed_file(const local_name& where);

/// Appears under its name when the parts that were committed cover it. It goes with its last writer before that. Any
/// thread.
class segmented_file : public std::enable_shared_from_this<segmented_file> {
public:
    static result<std::shared_ptr<segmented_file>> create(const local_name& where, std::uint64_t size);

    /// Whether parts can be opened for a file of this size.
    [[nodiscard]] bool takes_parts_of(std::uint64_t size) const;
    /// A writer of as many bytes as that. Its commit fails with protocol_errc::transfer_incomplete if some are missing.
    /// Error: store_errc::offset_invalid if the part does not lie within the file.
    result<std::unique_ptr<file_writer>> open(std::uint64_t offset, std::uint64_t length);

private:
    class writer;

    segmented_file(std::unique_ptr<unnamed_file> file, std::uint64_t size) noexcept;
    result<void> commit(std::uint64_t offset, std::uint64_t length);
    [[nodiscard]] bool is_covered() const;

    std::unique_ptr<unnamed_file> file_;
    std::uint64_t size_;
    mutable std::mutex mutex_;
    std::multimap<std::uint64_t, std::uint64_t> committed_; ///< Lengths by offset.
    bool is_published_ = false;
};

} // namespace libftp::disk
