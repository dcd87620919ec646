// A file from one of our servers to another, as a client directs it (FXP), and how it fails.
#include "running_server.hpp"
#include "silent_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/net/client.hpp>
#include <libftp/testing/odd_server.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <optional>

using namespace libftp;
using namespace libftp::testing;

namespace {

void log_in(net::client& client, std::uint16_t port, const char* address = "127.0.0.1")
{
    client.connect(address, port).value();
    client.login("ann", secret{"secret"}).value();
}

/// As in 227.
std::string port_nobody_listens_at()
{
    const auto port = unassigned_port();
    return std::to_string(port >> 8) + ',' + std::to_string(port & 0xff);
}

/// Two servers. The first has a file `f` of a megabyte.
struct two_servers {
    std::shared_ptr<memory_store> from_files = std::make_shared<memory_store>();
    std::shared_ptr<memory_store> to_files = std::make_shared<memory_store>();
    running_server from_server{from_files};
    running_server to_server{to_files};
    std::string content = std::string(1'000'000, 'f');

    two_servers() { from_files->add_file("/f", content); }
};

} // namespace

TEST_CASE("A server sends a file to another, over IPv4 and IPv6")
{
    two_servers servers;
    for (const bool is_v6 : {false, true}) {
        net::client from;
        net::client to;
        const char* const address = is_v6 ? "::1" : "127.0.0.1";
        log_in(from, is_v6 ? servers.from_server.port_v6() : servers.from_server.port(), address);
        log_in(to, is_v6 ? servers.to_server.port_v6() : servers.to_server.port(), address);
        const auto name = is_v6 ? "six" : "four";
        const auto done = from.transfer_to(to, "f", name).value();
        CHECK(done.is_confirmed);
        CHECK(done.data_command == (is_v6 ? data_command::epsv : data_command::pasv));
        CHECK(done.data_peer.address.to_string() == address);
        CHECK(servers.to_files->content(std::string{"/"} + name).value() == servers.content);
        CHECK(from.keep_alive().has_value());
        CHECK(to.keep_alive().has_value());
    }
}

TEST_CASE("A file can go from a server to the same one, by two clients, and not by one")
{
    two_servers servers;
    net::client from;
    net::client to;
    log_in(from, servers.from_server.port());
    log_in(to, servers.from_server.port());
    CHECK(from.transfer_to(to, "f", "g").has_value());
    CHECK(servers.from_files->content("/g").value() == servers.content);
    CHECK(from.transfer_to(from, "f", "h").error().code == protocol_errc::argument_invalid);
}

TEST_CASE("When the source has no such file the target is told to give up")
{
    two_servers servers;
    net::client from;
    net::client to;
    log_in(from, servers.from_server.port());
    log_in(to, servers.to_server.port());
    const auto failed = from.transfer_to(to, "none", "g");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().answer.code == 550);
    CHECK(failed.error().code == protocol_errc::refused_permanently);
    CHECK_FALSE(servers.to_files->content("/g").has_value());
    CHECK(from.transfer_to(to, "f", "g").has_value()); // both go on
    CHECK(servers.to_files->content("/g").value() == servers.content);
}

TEST_CASE("When the target refuses the name the source is not asked for the file")
{
    two_servers servers;
    net::client from;
    net::client to;
    log_in(from, servers.from_server.port());
    log_in(to, servers.to_server.port());
    int retrievals = 0;
    from.on_event([&](const client_event& event) {
        if (const auto* sent = std::get_if<event::command_sent>(&event))
            retrievals += sent->line.starts_with("RETR") ? 1 : 0;
    });
    const auto failed = from.transfer_to(to, "f", "no/such/directory");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == protocol_errc::refused_permanently);
    CHECK(retrievals == 0);
    CHECK(from.keep_alive().has_value());
    CHECK(to.keep_alive().has_value());
}

