// The texts of protocol errors, and which errors of any origin count as transient or permanent.
#include <libftp/error.hpp>
#include <libftp/result.hpp>

#include "throw_or_end.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace libftp {

namespace {

class protocol_error_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.protocol"; }

    [[nodiscard]] std::string message(int value) const override
    {
        switch (static_cast<protocol_errc>(value)) {
        case protocol_errc::connection_closed: return "the peer closed the control connection";
        case protocol_errc::service_closing: return "the server is closing the control connection";
        case protocol_errc::reply_malformed: return "what the server sends is no reply of FTP";
        case protocol_errc::reply_too_long: return "the reply is too long";
        case protocol_errc::reply_unexpected: return "this is not a reply that can come here";
        case protocol_errc::refused_transiently: return "the server refused the command for now";
        case protocol_errc::refused_permanently: return "the server refused the command";
        case protocol_errc::argument_invalid: return "the argument cannot be sent in a command, or means nothing here";
        case protocol_errc::timed_out: return "the peer took too long";
        case protocol_errc::canceled: return "the operation was canceled";
        case protocol_errc::data_connection_refused: return "no data connection could be agreed on";
        case protocol_errc::transfer_incomplete: return "the transfer is incomplete";
        case protocol_errc::transfer_malformed: return "the transferred bytes are not coded as agreed";
        case protocol_errc::address_malformed: return "the text does not hold an address";
        case protocol_errc::time_malformed: return "the text does not hold a time";
        case protocol_errc::listing_malformed: return "the listing line has no known form";
        case protocol_errc::not_connected: return "there is no control connection";
        case protocol_errc::not_supported: return "the server has no command for this, or none that works here";
        case protocol_errc::changed_meanwhile: return "the file is not the one that the transfer began with";
        case protocol_errc::verification_failed: return "the digests of the two files differ";
        case protocol_errc::name_refused: return "the name from the server is not one path component";
        case protocol_errc::order_confused: return "the server confused the order of commands sent ahead";
        case protocol_errc::limit_exceeded: return "a limit that the caller has set is exceeded";
        case protocol_errc::tls_refused: return "the server does not protect names or files by TLS as demanded";
        case protocol_errc::plaintext_received: return "bytes in clear came where TLS was to begin";
        case protocol_errc::proxy_header_malformed: return "the connection does not begin with a PROXY header";
        }
        return "unknown protocol error";
    }
};

class tls_error_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.tls"; }

    [[nodiscard]] std::string message(int value) const override
    {
        switch (static_cast<tls_errc>(value)) {
        case tls_errc::not_available: return "there is no TLS: not in this build, not set up, or not begun";
        case tls_errc::handshake_failed: return "the TLS handshake failed";
        case tls_errc::version_refused: return "the two sides have no version of TLS or no cipher in common";
        case tls_errc::protocol_refused: return "the peer expects another protocol than FTP (ALPN)";
        case tls_errc::certificate_missing: return "the peer has shown no certificate";
        case tls_errc::certificate_untrusted: return "the certificate is not signed by a trusted authority";
        case tls_errc::certificate_expired: return "the certificate has expired or is not valid yet";
        case tls_errc::certificate_revoked: return "the certificate was revoked";
        case tls_errc::certificate_invalid: return "the certificate is malformed or not for this use";
        case tls_errc::certificate_changed: return "the certificate is not the one that was shown before";
        case tls_errc::host_name_differs: return "the certificate belongs to another host";
        case tls_errc::certificate_refused: return "the peer does not accept this side's certificate";
        case tls_errc::session_not_resumed:
            return "the data connection does not continue the TLS session of the control connection";
        case tls_errc::truncated: return "the connection ended without the TLS message that it is the end";
        case tls_errc::record_invalid: return "the connection carries bytes that are not TLS";
        }
        return "unknown TLS error";
    }
};

bool is_transient(const std::error_code& error) noexcept
{
    static constexpr std::array protocol_causes{
        protocol_errc::order_confused,          protocol_errc::connection_closed, protocol_errc::service_closing,
        protocol_errc::refused_transiently,     protocol_errc::timed_out,         protocol_errc::transfer_incomplete,
        protocol_errc::data_connection_refused,
    };
    static constexpr std::array system_causes{
        std::errc::connection_reset, std::errc::connection_refused,  std::errc::connection_aborted,
        std::errc::timed_out,        std::errc::host_unreachable,    std::errc::network_unreachable,
        std::errc::broken_pipe,      std::errc::too_many_files_open, std::errc::resource_unavailable_try_again,
        std::errc::network_down,
    };
    const auto is_the_error = [&](auto cause) { return error == cause; };
    // A connection that is lost within TLS is a lost connection all the same.
    return error == tls_errc::truncated || error == tls_errc::handshake_failed ||
           std::any_of(protocol_causes.begin(), protocol_causes.end(), is_the_error) ||
           std::any_of(system_causes.begin(), system_causes.end(), is_the_error);
}

bool is_permanent(const std::error_code& error) noexcept
{
    return error == protocol_errc::refused_permanently || error == protocol_errc::argument_invalid ||
           error == protocol_errc::transfer_malformed || error == protocol_errc::tls_refused ||
           (error.category() == tls_category() && !is_transient(error) && error != tls_errc::record_invalid);
}

class failure_condition_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.failure"; }

    [[nodiscard]] std::string message(int value) const override
    {
        switch (static_cast<failure>(value)) {
        case failure::transient: return "trying again later may help";
        case failure::permanent: return "trying again will not help";
        }
        return "unknown kind of failure";
    }

    [[nodiscard]] bool equivalent(const std::error_code& error, int condition) const noexcept override
    {
        switch (static_cast<failure>(condition)) {
        case failure::transient: return is_transient(error);
        case failure::permanent: return is_permanent(error);
        }
        return false;
    }
};

} // namespace

const std::error_category& protocol_category() noexcept
{
    static const protocol_error_category category;
    return category;
}

const std::error_category& tls_category() noexcept
{
    static const tls_error_category category;
    return category;
}

const std::error_category& failure_category() noexcept
{
    static const failure_condition_category category;
    return category;
}

void throw_error(const std::error_code& error)
{
    throw_or_end(std::system_error(error));
}

void throw_error(const std::string& error)
{
    throw_or_end(std::runtime_error(error));
}

} // namespace libftp
