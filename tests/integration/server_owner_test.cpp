// What a server's owner can see and change while it serves.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/error.hpp>
#include <libftp/net/async_client.hpp>
#include <libftp/net/client.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>

#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/d/a.txt", "hello");
    files->add_file("/big", std::string(64U << 20U, 'x')); // more than all socket buffers hold
    return files;
}

net::server_options for_guests()
{
    net::server_options options;
    options.authenticator = std::make_shared<anonymous_authenticator>(account{"guest", some_files(), {}, {}});
    return options;
}

/// The calling thread.
bool blocks_sigpipe()
{
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    return sigismember(&blocked, SIGPIPE) == 1;
}

bool is_open(std::uint16_t port)
{
    try {
        return bare_connection{port}.next_reply().code != 0;
    } catch (const std::system_error&) {
        return false;
    }
}

/// The only session there, once it is as it is wanted to be.
template <class Wanted>
net::session_status session_when(const net::server& server, Wanted wanted)
{
    while (true) {
        const auto all = server.sessions();
        if (all.size() == 1 && wanted(all.front()))
            return all.front();
    }
}

} // namespace

TEST_CASE("Sessions that begin after a renewal are served by the new options, and those that run keep theirs")
{
    net::server_options options;
    options.session.greeting = "Before.";
    running_server server{some_files(), options};
    bare_connection old{server.port()};
    CHECK(old.next_reply().text() == "Before.");

    auto renewed = for_guests();
    renewed.session.greeting = "After.";
    renewed.session.denial_delay = 0ms;
    REQUIRE(server.server().renew(renewed));

    // But nobody logs in any more who is not known any more.
    CHECK(old.ask("USER ann") == 331);
    CHECK(old.ask("PASS secret") == 530);
    CHECK(old.ask("USER ftp") == 331);
    CHECK(old.ask("PASS me@example.org") == 230);
    bare_connection recent{server.port()};
    CHECK(recent.next_reply().text() == "After.");
    CHECK(recent.ask("USER ann") == 331);
    CHECK(recent.ask("PASS secret") == 530);
    CHECK(recent.ask("USER ftp") == 331);
    CHECK(recent.ask("PASS me@example.org") == 230);
}

TEST_CASE("A renewal changes how many sessions there may be")
{
    auto options = for_guests();
    options.max_sessions = 1;
    running_server server{nullptr, options};
    bare_connection first{server.port()};
    CHECK(first.next_reply().code == 220);
    CHECK(bare_connection{server.port()}.next_reply().code == 421);
    options.max_sessions = 2;
    REQUIRE(server.server().renew(options));
    bare_connection second{server.port()};
    CHECK(second.next_reply().code == 220);
    CHECK(bare_connection{server.port()}.next_reply().code == 421);
}

TEST_CASE("A renewal that offers TLS without a certificate changes nothing")
{
    auto options = for_guests();
    running_server server{nullptr, options};
    options.session.greeting = "After.";
    options.session.tls.is_offered = true;
    const auto outcome = server.server().renew(options);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == tls_errc::not_available);
    CHECK(bare_connection{server.port()}.next_reply().text() == "Service ready.");
}

TEST_CASE("A renewal changes the ports for data connections of new sessions")
{
    net::server_options options;
    running_server server{some_files(), options};
    bare_connection old{server.port()};
    old.log_in();
    auto renewed = for_guests();
    const auto port = unassigned_port();
    renewed.passive_ports = port_range{port, port};
    REQUIRE(server.server().renew(renewed));
    bare_connection recent{server.port()};
    recent.next_reply();
    recent.ask("USER ftp");
    CHECK(recent.ask("PASS me@example.org") == 230);
    CHECK(recent.ask_for_data_port() == port);
    CHECK(old.ask_for_data_port() != port);
}

TEST_CASE("There is no server without an authenticator, also not by a renewal")
{
    CHECK_THROWS_AS(net::server{net::server_options{}}, std::invalid_argument);
    running_server server{some_files()};
    CHECK(server.server().renew({}).error() == std::errc::invalid_argument);
    bare_connection{server.port()}.log_in();
}

