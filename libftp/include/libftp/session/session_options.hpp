// What a server's owner decides about its sessions.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/session/command_set.hpp>
#include <libftp/session/passive_address.hpp>
#include <libftp/store/listing.hpp>
#include <libftp/tls_facts.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace libftp {

/// Where the server's end of an active data connection is.
enum class active_port : std::uint8_t {
    any,                    ///< The system chooses.
    control_port_minus_one, ///< L-1 of RFC 959 3.3, which is 20, where the system lets this process have it; else any.
};

/// How a session begins.
enum class control_start : std::uint8_t {
    in_clear, ///< TLS only after AUTH (explicit).
    in_tls,   ///< With a handshake before the greeting (implicit, port 990); data connections are protected then.
};

/// Whether a protected data connection has to continue the TLS session of its control connection. One that does cannot
/// be another client's.
enum class session_binding : std::uint8_t {
    off,     ///< Not looked at.
    prefer,  ///< One that does not is reported to the observer, and served.
    require, ///< One that does not is answered 522.
};

/// RFC 4217.
struct tls_policy {
    bool is_offered = false; ///< AUTH. Without it only sessions that begin in TLS have any.
    /// Of everybody; account::needs_tls may add to it. It holds whatever is offered: a session that cannot have TLS
    /// then logs nobody in, or moves no data.
    tls_needs needs{};
    session_binding binding = session_binding::prefer;
    /// Whether USER alone may log in whom a certificate speaks for: authenticator::takes_certificates() of the one that
    /// the host asks.
    bool certificate_logins = false;
};

/// What all sessions of a server have in common: texts, limits, commands. Sessions refer to it. A limit of 0 seconds is
/// over at once; for none there is std::chrono::seconds::max().
struct session_options {
    /// The text of the first reply, its lines parted by '\n'. Says no version unless written here.
    std::string greeting = "Service ready.";
    std::string welcome = "Logged in."; ///< The same of the reply to a login.
    std::string product = "libftp";     ///< What CSID calls this server.
    /// What HOST may name (RFC 7151), patterns too, in lower case; empty: any name. The authenticator gets to see it.
    std::vector<std::string> hosts{};
    command_set commands{};

    std::chrono::seconds login_limit{60};        ///< From the connection to the login.
    std::chrono::seconds idle_limit{300};        ///< Between commands, while nothing is transferred.
    std::chrono::seconds max_idle_limit{7200};   ///< To what SITE IDLE may set it.
    std::chrono::seconds data_connect_limit{30}; ///< For the data connection to come about.
    std::chrono::seconds stall_limit{60};        ///< For a transfer that does not move.
    /// For a peer to take the last replies. If it ended the session itself, it begins anew with each piece taken,
    /// within what the peer could have idled for, or what was left for its login.
    std::chrono::seconds close_limit{5};
    std::chrono::milliseconds denial_delay{1000}; ///< Before the answer to a wrong password.
    unsigned max_failed_logins = 3;               ///< Then the session ends.

    std::size_t max_line_bytes = 4096;    ///< A command line without its end.
    std::size_t max_output_bytes = 65536; ///< Replies the peer has not taken; past it no command is read.
    /// SIZE in TYPE A reads the file, if that is not larger.
    std::uint64_t max_ascii_size_bytes = std::uint64_t{64} * 1024 * 1024;
    listing_limits listings{};

    tls_policy tls{};

    /// OPTS MODE B KEEP: the host does as send_data::leaves_open and receive_data::leaves_open say. net::server does,
    /// and sets it.
    bool keeps_data_connections = false;

    passive_address_rule passive_address{}; ///< What 227 announces; empty: the control connection's own address.
    active_port active_from = active_port::any;

    /// Bytes per second of one session; 0: no limit. A user's own limits are in account::rates.
    std::uint64_t max_download_rate = 0;
    std::uint64_t max_upload_rate = 0;
    rate_limits shared_rates{}; ///< Of all sessions together.

    /// The other sessions, for SITE WHO; empty: it is not offered. net::server sets it if it is empty. Called on the
    /// session's thread; must not block.
    std::function<std::vector<session_facts>()> list_sessions{};
};

} // namespace libftp
