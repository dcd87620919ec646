// `help`: the vocabulary by group, or one command with its usage and an example.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome help(session& s, const typed_command& typed);

} // namespace commands
