// Reply codes by name (RFC 959 4.2.2, RFC 2228, RFC 2389, RFC 2428, RFC 3659, RFC 4217).
#pragma once

#include <cstdint>

namespace libftp {

enum class reply_code : std::uint16_t {
    restart_marker = 110,
    data_connection_already_open = 125,
    opening_data_connection = 150,
    ok = 200,
    superfluous = 202,
    system_status = 211,
    directory_status = 212,
    file_status = 213,
    help = 214,
    system_type = 215,
    service_ready = 220,
    service_closing = 221,
    data_connection_open = 225,
    closing_data_connection = 226,
    passive_mode = 227,
    extended_passive_mode = 229,
    logged_in = 230,
    logged_in_by_certificate = 232,
    security_accepted = 234,
    file_action_ok = 250,
    pathname_created = 257,
    password_needed = 331,
    account_needed = 332,
    file_action_pending = 350,
    service_not_available = 421,
    cannot_open_data_connection = 425,
    transfer_aborted = 426,
    file_busy = 450,
    local_error = 451,
    insufficient_storage = 452,
    syntax_error = 500,
    argument_error = 501,
    not_implemented = 502,
    bad_sequence = 503,
    parameter_not_implemented = 504,
    protection_needed = 521,
    network_protocol_not_supported = 522,
    tls_not_negotiated = 522, ///< Two documents chose the same number.
    not_logged_in = 530,
    command_not_protected = 533,
    security_denied = 534,
    protection_not_supported = 536,
    file_unavailable = 550,
    page_type_unknown = 551,
    storage_exceeded = 552,
    name_not_allowed = 553,
    restart_invalid = 554,
};

/// The number on the wire.
constexpr int to_int(reply_code code) noexcept
{
    return static_cast<int>(code);
}

} // namespace libftp
