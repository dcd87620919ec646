// Carries out what a session asks of logins, stores and programs, and tells it the outcome.
#include <libftp/session/answer_here.hpp>

#include <utility>
#include <variant>

namespace libftp {

std::optional<server_action> answer_here(server_session& session, authenticator& logins, server_action asked,
                                         const std::function<clock::time_point()>& now)
{
    if (const auto* login = std::get_if<action::authenticate>(&asked)) {
        auto outcome = logins.authenticate(login->who);
        session.authenticated(login->id, std::move(outcome), now());
    } else if (const auto* call = std::get_if<action::call_store>(&asked)) {
        auto response = perform(call->store, call->request);
        session.store_answered(call->id, std::move(response), now());
    } else if (const auto* command = std::get_if<action::run_command>(&asked)) {
        const auto answer = command->job();
        session.command_answered(command->id, answer, now());
    } else {
        return asked;
    }
    return std::nullopt;
}

} // namespace libftp
