// Where the files of a user are that this program reads and keeps, and those that are for this user's eyes only.
#pragma once

#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Directories of the user's. Empty: there is none.
struct user_folders {
    std::string home{};
    std::string configuration{};
    std::string state{};
};
/// As the environment has them now: `~`, and of the XDG base directories `$XDG_CONFIG_HOME` or `~/.config`, and
/// `$XDG_STATE_HOME` or `~/.local/state`. On Windows `%USERPROFILE%`, `%APPDATA%` and `%LOCALAPPDATA%`.
user_folders find_user_folders();

/// `libftp/NAME` in the one for configurations. Empty: there is none.
std::string configuration_file(std::string_view name);

/// `libftp/NAME` in the one for what is remembered. Empty: there is none.
std::string state_file(std::string_view name);

/// `~/NAME`. Empty: the user has no home.
std::string home_file(std::string_view name);

/// `~` and `~/images`, as people type them; any other path as it is.
std::string expand_home(const std::string& path);

/// A whole file. Errors: the system's; std::errc::is_a_directory, std::errc::io_error.
libftp::result<std::string> read_text(const std::string& path);

/// More than a file of passwords has, and little enough to read.
inline constexpr std::size_t max_private_bytes = std::size_t{1024} * 1024;

/// The content of a file that only this user can read and write. Error: a sentence; empty if there is no such file.
libftp::result<libftp::secret, std::string> read_private_file(const std::string& path);

/// A new directory for what is temporary, that only this user can look into. Empty: none can be made.
std::string make_private_folder();
