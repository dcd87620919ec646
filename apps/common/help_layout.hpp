// The layout of help: text and columns for a screen of 80 columns, and the macros of man(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

constexpr std::size_t help_width = 80;

/// A name and what it means.
using help_rows = std::vector<std::pair<std::string, std::string>>;

/// Each line is a paragraph; lines that begin with a space stay as they are.
std::string wrapped(std::string_view text);
/// Names on the left, what they mean on the right; a long name has a line of its own.
std::string in_columns(const help_rows& rows);
std::string indented(std::string_view lines);
/// Nothing if the body is empty.
std::string titled(std::string_view title, std::string_view body);

namespace roff {

enum class level : std::uint8_t { major, minor };

std::string title(std::string_view program, std::string_view version);
std::string section(level at, std::string_view title);
/// As wrapped() reads it.
std::string text(std::string_view text);
std::string verbatim(std::string_view lines);
std::string rows(const help_rows& rows);

} // namespace roff
