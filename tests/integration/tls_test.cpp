// Our client and our server with TLS between them, over real sockets.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/error.hpp>
#include <libftp/net/client.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/single_file.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::string bytes_of(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 2654435761U) >> 13U);
    return bytes;
}

net::tls_identity identity_for(const std::string& name)
{
    const std::array names{name};
    return net::make_self_signed_identity(names).value();
}

/// A server with a certificate for 127.0.0.1, and clients that trust it.
struct secured {
    explicit secured(session_binding binding = session_binding::require,
                     net::tls_versions versions = net::tls_versions::from_1_2,
                     std::shared_ptr<file_store> served = nullptr)
    {
        certificate = tls.identities.emplace_back(identity_for("127.0.0.1")).certificate_chain;
        tls.versions = versions;
        net::server_options options;
        options.session.tls = {.is_offered = true, .needs = {.login = true, .data = true}, .binding = binding};
        server.emplace(served ? served : files, std::move(options), &tls);
    }

    net::client connect(client_options options = {.tls = tls_use::required}) const
    {
        net::client client{options};
        client.use_tls({.authorities = certificate}).value();
        const auto port = options.tls == tls_use::implicit ? server->implicit_port() : server->port();
        CHECK(client.connect("127.0.0.1", port).value().code == 220); // not what came after the greeting
        client.login("ann", secret{"secret"}).value();
        return client;
    }

    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    net::tls_server_options tls;
    std::string certificate;
    std::optional<running_server> server;
};

} // namespace

TEST_CASE("Files of all sizes go up and down through TLS, in both versions, both modes, explicit and implicit")
{
    for (const auto versions : {net::tls_versions::only_1_2, net::tls_versions::only_1_3}) {
        for (const auto mode : {data_mode::passive, data_mode::active}) {
            for (const auto use : {tls_use::required, tls_use::implicit}) {
                const secured there{session_binding::require, versions};
                auto client = there.connect({.tls = use, .data_mode = mode});
                REQUIRE(client.tls());
                CHECK(client.tls()->version == (versions == net::tls_versions::only_1_2 ? "TLSv1.2" : "TLSv1.3"));
                for (const std::size_t size : {0U, 1U, 1000U, 16'384U, 16'385U, 100'000U, 3'000'000U}) {
                    const auto content = bytes_of(size);
                    const auto up = client.upload(make_text_reader(content), "f").value();
                    REQUIRE(up.tls);
                    CHECK(up.tls->continues_control);
                    CHECK(there.files->content("/f").value() == content);
                    std::string down;
                    CHECK(client.download("f", make_text_writer(down)).value().bytes == size);
                    CHECK(down == content);
                }
                CHECK(client.list().value().entries.size() == 1);
                client.quit();
            }
        }
    }
}

TEST_CASE("A tree goes down through several sessions with TLS from a disk")
{
    scratch_folder far;
    scratch_folder near;
    for (int i = 0; i < 60; ++i)
        std::ofstream{far.path() / ("file" + std::to_string(i)), std::ios::binary}
            << bytes_of(static_cast<std::size_t>(i) * 997U);
    const secured there{session_binding::require, net::tls_versions::from_1_2,
                        disk_store::open(far.path().string()).value()};
    auto client = there.connect();
    const auto result = client.download_tree("/", near.path().string(), {.sessions = 3}).value();
    CHECK(result.failures.empty());
    for (int i = 0; i < 60; ++i)
        CHECK(std::filesystem::file_size(near.path() / ("file" + std::to_string(i))) ==
              static_cast<std::size_t>(i) * 997U);
}

TEST_CASE("A client that trusts nobody in particular refuses a self-signed certificate, and says no name")
{
    const secured there;
    net::client client{{.tls = tls_use::required}};
    const auto refused = client.connect("127.0.0.1", there.server->port());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == tls_errc::certificate_untrusted);
    CHECK(refused.error().step == operation_step::tls);
}

TEST_CASE("A certificate for another host is refused")
{
    net::tls_server_options tls;
    const auto certificate = tls.identities.emplace_back(identity_for("ftp.example.org")).certificate_chain;
    running_server server{std::make_shared<memory_store>(), {}, &tls};
    net::client client{{.tls = tls_use::required}};
    client.use_tls({.authorities = certificate}).value();
    const auto refused = client.connect("127.0.0.1", server.port());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == tls_errc::host_name_differs);
}

TEST_CASE("New certificates serve new sessions; old sessions go on with theirs")
{
    secured there;
    auto old = there.connect();
    const auto first = old.tls()->peer->fingerprint;
    net::tls_server_options renewed;
    const auto certificate = renewed.identities.emplace_back(identity_for("127.0.0.1")).certificate_chain;
    there.server->server().use_tls(renewed).value();

    CHECK(old.upload(make_text_reader("old"), "a").value().tls->continues_control);
    there.certificate = certificate;
    auto young = there.connect();
    CHECK(young.tls()->peer->fingerprint != first);
    CHECK(young.upload(make_text_reader("new"), "b").value().tls->continues_control);
    CHECK(old.list().value().entries.size() == 2);
}

TEST_CASE("The control connection goes on in clear after CCC, where the server allows it")
{
    net::tls_server_options tls;
    const auto certificate = tls.identities.emplace_back(identity_for("127.0.0.1")).certificate_chain;
    auto files = std::make_shared<memory_store>();
    net::server_options options;
    options.session.tls.binding = session_binding::require;
    running_server server{files, std::move(options), &tls};
    net::client client{{.tls = tls_use::required}};
    client.use_tls({.authorities = certificate}).value();
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"secret"}).value();
    client.clear_control().value();
    CHECK(client.working_directory().value() == "/");
    CHECK(client.upload(make_text_reader("protected"), "f").value().tls->continues_control);
    CHECK(files->content("/f").value() == "protected");
}

TEST_CASE("A session asked to transfer to another server refuses while its data connections are protected")
{
    const secured there;
    there.files->add_file("/f", "x");
    auto from = there.connect();
    auto to = there.connect();
    const auto refused = from.transfer_to(to, "f", "g");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == protocol_errc::not_supported);
    CHECK(from.working_directory().value() == "/");
}

TEST_CASE("An address that offers TLS without a certificate cannot be listened on")
{
    net::server_options options;
    options.authenticator = std::make_shared<anonymous_authenticator>(account{});
    options.session.tls.is_offered = true;
    net::server server{std::move(options)};
    CHECK(server.listen({ip_address::loopback_v4(), 0}).error() == tls_errc::not_available);
}
