// Reads configuration files: keys with strings, numbers, truth values and lists of them, a part of TOML 1.0.
#pragma once

#include <libftp/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct toml_entry {
    std::string key{};
    std::vector<std::string> values{}; ///< One, or those of a list; numbers and truth values as they are written.
    std::size_t line = 0;              ///< Of the key, counted from 1.
};

struct toml_fault {
    std::size_t line = 0;
    std::string reason{};
};

/// Every form that TOML gives to strings on one line is read, with their escapes. Tables, dates and strings of several
/// lines are not. A key occurs once.
libftp::result<std::vector<toml_entry>, toml_fault> read_toml(std::string_view text);

/// A string as read_toml() reads it.
std::string toml_string(std::string_view text);