TEST_CASE("A second thread in run() is refused, and the first one serves on")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in(); // so the first one is there
    CHECK_THROWS_AS(server.server().run(), std::logic_error);
    CHECK(control.ask("NOOP") == 200);
}

TEST_CASE("A server goes on where another one listens, and no client finds nobody there")
{
    auto first = std::make_unique<running_server>(some_files());
    const auto handed_over = first->server().listeners().at(0);
    CHECK(handed_over.where == endpoint{ip_address::loopback_v4(), first->port()});
    CHECK(handed_over.start == control_start::in_clear);

    auto options = for_guests();
    options.session.greeting = "The second.";
    net::server second{options};
    CHECK(second.adopt(::dup(handed_over.descriptor)).value() == handed_over.where);
    first->server().drain(1s);
    first->wait();
    CHECK(first->server().listeners().empty());
    bare_connection control{handed_over.where.port}; // before anybody accepts
    std::thread thread{[&second] { second.run(); }};
    CHECK(control.next_reply().text() == "The second.");
    second.stop();
    thread.join();
}

TEST_CASE("A server that follows another may run beside it for a while")
{
    running_server first{some_files()};
    running_server second{some_files()};
    const auto shared = first.server().listeners().at(0);
    REQUIRE(second.server().adopt(::dup(shared.descriptor)));
    CHECK(second.server().listeners().size() == 3);
    bare_connection control{first.port()};
    control.log_in();
    first.server().drain(0s);
    second.server().drain(0s);
    CHECK(control.next_reply().code == 421);
}

TEST_CASE("An implicit TLS listener is not adopted without a certificate, and nothing else than a listener")
{
    running_server server{some_files()};
    const auto listener = server.server().listeners().at(0);
    CHECK(server.server().adopt(listener.descriptor, control_start::in_tls).error() == tls_errc::not_available);
    const auto outcome = server.server().adopt(STDIN_FILENO);
    CHECK(outcome.error() == std::errc::invalid_argument);
    CHECK(server.server().listeners().size() == 2);
}

TEST_CASE("Who came by a listener stays when it is closed, and nobody comes by it any more")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    server.server().stop_listening({ip_address::loopback_v4(), server.port()});
    CHECK(server.server().listeners().size() == 1);
    while (is_open(server.port())) {
    }
    CHECK(control.ask("NOOP") == 200);
    CHECK(bare_connection{server.port_v6(), "::1", "::1"}.next_reply().code == 220);
    const auto again = server.server().listen({ip_address::loopback_v4(), server.port()});
    REQUIRE(again);
    CHECK(bare_connection{server.port()}.next_reply().code == 220);
}

TEST_CASE("The owner sees who is there, where they are, what they said and what they transfer")
{
    running_server server{some_files()};
    CHECK(server.server().sessions().empty());
    bare_connection control{server.port()};
    control.log_in();
    CHECK(control.ask("CWD d") == 250);
    const auto resting = session_when(
        server.server(), [](const net::session_status& status) { return status.facts.directory.string() == "/d"; });
    CHECK(resting.facts.user == "ann");
    CHECK(resting.facts.peer.address == ip_address::loopback_v4());
    CHECK(resting.command == "CWD d");
    CHECK(resting.began <= resting.facts.now);
    CHECK_FALSE(resting.transfer);

    CHECK(control.ask("TYPE I") == 200);
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR /big") == 150);
    std::array<char, 1024> piece;
    for (std::size_t bytes = 0; bytes < 8U << 20U;)
        bytes += data.socket().read_some(asio::buffer(piece));
    const auto busy = session_when(server.server(), [](const net::session_status& status) {
        return status.transfer && status.transfer->bytes >= 1U << 20U;
    });
    CHECK(busy.command == "RETR /big");
    CHECK(busy.transfer->path.string() == "/big");
    CHECK(busy.transfer->kind == transfer_kind::download);
    CHECK(busy.transfer->bytes <= 64U << 20U);
    data.read_to_end();
    CHECK(control.next_reply().code == 226);
    session_when(server.server(), [](const net::session_status& status) { return !status.transfer; });
    CHECK(control.ask("QUIT") == 221);
    CHECK(control.next_reply().code == 0);
    CHECK(server.server().sessions().empty());
}

