// The texts of errors, and which of them are worth another try.
#include "support/system.hpp"

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <string>

using libftp::failure;
using libftp::protocol_errc;
using libftp::tls_errc;

namespace {

constexpr std::array every_protocol_error{
    protocol_errc::connection_closed,
    protocol_errc::service_closing,
    protocol_errc::reply_malformed,
    protocol_errc::reply_too_long,
    protocol_errc::reply_unexpected,
    protocol_errc::refused_transiently,
    protocol_errc::refused_permanently,
    protocol_errc::argument_invalid,
    protocol_errc::timed_out,
    protocol_errc::canceled,
    protocol_errc::data_connection_refused,
    protocol_errc::transfer_incomplete,
    protocol_errc::transfer_malformed,
    protocol_errc::address_malformed,
    protocol_errc::time_malformed,
    protocol_errc::listing_malformed,
    protocol_errc::not_connected,
    protocol_errc::not_supported,
    protocol_errc::changed_meanwhile,
    protocol_errc::verification_failed,
    protocol_errc::name_refused,
    protocol_errc::order_confused,
    protocol_errc::limit_exceeded,
    protocol_errc::tls_refused,
    protocol_errc::plaintext_received,
    protocol_errc::proxy_header_malformed,
};

constexpr std::array every_tls_error{
    tls_errc::not_available,       tls_errc::handshake_failed,    tls_errc::version_refused,
    tls_errc::protocol_refused,    tls_errc::certificate_missing, tls_errc::certificate_untrusted,
    tls_errc::certificate_expired, tls_errc::certificate_revoked, tls_errc::certificate_invalid,
    tls_errc::certificate_changed, tls_errc::host_name_differs,   tls_errc::certificate_refused,
    tls_errc::session_not_resumed, tls_errc::truncated,           tls_errc::record_invalid,
};

/// Lower case but for the names of protocols.
bool is_phrase(std::string text)
{
    for (const std::string name : {"TLS", "FTP", "ALPN", "PROXY"})
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
            text.erase(at, name.size());
    return text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n") == std::string::npos && text.back() != '.';
}

} // namespace

TEST_CASE("Every error has a text of its own, one lower-case phrase")
{
    std::set<std::string> texts;
    for (const auto error : every_protocol_error) {
        const auto text = make_error_code(error).message();
        CAPTURE(text);
        CHECK(texts.insert(text).second);
        CHECK(text != "unknown protocol error");
        CHECK(is_phrase(text));
    }
    for (const auto error : every_tls_error) {
        const auto text = make_error_code(error).message();
        CAPTURE(text);
        CHECK(texts.insert(text).second);
        CHECK(text != "unknown TLS error");
        CHECK(is_phrase(text));
    }
}

TEST_CASE("Texts are true of all that their errors are for")
{
    // A limit for the whole of an operation, and a size that the server has a command for but does not know.
    CHECK(make_error_code(protocol_errc::timed_out).message() == "the peer took too long");
    CHECK(make_error_code(protocol_errc::not_supported).message() ==
          "the server has no command for this, or none that works here");
}

TEST_CASE("A number that is no error still has a text")
{
    CHECK(libftp::tls_category().message(0) == "unknown TLS error");
    CHECK(libftp::tls_category().message(1000) == "unknown TLS error");
    CHECK(libftp::protocol_category().message(0) == "unknown protocol error");
    CHECK(libftp::protocol_category().message(-1) == "unknown protocol error");
    CHECK(libftp::protocol_category().message(1000) == "unknown protocol error");
    CHECK(libftp::failure_category().message(1000) == "unknown kind of failure");
}

TEST_CASE("A protocol error is an error code of libftp's category")
{
    const std::error_code error = protocol_errc::timed_out;
    CHECK(error);
    CHECK(error == protocol_errc::timed_out);
    CHECK(error != protocol_errc::canceled);
    CHECK(error.category() == libftp::protocol_category());
    CHECK(error.category().name() == std::string{"libftp.protocol"});
}

TEST_CASE("Refusals for now, time-outs and lost connections are transient, and nothing else of the protocol is")
{
    constexpr std::array transient{
        protocol_errc::connection_closed, protocol_errc::service_closing,     protocol_errc::refused_transiently,
        protocol_errc::timed_out,         protocol_errc::transfer_incomplete, protocol_errc::data_connection_refused,
        protocol_errc::order_confused,
    };
    for (const auto code : every_protocol_error) {
        const std::error_code error = code;
        CAPTURE(error.message());
        CHECK((error == failure::transient) ==
              (std::find(transient.begin(), transient.end(), code) != transient.end()));
    }
}

TEST_CASE("Refusals, arguments that cannot be sent and miscoded transfers are permanent, and nothing else is")
{
    constexpr std::array permanent{
        protocol_errc::refused_permanently,
        protocol_errc::argument_invalid,
        protocol_errc::transfer_malformed,
        protocol_errc::tls_refused,
    };
    for (const auto code : every_protocol_error) {
        const std::error_code error = code;
        CAPTURE(error.message());
        CHECK((error == failure::permanent) ==
              (std::find(permanent.begin(), permanent.end(), code) != permanent.end()));
    }
}

TEST_CASE("A connection that is lost within TLS is worth another try, a certificate that will not do is not")
{
    for (const auto code : every_tls_error) {
        const std::error_code error = code;
        CAPTURE(error.message());
        CHECK(error.category() == libftp::tls_category());
        CHECK(error.category().name() == std::string{"libftp.tls"});
        const bool is_lost = code == tls_errc::truncated || code == tls_errc::handshake_failed;
        CHECK((error == failure::transient) == is_lost);
        CHECK((error == failure::permanent) == (!is_lost && code != tls_errc::record_invalid));
    }
}

TEST_CASE("The system's errors that pass are transient, whichever category reports them")
{
    for (const auto code :
         {std::errc::connection_reset, std::errc::connection_refused, std::errc::connection_aborted,
          std::errc::timed_out, std::errc::host_unreachable, std::errc::network_unreachable, std::errc::broken_pipe,
          std::errc::too_many_files_open, std::errc::resource_unavailable_try_again, std::errc::network_down}) {
        CAPTURE(static_cast<int>(code));
        CHECK(std::make_error_code(code) == failure::transient);
        if (!libftp::testing::is_windows) // which has numbers of its own
            CHECK(std::error_code{static_cast<int>(code), std::system_category()} == failure::transient);
        CHECK(std::make_error_code(code) != failure::permanent);
    }
}

TEST_CASE("An error nobody knows is neither transient nor permanent, and success is not either")
{
    for (const std::error_code error :
         {std::make_error_code(std::errc::no_such_file_or_directory), std::error_code{}}) {
        CHECK(error != failure::transient);
        CHECK(error != failure::permanent);
    }
    CHECK_FALSE(libftp::failure_category().equivalent(protocol_errc::timed_out, 1000));
}

TEST_CASE("The conditions have a name and a text")
{
    CHECK(libftp::failure_category().name() == std::string{"libftp.failure"});
    CHECK(make_error_condition(failure::transient).message() == "trying again later may help");
    CHECK(make_error_condition(failure::permanent).message() == "trying again will not help");
}
