// Asio's types as the network layer uses them, and the way between its addresses and the core's.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/net/now.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <system_error>
#include <type_traits>

namespace libftp::net {

using tcp = asio::ip::tcp;

tcp::endpoint to_asio(const endpoint& where);
endpoint from_asio(const tcp::endpoint& where);

/// The same error in a category that compares: Asio's own for system errors are equal to no std::errc, and of those of
/// name lookups none is failure::transient.
std::error_code from_asio(const std::error_code& error) noexcept;

/// The number by which the system and OpenSSL know a socket. Windows' are wider, and not larger.
template <class Socket>
int descriptor_of(Socket& socket)
{
    return static_cast<int>(socket.native_handle());
}

/// The other way round: from then on it is Asio's.
template <class Socket>
void assign(Socket& socket, const tcp& protocol, int descriptor, std::error_code& error)
{
    using native = typename Socket::native_handle_type;
    using number = std::conditional_t<std::is_same_v<native, int>, int, std::uintptr_t>;
    socket.assign(protocol, static_cast<number>(descriptor), error);
}

/// What a control connection's socket needs besides, or the listening socket that it comes from.
template <class Socket>
void set_control_options(Socket& socket)
{
    std::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    // Some clients send ABOR as urgent data (RFC 959 4.1.3); those bytes belong in the stream.
    socket.set_option(asio::socket_base::out_of_band_inline{true}, ignored);
}

/// The same point on the clock that timers use.
std::chrono::steady_clock::time_point to_steady(clock::time_point time) noexcept;

} // namespace libftp::net
