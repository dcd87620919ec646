// A reply, and how it is written (RFC 959 4.2, RFC 2389 3.2 for the indented lines of FEAT).
#pragma once

#include <libftp/protocol/reply_code.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// A reply as a client receives it.
struct reply {
    int code = 0;                     ///< 100 to 599; 0: none yet.
    std::vector<std::string> lines{}; ///< The text of each line, without code, separator and line end. Bytes as sent.

    /// 1yz: another reply follows.
    [[nodiscard]] bool is_preliminary() const noexcept { return code / 100 == 1; }
    /// 2yz: the command was carried out.
    [[nodiscard]] bool is_completion() const noexcept { return code / 100 == 2; }
    /// 3yz: another command is awaited.
    [[nodiscard]] bool is_intermediate() const noexcept { return code / 100 == 3; }
    /// 4yz: the same command may succeed later.
    [[nodiscard]] bool is_transient_failure() const noexcept { return code / 100 == 4; }
    /// 5yz: the same command will fail again.
    [[nodiscard]] bool is_permanent_failure() const noexcept { return code / 100 == 5; }

    /// The first line's text, or nothing.
    [[nodiscard]] std::string_view text() const noexcept
    {
        return lines.empty() ? std::string_view{} : std::string_view{lines.front()};
    }
    /// As a person reads it: code and text, lines parted by '\n'. Control bytes are escaped as by escape_controls().
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const reply&, const reply&) = default;
};

/// Appends `code text CRLF` to `out`. Whatever the text is, it stays one line: CR, LF and NUL become '?', byte 255 is
/// doubled (RFC 854).
void append_reply(std::string& out, reply_code code, std::string_view text);

/// A reply of several lines piece by piece: `211-first`, ` line`, ..., and append_reply() for the last. Texts are
/// treated as by append_reply().
void append_first_line(std::string& out, reply_code code, std::string_view text);
/// Indented by a space, so that none can be taken for the last.
void append_inner_line(std::string& out, std::string_view text);
/// Indented only if it begins with a digit: for lines that programs read (RFC 959 4.2).
void append_bare_line(std::string& out, std::string_view text);

/// Appends all lines of `answer`; one whose code is not from 200 to 599 becomes 451, and one without lines gets an
/// empty one. Returns the code that was written.
reply_code append_reply(std::string& out, const reply& answer);

/// Text for a terminal or a log: `\\xHH` for control bytes, 127, and what shows text in another order (as U+202E).
std::string escape_controls(std::string_view text);

} // namespace libftp
