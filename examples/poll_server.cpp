// Serves a folder on a loop of the program's own, poll(2), without Asio: poll_server PORT FOLDER
#include "posix_host.hpp"

#include <libftp/store/disk_store.hpp>

#include <iostream>
#include <list>
#include <vector>

using namespace libftp;

int main(int argc, char** argv)
try {
    const endpoint where{ip_address::loopback_v4(), static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121)};
    const auto folder = disk_store::open(argc > 2 ? argv[2] : ".").value();
    anonymous_authenticator logins{{.store = folder, .allowed = permissions::full()}};
    const session_options options;
    session_observer nobody;
    const auto listener = listen_at(where);
    if (!listener)
        throw std::system_error(last_error());
    std::cout << "Serving on " << end_of(listener, getsockname).to_string() << std::endl;

    for (std::list<served_client> clients;;) {
        std::vector<pollfd> all{{clients.size() < 100 ? listener.number() : -1, POLLIN, 0}};
        std::optional<clock::time_point> until;
        for (const auto& [control, session, data] : clients) {
            const int events = (session.wants_input() ? POLLIN : 0) | (session.output().empty() ? 0 : POLLOUT);
            all.push_back({control.number(), static_cast<short>(events), 0});
            all.push_back(data.awaited());
            if (const auto deadline = session.deadline(); deadline && (!until || *deadline < *until))
                until = deadline;
        }
        poll(all.data(), all.size(), time_until(until));

        auto woken = all.begin() + 1;
        for (auto& each : clients) {
            if ((woken[0].revents & ~POLLOUT) != 0)
                read_control(each.session, each.control);
            if (woken[1].revents != 0)
                each.data.woken();
            each.session.deadline_passed(now());
            each.catch_up(logins);
            woken += 2;
        }
        clients.remove_if([](const served_client& each) { return each.session.finished(); });
        if (all.front().revents != 0) {
            if (auto socket = accept_at(listener)) {
                clients.emplace_back(std::move(socket), options, nobody);
                clients.back().catch_up(logins);
            }
        }
    }
} catch (const std::exception& error) {
    std::cerr << "poll_server: " << error.what() << '\n';
    return 1;
}
