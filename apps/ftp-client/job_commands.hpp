// Commands on what runs in the background.
#pragma once

#include "typed_command.hpp"

#include <string>

namespace commands {

/// A line that ends with `&`, which is shown as `line`.
outcome start_job(session& s, const typed_command& typed, const std::string& line);

outcome jobs(session& s, const typed_command& typed);
/// Ctrl+C ends the job.
outcome foreground(session& s, const typed_command& typed);
/// Ctrl+C ends the waiting.
outcome wait(session& s, const typed_command& typed);
outcome kill(session& s, const typed_command& typed);

} // namespace commands
