// What a client's owner decides about its session.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/port_range.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/session/server_quirks.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace libftp {

/// Which side opens the data connection.
enum class data_mode : std::uint8_t {
    passive, ///< The client connects: EPSV, or PASV where the server does not know it.
    active,  ///< The server connects: EPRT, or PORT.
};

/// Where a client in active mode awaits its server.
struct active_place {
    /// Where it listens, each session at another port; without it the system chooses. If none of them can be had, a
    /// transfer fails with protocol_errc::data_connection_refused.
    std::optional<port_range> ports{};
    /// What EPRT and PORT say, where this client is known by another address outside; without it, or over the other
    /// version of IP, the control connection's own.
    std::optional<ip_address> announced{};
};

/// Where to connect after 227.
enum class passive_address : std::uint8_t {
    control_peer, ///< To the server itself; only the port is taken from the reply.
    as_announced, ///< To whatever address the server names: lets a server direct this client to other hosts.
};

/// Whether commands go out before the last reply to what came before.
enum class pipelining : std::uint8_t {
    off,
    /// With servers that are known to keep the order (server_effect::keeps_order): the commands of a few operations.
    /// With those that read ahead (server_effect::reads_ahead): all up to the next transfer's command. With others:
    /// nothing.
    where_known,
    always, ///< Also one transfer's commands during the one before, until a server is seen to confuse the order.
};

/// Whether a session is protected (RFC 4217). Once TLS was begun there is no way back: what goes wrong then ends the
/// session.
enum class tls_use : std::uint8_t {
    off,
    if_offered, ///< AUTH is tried; a server that refuses it is talked to in clear, if it never did TLS for this client.
    /// AUTH and the handshake must succeed before a name is sent, PBSZ and PROT before data moves: before the login, or
    /// after it if the server wants that. No name and no password goes in clear after CCC either.
    required,
    implicit, ///< As required, but by a handshake before the greeting.
};

/// How data connections of a protected session go.
enum class data_protection : std::uint8_t {
    private_level, ///< PROT P.
    clear_level,   ///< PROT C: names and passwords are protected, files and listings are not.
};

/// How a client behaves, and its limits. The session refers to it. A limit of 0 is over at once; for none there is
/// std::chrono::seconds::max().
struct client_options {
    tls_use tls = tls_use::off;
    libftp::data_protection data_protection = libftp::data_protection::private_level;
    libftp::data_mode data_mode = libftp::data_mode::passive;
    active_place active{};
    libftp::passive_address passive_address = libftp::passive_address::control_peer;
    libftp::pipelining pipelining = libftp::pipelining::where_known;
    /// Small files may share a data connection (operation::most_shared_bytes): the host does as send_data::leaves_open
    /// and receive_data::leaves_open say. The clients of net do, and set it.
    bool keeps_data_connections = false;
    std::chrono::seconds reply_limit{60};        ///< From a command to its reply.
    std::chrono::seconds data_connect_limit{30}; ///< For the data connection to come about, and for TLS to begin on it.
    std::chrono::seconds stall_limit{60};        ///< For a transfer that does not move.
    std::chrono::seconds abort_limit{10};        ///< For a canceled transfer to be called off; then the session ends.
    std::chrono::seconds keep_alive_interval{0}; ///< NOOP is sent after as long without a command; 0: never.
    reply_limits replies{};
    std::size_t max_listing_bytes = 64 * 1024 * 1024; ///< For listings that are kept in memory.
    std::size_t max_listing_entries = 1'000'000;      ///< For listings that are parsed.
    std::chrono::minutes server_time_zone{0}; ///< What the server's clock is ahead of UTC, for LIST in local time.
    std::vector<server_quirk> quirks{};       ///< Rows to be looked at before those that come with libftp.
    rate_limits rates{};                      ///< Shared by all transfers of the client.
};

} // namespace libftp
