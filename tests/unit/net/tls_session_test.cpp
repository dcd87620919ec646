// Data connections that continue the TLS session of their control connection, and those that do not.
#include "support/raw_tls.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace libftp;
using namespace libftp::net;
using libftp::testing::both_versions;
using libftp::testing::good_sides;
using libftp::testing::raw_tls;
using libftp::testing::read_end;
using libftp::testing::read_text;
using libftp::testing::tls_pair;

namespace {

void check_bound(const tls_pair& data)
{
    for (const auto* const side : {data.server.get(), data.client.get()}) {
        CHECK(side->facts().is_resumed);
        CHECK(side->facts().continues_control);
    }
}

/// A control connection of the library's server and a client on OpenSSL.
struct raw_control {
    raw_control(const testing::tls_sides& with, int version, std::uint64_t options)
        : sides(with), set_up([version, options](SSL_CTX* context) {
              testing::with_version(version)(context);
              SSL_CTX_set_options(context, options);
          }),
          server(sides.server->accept_control(sockets.server())), client(TLS_client_method(), sockets.client(), set_up)
    {
        REQUIRE(testing::shake_with(sockets, *server, client).is_done());
        static_cast<void>(client.read()); // a ticket
    }

    struct data_result {
        tls_facts facts{};
        openssl::session_ptr session{};
    };
    /// A data connection that offers `session`.
    data_result data(SSL_SESSION* session)
    {
        testing::socket_pair own;
        const auto accepted = sides.server->accept_data(own.server(), *server);
        raw_tls other{TLS_client_method(), own.client(), set_up};
        if (session != nullptr)
            SSL_set_session(other.ssl(), session);
        REQUIRE(testing::shake_with(own, *accepted, other).is_done());
        auto made = other.session();
        SSL_set_shutdown(other.ssl(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); // else the session is spoilt
        return {accepted->facts(), std::move(made)};
    }

    const testing::tls_sides& sides;
    std::function<void(SSL_CTX*)> set_up;
    testing::socket_pair sockets{};
    std::unique_ptr<tls_stream> server;
    raw_tls client;
};

} // namespace

TEST_CASE("Five data connections in turn, with a ticket before each, continue the control connection's session")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        const auto control = sides.open_control();
        CHECK_FALSE(control.server->facts().is_resumed);
        for (int i = 0; i < 5; ++i) {
            const auto sent = control.server->send_ticket();
            CHECK_FALSE(sent.error);
            CHECK(sent.waits == tls_wait::nothing);
            CHECK(read_text(*control.client).empty());
            const auto data = sides.open_data(control);
            check_bound(data);
            CHECK(data.client->write("text").bytes == 4);
            CHECK(read_text(*data.server) == "text");
        }
    }
}

TEST_CASE("One session lasts for many data connections, also when they break off")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        const auto control = sides.open_control();
        read_text(*control.client);
        for (int i = 0; i < 3; ++i) {
            const auto data = sides.open_data(control);
            check_bound(data);
            testing::socket_pair::end_sending(data.sockets->client());
            testing::socket_pair::end_sending(data.sockets->server());
            CHECK(read_end(*data.server).error == tls_errc::truncated);
            CHECK(read_end(*data.client).error == tls_errc::truncated);
        }
    }
}

TEST_CASE("The session of another control connection is not continued")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        const auto one = sides.open_control();
        const auto other = sides.open_control();
        read_text(*one.client);
        read_text(*other.client);
        tls_pair data;
        data.server = sides.server->accept_data(data.sockets->server(), *one.server);
        data.client = sides.client->connect_data(data.sockets->client(), *other.client);
        REQUIRE(data.shake().is_done());
        for (const auto* const side : {data.server.get(), data.client.get()}) {
            CHECK_FALSE(side->facts().is_resumed);
            CHECK_FALSE(side->facts().continues_control);
        }
    }
}

TEST_CASE("A control connection begins a session of its own, whatever the client has left of others")
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto sides = good_sides();
        const raw_control first{sides, version, 0};
        const auto session = first.client.session();
        testing::socket_pair sockets;
        const auto server = sides.server->accept_control(sockets.server());
        raw_tls client{TLS_client_method(), sockets.client(), testing::with_version(version)};
        SSL_set_session(client.ssl(), session.get());
        REQUIRE(testing::shake_with(sockets, *server, client).is_done());
        CHECK_FALSE(server->facts().is_resumed);
    }
}

TEST_CASE("TLS 1.2 gives no tickets and continues the session by its identifier, again and again")
{
    for (const auto server_speaks : {tls_versions::from_1_2, tls_versions::only_1_2}) {
        for (const std::uint64_t options : {std::uint64_t{0}, std::uint64_t{SSL_OP_NO_TICKET}}) {
            const auto sides = good_sides(server_speaks);
            raw_control control{sides, TLS1_2_VERSION, options};
            const auto session = control.client.session();
            CHECK(SSL_SESSION_has_ticket(session.get()) == 0);
            for (int i = 0; i < 3; ++i)
                CHECK(control.data(session.get()).facts.continues_control);
        }
    }
}

TEST_CASE("A client that could speak TLS 1.3 gets no tickets either from a server that speaks TLS 1.2 alone")
{
    const auto sides = good_sides(tls_versions::only_1_2);
    testing::socket_pair sockets;
    const auto server = sides.server->accept_control(sockets.server());
    raw_tls client{TLS_client_method(), sockets.client(), [](SSL_CTX*) {}};
    REQUIRE(testing::shake_with(sockets, *server, client).is_done());
    CHECK(SSL_SESSION_has_ticket(client.session().get()) == 0);
}

