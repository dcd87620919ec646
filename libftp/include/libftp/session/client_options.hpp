// What a client's owner decides about its session.
#pragma once

#include <libftp/protocol/reply_parser.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace libftp {

/// Which side opens the data connection.
enum class data_mode : std::uint8_t {
    passive, ///< The client connects: EPSV, or PASV where the server does not know it.
    active,  ///< The server connects: EPRT, or PORT.
};

/// Where to connect after 227.
enum class passive_address : std::uint8_t {
    control_peer, ///< To the server itself; only the port is taken from the reply.
    as_announced, ///< To whatever address the server names: lets a server direct this client to other hosts.
};

struct client_options {
    libftp::data_mode data_mode = libftp::data_mode::passive;
    libftp::passive_address passive_address = libftp::passive_address::control_peer;
    std::chrono::seconds reply_limit{60};        ///< From a command to its reply.
    std::chrono::seconds data_connect_limit{30}; ///< For the data connection to come about.
    std::chrono::seconds stall_limit{60};        ///< For a transfer that does not move.
    reply_limits replies{};
    std::size_t max_listing_bytes = 64 * 1024 * 1024; ///< For listings that are kept in memory.
};

} // namespace libftp
