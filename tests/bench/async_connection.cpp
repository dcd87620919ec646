// Non-blocking calls of the system, or of OpenSSL, each made again when the loop says that it may succeed.
#include "async_connection.hpp"

#include "failure.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

/// Where bytes go that nobody looks at.
std::array<char, 256 * 1024> dropped;

} // namespace

async_connection::async_connection(event_loop& loop)
    : loop_(loop), descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
{
    if (descriptor_ < 0)
        fail("socket");
}

async_connection::~async_connection()
{
    tls_.reset();
    loop_.forget(descriptor_);
    ::close(descriptor_);
}

void async_connection::begin_connecting(const sockaddr_in& where)
{
    // On loopback it is connected when the call ends, whatever that says; elsewhere the first call that reads or writes
    // waits, and fails if it has to.
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 && errno != EINPROGRESS)
        fail("connect");
}

void async_connection::send_at_once() const
{
    const int on = 1;
    if (::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY");
}

task<> async_connection::begin_tls(tls_pointer<SSL> tls, SSL_SESSION* session)
{
    tls_ = std::move(tls);
    if (!tls_ || SSL_set_fd(tls_.get(), descriptor_) != 1)
        throw failure{"no memory for TLS"};
    if (session != nullptr && SSL_set_session(tls_.get(), session) != 1)
        throw failure{"the TLS session cannot be offered"};
    while (true) {
        const int result = SSL_connect(tls_.get());
        if (result == 1)
            co_return;
        co_await wait_for_tls("TLS handshake", result);
    }
}

task<> async_connection::wait_for_tls(const char* what, int result)
{
    const int kind = SSL_get_error(tls_.get(), result);
    if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
        std::array<char, 256> text{};
        ERR_error_string_n(ERR_get_error(), text.data(), text.size());
        throw failure{what + (": error " + std::to_string(kind)) + ", " + text.data()};
    }
    const auto due = kind == SSL_ERROR_WANT_READ ? loop_.readable(descriptor_) : loop_.writable(descriptor_);
    loop_.exhausted(due);
    co_await due;
}

task<std::size_t> async_connection::read(std::span<char> room)
{
    if (tls_) {
        while (true) {
            std::size_t bytes = 0;
            const int result = SSL_read_ex(tls_.get(), room.data(), room.size(), &bytes);
            if (result == 1)
                co_return bytes;
            if (SSL_get_error(tls_.get(), result) == SSL_ERROR_ZERO_RETURN)
                co_return 0U;
            co_await wait_for_tls("TLS read", result);
        }
    }
    const auto due = loop_.readable(descriptor_);
    while (true) {
        co_await due;
        const auto bytes = ::recv(descriptor_, room.data(), room.size(), 0);
        if (bytes < 0 && errno != EAGAIN)
            fail("read");
        if (bytes < static_cast<ssize_t>(room.size()))
            loop_.exhausted(due); // there was no more
        if (bytes >= 0)
            co_return static_cast<std::size_t>(bytes);
    }
}

task<std::uint64_t> async_connection::drop(std::uint64_t most)
{
    std::uint64_t counted = 0;
    if (tls_) {
        while (counted < most) {
            const auto share = std::min<std::uint64_t>(dropped.size(), most - counted);
            const auto bytes = co_await read({dropped.data(), static_cast<std::size_t>(share)});
            if (bytes == 0)
                break;
            counted += bytes;
        }
        co_return counted;
    }
    constexpr std::uint64_t largest_share = 1U << 30U;
    const auto due = loop_.readable(descriptor_);
    while (counted < most) {
        co_await due;
        const auto share = static_cast<std::size_t>(std::min(most - counted, largest_share));
        const auto bytes = ::recv(descriptor_, nullptr, share, MSG_TRUNC);
        if (bytes == 0)
            break;
        if (bytes < 0 && errno != EAGAIN)
            fail("read");
        if (bytes < static_cast<ssize_t>(share))
            loop_.exhausted(due);
        counted += bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0U;
    }
    co_return counted;
}

task<std::size_t> async_connection::write_some(std::string_view bytes)
{
    if (tls_) {
        while (true) {
            std::size_t sent = 0;
            const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent);
            if (result == 1)
                co_return sent;
            co_await wait_for_tls("TLS write", result);
        }
    }
    const auto due = loop_.writable(descriptor_);
    while (true) {
        co_await due;
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN)
            fail("write");
        if (sent < static_cast<ssize_t>(bytes.size()))
            loop_.exhausted(due); // there was no more room
        if (sent >= 0)
            co_return static_cast<std::size_t>(sent);
    }
}

task<> async_connection::write(std::string_view bytes)
{
    while (!bytes.empty())
        bytes.remove_prefix(co_await write_some(bytes));
}

task<> async_connection::write_repeatedly(std::string_view piece, std::uint64_t bytes)
{
    while (bytes != 0)
        bytes -= co_await write_some(
            piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes, piece.size()))));
}

void async_connection::say_end() const
{
    if (tls_)
        SSL_shutdown(tls_.get());
}

task<> async_connection::end()
{
    say_end();
    ::shutdown(descriptor_, SHUT_WR);
    const auto due = loop_.readable(descriptor_);
    while (true) {
        co_await due;
        const auto bytes = ::recv(descriptor_, nullptr, dropped.size(), MSG_TRUNC);
        if (bytes == 0 || (bytes < 0 && errno != EAGAIN))
            co_return;
        if (bytes < 0)
            loop_.exhausted(due);
    }
}

bool async_connection::is_idle() const
{
    char first = 0;
    return ::recv(descriptor_, &first, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

} // namespace bench
