// Commands that list a directory: for people, or as the server writes it.
#pragma once

#include "typed_command.hpp"

#include <optional>
#include <string>
#include <vector>

namespace commands {

/// ls: entries where a person or a program that reads JSON looks at them, else the server's lines.
outcome list_for_people(session& s, const typed_command& typed);
/// cls: entries in any case.
outcome list_in_columns(session& s, const typed_command& typed);

outcome list(session& s, const typed_command& typed);
outcome list_names(session& s, const typed_command& typed);
outcome list_facts(session& s, const typed_command& typed);

/// What NLST tells of a directory, as files: for listings of a form that nobody knows.
libftp::client_result<std::vector<libftp::file_info>> list_by_names(session& s, const std::string& directory);

/// Of a listing: lines that are no entries, or whose names are not those of one file. Error: it ends with a piece of a
/// line, so that more may be missing, or the server says in it why it lists nothing.
[[nodiscard]] std::optional<libftp::operation_error> tell_refused(session& s, const libftp::parsed_listing& listing);
/// `what: why it could not be listed`.
outcome refuse_listing(session& s, std::string_view what, const libftp::operation_error& error);

} // namespace commands
