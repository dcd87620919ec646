// The client's side of TLS against servers that go their own ways, over real sockets.
#include "bare_tls.hpp"
#include "net/tls_settings.hpp"
#include "running_server.hpp"

#include <libftp/error.hpp>
#include <libftp/net/client.hpp>
#include <libftp/store/single_file.hpp>

#include <asio/ip/tcp.hpp>

#include <array>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include <poll.h>

using namespace libftp;
using namespace libftp::testing;
using asio::ip::tcp;

namespace {

net::openssl::context_ptr make_server_context(const net::tls_identity& identity)
{
    net::openssl::context_ptr context{SSL_CTX_new(TLS_server_method())};
    net::openssl::use_identity(*context, identity).value();
    return context;
}

/// Blocks; in clear until secure().
class peer {
public:
    explicit peer(tcp::socket socket) : socket_(std::move(socket)) {}

    void secure(SSL_CTX* context)
    {
        tls_.reset(SSL_new(context));
        SSL_set_fd(tls_.get(), socket_.native_handle());
        SSL_accept(tls_.get());
    }
    /// Answers the client, and does not look at it again before it has sent all it has.
    void secure_late(SSL_CTX* context)
    {
        tls_.reset(SSL_new(context));
        SSL_set_fd(tls_.get(), socket_.native_handle());
        socket_.native_non_blocking(true);
        pollfd end{socket_.native_handle(), POLLIN, 0};
        ::poll(&end, 1, -1);
        SSL_accept(tls_.get());
        end.events = POLLRDHUP;
        ::poll(&end, 1, -1);
        SSL_accept(tls_.get());
        socket_.native_non_blocking(false);
    }
    void send(std::string_view bytes)
    {
        if (tls_)
            SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
        else
            asio::write(socket_, asio::buffer(bytes));
    }
    /// Without its CR LF; empty at the end.
    std::string line()
    {
        std::string text;
        for (char byte = 0; read(byte) && byte != '\n';)
            if (byte != '\r')
                text += byte;
        return text;
    }
    std::string read_to_end()
    {
        std::string all;
        for (char byte = 0; read(byte);)
            all += byte;
        return all;
    }
    void close_notify() { SSL_shutdown(tls_.get()); }

private:
    bool read(char& byte)
    {
        std::error_code end;
        return tls_ ? SSL_read(tls_.get(), &byte, 1) == 1 : asio::read(socket_, asio::buffer(&byte, 1), end) == 1;
    }

    tcp::socket socket_;
    net::openssl::ssl_ptr tls_;
};

/// Serves one client with a script; what the client says behind it is kept.
class scripted_server {
public:
    explicit scripted_server(std::function<void(scripted_server&, peer&)> script)
        : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
          data_acceptor_(context_, {asio::ip::address_v4::loopback(), 0})
    {
        const std::array<std::string, 1> names{"127.0.0.1"};
        identity = net::make_self_signed_identity(names).value();
        tls = make_server_context(identity);
        thread_ = std::thread{[this, script = std::move(script)] {
            peer control{acceptor_.accept()};
            script(*this, control);
            rest_.set_value(control.read_to_end());
        }};
    }
    ~scripted_server() { thread_.join(); }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// What the client said that the script did not read.
    std::string rest() { return rest_.get_future().get(); }

    /// The greeting, TLS, a login, up to a transfer command, which is returned; `data` is connected then.
    std::string lead_to_transfer(peer& control)
    {
        control.send("220 Ready.\r\n");
        while (true) {
            const auto command = control.line();
            if (command == "AUTH TLS") {
                control.send("234 Go on.\r\n");
                control.secure(tls.get());
            } else if (command.starts_with("USER")) {
                control.send("331 Password.\r\n");
            } else if (command.starts_with("PASS")) {
                control.send("230 In.\r\n");
            } else if (command.starts_with("FEAT")) {
                control.send("502 No.\r\n");
            } else if (command.starts_with("EPSV")) {
                control.send("229 Here (|||" + std::to_string(data_acceptor_.local_endpoint().port()) + "|)\r\n");
                data.emplace(data_acceptor_.accept());
            } else if (command.empty() || command.starts_with("RETR") || command.starts_with("STOR")) {
                return command;
            } else {
                control.send("200 Fine.\r\n");
            }
        }
    }

