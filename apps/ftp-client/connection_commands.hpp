// Commands on the connection itself: to whom, as whom, in which modes.
#pragma once

#include "typed_command.hpp"

namespace commands {

outcome open(session& s, const typed_command& typed);
outcome conn(session& s, const typed_command& typed);
outcome close(session& s, const typed_command& typed);
outcome quit_session(session& s, const typed_command& typed);
outcome quit_program(session& s, const typed_command& typed);
outcome user(session& s, const typed_command& typed);
outcome pass(session& s, const typed_command& typed);
/// PASV and EPSV.
outcome pasv(session& s, const typed_command& typed);
/// PORT and EPRT.
outcome port(session& s, const typed_command& typed);
outcome passive(session& s, const typed_command& typed);
outcome type(session& s, const typed_command& typed);
outcome ascii(session& s, const typed_command& typed);
outcome binary(session& s, const typed_command& typed);
outcome status(session& s, const typed_command& typed);
outcome tls(session& s, const typed_command& typed);
outcome ccc(session& s, const typed_command& typed);
outcome quote(session& s, const typed_command& typed);
outcome remote_help(session& s, const typed_command& typed);
/// CWD and CDUP.
outcome change_directory(session& s, const typed_command& typed);
/// Sends the row's first name with the argument as it is.
outcome send_as_it_is(session& s, const typed_command& typed);

} // namespace commands
