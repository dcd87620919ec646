// Commands on what is in a file: shown, or changed in an editor.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome cat(session& s, const typed_command& typed);
/// In $PAGER.
outcome less(session& s, const typed_command& typed);
/// In $VISUAL or $EDITOR; stored again if it was changed.
outcome edit(session& s, const typed_command& typed);

} // namespace commands
