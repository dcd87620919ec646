// Two ends of TLS in one thread, over a pair of sockets.
#pragma once

#include "net/tls_context.hpp"
#include "support/test_certificates.hpp"

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace libftp::testing {

/// Both ends do not block.
class socket_pair {
public:
    socket_pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data()) == 0); }
    socket_pair(const socket_pair&) = delete;
    socket_pair& operator=(const socket_pair&) = delete;
    ~socket_pair()
    {
        ::close(ends_[0]);
        drop_client();
    }
    [[nodiscard]] int server() const noexcept { return ends_[0]; }
    [[nodiscard]] int client() const noexcept { return ends_[1]; }

    /// A reset for the server, if the client has not read all.
    void drop_client() noexcept
    {
        if (ends_[1] != -1)
            ::close(std::exchange(ends_[1], -1));
    }

    /// What is sent already can still be read at the other end.
    static void end_sending(int socket) { ::shutdown(socket, SHUT_WR); }
    static void send(int socket, std::string_view bytes)
    {
        REQUIRE(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    }
    /// All that is there.
    static std::string receive(int socket)
    {
        std::string all;
        std::array<char, 4096> room{};
        for (ssize_t n = 0; (n = ::recv(socket, room.data(), room.size(), 0)) > 0;)
            all.append(room.data(), static_cast<std::size_t>(n));
        return all;
    }

private:
    std::array<int, 2> ends_{};
};

struct handshake_result {
    net::tls_step server{};
    net::tls_step client{};

    [[nodiscard]] bool is_done() const
    {
        return !server.error && !client.error && server.waits == net::tls_wait::nothing &&
               client.waits == net::tls_wait::nothing;
    }
};

/// `server` and `client` make one attempt each and say how it ended; who fails sends no more. Ends when both are done,
/// or wait for each other.
template <class Server, class Client>
handshake_result shake_hands(const socket_pair& sockets, Server server, Client client)
{
    handshake_result last{{.waits = net::tls_wait::readable}, {.waits = net::tls_wait::readable}};
    const auto go_on = [](net::tls_step& own, int socket, auto& step) {
        if (own.waits == net::tls_wait::nothing)
            return;
        own = step();
        if (own.error)
            socket_pair::end_sending(socket);
    };
    for (int round = 0; round < 10; ++round) {
        go_on(last.client, sockets.client(), client);
        go_on(last.server, sockets.server(), server);
    }
    return last;
}

/// A connection whose two ends are streams of the library.
struct tls_pair {
    std::unique_ptr<socket_pair> sockets = std::make_unique<socket_pair>();
    std::unique_ptr<net::tls_stream> server{};
    std::unique_ptr<net::tls_stream> client{};

    handshake_result shake() const
    {
        return shake_hands(
            *sockets, [this] { return server->handshake(); }, [this] { return client->handshake(); });
    }
};

/// A server and a client of one test.
struct tls_sides {
    std::shared_ptr<const net::tls_server_context> server{};
    std::shared_ptr<const net::tls_client_context> client{};

    [[nodiscard]] tls_pair control(const std::string& host = "localhost", std::uint16_t port = 21) const
    {
        tls_pair pair;
        pair.server = server->accept_control(pair.sockets->server());
        pair.client = client->connect_control(pair.sockets->client(), host, port);
        return pair;
    }
    [[nodiscard]] tls_pair data(const tls_pair& of) const
    {
        tls_pair pair;
        pair.server = server->accept_data(pair.sockets->server(), *of.server);
        pair.client = client->connect_data(pair.sockets->client(), *of.client);
        return pair;
    }
    /// With the handshake done.
    [[nodiscard]] tls_pair open_control() const
    {
        auto pair = control();
        REQUIRE(pair.shake().is_done());
        return pair;
    }
    [[nodiscard]] tls_pair open_data(const tls_pair& of) const
    {
        auto pair = data(of);
        REQUIRE(pair.shake().is_done());
        return pair;
    }
};

inline const test_authority& authority()
{
    static const test_authority one;
    return one;
}

/// For localhost.
inline const net::tls_identity& local_identity()
{
    static const auto one = authority().issue_for("localhost");
    return one;
}

inline net::tls_server_options server_of(const net::tls_identity& identity)
{
    net::tls_server_options options;
    options.identities.push_back(clone(identity));
    return options;
}

inline net::tls_server_options good_server()
{
    return server_of(local_identity());
}

/// Trusts the authority.
inline net::tls_client_options good_client()
{
    net::tls_client_options options;
    options.authorities = authority().certificate();
    return options;
}

inline tls_sides sides_of(const net::tls_server_options& server, net::tls_client_options client)
{
    return {net::tls_server_context::make(server).value(), net::tls_client_context::make(std::move(client)).value()};
}

inline tls_sides good_sides(net::tls_versions versions = net::tls_versions::from_1_2)
{
    auto server = good_server();
    server.versions = versions;
    return sides_of(server, good_client());
}

inline constexpr std::array both_versions{net::tls_versions::only_1_2, net::tls_versions::only_1_3};

/// All that can be read now.
inline std::string read_text(net::tls_stream& from)
{
    std::string all;
    std::array<char, 1000> room{};
    while (true) {
        const auto step = from.read(room);
        all.append(room.data(), step.bytes);
        if (step.bytes == 0)
            return all;
    }
}

/// How the next read ends.
inline net::tls_step read_end(net::tls_stream& from)
{
    std::array<char, 100> room{};
    return from.read(room);
}

} // namespace libftp::testing
