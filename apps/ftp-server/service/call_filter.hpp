// Keeps this process to the system calls that serving files takes, by seccomp.
#pragma once

#include "file_confinement.hpp"

#include <optional>
#include <string>

/// From now on, for all threads: what starts programs, takes on other rights or changes the machine ends this process
/// (SIGSYS); any other call that is not needed fails with ENOSYS, as on an older kernel. There is no way back. Returns
/// why it could not be done, if so.
std::optional<std::string> filter_system_calls(programs others = programs::refused);
