// Causes of failures.
#include "../../../apps/ftp-client/reporter.hpp"

#include <libftp/store/store_error.hpp>

#include <doctest/doctest.h>

using libftp::operation_error;
using libftp::operation_step;
using libftp::protocol_errc;

TEST_CASE("Each failure comes under the cause that a script could act on")
{
    using enum operation_step;
    const auto cause_at = [](std::error_code code, operation_step step) {
        return cause_of(operation_error{.code = code, .step = step});
    };
    CHECK(cause_at(protocol_errc::canceled, transfer) == cause::interrupted);
    CHECK(cause_at(protocol_errc::timed_out, transfer) == cause::timed_out);
    CHECK(cause_at(make_error_code(std::errc::connection_refused), connect) == cause::connection);
    CHECK(cause_at(protocol_errc::not_connected, arguments) == cause::connection);
    CHECK(cause_at(protocol_errc::connection_closed, command) == cause::connection);
    CHECK(cause_at(libftp::tls_errc::certificate_untrusted, tls) == cause::tls);
    CHECK(cause_at(protocol_errc::tls_refused, tls) == cause::tls);
    CHECK(cause_at(protocol_errc::refused_permanently, password) == cause::login);
    CHECK(cause_at(protocol_errc::refused_permanently, command) == cause::refused);
    CHECK(cause_at(protocol_errc::refused_permanently, transfer_command) == cause::refused);
    CHECK(cause_at(protocol_errc::argument_invalid, arguments) == cause::usage);
    CHECK(cause_at(make_error_code(std::errc::no_space_on_device), near_end) == cause::local);
    CHECK(cause_at(libftp::store_errc::is_a_directory, near_end) == cause::local);
    CHECK(cause_at(libftp::store_errc::is_a_directory, command) == cause::refused);
    CHECK(cause_at(protocol_errc::transfer_incomplete, confirmation) == cause::transfer);
    CHECK(cause_at(protocol_errc::verification_failed, verification) == cause::transfer);
}

TEST_CASE("A transfer that the server says has broken off was not refused")
{
    const operation_error broken{.code = protocol_errc::refused_transiently, .answer = {.code = 426, .lines = {}}};
    CHECK(cause_of(broken) == cause::transfer);
}

TEST_CASE(
    "Where no session can be led with a server because of its replies, the connection is lost, and nothing refused")
{
    using enum operation_step;
    for (const auto code :
         {protocol_errc::reply_malformed, protocol_errc::reply_too_long, protocol_errc::reply_unexpected})
        for (const auto step : {password, command, transfer_command, confirmation}) {
            const operation_error lost{.code = code, .step = step, .session = libftp::session_state::closed};
            CHECK(cause_of(lost) == cause::connection);
        }
    CHECK(cause_of(operation_error{.code = protocol_errc::reply_unexpected, .step = command}) == cause::refused);
}