TEST_CASE("A source that refuses foreign addresses is reported, and nothing is sent")
{
    two_servers servers;
    const auto elsewhere = servers.to_server.server().listen({*ip_address::parse("127.0.0.2"), 0}).value();
    net::client from;
    net::client to;
    log_in(from, servers.from_server.port());
    log_in(to, elsewhere.port, "127.0.0.2");
    const auto failed = from.transfer_to(to, "f", "g");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().answer.is_permanent_failure());
    CHECK(failed.error().step == operation_step::data_address);
    CHECK(from.keep_alive().has_value());
    CHECK(to.keep_alive().has_value());
}

TEST_CASE("Only the port of 227 counts, unless the options trust the server with the address")
{
    for (const bool trusts : {false, true}) {
        two_servers servers;
        const auto port = port_nobody_listens_at();
        const silent_server target{"220 Hello.\r\n",
                                   {{"TYPE", "200 Yes.\r\n"}, {"PASV", "227 Here (127,0,0,9," + port + ").\r\n"}}};
        std::string port_command;
        net::client from;
        log_in(from, servers.from_server.port());
        from.on_event([&](const client_event& event) {
            if (const auto* sent = std::get_if<event::command_sent>(&event); sent && sent->line.starts_with("PORT"))
                port_command = sent->line;
        });
        net::client to{{.passive_address = trusts ? passive_address::as_announced : passive_address::control_peer,
                        .reply_limit = std::chrono::seconds{1}}};
        to.connect("127.0.0.1", target.port()).value();
        CHECK_FALSE(from.transfer_to(to, "f", "g").has_value());
        CHECK(port_command == (trusts ? "PORT 127,0,0,9," : "PORT 127,0,0,1,") + port);
    }
}

TEST_CASE("A server that does not even answer ABOR loses its session, the other one keeps it")
{
    two_servers servers;
    const silent_server target{
        "220 Hello.\r\n",
        {{"TYPE", "200 Yes.\r\n"}, {"PASV", "227 Here (127,0,0,1," + port_nobody_listens_at() + ").\r\n"}}};
    net::client from;
    log_in(from, servers.from_server.port());
    net::client to{{.reply_limit = std::chrono::seconds{1}}};
    to.connect("127.0.0.1", target.port()).value();
    const auto failed = from.transfer_to(to, "none", "g"); // 550 from the source
    REQUIRE_FALSE(failed.has_value());
    CHECK_FALSE(to.is_connected());
    CHECK(from.keep_alive().has_value());
}

TEST_CASE("Without a connection there is no transfer, on whichever side it is missing")
{
    two_servers servers;
    net::client from;
    net::client to;
    log_in(from, servers.from_server.port());
    CHECK(from.transfer_to(to, "f", "g").error().code == protocol_errc::not_connected);
    CHECK(to.transfer_to(from, "f", "g").error().code == protocol_errc::not_connected);
}

TEST_CASE("Two asynchronous clients on one loop do the same")
{
    two_servers servers;
    asio::io_context context;
    net::async_client from{context.get_executor()};
    net::async_client to{context.get_executor()};
    std::optional<client_result<transfer_result>> outcome;
    const auto transfer = [&] {
        from.async_transfer_to(to, "f", "g", [&](client_result<transfer_result> end) { outcome = std::move(end); });
    };
    const auto log_in_to = [&](const client_result<reply>&) {
        to.async_login("ann", secret{"secret"}, [&](const client_result<reply>&) { transfer(); });
    };
    from.async_connect("127.0.0.1", servers.from_server.port(), [&](const client_result<reply>&) {
        from.async_login("ann", secret{"secret"}, [&](const client_result<reply>&) {
            to.async_connect("127.0.0.1", servers.to_server.port(), log_in_to);
        });
    });
    while (!outcome && context.run_one() != 0) {
    }
    REQUIRE(outcome.has_value());
    CHECK(outcome->has_value());
    CHECK(servers.to_files->content("/g").value() == servers.content);
}

