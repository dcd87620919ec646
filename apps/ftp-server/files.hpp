// Reads and writes the small text files that ftp-server works with.
#pragma once

#include <libftp/result.hpp>

#include <string>
#include <string_view>
#include <system_error>

// A path may be that of a symbolic link, which stays what it is: what it leads to, anywhere, is read and written.

libftp::result<std::string> read_file(const std::string& path);
/// Why this user, the effective one, cannot read it; empty if that can be done. Opens nothing, so that a pipe keeps
/// what is in it.
std::string fault_of_reading(const std::string& path);
/// Why this user, the effective one, cannot write it, or make it where it is not there; none if that can be done.
/// Makes nothing.
std::error_code fault_of_writing(const std::string& path);
/// Only the user of this process may read the file, which appears as a whole. Not while threads make files.
libftp::result<void> write_secret_file(const std::string& path, std::string_view text);

/// Whoever else wants to lock a file of the same folder waits meanwhile; the file itself may be replaced. Locks nothing
/// where the file system has no locks.
class file_lock {
public:
    explicit file_lock(const std::string& path);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int folder_;
};
