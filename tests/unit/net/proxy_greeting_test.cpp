// The header in front of a proxied connection, on a real socket.
#include <doctest/doctest.h>

#include "net/proxy_greeting.hpp"

#include <libftp/error.hpp>

#include <asio/io_context.hpp>
#include <asio/write.hpp>

#include <array>
#include <optional>
#include <string>

using namespace libftp;
using namespace std::chrono_literals;
using net::proxy_greeting;
using net::tcp;

namespace {

const endpoint proxy{ip_address::loopback_v4(), 5000};
constexpr std::string_view header = "PROXY TCP4 192.0.2.7 203.0.113.1 40000 21\r\n";

/// A connection that waits for its header, and the proxy's end of it.
struct greeted {
    explicit greeted(std::chrono::seconds limit = 1000s)
    {
        tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
        far_end.connect(acceptor.local_endpoint());
        greeting = std::make_shared<proxy_greeting>(acceptor.accept(), proxy,
                                                    [this](tcp::socket back, result<endpoint> outcome) {
                                                        CHECK_FALSE(client);
                                                        socket = std::move(back);
                                                        client = std::move(outcome);
                                                    });
        greeting->await(limit);
    }
    void send(std::string_view bytes)
    {
        asio::write(far_end, asio::buffer(bytes));
        context.poll();
    }

    asio::io_context context;
    tcp::socket far_end{context};
    std::shared_ptr<proxy_greeting> greeting;
    tcp::socket socket{context};
    std::optional<result<endpoint>> client; ///< Empty until it was told.
};

std::error_code error_after(std::string_view bytes)
{
    greeted connection;
    connection.send(bytes);
    connection.far_end.close();
    connection.context.run();
    REQUIRE(connection.client);
    REQUIRE_FALSE(*connection.client);
    return connection.client->error();
}

} // namespace

TEST_CASE("A header names the client, and what is behind it is still to be read from the socket")
{
    greeted connection;
    for (const char byte : header.substr(0, header.size() - 1)) {
        connection.send({&byte, 1});
        CHECK_FALSE(connection.client);
    }
    connection.send("\nUSER");
    connection.context.run();
    REQUIRE(connection.client);
    CHECK(connection.client->value().to_string() == "192.0.2.7:40000");
    std::array<char, 16> rest{};
    CHECK(connection.socket.read_some(asio::buffer(rest)) == 4);
    CHECK(std::string{rest.data()} == "USER");
}

TEST_CASE("A header of several kilobytes is taken as a whole")
{
    greeted connection;
    const std::string signature{"\r\n\r\n\0\r\nQUIT\n\x21\x11", 14};
    const std::string ends{"\xc0\x00\x02\x07\xcb\x00\x71\x01\x9c\x40\x00\x15", 12};
    connection.send(signature + '\x20' + '\0' + ends + std::string(8192 - 12, 'x') + "U");
    connection.context.run();
    REQUIRE(connection.client);
    CHECK(connection.client->value().to_string() == "192.0.2.7:40000");
    char next = 0;
    CHECK(connection.socket.read_some(asio::buffer(&next, 1)) == 1);
    CHECK(next == 'U');
}

TEST_CASE("A connection of the proxy's own has the proxy as its client")
{
    greeted connection;
    connection.send("PROXY UNKNOWN\r\n");
    CHECK(connection.client->value() == proxy);
}

TEST_CASE("What is no header, or only a part of one, is an error")
{
    CHECK(error_after("USER ann\r\n") == protocol_errc::proxy_header_malformed);
    CHECK(error_after(header.substr(0, 10)) == protocol_errc::proxy_header_malformed);
}

TEST_CASE("A proxy that only looks whether somebody listens is nobody's fault")
{
    CHECK(error_after("") == protocol_errc::canceled);
}

TEST_CASE("A header that does not come in time is an error, and one that is given up is not waited for")
{
    greeted slow{0s};
    slow.context.run();
    REQUIRE(slow.client);
    CHECK(slow.client->error() == protocol_errc::timed_out);

    greeted left;
    left.send("PROXY ");
    left.greeting->give_up();
    left.greeting->give_up();
    left.context.run();
    REQUIRE(left.client);
    CHECK(left.client->error() == protocol_errc::canceled);
}
