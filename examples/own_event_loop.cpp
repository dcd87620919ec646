// Downloads a file on a loop of the program's own, poll(2), without Asio: own_event_loop ADDRESS PORT REMOTE LOCAL
#include <libftp/session/client_session.hpp>
#include <libftp/store/single_file.hpp>

#include <arpa/inet.h>
#include <iostream>
#include <poll.h>
#include <unistd.h>

using namespace libftp;

static int connect_to(const endpoint& to)
{
    sockaddr_in address{AF_INET, htons(to.port), {inet_addr(to.address.to_string().c_str())}, {}};
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    return connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? socket : -1;
}

int main(int, char** arguments)
{
    const auto now = [] { return clock::time_point{std::chrono::system_clock::now().time_since_epoch()}; };
    const endpoint server{ip_address::parse(arguments[1]).value(), static_cast<std::uint16_t>(std::stoi(arguments[2]))};
    const client_options options;
    client_session session{options, server, {}, now()};
    session.start(operation::greeting{}, now());
    session.start(operation::login{"anonymous", secret{"me@example.com"}}, now());
    session.start(operation::download{arguments[3], create_local_file(arguments[4]).value()}, now());
    session.start(operation::quit{}, now());

    int control = connect_to(server), data = -1;
    action::receive_data receiving;
    std::uint64_t bytes = 0;
    const auto end_data = [&](transfer_fault fault) {
        close(std::exchange(data, -1));
        if (std::exchange(receiving.sink, nullptr))
            session.transfer_finished(receiving.id, {bytes, fault, {}}, now());
    };
    for (char buffer[65536]; !session.finished(); session.deadline_passed(now())) {
        while (auto asked = session.next_action()) {
            if (auto* connect = std::get_if<action::connect_data>(&*asked)) {
                data = connect_to(connect->to);
                const auto refused = std::make_error_code(std::errc::connection_refused);
                session.data_connected(connect->id, data < 0 ? result<endpoint>{refused} : connect->to, now());
            } else if (auto* receive = std::get_if<action::receive_data>(&*asked)) {
                receiving = std::move(*receive);
            } else if (auto* commit = std::get_if<action::commit>(&*asked)) {
                session.committed(commit->id, commit->sink->commit(), now());
            } else if (std::holds_alternative<action::close_data>(*asked)) {
                end_data(transfer_fault::canceled);
            }
        }
        while (const auto news = session.next_event())
            if (const auto* heard = std::get_if<event::reply_received>(&*news))
                std::cout << heard->answer.to_string() << '\n';
        const auto sent = write(control, session.output().data(), session.output().size());
        sent >= 0 ? session.output_sent(std::size_t(sent), now()) : session.connection_lost(now());

        pollfd ready[] = {{control, POLLIN, 0}, {receiving.sink ? data : -1, POLLIN, 0}};
        poll(ready, 2, 1000);
        if (ready[0].revents != 0) {
            const auto count = read(control, buffer, sizeof buffer);
            count > 0 ? session.received({buffer, std::size_t(count)}, now()) : session.received_eof(now());
        }
        if (ready[1].revents != 0) {
            const auto count = read(data, buffer, sizeof buffer);
            if (count > 0 && receiving.sink->write({buffer, std::size_t(count)}))
                session.transfer_progressed(receiving.id, bytes += std::size_t(count), now());
            else
                end_data(count == 0 ? transfer_fault::none : transfer_fault::connection);
        }
    }
}
