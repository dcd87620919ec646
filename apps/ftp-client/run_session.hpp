// From what was asked for on the command line to the exit code.
#pragma once

#include "options.hpp"

/// A prompt, a script or one command. Returns the `cause` of a script's first failure; 0 after a prompt.
int run_session(shell_options options);
