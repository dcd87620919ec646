// Downloads a file on a loop of the program's own, poll(2), without Asio: own_event_loop ADDRESS PORT REMOTE LOCAL
#include "posix_host.hpp"

#include <libftp/session/client_session.hpp>
#include <libftp/store/single_file.hpp>

#include <iostream>

using namespace libftp;

int main(int argc, char** argv)
try {
    if (argc != 5) {
        std::cerr << "usage: own_event_loop ADDRESS PORT REMOTE LOCAL\n";
        return 2;
    }
    const endpoint server{ip_address::parse(argv[1]).value(), static_cast<std::uint16_t>(std::stoi(argv[2]))};
    const auto control = connect_to(server);
    const client_options options;
    client_session session{options, server, end_of(control, getsockname), now()};
    data_connection<client_session> data{session, control};

    session.start(operation::greeting{}, now());
    session.start(operation::login{"anonymous", secret{"guest@"}, {}}, now());
    const auto wanted = session.start(operation::download{argv[3], create_local_file(argv[4]).value()}, now());
    session.start(operation::quit{}, now());

    bool has_come = false;
    while (!session.finished()) {
        write_control(session, control);
        while (auto asked = session.next_action()) {
            if (auto* commit = std::get_if<action::commit>(&*asked))
                session.committed(commit->id, commit->sink->commit(), now());
            else
                std::visit([&](auto& each) { data.carry_out(each); }, *asked);
        }
        while (const auto news = session.next_event()) {
            if (const auto* reply = std::get_if<event::reply_received>(&*news))
                std::cout << reply->answer.to_string() << '\n';
            else if (const auto* done = std::get_if<event::operation_done>(&*news); done && done->operation == wanted)
                has_come = done->outcome.has_value();
        }
        const int events = session.output().empty() ? POLLIN : POLLIN | POLLOUT;
        pollfd all[]{{control.number(), static_cast<short>(events), 0}, data.awaited()};
        if (!session.finished())
            poll(all, 2, time_until(session.deadline()));
        if ((all[0].revents & ~POLLOUT) != 0)
            read_control(session, control);
        if (all[1].revents != 0)
            data.woken();
        session.deadline_passed(now());
    }
    return has_come ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "own_event_loop: " << error.what() << '\n';
    return 1;
}
