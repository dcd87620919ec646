// Commands on the server's files that take more than sending a verb.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome size(session& s, const typed_command& typed);
outcome rename(session& s, const typed_command& typed);
/// Files by patterns.
outcome remove_many(session& s, const typed_command& typed);
outcome remove_confirmed(session& s, const typed_command& typed);

} // namespace commands
