// What a server's owner decides about its sessions.
#pragma once

#include <libftp/endpoint.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace libftp {

struct session_options {
    std::string greeting = "Service ready."; ///< The text of the first reply. Says no version unless written here.

    std::chrono::seconds login_limit{60};         ///< From the connection to the login.
    std::chrono::seconds idle_limit{300};         ///< Between commands, while nothing is transferred.
    std::chrono::seconds data_connect_limit{30};  ///< For the data connection to come about.
    std::chrono::seconds stall_limit{60};         ///< For a transfer that does not move.
    std::chrono::seconds close_limit{5};          ///< For a peer to take the last reply.
    std::chrono::milliseconds denial_delay{1000}; ///< Before the answer to a wrong password.
    unsigned max_failed_logins = 3;               ///< Then the session ends.

    std::size_t max_line_bytes = 4096;    ///< A command line without its end.
    std::size_t max_output_bytes = 65536; ///< Replies the peer has not taken; past it no command is read.

    /// The address that 227 announces, for a server behind network address translation; otherwise the control
    /// connection's own.
    std::optional<ip_address> passive_address{};
};

} // namespace libftp
