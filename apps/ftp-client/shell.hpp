// The loop of prompt, line and command.
#pragma once

#include "options.hpp"

/// Returns the program's exit code: 1 if a command of a script failed, 2 if the local directory cannot be used, else 0.
int run_shell(shell_options options);
