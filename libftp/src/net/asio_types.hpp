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

namespace libftp::net {

using tcp = asio::ip::tcp;

tcp::endpoint to_asio(const endpoint& where);
endpoint from_asio(const tcp::endpoint& where);

/// The same error in the standard's category: Asio's own for system errors compares equal to no std::errc.
std::error_code from_asio(const std::error_code& error) noexcept;

/// Programs that this one starts do not inherit the descriptor.
void close_on_exec(int descriptor) noexcept;

/// What was written to a connection and is not acknowledged yet.
std::uint64_t unacknowledged_bytes(tcp::socket& socket) noexcept;

/// The same point on the clock that timers use.
std::chrono::steady_clock::time_point to_steady(clock::time_point time) noexcept;

} // namespace libftp::net
