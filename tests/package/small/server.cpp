// A server of files in memory for one client on standard input and output, as inetd starts it: control connection only.
#include <libftp/auth/authenticator.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/store/memory_store.hpp>

#include <unistd.h>

using namespace libftp;

namespace {

clock::time_point now()
{
    return clock::time_point{std::chrono::system_clock::now().time_since_epoch()};
}

void answer(server_session& session, authenticator& logins, const server_action& asked)
{
    const auto refused = std::make_error_code(std::errc::network_unreachable);
    if (const auto* login = std::get_if<action::authenticate>(&asked))
        session.authenticated(login->id, logins.authenticate(login->who), now());
    else if (const auto* call = std::get_if<action::call_store>(&asked))
        session.store_answered(call->id, perform(call->store, call->request), now());
    else if (const auto* listen = std::get_if<action::listen_data>(&asked))
        session.data_listening(listen->id, refused, now());
    else if (const auto* connect = std::get_if<action::connect_data>(&asked))
        session.data_connected(connect->id, refused, now());
}

} // namespace

int main()
{
    anonymous_authenticator logins{{.name = "guest", .store = std::make_shared<memory_store>()}};
    const session_options options;
    session_observer nobody;
    const endpoint here{ip_address::loopback_v4(), 21};
    server_session session{options, nobody, 1, here, here, now()};

    for (char buffer[512]; !session.finished();) {
        while (const auto asked = session.next_action())
            answer(session, logins, *asked);
        if (const auto output = session.output(); !output.empty()) {
            const auto sent = ::write(STDOUT_FILENO, output.data(), output.size());
            sent >= 0 ? session.output_sent(static_cast<std::size_t>(sent), now()) : session.connection_lost(now());
        } else if (!session.finished()) {
            const auto count = ::read(STDIN_FILENO, buffer, sizeof buffer);
            count > 0 ? session.received({buffer, static_cast<std::size_t>(count)}, now())
                      : session.received_eof(now());
        }
    }
}
