// Commands on what is true of files: permissions, times, digests; and making directories.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome make_directory(session& s, const typed_command& typed);
outcome chmod(session& s, const typed_command& typed);
outcome touch(session& s, const typed_command& typed);
outcome hash(session& s, const typed_command& typed);
/// Compares a file with a local one.
outcome verify(session& s, const typed_command& typed);

} // namespace commands
