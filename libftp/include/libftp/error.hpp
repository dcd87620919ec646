// What can go wrong between two FTP peers, as std::error_code values, and the two conditions every caller asks about.
#pragma once

#include <system_error>

namespace libftp {

/// Faults of the peer, of a limit, or of the order of events. The environment's own errors (a socket's, a file's) pass
/// through libftp unchanged and are not listed here.
enum class protocol_errc {
    connection_closed = 1,   ///< The peer closed the control connection in the middle of the work.
    service_closing,         ///< The server said 421 and is about to close the control connection.
    reply_malformed,         ///< A reply line without a code (RFC 959 4.2).
    reply_too_long,          ///< A reply exceeds the limit in line length, lines or total size.
    reply_unexpected,        ///< A reply nobody asked for, or of a kind that this command cannot have.
    refused_transiently,     ///< The server answered 4yz: the same command may succeed later.
    refused_permanently,     ///< The server answered 5yz: the same command will fail again.
    argument_invalid,        ///< An argument cannot be sent (CR, LF, NUL) or makes no sense here; nothing was sent.
    timed_out,               ///< The peer stayed silent, or the work went on, longer than the limit.
    canceled,                ///< The caller ended the operation.
    data_connection_refused, ///< No data connection could be agreed on.
    transfer_incomplete,     ///< Fewer or more bytes arrived than were announced, or the end was never confirmed.
    transfer_malformed,      ///< Bytes on a data connection that its transfer mode or structure cannot have.
    address_malformed,       ///< A PORT, EPRT, 227 or 229 text, or a URL, that does not hold an address.
    time_malformed,          ///< A time that is not YYYYMMDDHHMMSS[.f] or not a date.
    listing_malformed,       ///< A listing line in no known form.
    not_connected,           ///< No control connection, or it was lost before: connect first. Neither of failure's.
    not_supported,           ///< The server has no command for this, or none that works here, as far as can be told.
    changed_meanwhile,       ///< The file is not the one that the transfer began with: its size or time differs.
    verification_failed,     ///< The digests of the two files differ.
    name_refused,            ///< A name from the server that is not one path component.
    order_confused,          ///< Commands sent ahead were answered out of their order; step by step it may work.
    limit_exceeded,          ///< More entries, bytes or depth than the caller allows.
    tls_refused,             ///< The server does not protect the session, or its files, as the caller demands.
    plaintext_received,      ///< Bytes in clear behind the reply that TLS begins: somebody may have put them there.
    proxy_header_malformed,  ///< What a proxy's connection begins with is no PROXY header that can be read.
};

/// What went wrong with TLS on one connection, whichever side found it.
enum class tls_errc {
    not_available = 1,     ///< There is no TLS: not in this build, not set up, or not begun.
    handshake_failed,      ///< The peer speaks no TLS, or broke the handshake off.
    version_refused,       ///< No version of TLS or no cipher that both sides accept.
    protocol_refused,      ///< The peer takes the connection for another protocol's (ALPN).
    certificate_missing,   ///< A certificate is demanded, and none was shown.
    certificate_untrusted, ///< No authority that is trusted has signed the peer's certificate.
    certificate_expired,   ///< Or is not valid yet.
    certificate_revoked,
    certificate_invalid, ///< Malformed, or not for this use.
    certificate_changed, ///< The peer has shown another certificate before.
    host_name_differs,   ///< The certificate is another host's.
    certificate_refused, ///< The peer does not accept this side's certificate.
    session_not_resumed, ///< The data connection does not continue the TLS session of the control connection.
    truncated,           ///< The connection ended without the peer's word that this is the end (close_notify).
    record_invalid,      ///< Bytes that TLS cannot have, or that were changed on the way.
};

/// Conditions to compare an error_code with: `if (error == failure::transient) retry();`
enum class failure {
    transient = 1, ///< Trying again later may help: 4yz replies, time-outs, a lost connection.
    permanent,     ///< Trying the same again will not help.
};

/// The category of protocol_errc. Lives as long as the program, as the others do.
const std::error_category& protocol_category() noexcept;
/// The category of tls_errc.
const std::error_category& tls_category() noexcept;
/// The category of the conditions.
const std::error_category& failure_category() noexcept;

/// So that an enumerator is an error_code where one is wanted; found by argument-dependent lookup, as the next two.
inline std::error_code make_error_code(protocol_errc code) noexcept
{
    return {static_cast<int>(code), protocol_category()};
}

/// As for protocol_errc.
inline std::error_code make_error_code(tls_errc code) noexcept
{
    return {static_cast<int>(code), tls_category()};
}

/// So that an error_code compares with an enumerator.
inline std::error_condition make_error_condition(failure kind) noexcept
{
    return {static_cast<int>(kind), failure_category()};
}

} // namespace libftp

template <>
struct std::is_error_code_enum<libftp::protocol_errc> : std::true_type {
};
template <>
struct std::is_error_code_enum<libftp::tls_errc> : std::true_type {
};
template <>
struct std::is_error_condition_enum<libftp::failure> : std::true_type {
};
