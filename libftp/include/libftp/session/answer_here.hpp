// The part of a host that needs no network: logins, store calls and a program's own commands, on the caller's thread.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/clock.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/server_session.hpp>

#include <functional>
#include <optional>

namespace libftp {

/// Carries out action::authenticate, action::call_store and action::run_command at once, and tells the session of the
/// outcome and of the time, which `now` gives afterwards. Any other action is returned: it is for the network.
///
/// Blocks as long as the authenticator, the store or the command does; so it is for hosts that may wait, or whose
/// stores and logins do not block. To be called where the session's other functions are. Throws nothing of its own.
std::optional<server_action> answer_here(server_session& session, authenticator& logins, server_action asked,
                                         const std::function<clock::time_point()>& now);

} // namespace libftp
