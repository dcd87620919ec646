// Commands that look through trees of the server.
#pragma once

#include "typed_command.hpp"

namespace commands {

/// How many bytes are in directories.
outcome du(session& s, const typed_command& typed);
outcome find(session& s, const typed_command& typed);

} // namespace commands
