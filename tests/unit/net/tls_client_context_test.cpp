// Which servers a client believes, on both connections, and what it then knows of them.
#include "net/tls_settings.hpp"
#include "support/raw_tls.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace libftp;
using namespace libftp::net;
using libftp::testing::both_versions;
using libftp::testing::good_client;
using libftp::testing::good_server;
using libftp::testing::good_sides;
using libftp::testing::handshake_result;
using libftp::testing::raw_tls;
using libftp::testing::read_text;
using libftp::testing::server_of;
using libftp::testing::sides_of;
using libftp::testing::tls_pair;

namespace {

using std::chrono::hours;

/// Of a server that nobody vouches for.
const tls_identity& unknown_identity()
{
    static const auto one = testing::test_authority{"Nobody"}.issue_for("localhost");
    return one;
}

handshake_result meet(const tls_identity& identity, tls_client_options client, const std::string& host = "localhost",
                      tls_versions version = tls_versions::from_1_2)
{
    auto server = server_of(identity);
    server.versions = version;
    return sides_of(server, std::move(client)).control(host).shake();
}

std::error_code error_for(const std::vector<std::string>& names, const std::string& host)
{
    return meet(testing::authority().issue({.names = names}), good_client(), host).client.error;
}

/// The data connection goes to another server than the control connection.
handshake_result lead_astray(const testing::tls_sides& sides, const tls_identity& elsewhere)
{
    const auto control = sides.open_control();
    const auto other = sides_of(server_of(elsewhere), good_client());
    const auto its_control = other.control();
    its_control.shake();
    tls_pair data;
    data.server = other.server->accept_data(data.sockets->server(), *its_control.server);
    data.client = sides.client->connect_data(data.sockets->client(), *control.client);
    return data.shake();
}

} // namespace

TEST_CASE("A server whose certificate is right is believed, and its facts are known")
{
    for (const auto version : both_versions) {
        const auto control = good_sides(version).open_control();
        const auto facts = control.client->facts();
        REQUIRE(facts.peer);
        CHECK(facts.peer->fingerprint == testing::fingerprint_of(testing::local_identity()));
        CHECK(facts.peer->names == std::vector<std::string>{"localhost"});
        CHECK(facts.server_name == "localhost");
        CHECK(facts.version == (version == tls_versions::only_1_2 ? "TLSv1.2" : "TLSv1.3"));
        CHECK(facts.cipher.find("AES") != std::string::npos);
        CHECK_FALSE(facts.is_resumed);
        CHECK_FALSE(facts.continues_control);
    }
}

TEST_CASE("A wrong certificate ends the handshake with what is wrong, and the server hears of it")
{
    const auto expired =
        testing::authority().issue({.names = {"localhost"}, .valid_from = hours{-48}, .valid_until = hours{-1}});
    const auto early =
        testing::authority().issue({.names = {"localhost"}, .valid_from = hours{1}, .valid_until = hours{48}});
    for (const auto version : both_versions) {
        const auto refused = [version](const tls_identity& identity, tls_errc why) {
            const auto result = meet(identity, good_client(), "localhost", version);
            CHECK(result.client.error == why);
            CHECK(result.server.error == tls_errc::certificate_refused);
        };
        refused(expired, tls_errc::certificate_expired);
        refused(early, tls_errc::certificate_expired);
        refused(unknown_identity(), tls_errc::certificate_untrusted);
        refused(testing::authority().issue_for("other.test"), tls_errc::host_name_differs);
    }
}

TEST_CASE("A client that refuses a certificate keeps to it")
{
    const auto pair = sides_of(server_of(unknown_identity()), good_client()).control();
    CHECK(pair.shake().client.error == tls_errc::certificate_untrusted);
    CHECK(pair.client->handshake().error == tls_errc::certificate_untrusted);
    CHECK(pair.client->write("USER ann\r\n").error == tls_errc::certificate_untrusted);
}

