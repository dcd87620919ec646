// Commands on the server's files that take more than sending a verb: transfers, listings, renaming.
#pragma once

#include "vocabulary.hpp"

namespace commands {

outcome get(session& s, const typed_command& typed);
outcome put(session& s, const typed_command& typed);
outcome append(session& s, const typed_command& typed);
/// STOR and APPE, whose argument is the name on the server.
outcome stor(session& s, const typed_command& typed);
outcome appe(session& s, const typed_command& typed);

outcome list(session& s, const typed_command& typed);
outcome list_names(session& s, const typed_command& typed);
outcome list_facts(session& s, const typed_command& typed);

outcome size(session& s, const typed_command& typed);
outcome rename(session& s, const typed_command& typed);
outcome remove_confirmed(session& s, const typed_command& typed);

} // namespace commands