TEST_CASE("A target whose client has gone meanwhile ends the transfer, and its loop is not used any more")
{
    odd_server from_server;
    odd_server to_server;
    from_server.files().add_file("/f", "f");
    to_server.on("STOR").holds();
    asio::io_context context;
    asio::io_context of_target;
    net::async_client from{context.get_executor()};
    std::optional<net::async_client> to{of_target.get_executor()};
    from.async_connect("127.0.0.1", from_server.port(), [](const client_result<reply>&) {});
    from.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    to->async_connect("127.0.0.1", to_server.port(), [](const client_result<reply>&) {});
    to->async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    std::optional<client_result<transfer_result>> outcome;
    from.async_transfer_to(*to, "f", "g", [&](client_result<transfer_result> end) { outcome = std::move(end); });
    bool is_storing = false;
    to->on_event([&is_storing](const client_event& event) {
        if (const auto* sent = std::get_if<event::command_sent>(&event))
            is_storing = is_storing || sent->line == "STOR g";
    });
    while (!is_storing) {
        context.poll();
        of_target.poll();
    }
    to.reset();
    of_target.restart();
    of_target.run(); // until its server has seen that it is gone
    while (!outcome && context.run_one() != 0) {
    }
    REQUIRE(outcome.has_value());
    CHECK_FALSE(outcome->has_value());
    CHECK(outcome->error().code == protocol_errc::canceled);
    context.poll();
    of_target.restart();
    CHECK(of_target.poll() == 0);
}

TEST_CASE("What is asked of either client meanwhile waits until the file has gone over")
{
    odd_server from_server;
    odd_server to_server;
    from_server.files().add_file("/f", "one\ntwo\n");
    asio::io_context context;
    net::async_client from{context.get_executor()};
    net::async_client to{context.get_executor()};
    std::optional<client_result<transfer_result>> outcome;
    int listed = 0;
    const auto count = [&](const client_result<parsed_listing>& end) { listed += end ? 1 : 0; };
    to.on_event([&](const client_event& event) {
        if (const auto* sent = std::get_if<event::command_sent>(&event); sent && sent->line == "PASV")
            asio::post(context, [&] {
                from.async_list("", count);
                to.async_list("", count);
            });
    });
    to_server.lacks({"EPSV"}); // then a listing would use PASV too
    from.async_connect("127.0.0.1", from_server.port(), [](const client_result<reply>&) {});
    from.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    to.async_connect("127.0.0.1", to_server.port(), [](const client_result<reply>&) {});
    to.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    from.async_transfer_to(to, "f", "g", [&](client_result<transfer_result> end) {
        outcome = std::move(end);
        to.on_event({});
    });
    while ((!outcome || listed < 2) && context.run_one() != 0) {
    }
    REQUIRE(outcome.has_value());
    CHECK(outcome->has_value());
    CHECK(listed == 2);
    CHECK(to_server.files().content("/g").value() == "one\ntwo\n");
    const auto heard = to_server.heard();
    const auto store = std::ranges::find(heard, "STOR g");
    REQUIRE(store - heard.begin() >= 2);
    CHECK(store[-1] == "PASV");
    CHECK(store[-2] == "TYPE I");
    const auto asked = from_server.heard();
    const auto retrieve = std::ranges::find(asked, "RETR f");
    REQUIRE(retrieve - asked.begin() >= 2);
    CHECK(retrieve[-1].starts_with("PORT"));
    CHECK(retrieve[-2] == "TYPE I");
}

TEST_CASE("Two clients that send to each other take their turns")
{
    odd_server one_server;
    odd_server other_server;
    one_server.files().add_file("/f", "f");
    other_server.files().add_file("/g", "g");
    asio::io_context context;
    net::async_client one{context.get_executor()};
    net::async_client other{context.get_executor()};
    int ends = 0;
    const auto note = [&](const client_result<transfer_result>& end) {
        CHECK(end.has_value());
        ++ends;
    };
    for (auto* each : {&one, &other}) {
        each->async_connect("127.0.0.1", (each == &one ? one_server : other_server).port(),
                            [](const client_result<reply>&) {});
        each->async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    }
    one.async_transfer_to(other, "f", "f", note);
    other.async_transfer_to(one, "g", "g", note);
    while (ends < 2 && context.run_one() != 0) {
    }
    CHECK(ends == 2);
    CHECK(one_server.files().content("/g").has_value());
    CHECK(other_server.files().content("/f").has_value());
}
