// Takes apart what is typed at the prompt: words, quotations, names of files, passwords in URLs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What parts words.
inline constexpr std::string_view blanks = " \t";
constexpr bool is_blank(char byte) noexcept
{
    return blanks.find(byte) != std::string_view::npos;
}

/// The words of a line, parted by spaces and tabs. Double quotes keep these in a word, and so does a backslash, which
/// stands before any byte that is to be taken as it is. Nothing if a quotation does not end, or nothing is behind the
/// last backslash.
std::optional<std::vector<std::string>> split_words(std::string_view line);

/// An argument that is the whole rest of a line: as typed, unless it is one quotation as a whole.
std::string unquote(std::string_view rest);

/// The name of a file in another directory: what stands behind the last slash of its path. Nothing if that is no name:
/// if it is empty, `.` or `..`.
std::optional<std::string> last_component(std::string_view path);

/// The text with the password of a URL in it replaced by stars.
std::string without_url_password(std::string_view text);
