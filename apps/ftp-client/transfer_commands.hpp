// Commands that move files and trees.
#pragma once

#include "typed_command.hpp"

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

} // namespace commands