TEST_CASE("A name is for a host when it is the same, or when its first label is a star")
{
    const std::vector<std::string> names{"ftp.test", "*.a.test", "b*.test", "127.0.0.1", "::1"};
    for (const auto* const host : {"ftp.test", "FTP.TEST", "ftp.test.", "x.a.test", "127.0.0.1", "::1", "0:0::1"}) {
        CAPTURE(host);
        CHECK_FALSE(error_for(names, host));
    }
    for (const auto* const host : {"test", "x.ftp.test", "a.test", "x.y.a.test", "bc.test", "127.0.0.2", "::2"}) {
        CAPTURE(host);
        CHECK(error_for(names, host) == tls_errc::host_name_differs);
    }
}

TEST_CASE("A name that looks like an address proves no address")
{
    const auto identity = testing::authority().issue({.common_name = "127.0.0.1"});
    CHECK(meet(identity, good_client(), "127.0.0.1").client.error == tls_errc::host_name_differs);
}

TEST_CASE("Nothing is asked of a host without a name")
{
    const auto sides = good_sides();
    testing::socket_pair sockets;
    for (const auto& host : {std::string{}, std::string{"."}, std::string(300, 'a'), std::string{"a\0b", 3}})
        CHECK(sides.client->connect_control(sockets.client(), host, 21) == nullptr);
}

TEST_CASE("Who wants no check gets none, on both connections")
{
    for (const auto version : both_versions) {
        auto options = good_client();
        options.check = certificate_check::none;
        auto server = server_of(unknown_identity());
        server.versions = version;
        const auto sides = sides_of(server, std::move(options));
        REQUIRE(sides.control("other.test").shake().is_done());
        CHECK(lead_astray(sides, testing::local_identity()).is_done());
    }
}

TEST_CASE("A certificate whose fingerprint the caller names is trusted, written in either way")
{
    auto fingerprint = testing::fingerprint_of(unknown_identity());
    auto options = good_client();
    options.fingerprints = {fingerprint};
    CHECK(meet(unknown_identity(), std::move(options), "other.test").is_done());
    for (std::size_t at = 2; at < fingerprint.size(); at += 3)
        fingerprint.insert(at, ":");
    options = good_client();
    options.fingerprints = {fingerprint};
    CHECK(meet(unknown_identity(), std::move(options)).is_done());
}

TEST_CASE("A server is pinned at its first use, stays trusted when it expires, and may not change")
{
    const testing::scratch_folder folder;
    const auto client = [&folder] {
        auto options = good_client();
        options.pin_file = folder.path("pins");
        return options;
    };
    const auto expired = testing::test_authority{"Nobody"}.issue(
        {.names = {"localhost"}, .valid_from = hours{-48}, .valid_until = hours{-1}});
    const auto line = "localhost:21 " + testing::fingerprint_of(expired) + "\n";
    CHECK(meet(expired, client()).is_done());
    CHECK(folder.read("pins") == line);
    CHECK(meet(expired, client()).is_done());
    for (const auto version : both_versions) {
        const auto changed = meet(unknown_identity(), client(), "localhost", version);
        CHECK(changed.client.error == tls_errc::certificate_changed);
        CHECK(changed.server.error == tls_errc::certificate_refused);
    }
    CHECK(folder.read("pins") == line);
}

TEST_CASE("A certificate that verifies is accepted from a pinned server, too, and leaves the pin as it is")
{
    const testing::scratch_folder folder;
    folder.write("pins", "localhost:21 " + testing::fingerprint_of(unknown_identity()) + "\n");
    auto options = good_client();
    options.pin_file = folder.path("pins");
    CHECK(meet(testing::local_identity(), std::move(options)).is_done());
    CHECK(folder.read("pins") == "localhost:21 " + testing::fingerprint_of(unknown_identity()) + "\n");
}

