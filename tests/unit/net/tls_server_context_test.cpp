// What a server shows and demands in the handshake: certificates by name, ALPN, client certificates, versions.
#include "support/raw_tls.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace libftp;
using namespace libftp::net;
using libftp::testing::both_versions;
using libftp::testing::good_client;
using libftp::testing::good_server;
using libftp::testing::good_sides;
using libftp::testing::raw_tls;
using libftp::testing::read_end;
using libftp::testing::read_text;
using libftp::testing::sides_of;

namespace {

const testing::test_authority& client_authority()
{
    static const testing::test_authority one{"Clients"};
    return one;
}

/// A server that wants certificates of its authority's, and a client that shows one of `shown`'s, or none.
testing::tls_sides with_client_certificates(client_certificates wanted, tls_versions version,
                                            const testing::test_authority* shown)
{
    auto server = good_server();
    server.versions = version;
    server.clients = wanted;
    server.client_authorities = client_authority().certificate();
    auto client = good_client();
    if (shown != nullptr)
        client.identity = shown->issue({.names = {"mail:ann@example.org"}, .common_name = "ann"});
    return sides_of(server, std::move(client));
}

struct offered {
    std::error_code error{};
    int alert = 0; ///< What the client hears.
    std::string chosen{};
};

/// Offers `protocols`, in ALPN's form, to a server: on the control connection, or on a data connection of one.
offered offer(std::string_view protocols, bool on_data, int version)
{
    const auto sides = good_sides();
    const auto control = sides.open_control();
    testing::socket_pair sockets;
    const auto server = on_data ? sides.server->accept_data(sockets.server(), *control.server)
                                : sides.server->accept_control(sockets.server());
    raw_tls client{TLS_client_method(), sockets.client(), [&](SSL_CTX* context) {
                       testing::with_version(version)(context);
                       SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(protocols.data()),
                                               static_cast<unsigned>(protocols.size()));
                   }};
    const auto result = testing::shake_with(sockets, *server, client);
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
    return {result.server.error, client.reason(), {reinterpret_cast<const char*>(chosen), size}};
}

/// What the client finds when it reads: under TLS 1.3 a server refuses a certificate after the client's handshake.
std::error_code client_error(const testing::handshake_result& result, tls_stream& client)
{
    return result.client.error ? result.client.error : read_end(client).error;
}

} // namespace

TEST_CASE("A client gets the certificate of the host that it asks for, and else the first")
{
    for (const auto version : both_versions) {
        tls_server_options options;
        options.versions = version;
        for (const auto* const name : {"one.test", "two.test", "*.three.test"})
            options.identities.push_back(testing::authority().issue_for(name));
        options.identities.push_back(testing::authority().issue({.common_name = "four.test"})); // no alternative names
        auto client = good_client();
        client.check = certificate_check::none;
        const auto sides = sides_of(options, std::move(client));
        const auto shown_for = [&](const std::string& host) {
            const auto pair = sides.control(host);
            REQUIRE(pair.shake().is_done());
            const auto facts = pair.client->facts();
            CHECK(pair.server->facts().server_name == facts.server_name);
            return facts.peer->names.empty() ? facts.peer->common_name : facts.peer->names.front();
        };
        CHECK(shown_for("one.test") == "one.test");
        CHECK(shown_for("TWO.test") == "two.test");
        CHECK(shown_for("a.three.test") == "*.three.test");
        CHECK(shown_for("four.test") == "four.test");
        CHECK(shown_for("a.b.three.test") == "one.test");
        CHECK(shown_for("unknown.test") == "one.test");
        CHECK(shown_for("127.0.0.1") == "one.test");
    }
}

TEST_CASE("Who asks for no host by SNI gets the certificate of the one that HOST named, on data connections too")
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_server_options options;
        for (const auto* const name : {"one.test", "two.test"})
            options.identities.push_back(testing::authority().issue_for(name));
        const auto sides = sides_of(options, good_client());
        const auto shown_to = [version](tls_stream& server, const testing::socket_pair& sockets,
                                        const char* asked_for) {
            raw_tls client{TLS_client_method(), sockets.client(), testing::with_version(version)};
            if (asked_for != nullptr)
                SSL_ctrl(client.ssl(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                         const_cast<char*>(asked_for));
            REQUIRE(testing::shake_with(sockets, server, client).is_done());
            const openssl::certificate_ptr shown{SSL_get1_peer_certificate(client.ssl())};
            return std::string{X509_check_host(shown.get(), "two.test", 0, 0, nullptr) == 1 ? "two.test" : "one.test"};
        };
        const auto shown_after = [&](const std::string& host, const char* asked_for) {
            testing::socket_pair sockets;
            const auto control = sides.server->accept_control(sockets.server(), host);
            const auto shown = shown_to(*control, sockets, asked_for);
            testing::socket_pair others;
            const auto data = sides.server->accept_data(others.server(), *control);
            CHECK(shown_to(*data, others, nullptr) == shown);
            return shown;
        };
        CHECK(shown_after("two.test", nullptr) == "two.test");
        CHECK(shown_after("one.test", "two.test") == "two.test");
        CHECK(shown_after("two.test", "one.test") == "one.test");
        CHECK(shown_after("unknown.test", nullptr) == "one.test");
        CHECK(shown_after("", nullptr) == "one.test");
    }
}

