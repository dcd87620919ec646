// Passive ports on real sockets: the range, and who shares a port with whom.
#include "running_server.hpp"

#include <future>
#include <vector>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    return files;
}

net::server_options with_one_port(std::uint16_t port = unassigned_port())
{
    net::server_options options;
    options.passive_ports = port_range{port, port};
    return options;
}

} // namespace

TEST_CASE("A stranger on the data port is dropped, and the right peer still gets the file")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    const auto port = control.ask_for_data_port();
    bare_connection thief{port, "127.0.0.2"};
    CHECK(thief.read_to_end().empty());
    bare_connection data{port};
    CHECK(control.ask("RETR a.txt") == 150);
    CHECK(data.read_to_end() == "hello");
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("Passive ports come from the range, and each session gets its own")
{
    // Two ports that are free now; should somebody take one meanwhile, 425 is the right answer.
    running_server finder;
    const auto low = finder.port();
    net::server_options options;
    options.passive_ports = port_range{low, low};
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    CHECK(control.ask("EPSV") == 425); // `finder` has the only port of the range
    CHECK(control.ask("NOOP") == 200);
}

TEST_CASE("A passive port can be used again at once, though the server closed its last connection first")
{
    const auto port = unassigned_port();
    net::server_options options;
    options.passive_ports = port_range{port, port};
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    for (int i = 0; i < 5; ++i) {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR a.txt") == 150);
        CHECK(data.read_to_end() == "hello");
        CHECK(control.next_reply().code == 226);
    }
}

TEST_CASE("Sessions from two addresses share one passive port")
{
    running_server server{some_files(), with_one_port()};
    bare_connection first{server.port(), "127.0.0.2"};
    bare_connection second{server.port(), "127.0.0.3"};
    first.log_in();
    second.log_in();
    const auto port = first.ask_for_data_port();
    CHECK(second.ask_for_data_port() == port);

    bare_connection stranger{port, "127.0.0.4"};
    CHECK(stranger.read_to_end().empty());
    bare_connection data_of_second{port, "127.0.0.3"};
    bare_connection data_of_first{port, "127.0.0.2"};
    for (auto* control : {&first, &second})
        CHECK(control->ask("RETR a.txt") == 150);
    CHECK(data_of_first.read_to_end() == "hello");
    CHECK(data_of_second.read_to_end() == "hello");
    CHECK(first.next_reply().code == 226);
    CHECK(second.next_reply().code == 226);
}

TEST_CASE("Two sessions of one address do not share a port: the second gets 425 until it is free")
{
    running_server server{some_files(), with_one_port()};
    bare_connection first{server.port()};
    bare_connection second{server.port()};
    first.log_in();
    second.log_in();
    const auto port = first.ask_for_data_port();
    CHECK(second.ask("EPSV") == 425);
    CHECK(first.ask_for_data_port() == port); // a new EPSV gives the old place up first

    bare_connection data{port};
    CHECK(first.ask("RETR a.txt") == 150);
    CHECK(first.next_reply().code == 226);
    CHECK(second.ask_for_data_port() == port);
    CHECK(first.ask("EPSV") == 425);
    CHECK(second.ask("QUIT") == 221);
    CHECK(second.next_reply().code == 0);
    CHECK(first.ask_for_data_port() == port);
}

TEST_CASE("A connection that nobody took is not the next session's")
{
    auto options = with_one_port();
    options.threads = 1; // ABOR is answered a moment before the port is free, and another thread may be quicker
    running_server server{some_files(), options};
    bare_connection other{server.port(), "127.0.0.2"}; // keeps the port open
    bare_connection first{server.port()};
    bare_connection second{server.port()};
    for (auto* control : {&other, &first, &second})
        control->log_in();
    const auto port = other.ask_for_data_port();
    CHECK(first.ask_for_data_port() == port);
    CHECK(first.ask("ABOR") == 226);
    bare_connection stray{port};
    CHECK(second.ask_for_data_port() == port);
    CHECK(stray.read_to_end().empty());
    bare_connection data{port};
    CHECK(second.ask("RETR a.txt") == 150);
    CHECK(data.read_to_end() == "hello");
    CHECK(second.next_reply().code == 226);
}

TEST_CASE("A port that nobody uses is taken before one is shared")
{
    const auto low = unassigned_port();
    auto options = with_one_port(low);
    options.passive_ports->last = static_cast<std::uint16_t>(low + 1);
    running_server server{some_files(), options};
    bare_connection first{server.port(), "127.0.0.2"};
    bare_connection second{server.port(), "127.0.0.3"};
    first.log_in();
    second.log_in();
    CHECK(first.ask_for_data_port() != second.ask_for_data_port());
}

TEST_CASE("A range of ports works over both families at once")
{
    running_server server{some_files(), with_one_port()};
    bare_connection v4{server.port()};
    bare_connection v6{server.port_v6(), "::1", "::1"};
    v4.log_in();
    v6.log_in();
    const auto port = v4.ask_for_data_port();
    CHECK(v6.ask_for_data_port() == port); // of another local address
    bare_connection data_v4{port};
    bare_connection data_v6{port, "::1", "::1"};
    CHECK(v4.ask("RETR a.txt") == 150);
    CHECK(v6.ask("RETR a.txt") == 150);
    CHECK(data_v4.read_to_end() == "hello");
    CHECK(data_v6.read_to_end() == "hello");
}

TEST_CASE("Sessions of many addresses share one port on several threads")
{
    auto options = with_one_port();
    options.threads = 4;
    running_server server{some_files(), options};
    std::vector<std::future<int>> clients;
    for (int i = 2; i < 18; ++i) {
        clients.push_back(std::async(std::launch::async, [port = server.port(), i] {
            const auto from = "127.0.0." + std::to_string(i);
            bare_connection control{port, from.c_str()};
            control.log_in();
            int complete = 0;
            for (int round = 0; round < 20; ++round) {
                bare_connection data{control.ask_for_data_port(), from.c_str()};
                control.ask("RETR a.txt");
                complete += data.read_to_end() == "hello" && control.next_reply().code == 226 ? 1 : 0;
            }
            return complete;
        }));
    }
    for (auto& each : clients)
        CHECK(each.get() == 20);
}

TEST_CASE("A server can be destroyed while sessions on several threads wait at one port")
{
    auto options = with_one_port();
    options.threads = 4;
    running_server server{some_files(), options};
    std::vector<std::unique_ptr<bare_connection>> waiting;
    for (int i = 2; i < 10; ++i) {
        const auto from = "127.0.0." + std::to_string(i);
        waiting.push_back(std::make_unique<bare_connection>(server.port(), from.c_str()));
        waiting.back()->log_in();
        waiting.back()->ask_for_data_port();
    }
}
