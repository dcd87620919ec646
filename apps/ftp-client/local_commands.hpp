// Commands on this side: the local directory, and programs of the system.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome local_cd(session& s, const typed_command& typed);
outcome local_ls(session& s, const typed_command& typed);
outcome local_pwd(session& s, const typed_command& typed);
outcome run_program(session& s, const typed_command& typed);

} // namespace commands
