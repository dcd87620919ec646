// The odd server on real sockets: what its rules do to a peer, and that it ends whatever goes on.
#include "running_server.hpp"

#include <libftp/error.hpp>
#include <libftp/net/client.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/testing/odd_server.hpp>

#include <asio/read.hpp>

#include <future>

using namespace libftp;
using namespace libftp::testing;

namespace {

struct received_data {
    std::string bytes;
    std::error_code end;
};

received_data read_all(bare_connection& from)
{
    received_data all;
    asio::read(from.socket(), asio::dynamic_buffer(all.bytes), all.end);
    return all;
}

struct user_connection : bare_connection {
    explicit user_connection(const odd_server& server) : bare_connection(server.port())
    {
        log_in();
        CHECK(ask("TYPE I") == 200);
    }
};

} // namespace

TEST_CASE("Any number of connections is served, each by the same rules, over IPv4 and IPv6")
{
    odd_server over_v4;
    over_v4.on("SIZE").answers("550 no SIZE here");
    bare_connection first{over_v4.port()};
    bare_connection second{over_v4.port()};
    for (auto* control : {&first, &second}) {
        control->log_in();
        CHECK(control->ask("SIZE a") == 550);
        CHECK(control->ask("PWD") == 257);
    }
    CHECK(over_v4.connections() == 2);

    const odd_server over_v6{ip_address::loopback_v6()};
    bare_connection control{over_v6.port(), "::1", "::1"};
    control.log_in();
    bare_connection data{control.ask_for_data_port(), "::1", "::1"};
    CHECK(control.ask("LIST") == 150);
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("Files go both ways, in passive and in active mode")
{
    odd_server server;
    server.files().add_file("/a", std::string(300'000, 'x'));
    user_connection control{server};
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR a") == 150);
        const auto got = read_all(data);
        CHECK(got.bytes.size() == 300'000);
        CHECK(got.end == asio::error::eof);
        CHECK(control.next_reply().code == 226);
    }
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("STOR b") == 150);
        data.send("hello");
        data.close();
        CHECK(control.next_reply().code == 226);
        CHECK(server.files().content("/b").value() == "hello");
    }
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    CHECK(control.ask("EPRT |1|127.0.0.1|" + std::to_string(acceptor.local_endpoint().port()) + "|") == 200);
    control.send("RETR b\r\n");
    auto socket = acceptor.accept();
    std::string bytes;
    std::error_code end;
    asio::read(socket, asio::dynamic_buffer(bytes), end);
    CHECK(bytes == "hello");
    CHECK(end == asio::error::eof);
}

TEST_CASE("Data that is reset comes first, then the reset, then 426")
{
    odd_server server;
    server.on("RETR").sends("hel").resets_data();
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a") == 150);
    const auto got = read_all(data);
    CHECK(got.bytes == "hel");
    CHECK(got.end == asio::error::connection_reset);
    CHECK(control.next_reply().code == 426);
    CHECK(control.ask("NOOP") == 200);
}

TEST_CASE("Data that is cut ends in order")
{
    odd_server server;
    server.files().add_file("/a", std::string(300'000, 'x'));
    server.on("RETR").cuts_data_after(100'000);
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a") == 150);
    const auto got = read_all(data);
    CHECK(got.bytes.size() == 100'000);
    CHECK(got.end == asio::error::eof);
    CHECK(control.next_reply().code == 426);
}

TEST_CASE("A data connection that is left open ends with the next one")
{
    odd_server server;
    server.on("RETR").sends("hello").leaves_data_open();
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a") == 150);
    CHECK(control.next_reply().code == 226);
    bare_connection next{control.ask_for_data_port()};
    const auto got = read_all(data);
    CHECK(got.bytes == "hello");
    CHECK(got.end == asio::error::eof);
}

TEST_CASE("An upload is cut with the rule's reply")
{
    odd_server server;
    server.on("STOR").resets_data_after(3).replaces(426, "452 full");
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR a") == 150);
    data.send("hello");
    CHECK(control.next_reply().code == 452);
    CHECK(read_all(data).end == asio::error::connection_reset);
    CHECK_FALSE(server.files().content("/a").has_value());
}

TEST_CASE("The control connection ends by a close or by a reset")
{
    odd_server server;
    server.on("NOOP").then_closes();
    server.on("PWD").stays_silent().then_resets();
    user_connection closed{server};
    CHECK(closed.ask("NOOP") == 200);
    CHECK(read_all(closed).end == asio::error::eof);
    user_connection reset{server};
    reset.send("PWD\r\n");
    CHECK(read_all(reset).end == asio::error::connection_reset);
}

TEST_CASE("Nobody listens at a port that refuses")
{
    odd_server server;
    server.on("EPSV").refuses_connections();
    user_connection control{server};
    const auto port = control.ask_for_data_port();
    CHECK(control.ask("NOOP") == 200); // behind the closing of the listener
    CHECK_THROWS(bare_connection{port});
}

TEST_CASE("What is held waits for its release, and the test can wait for what is held")
{
    odd_server server;
    server.on("RETR").sends("hello").holds_data_after(3);
    server.on("MKD").holds();
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a") == 150);
    CHECK(server.wait_until_held());
    CHECK(control.ask("NOOP") == 200);
    server.release();
    CHECK(read_all(data).bytes == "hello");
    CHECK(control.next_reply().code == 226);

    control.send("MKD d\r\n");
    CHECK(server.wait_until_heard("MKD d"));
    CHECK(server.wait_until_held(2));
    server.release();
    CHECK(control.next_reply().code == 257);
}

TEST_CASE("ABOR ends what is held")
{
    odd_server server;
    server.on("RETR").sends("hello").holds_data_after(3);
    user_connection control{server};
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a") == 150);
    CHECK(server.wait_until_held());
    CHECK(control.ask("ABOR") == 426);
    CHECK(control.next_reply().code == 226);
    CHECK(read_all(data).bytes == "hel");
}

TEST_CASE("What the server says by itself reaches every client")
{
    odd_server server;
    user_connection first{server};
    user_connection second{server};
    server.says("421 going down\r\n");
    CHECK(first.next_reply().code == 421);
    CHECK(second.next_reply().code == 421);
}

TEST_CASE("Waiting ends with its limit, and from another thread with what is waited for")
{
    const odd_server server;
    CHECK_FALSE(server.wait_until_heard("NOOP", 1, std::chrono::seconds{0}));
    CHECK_FALSE(server.wait_until_held(1, std::chrono::seconds{0}));
    auto heard = std::async(std::launch::async, [&] { return server.wait_until_heard("NOOP", 2); });
    user_connection control{server};
    CHECK(control.ask("NOOP") == 200);
    CHECK(control.ask("NOOP") == 200);
    CHECK(heard.get());
    heard =
        std::async(std::launch::async, [&] { return server.wait_until_heard("PWD", 1, std::chrono::seconds::max()); });
    CHECK(control.ask("PWD") == 257);
    CHECK(heard.get());
}

TEST_CASE("A server that is stopped lets go of everything, and still tells what it has heard")
{
    odd_server server;
    server.on("RETR").sends("hello").holds_data_after(3);
    server.on("MKD").holds();
    user_connection transferring{server};
    bare_connection data{transferring.ask_for_data_port()};
    CHECK(transferring.ask("RETR a") == 150);
    user_connection waiting{server};
    waiting.send("MKD d\r\n");
    CHECK(server.wait_until_held(2));
    bare_connection silent{server.port()};
    CHECK(silent.next_reply().code == 220);

    server.stop();
    CHECK(read_all(data).bytes == "hel");
    for (auto* control : std::initializer_list<bare_connection*>{&transferring, &waiting, &silent})
        CHECK(control->next_reply().code == 0);
    CHECK(server.heard().back() == "MKD d");
    server.says("late\r\n");
    server.release();
}

TEST_CASE("The client of this library can be tested against it")
{
    odd_server server;
    server.files().add_file("/a.txt", "hello");
    server.lacks({"EPSV"});
    server.on("RETR").cuts_data_after(2).once();
    net::client client;
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"word"}).value();
    std::string text;
    const auto get = [&] {
        text.clear();
        return client.download("/a.txt", make_callback_writer([&](std::string_view bytes) -> result<void> {
                                   text += bytes;
                                   return {};
                               }));
    };
    const auto failed = get();
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == failure::transient);
    CHECK(get().has_value());
    CHECK(text == "hello");
    client.quit();
    CHECK(server.heard()[1] == "PASS ***");
}

TEST_CASE("A client goes on by PASV in a new session with a server that leaves at EPSV")
{
    odd_server server;
    server.files().add_file("/a", "hello");
    server.on("EPSV").answers_exactly({}).then_closes();
    const auto sent = [&server](std::string_view verb) { return std::ranges::count(server.heard(), verb); };
    const std::function<void(net::client&)> ways[] = {
        [](net::client& client) { CHECK(client.list().value().entries.size() == 1); },
        [](net::client& client) { CHECK(client.listing_text().value().ends_with(" a\n")); },
        [](net::client& client) {
            CHECK(client.download("a", make_callback_writer([](std::string_view) { return result<void>{}; }))
                      .value()
                      .bytes == 5);
        },
    };
    for (const auto& way : ways) {
        net::client client;
        client.connect("127.0.0.1", server.port()).value();
        client.login("ann", secret{"pw"}).value();
        const auto before = sent("EPSV");
        way(client);
        way(client);
        CHECK(sent("EPSV") == before + 1);
        client.connect("127.0.0.1", server.port()).value(); // which may be another server now
        client.login("ann", secret{"pw"}).value();
        way(client);
        CHECK(sent("EPSV") == before + 2);
    }
}

TEST_CASE("A client goes on by PORT and by LIST in new sessions with a server that leaves at EPRT and at MLSD")
{
    for (const auto ends : {"", "421 what?\r\n"}) {
        odd_server server;
        server.files().add_file("/a", "hello");
        for (const auto* verb : {"EPRT", "MLSD"})
            server.on(verb).answers_exactly(ends).then_closes();
        net::client client{{.data_mode = data_mode::active}};
        client.connect("127.0.0.1", server.port()).value();
        client.login("ann", secret{"pw"}).value();
        CHECK(client.list().value().entries.size() == 1);
        CHECK(client.listing_text({}, operation::listing_verb::list).has_value());
        for (const auto* verb : {"EPRT", "MLSD"})
            CHECK(std::ranges::count_if(server.heard(), [&](const auto& line) { return line.starts_with(verb); }) == 1);
    }
}

TEST_CASE("A client logs in once more, without FEAT, where that is never answered")
{
    for (const auto* answer : {"211-Features:\r\n SIZE\r\n211-End\r\n", "what?\r\n"}) {
        odd_server server;
        server.on("FEAT").answers_exactly(answer);
        net::client client{{.reply_limit = std::chrono::seconds{1}}};
        client.connect("127.0.0.1", server.port()).value();
        CHECK(client.login("ann", secret{"pw"}).has_value());
        CHECK(client.list().has_value());
        CHECK(std::ranges::count(server.heard(), "FEAT") == 1);
    }
}