TEST_CASE("The owner can end a session, also one that transfers, and no other")
{
    net::server_options options;
    options.threads = 3;
    running_server server{some_files(), options};
    bare_connection idle{server.port()};
    idle.log_in();
    const auto idle_id = session_when(server.server(), [](const auto&) { return true; }).facts.id;
    bare_connection busy{server.port()};
    busy.log_in();
    bare_connection data{busy.ask_for_data_port()};
    CHECK(busy.ask("RETR big") == 150);
    bare_connection other{server.port()};
    other.log_in();
    const auto busy_id = server.server().sessions().at(1).facts.id;

    CHECK(server.server().disconnect(idle_id));
    CHECK(idle.next_reply().code == 421);
    CHECK(idle.next_reply().code == 0);
    CHECK(server.server().disconnect(busy_id));
    CHECK(busy.next_reply().code == 426);
    CHECK(busy.next_reply().code == 421);
    CHECK(busy.next_reply().code == 0);
    CHECK_FALSE(server.server().disconnect(idle_id));
    CHECK_FALSE(server.server().disconnect(12'345));
    CHECK(other.ask("NOOP") == 200);
}

TEST_CASE("Each signal calls its own handler, each time")
{
    net::server server{for_guests()};
    std::string heard;
    server.on_signal(SIGUSR1, [&] {
        heard += '1';
        std::raise(heard.size() < 3 ? SIGUSR1 : SIGUSR2);
    });
    server.on_signal(SIGUSR2, [&] {
        heard += '2';
        server.drain(0s);
    });
    std::raise(SIGUSR1);
    server.run();
    CHECK(heard == "1112");
}

TEST_CASE("What posted work throws comes out of run(), also with several threads, and run() can be called again")
{
    auto options = for_guests();
    options.threads = 2;
    auto server = std::make_unique<net::server>(options);
    const auto port = server->listen({ip_address::loopback_v4(), 0}).value().port;
    const auto run = [&server] { server->run(); };
    const auto fail = [] { throw std::runtime_error{"The configuration cannot be read."}; };

    auto outcome = std::async(std::launch::async, run);
    bare_connection first{port};
    bare_connection second{port}; // on a thread of its own
    CHECK(first.next_reply().code == 220);
    CHECK(second.next_reply().code == 220);
    server->post(fail);
    CHECK_THROWS_AS(outcome.get(), std::runtime_error);

    outcome = std::async(std::launch::async, run);
    CHECK(first.ask("USER ftp") == 331);
    server->post(fail);
    CHECK_THROWS_AS(outcome.get(), std::runtime_error);
    server.reset();
    CHECK(first.next_reply().code == 0);
    CHECK(second.next_reply().code == 0);
}

TEST_CASE("When a stopped server's run() has returned, nobody is connected or can connect, and its port is free")
{
    net::server_options options;
    options.threads = 2;
    running_server server{some_files(), options};
    bare_connection idle{server.port()};
    idle.log_in();
    bare_connection busy{server.port()};
    busy.log_in();
    bare_connection data{busy.ask_for_data_port()};
    CHECK(busy.ask("RETR big") == 150);
    server.server().stop();
    server.wait();

    REQUIRE(server.server().listeners().empty());
    REQUIRE(server.server().sessions().empty());
    CHECK_FALSE(server.server().disconnect(1));
    CHECK(idle.next_reply().code == 0);
    CHECK(busy.next_reply().code == 0);
    CHECK(data.read_to_end().size() < 64U << 20U);
    CHECK_FALSE(is_open(server.port()));
    net::server next{for_guests()};
    CHECK(next.listen({ip_address::loopback_v4(), server.port()}));
    server.server().run(); // has nothing left to do
}

TEST_CASE("A server that is drained or has stopped listens nowhere any more, and takes no descriptor")
{
    running_server other{some_files()};
    const auto listener = other.server().listeners().at(0);
    for (const bool stops : {false, true}) {
        CAPTURE(stops);
        running_server server{some_files()};
        if (stops)
            server.server().stop();
        else
            server.server().drain(0s);
        server.wait();
        CHECK(server.server().listen({ip_address::loopback_v4(), 0}).error() == std::errc::operation_canceled);
        CHECK(server.server().adopt(listener.descriptor).error() == std::errc::operation_canceled);
        CHECK(server.server().listeners().empty());
    }
    CHECK(is_open(listener.where.port));
}

TEST_CASE("A server that was told twice to drain on signals drains on one, with the later grace")
{
    running_server server{some_files()};
    server.server().drain_on_signals(0s);
    server.server().drain_on_signals(60s);
    bare_connection busy{server.port()};
    busy.log_in();
    bare_connection data{busy.ask_for_data_port()};
    CHECK(busy.ask("RETR big") == 150);
    std::raise(SIGTERM);
    CHECK(data.read_to_end().size() == 64U << 20U);
    CHECK(busy.next_reply().code == 226);
    CHECK(busy.next_reply().code == 421);
    busy.close();
    server.wait();
}

TEST_CASE("A drain with the longest grace waits for a transfer, and a client without a limit for an answer")
{
    running_server server{some_files()};
    net::client client{{.reply_limit = std::chrono::seconds::max()}};
    client.set_time_limit(clock::duration::max());
    REQUIRE(client.connect("127.0.0.1", server.port()));
    REQUIRE(client.login("ann", secret{"secret"}));
    std::uint64_t bytes = 0;
    auto drain_and_count = [&](std::string_view piece) -> result<void> {
        if (bytes == 0)
            server.server().drain(std::chrono::seconds::max());
        bytes += piece.size();
        return {};
    };
    CHECK(client.download("/big", make_callback_writer(drain_and_count)));
    CHECK(bytes == 64U << 20U);
    client.close();
    server.wait();
}

TEST_CASE("Who has run a server or a client has SIGPIPE no more blocked than before")
{
    scratch_folder folder;
    folder.write("f", std::string(50'000, 'x')); // which both send by sendfile(2)
    net::server_options options;
    options.threads = 1;
    options.authenticator = std::make_shared<anonymous_authenticator>(
        account{.store = disk_store::open(folder.path().string()).value(), .allowed = permissions::full()});
    net::server server{options};
    const auto port = server.listen({ip_address::loopback_v4(), 0}).value().port;
    bool is_blocked_there = true;
    std::thread running{[&] {
        server.run();
        is_blocked_there = blocks_sigpipe();
    }};
    net::client client;
    client.connect("127.0.0.1", port).value();
    client.login("anonymous", secret{"secret"}).value();
    CHECK(client.download("f", folder.path("g")).has_value());
    CHECK(client.upload(folder.path("g"), "h").has_value());
    CHECK_FALSE(blocks_sigpipe());
    server.stop();
    running.join();
    CHECK_FALSE(is_blocked_there);
}

TEST_CASE("A client on the server's executor is served on the same thread, and the server ends behind its work")
{
    account guest{.store = some_files(), .allowed = permissions::read_only()};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest)}};
    const auto where = server.listen({ip_address::loopback_v4(), 0}).value();
    net::async_client client{server.get_executor()};
    std::string text;
    bool is_told = false;

    const auto has_come = [&](const client_result<transfer_result>& done) {
        is_told = done.has_value();
        client.close();
        server.drain(0s);
    };
    client.async_connect("127.0.0.1", where.port, [&](const client_result<reply>& greeting) {
        REQUIRE(greeting.has_value());
        client.async_login("anonymous", secret{"guest@"}, [&](const client_result<reply>& answer) {
            REQUIRE(answer.has_value());
            client.async_download("/d/a.txt", make_text_writer(text), {}, has_come);
        });
    });
    server.run();
    CHECK(is_told);
    CHECK(text == "hello");
}