TEST_CASE("A server knows whom the client has asked for, by name only")
{
    for (const auto version : both_versions) {
        const auto sides = good_sides(version);
        CHECK(sides.open_control().server->facts().server_name == "localhost");
        auto options = good_client();
        options.check = certificate_check::none;
        const auto by_address = sides_of(good_server(), std::move(options)).control("127.0.0.1");
        REQUIRE(by_address.shake().is_done());
        CHECK(by_address.server->facts().server_name.empty());
    }
}

TEST_CASE("A client that offers other protocols than FTP is refused with the alert for it")
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const bool on_data : {false, true}) {
            const auto refused = offer("\x02h2\x08http/1.1", on_data, version);
            CHECK(refused.error == tls_errc::protocol_refused);
            CHECK(refused.alert == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
            const auto accepted = offer("\x02h2\x03"
                                        "ftp",
                                        on_data, version);
            CHECK_FALSE(accepted.error);
            CHECK(accepted.chosen == "ftp");
        }
        CHECK(offer("\x08"
                    "ftp-data",
                    false, version)
                  .error == tls_errc::protocol_refused);
        CHECK(offer("\x08"
                    "ftp-data",
                    true, version)
                  .chosen == "ftp-data");
        CHECK_FALSE(offer("", false, version).error);
    }
}

TEST_CASE("A client certificate is verified and known, on data connections too")
{
    for (const auto version : both_versions) {
        for (const auto wanted : {client_certificates::optional, client_certificates::required}) {
            const auto sides = with_client_certificates(wanted, version, &client_authority());
            const auto control = sides.open_control();
            const auto peer = control.server->facts().peer;
            REQUIRE(peer);
            CHECK(peer->common_name == "ann");
            CHECK(peer->names == std::vector<std::string>{"ann@example.org"});

            read_text(*control.client);
            const auto resumed = sides.open_data(control);
            CHECK(resumed.server->facts().continues_control);
            CHECK(resumed.server->facts().peer == peer);
        }
    }
}

TEST_CASE("A data connection that continues nothing has to show the certificate again")
{
    for (const auto version : both_versions) {
        const auto sides = with_client_certificates(client_certificates::required, version, &client_authority());
        const auto bare = with_client_certificates(client_certificates::required, version, nullptr);
        const auto control = sides.open_control();
        const auto other = good_sides(version).open_control();

        testing::tls_pair full;
        full.server = sides.server->accept_data(full.sockets->server(), *control.server);
        full.client = sides.client->connect_data(full.sockets->client(), *other.client);
        REQUIRE(full.shake().is_done());
        CHECK_FALSE(full.server->facts().is_resumed);
        REQUIRE(full.server->facts().peer);
        CHECK(full.server->facts().peer->common_name == "ann");

        testing::tls_pair without;
        without.server = sides.server->accept_data(without.sockets->server(), *control.server);
        without.client = bare.client->connect_data(without.sockets->client(), *other.client);
        CHECK(without.shake().server.error == tls_errc::certificate_missing);
    }
}

TEST_CASE("A client without a certificate is refused where one is required, and hears why")
{
    for (const auto version : both_versions) {
        const auto required = with_client_certificates(client_certificates::required, version, nullptr);
        const auto pair = required.control();
        const auto result = pair.shake();
        CHECK(result.server.error == tls_errc::certificate_missing);
        CHECK(client_error(result, *pair.client) == tls_errc::certificate_refused);

        const auto optional = with_client_certificates(client_certificates::optional, version, nullptr);
        CHECK_FALSE(optional.open_control().server->facts().peer);
    }
}

TEST_CASE("A client certificate of a stranger is refused, also where none is needed")
{
    for (const auto version : both_versions) {
        for (const auto wanted : {client_certificates::optional, client_certificates::required}) {
            const auto pair = with_client_certificates(wanted, version, &testing::authority()).control();
            const auto result = pair.shake();
            CHECK(result.server.error == tls_errc::certificate_untrusted);
            CHECK(client_error(result, *pair.client) == tls_errc::certificate_refused);
        }
        const auto ignored = with_client_certificates(client_certificates::ignored, version, &testing::authority());
        CHECK_FALSE(ignored.open_control().server->facts().peer);
    }
}

TEST_CASE("Keys of both kinds serve")
{
    for (const auto version : both_versions) {
        auto options =
            testing::server_of(testing::authority().issue({.names = {"localhost"}, .key = testing::key_kind::rsa}));
        options.versions = version;
        CHECK(sides_of(options, good_client()).control().shake().is_done());
    }
}

TEST_CASE("The versions are those of the options, and without one in common both sides say so")
{
    CHECK(good_sides().open_control().server->facts().version == "TLSv1.3");
    CHECK(good_sides(tls_versions::only_1_2).open_control().server->facts().version == "TLSv1.2");
    for (const auto version : both_versions) {
        auto server = good_server();
        server.versions = version;
        auto client = good_client();
        client.versions = version == tls_versions::only_1_2 ? tls_versions::only_1_3 : tls_versions::only_1_2;
        const auto result = sides_of(server, std::move(client)).control().shake();
        CHECK(result.server.error == tls_errc::version_refused);
        CHECK(result.client.error == tls_errc::version_refused);
    }
}

