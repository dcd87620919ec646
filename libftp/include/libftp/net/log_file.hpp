// A file for the lines of logs, written by a thread of its own: observers must not wait for a disk.
#pragma once

#include <libftp/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace libftp::net {

/// Any thread may call its functions.
class log_file {
public:
    /// Lines that wait for the disk take so many bytes at most; further ones are dropped.
    static constexpr std::size_t max_waiting_bytes = std::size_t{8} * 1024 * 1024;

    /// Appends to the file of this name, which is made if it is not there (mode 0640). Error: the system's.
    static result<std::unique_ptr<log_file>> open(const std::string& path);
    /// Waits until all lines are written.
    ~log_file();
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;

    /// Adds a line, without its end. Never waits for the disk.
    void write(std::string_view line);
    /// Opens the file of this name anew before the next line, as rotation of logs needs it after a rename. If that
    /// fails the old file goes on.
    void reopen();
    /// Lines that did not come into the file, because the disk was too slow or full.
    [[nodiscard]] std::uint64_t dropped() const;

private:
    struct writer;
    explicit log_file(std::unique_ptr<writer> from) noexcept;
    std::unique_ptr<writer> writer_;
};

} // namespace libftp::net
