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

/// Where in a line the quotations are, byte after byte. A single quote begins one where a word begins, and is itself
/// within a word; in its quotation a backslash is itself, too.
class quotation {
public:
    /// Whether the byte begins or ends one.
    constexpr bool changes_by(char byte, bool begins_word) noexcept
    {
        const bool begins = quote_ == '\0' && (byte == '"' || (byte == '\'' && begins_word));
        const bool ends = quote_ != '\0' && byte == quote_;
        if (begins || ends)
            quote_ = begins ? byte : '\0';
        return begins || ends;
    }
    /// Whether the next byte is taken as it is because of this one.
    [[nodiscard]] constexpr bool escapes_by(char byte) const noexcept { return byte == '\\' && quote_ != '\''; }
    /// What ends it; '\0' outside.
    [[nodiscard]] constexpr char quote() const noexcept { return quote_; }
    [[nodiscard]] constexpr bool is_open() const noexcept { return quote_ != '\0'; }

private:
    char quote_ = '\0';
};

/// The words of a line, parted by spaces and tabs. Quotes keep these in a word, and so does a backslash, which stands
/// before any byte that is to be taken as it is. Nothing if a quotation does not end, or nothing is behind the last
/// backslash.
std::optional<std::vector<std::string>> split_words(std::string_view line);

/// An argument that is the whole rest of a line: as typed, unless it is one quotation as a whole.
std::string unquote(std::string_view rest);

/// The name of a file in another directory: what stands behind the last slash of its path. Nothing if that is no name:
/// if it is empty, `.` or `..`.
std::optional<std::string> last_component(std::string_view path);

/// The path of what is called `name` in the working directory: many servers take `~x` for somebody's home directory.
std::string path_of_name(std::string_view name);

/// The text with the password of a URL in it replaced by stars.
std::string without_url_password(std::string_view text);
