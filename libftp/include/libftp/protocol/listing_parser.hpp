// Reads directory listings back: Unix `ls -l` lines and facts lines (RFC 3659 7).
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// One line of MLSD or MLST, without its end (and without MLST's leading space): facts, one space, the name to the end
/// of the line. Unknown facts are skipped. The name of an MLST line may be a path and is kept as it is.
/// Error: protocol_errc::listing_malformed.
result<file_info> parse_facts_line(std::string_view line);

/// One line of a Unix listing, without its end. `now` decides the year of a line that shows the time of day: the latest
/// one that is at most a day after now. Names keep all their spaces, leading ones too.
/// Error: protocol_errc::listing_malformed.
result<file_info> parse_unix_line(std::string_view line, file_time now);

struct parsed_listing {
    std::vector<file_info> entries{};
    std::vector<std::string> refused{}; ///< Lines in no known form, or with a name no directory can hold; raw bytes.
};

/// A whole listing, lines ended by CRLF or LF. Each line is read as facts if it has their form, else as Unix. Empty
/// lines and "total N" are skipped. Entries named ".", "..", with a slash or with control bytes are refused: a name
/// from a server is one path component.
parsed_listing parse_listing(std::string_view text, file_time now);

} // namespace libftp
