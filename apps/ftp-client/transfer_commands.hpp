// Commands that move files and trees.
#pragma once

#include "name_expansion.hpp"
#include "typed_command.hpp"

#include <optional>
#include <string>
#include <vector>

namespace commands {

/// get, RETR.
outcome get(session& s, const typed_command& typed);
outcome put(session& s, const typed_command& typed);
outcome append(session& s, const typed_command& typed);
/// STOR and APPE, whose argument is the name on the server.
outcome stor(session& s, const typed_command& typed);
outcome appe(session& s, const typed_command& typed);
/// Files by patterns.
outcome mget(session& s, const typed_command& typed);
outcome mput(session& s, const typed_command& typed);
/// In segments.
outcome pget(session& s, const typed_command& typed);
outcome limit(session& s, const typed_command& typed);

/// The files on the server that the patterns stand for. Nothing: the sentence was said.
std::optional<std::vector<found_name>> find_remote_files(session& s, const std::vector<std::string>& patterns);

} // namespace commands