TEST_CASE("Who may decide is asked once for a connection, and its data connections are believed")
{
    for (const auto version : both_versions) {
        for (const auto answer : {trust::once, trust::always}) {
            int questions = 0;
            untrusted_certificate asked;
            auto options = good_client();
            options.decide = [&](const untrusted_certificate& shown) {
                ++questions;
                asked = shown;
                return answer;
            };
            auto server = server_of(unknown_identity());
            server.versions = version;
            const auto sides = sides_of(server, std::move(options));
            const auto control = sides.control("localhost", 2121);
            REQUIRE(control.shake().is_done());
            CHECK(asked.host == "localhost");
            CHECK(asked.port == 2121);
            CHECK(asked.why == tls_errc::certificate_untrusted);
            CHECK(asked.certificate.fingerprint == testing::fingerprint_of(unknown_identity()));

            const auto fresh = sides.open_data(control); // with TLS 1.3 there is no ticket yet
            CHECK(fresh.client->facts().peer->fingerprint == asked.certificate.fingerprint);
            read_text(*control.client);
            CHECK(sides.open_data(control).client->facts().continues_control);
            CHECK(questions == 1);
        }
    }
}

TEST_CASE("A decision against the server ends the handshake")
{
    auto options = good_client();
    options.decide = [](const untrusted_certificate&) { return trust::refuse; };
    const auto result = meet(unknown_identity(), std::move(options));
    CHECK(result.client.error == tls_errc::certificate_untrusted);
    CHECK(result.server.error == tls_errc::certificate_refused);
}

TEST_CASE("A data connection that leads to somebody else is refused, and nobody is asked")
{
    auto options = good_client();
    int questions = 0;
    options.decide = [&questions](const untrusted_certificate&) {
        ++questions;
        return trust::always;
    };
    const auto sides = sides_of(good_server(), std::move(options));
    CHECK(lead_astray(sides, unknown_identity()).client.error == tls_errc::certificate_changed);
    CHECK(lead_astray(sides, testing::authority().issue_for("other.test")).client.error ==
          tls_errc::certificate_changed);
    CHECK(questions == 0);
    CHECK(lead_astray(sides, testing::authority().issue_for("localhost")).is_done());
}

TEST_CASE("A server that expects another protocol refuses the client, which knows why")
{
    const auto sides = good_sides();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        testing::socket_pair sockets;
        const auto client = sides.client->connect_control(sockets.client(), "localhost", 21);
        raw_tls server{TLS_server_method(), sockets.server(), [version](SSL_CTX* context) {
                           testing::with_version(version)(context);
                           openssl::use_identity(*context, testing::local_identity()).value();
                           SSL_CTX_set_alpn_select_cb(
                               context,
                               [](SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned, void*) {
                                   return SSL_TLSEXT_ERR_ALERT_FATAL;
                               },
                               nullptr);
                       }};
        const auto result = testing::shake_hands(
            sockets, [&] { return server.handshake(); }, [&] { return client->handshake(); });
        CHECK(result.client.error == tls_errc::protocol_refused);
    }
}

TEST_CASE("An answer that is no TLS, or none, fails the handshake")
{
    const auto sides = good_sides();
    for (const auto* const answer : {"", "530 Login incorrect.\r\n", "HTTP/1.0 400 Bad Request\r\n\r\n"}) {
        testing::socket_pair sockets;
        const auto client = sides.client->connect_control(sockets.client(), "localhost", 21);
        CHECK(client->handshake().waits == tls_wait::readable);
        testing::socket_pair::send(sockets.server(), answer);
        testing::socket_pair::end_sending(sockets.server());
        CHECK(client->handshake().error == tls_errc::handshake_failed);
    }
}

TEST_CASE("Settings that cannot be meant are faults with a text")
{
    tls_client_options options;
    options.fingerprints = {"abc"};
    CHECK(tls_client_context::make(std::move(options)).error().text ==
          "'abc' is no SHA-256 fingerprint (64 hexadecimal digits)");
    options = {};
    options.authorities = "text";
    CHECK(tls_client_context::make(std::move(options)).error().text == "authorities: there is no certificate in PEM");
    options = {};
    options.identity.certificate_chain = testing::local_identity().certificate_chain;
    CHECK(tls_client_context::make(std::move(options)).error().text == "there is no private key in PEM");
}

TEST_CASE("Without authorities of its own a client trusts the system's, which know nothing of this one")
{
    CHECK(meet(testing::local_identity(), {}).client.error == tls_errc::certificate_untrusted);
}
