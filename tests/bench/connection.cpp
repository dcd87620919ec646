// Blocking reads and writes, by the socket or by OpenSSL.
#include "connection.hpp"

#include <openssl/err.h>

#include <array>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

[[noreturn]] void fail(const char* what, const SSL* tls, int result)
{
    const auto kind = SSL_get_error(tls, result);
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    throw failure{what + (": error " + std::to_string(kind)) + ", " + text.data()};
}

} // namespace

connection::connection(int descriptor) : descriptor_(descriptor)
{
    if (descriptor_ < 0)
        fail("no connection");
}

connection connection::to(const std::string& address, std::uint16_t port)
{
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1)
        throw failure{"'" + address + "' is not an IPv4 address"};
    connection made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        fail("connect");
    return made;
}

connection::connection(connection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)), input_(std::move(other.input_))
{
}

connection::~connection()
{
    tls_.reset();
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

void connection::begin_tls(tls_pointer<SSL> tls, SSL_SESSION* session)
{
    tls_ = std::move(tls);
    if (!tls_ || SSL_set_fd(tls_.get(), descriptor_) != 1)
        throw failure{"no memory for TLS"};
    if (session != nullptr && SSL_set_session(tls_.get(), session) != 1)
        fail("session", tls_.get(), 0);
    if (const int done = SSL_is_server(tls_.get()) ? SSL_accept(tls_.get()) : SSL_connect(tls_.get()); done != 1)
        fail("handshake", tls_.get(), done);
}

void connection::send_at_once()
{
    const int on = 1;
    if (::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY");
}

std::size_t connection::read(std::span<char> room)
{
    if (tls_) {
        std::size_t bytes = 0;
        const int done = SSL_read_ex(tls_.get(), room.data(), room.size(), &bytes);
        if (done == 1)
            return bytes;
        if (SSL_get_error(tls_.get(), done) == SSL_ERROR_ZERO_RETURN)
            return 0;
        fail("TLS read", tls_.get(), done);
    }
    const auto bytes = ::recv(descriptor_, room.data(), room.size(), 0);
    if (bytes < 0)
        fail("read");
    return static_cast<std::size_t>(bytes);
}

void connection::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        std::size_t sent = 0;
        if (tls_) {
            if (const int done = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent); done != 1)
                fail("TLS write", tls_.get(), done);
        } else {
            const auto written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (written < 0)
                fail("write");
            sent = static_cast<std::size_t>(written);
        }
        bytes.remove_prefix(sent);
    }
}

std::string connection::read_line()
{
    while (true) {
        if (const auto end = input_.find("\r\n"); end != std::string::npos) {
            auto line = input_.substr(0, end);
            input_.erase(0, end + 2);
            return line;
        }
        std::array<char, 4096> more{};
        const auto bytes = read(more);
        if (bytes == 0)
            throw failure{"the control connection has ended"};
        input_.append(more.data(), bytes);
    }
}

void connection::end()
{
    if (tls_)
        SSL_shutdown(tls_.get());
    ::shutdown(descriptor_, SHUT_WR);
    std::array<char, 4096> dropped;
    while (::recv(descriptor_, dropped.data(), dropped.size(), 0) > 0) {
    }
}

} // namespace bench
