// Splits a command line into verb and argument (RFC 959 5.3).
#pragma once

#include <libftp/protocol/command_table.hpp>

#include <span>
#include <string_view>

namespace libftp {

/// One command line, still pointing into it.
struct command {
    std::string_view name{};          ///< The verb as sent.
    std::string_view argument{};      ///< All behind the one space after the verb: bytes kept, nothing trimmed.
    const command_row* row = nullptr; ///< nullptr: not a verb of this table.
};

/// Never fails: a line that is not a command has no row. `table` is as for find_command(). `line` is one line without
/// its end, and must outlive the result.
command parse_command(std::string_view line, std::span<const command_row> table = command_table()) noexcept;

/// Whether a first line speaks another protocol (an HTTP request, an SMTP greeting, ...): a browser or a mail program
/// was sent here, possibly to abuse this server's replies.
bool is_foreign_protocol(std::string_view line) noexcept;

} // namespace libftp
