// Where the files of a user are that this program reads and keeps (the XDG base directories).
#pragma once

#include <string>
#include <string_view>

/// `$XDG_CONFIG_HOME/libftp/NAME`, or `~/.config/libftp/NAME`. Empty: the user has no home.
std::string configuration_file(std::string_view name);

/// `$XDG_STATE_HOME/libftp/NAME`, or `~/.local/state/libftp/NAME`. Empty: the user has no home.
std::string state_file(std::string_view name);

/// `~/NAME`. Empty: the user has no home.
std::string home_file(std::string_view name);

/// `~` and `~/images`, as people type them; any other path as it is.
std::string expand_home(const std::string& path);
