// Serves a folder to the one client on standard input, by calls that wait, as inetd or systemd starts it:
// inetd_server FOLDER
#include "posix_host.hpp"

#include <libftp/store/disk_store.hpp>

#include <iostream>

using namespace libftp;

int main(int argc, char** argv)
try {
    const auto folder = disk_store::open(argc > 1 ? argv[1] : ".").value();
    anonymous_authenticator logins{{.store = folder, .allowed = permissions::read_only()}};
    const session_options options;
    session_observer nobody;
    served_client client{descriptor{STDIN_FILENO}, options, nobody};
    auto& [control, session, data] = client;

    for (client.catch_up(logins, 0); !session.finished(); client.catch_up(logins, 0)) {
        const bool is_data_due = data.moves() || session.awaits_data_connection(); // else the client speaks next
        pollfd awaited = is_data_due ? data.awaited() : pollfd{control.number(), POLLIN, 0};
        poll(&awaited, 1, time_until(session.deadline()));
        if (awaited.revents != 0)
            is_data_due ? data.woken() : read_control(session, control);
        session.deadline_passed(now());
    }
} catch (const std::exception& error) {
    std::cerr << "inetd_server: " << error.what() << '\n';
    return 1;
}