    net::tls_identity identity;
    net::openssl::context_ptr tls;
    std::optional<peer> data;

private:
    asio::io_context context_;
    tcp::acceptor acceptor_;
    tcp::acceptor data_acceptor_;
    std::promise<std::string> rest_;
    std::thread thread_;
};

net::client client_of(const scripted_server& server, net::missing_close_notify on_missing_close = {})
{
    net::client client{{.tls = tls_use::required}};
    client.use_tls({.authorities = server.identity.certificate_chain, .on_missing_close = on_missing_close}).value();
    return client;
}

client_result<transfer_result> download_from(scripted_server& server, std::string& near,
                                             net::missing_close_notify on_missing_close = {})
{
    auto client = client_of(server, on_missing_close);
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"secret"}).value();
    return client.download("f", make_text_writer(near));
}

} // namespace

TEST_CASE("A download that ends without close_notify is truncated, whatever the server says of it")
{
    const auto cut_short = [](scripted_server& server, peer& control) {
        server.lead_to_transfer(control);
        control.send("150 Here.\r\n");
        server.data->secure(server.tls.get());
        server.data->send("a part");
        server.data.reset();
        control.send("226 All of it.\r\n");
    };
    {
        scripted_server server{cut_short};
        std::string near;
        const auto outcome = download_from(server, near);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().code == tls_errc::truncated);
    }
    scripted_server server{cut_short};
    std::string near;
    CHECK(download_from(server, near, net::missing_close_notify::is_end).value().bytes == 6);
    CHECK(near == "a part");
}

TEST_CASE("A data connection with another certificate than the server's gets and gives nothing")
{
    scripted_server server{[](scripted_server& here, peer& control) {
        const std::array<std::string, 1> names{"127.0.0.1"};
        const auto foreign = make_server_context(net::make_self_signed_identity(names).value());
        here.lead_to_transfer(control);
        control.send("150 Here.\r\n");
        here.data->secure(foreign.get());
        here.data->send("not the file");
        here.data.reset();
        control.send("226 All of it.\r\n");
    }};
    std::string near;
    const auto outcome = download_from(server, near);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == tls_errc::certificate_changed);
    CHECK(near.empty());
}

TEST_CASE("A data connection without TLS is no data connection of a protected session")
{
    scripted_server server{[](scripted_server& here, peer& control) {
        here.lead_to_transfer(control);
        control.send("150 Here.\r\n");
        here.data->send("in clear");
        here.data.reset();
        control.send("226 All of it.\r\n");
    }};
    std::string near;
    const auto outcome = download_from(server, near);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == tls_errc::handshake_failed);
    CHECK(near.empty());
}

TEST_CASE("A server that refuses TLS hears neither name nor password")
{
    scripted_server server{[](scripted_server&, peer& control) {
        control.send("220 Ready.\r\n");
        control.line();
        control.send("500 What?\r\n");
        control.line();
        control.send("500 What?\r\n");
    }};
    auto client = client_of(server);
    const auto refused = client.connect("127.0.0.1", server.port());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == protocol_errc::tls_refused);
    CHECK(refused.error().answer.code == 500);
    CHECK(server.rest().empty());
}

TEST_CASE("Replies in clear behind the 234 end the session before a handshake")
{
    scripted_server server{[](scripted_server&, peer& control) {
        control.send("220 Ready.\r\n");
        control.line();
        control.send("234 Go on.\r\n230 And you are in already.\r\n");
    }};
    auto client = client_of(server);
    const auto refused = client.connect("127.0.0.1", server.port());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == protocol_errc::plaintext_received);
    CHECK(server.rest().find("USER") == std::string::npos);
}

TEST_CASE("An upload arrives whole at a server that sends tickets on its data connection and reads late")
{
    std::string arrived;
    const std::string content(3000, 'u');
    {
        scripted_server server{[&arrived](scripted_server& here, peer& control) {
            here.lead_to_transfer(control);
            control.send("150 Go.\r\n");
            here.data->secure_late(here.tls.get()); // two tickets go out behind the handshake
            arrived = here.data->read_to_end();
            here.data->close_notify();
            here.data.reset();
            control.send("226 Got it.\r\n");
        }};
        auto client = client_of(server);
        client.connect("127.0.0.1", server.port()).value();
        client.login("ann", secret{"secret"}).value();
        CHECK(client.upload(make_text_reader(content), "f").value().bytes == content.size());
        client.close();
    }
    CHECK(arrived == content);
}
