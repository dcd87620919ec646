// The command that keeps bookmarks.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome bookmark(session& s, const typed_command& typed);

} // namespace commands