TEST_CASE("The session of a data connection that continued nothing leads nowhere")
{
    for (const std::uint64_t options : {std::uint64_t{0}, std::uint64_t{SSL_OP_NO_TICKET}}) {
        const auto sides = good_sides();
        raw_control control{sides, TLS1_2_VERSION, options};
        const auto stranger = control.data(nullptr);
        CHECK_FALSE(stranger.facts.is_resumed);
        CHECK_FALSE(control.data(stranger.session.get()).facts.continues_control);
    }
    const auto sides = good_sides();
    raw_control control{sides, TLS1_3_VERSION, 0};
    CHECK(SSL_SESSION_is_resumable(control.data(nullptr).session.get()) == 0);
}

TEST_CASE("No ticket goes out on a data connection: an upload whose client never reads would be cut short")
{
    for (const bool is_resumed : {true, false}) {
        const auto sides = good_sides(tls_versions::only_1_3);
        const auto control = sides.open_control();
        if (is_resumed)
            read_text(*control.client);
        const auto data = sides.open_data(control);
        CHECK(data.server->facts().is_resumed == is_resumed);
        data.client->write("text");
        CHECK(read_text(*data.server) == "text");
        CHECK(testing::socket_pair::receive(data.sockets->client()).empty());
    }
}

TEST_CASE("A ticket can be had on the control connection only while it lasts, and with TLS 1.3")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        const auto control = sides.open_control();
        read_text(*control.client);
        control.server->send_ticket();
        CHECK(testing::socket_pair::receive(control.sockets->client()).empty() == (version == tls_versions::only_1_2));
        control.server->close();
        testing::socket_pair::receive(control.sockets->client());
        CHECK_FALSE(control.server->send_ticket().error);
        CHECK(testing::socket_pair::receive(control.sockets->client()).empty());
        CHECK_FALSE(control.client->send_ticket().error); // not the client's business
    }
}

TEST_CASE("A client whose last data connection has offered no session is sent no tickets, until one does")
{
    const auto sides = good_sides();
    raw_control control{sides, TLS1_3_VERSION, 0};
    const auto gets_ticket = [&] {
        const auto before = control.client.session();
        CHECK_FALSE(control.server->send_ticket().error);
        static_cast<void>(control.client.read());
        return control.client.session() != before;
    };
    CHECK(gets_ticket()); // there was no data connection yet
    const auto session = control.client.session();
    control.data(nullptr);
    CHECK_FALSE(gets_ticket());
    CHECK_FALSE(gets_ticket());
    CHECK(control.data(session.get()).facts.is_resumed);
    CHECK(gets_ticket());
    control.data(nullptr);
    CHECK_FALSE(gets_ticket());
}

TEST_CASE("A client that was sent no ticket for its last data connection may have had none left, and is sent one again")
{
    const auto sides = good_sides();
    raw_control control{sides, TLS1_3_VERSION, 0};
    const auto used_up = control.client.session();
    CHECK(control.data(used_up.get()).facts.is_resumed);
    control.data(nullptr);
    CHECK_FALSE(control.server->send_ticket().error);
    static_cast<void>(control.client.read());
    CHECK(control.client.session() != used_up);
}

TEST_CASE("A client that offers the session of another control connection is sent a ticket of this one")
{
    const auto sides = good_sides();
    raw_control control{sides, TLS1_3_VERSION, 0};
    raw_control other{sides, TLS1_3_VERSION, 0};
    const auto session = other.client.session();
    CHECK_FALSE(control.data(session.get()).facts.is_resumed);
    CHECK_FALSE(control.server->send_ticket().error);
    static_cast<void>(control.client.read());
    const auto fresh = control.client.session();
    CHECK(control.data(fresh.get()).facts.continues_control);
}

TEST_CASE("A ticket that has to wait goes out with the next bytes")
{
    const auto sides = good_sides(tls_versions::only_1_3);
    const auto control = sides.open_control();
    read_text(*control.client);
    const std::string filling(16 * 1024, 'x');
    std::size_t filled = 0;
    for (ssize_t n = 0; (n = ::send(control.sockets->server(), filling.data(), filling.size(), MSG_NOSIGNAL)) > 0;)
        filled += static_cast<std::size_t>(n);
    for (int times = 0; times < 3; ++times)
        CHECK(control.server->send_ticket().waits == tls_wait::writable);
    CHECK(testing::socket_pair::receive(control.sockets->client()).size() == filled);
    CHECK(control.server->write("227").bytes == 3);
    CHECK(read_text(*control.client) == "227");
    check_bound(sides.open_data(control));
}

TEST_CASE("Data connections continue the session also after the control connection has left TLS")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        const auto control = sides.open_control();
        read_text(*control.client);
        control.client->close();
        CHECK(read_end(*control.server).has_ended);
        control.server->close();
        CHECK(read_end(*control.client).has_ended);
        for (int i = 0; i < 2; ++i)
            check_bound(sides.open_data(control));
    }
}

TEST_CASE("A session survives the choice of another certificate by name")
{
    for (const auto version : both_versions) {
        auto server = testing::good_server();
        server.versions = version;
        server.identities.push_back(testing::authority().issue_for("other.test"));
        const auto sides = testing::sides_of(server, testing::good_client());
        const auto control = sides.control("other.test");
        REQUIRE(control.shake().is_done());
        read_text(*control.client);
        const auto data = sides.open_data(control);
        check_bound(data);
        CHECK(data.server->facts().server_name == "other.test");
        CHECK(data.client->facts().peer == control.client->facts().peer);
    }
}