TEST_CASE("A client of TLS 1.1 is refused")
{
    const auto sides = good_sides();
    testing::socket_pair sockets;
    const auto server = sides.server->accept_control(sockets.server());
    raw_tls client{TLS_client_method(), sockets.client(), [](SSL_CTX* context) {
                       testing::with_version(TLS1_1_VERSION)(context);
                       SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
                   }};
    CHECK(testing::shake_with(sockets, *server, client).server.error == tls_errc::version_refused);
    CHECK(client.reason() == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
}

TEST_CASE("A client without a cipher in common is refused")
{
    const auto sides = good_sides();
    testing::socket_pair sockets;
    const auto server = sides.server->accept_control(sockets.server());
    raw_tls client{TLS_client_method(), sockets.client(), [](SSL_CTX* context) {
                       testing::with_version(TLS1_2_VERSION)(context);
                       SSL_CTX_set_cipher_list(context, "ECDHE-RSA-AES128-GCM-SHA256"); // the key is of the other kind
                   }};
    CHECK(testing::shake_with(sockets, *server, client).server.error == tls_errc::version_refused);
}

TEST_CASE("Bytes that are no handshake fail it, and fail it again")
{
    using std::string_literals::operator""s;
    const auto sides = good_sides();
    for (const auto& bytes : {"USER anonymous\r\n"s, "GET / HTTP/1.0\r\n\r\n"s, std::string(1000, '\0'),
                              "\x16\x03\x01\x00\x05xxxxx"s, std::string(20000, '\x16')}) {
        testing::socket_pair sockets;
        const auto server = sides.server->accept_control(sockets.server());
        testing::socket_pair::send(sockets.client(), bytes);
        for (int times = 0; times < 2; ++times)
            CHECK(server->handshake().error.category() == tls_category());
    }
}

TEST_CASE("A hello in pieces waits for the rest, and one that breaks off fails the handshake")
{
    const auto sides = good_sides();
    testing::socket_pair recorded;
    const auto client = sides.client->connect_control(recorded.client(), "localhost", 21);
    CHECK(client->handshake().waits == tls_wait::readable);
    const auto hello = testing::socket_pair::receive(recorded.server());
    for (std::size_t kept = 0; kept < hello.size(); kept += 37) {
        testing::socket_pair sockets;
        const auto server = sides.server->accept_control(sockets.server());
        testing::socket_pair::send(sockets.client(), {hello.data(), kept});
        for (int times = 0; times < 2; ++times)
            CHECK(server->handshake().waits == tls_wait::readable);
        testing::socket_pair::end_sending(sockets.client());
        CHECK(server->handshake().error == tls_errc::handshake_failed);
    }
}

TEST_CASE("A hello that comes byte by byte is as good as any")
{
    const auto sides = good_sides();
    const auto pair = sides.control();
    testing::socket_pair slow;
    const auto server = sides.server->accept_control(slow.server());
    pair.client->handshake();
    for (const char byte : testing::socket_pair::receive(pair.sockets->server())) {
        CHECK(server->handshake().waits == tls_wait::readable);
        testing::socket_pair::send(slow.client(), {&byte, 1});
    }
    CHECK(server->handshake().waits == tls_wait::readable);
    testing::socket_pair::send(pair.sockets->server(), testing::socket_pair::receive(slow.client()));
    CHECK_FALSE(pair.client->handshake().error);
    testing::socket_pair::send(slow.client(), testing::socket_pair::receive(pair.sockets->server()));
    CHECK_FALSE(server->handshake().error);
    CHECK(server->facts().version == "TLSv1.3");
}

TEST_CASE("A server without a certificate, or with one that cannot be used, is a fault with a text")
{
    CHECK(tls_server_context::make({}).error().code == std::errc::invalid_argument);

    auto mismatch = good_server();
    mismatch.identities.front().private_key = testing::authority().issue_for("localhost").private_key.clone();
    CHECK(tls_server_context::make(mismatch).error().code == tls_errc::certificate_invalid);
    CHECK_FALSE(tls_server_context::make(mismatch).error().text.empty());

    auto no_key = good_server();
    no_key.identities.front().private_key = {};
    CHECK(tls_server_context::make(no_key).error().text == "there is no private key in PEM");

    auto nobody = good_server();
    nobody.clients = client_certificates::optional;
    CHECK(tls_server_context::make(nobody).error().text == "authorities of clients: there is no certificate in PEM");
}

TEST_CASE("Connections keep the certificates that they have begun with, whatever becomes of the context")
{
    auto sides = good_sides();
    const auto control = sides.open_control();
    read_text(*control.client);
    const auto data = sides.data(control);
    sides = {};
    REQUIRE(data.shake().is_done());
    CHECK(data.client->write("text").bytes == 4);
    CHECK(read_text(*data.server) == "text");
}
