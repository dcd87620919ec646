// What an operation's error says to a person.
#include <libftp/error.hpp>
#include <libftp/session/client_operation.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string_view>

using namespace libftp;

TEST_CASE("The server's words tell why it refused, on one line, without control bytes")
{
    const operation_error error{protocol_errc::refused_permanently, {550, {"No such\x1b file", "more"}}};
    CHECK(error.message() == "550 No such\\x1b file");
}

TEST_CASE("Where the server gave no reason, the error's own words tell")
{
    const operation_error lost{protocol_errc::connection_closed, {}};
    CHECK(lost.message() == make_error_code(protocol_errc::connection_closed).message());
    const operation_error strange{protocol_errc::reply_unexpected, {226, {"Transfer complete"}}};
    CHECK(strange.message() == make_error_code(protocol_errc::reply_unexpected).message() + ": 226 Transfer complete");
}

TEST_CASE("That something is about TLS is told besides the server's words")
{
    const operation_error refused{protocol_errc::tls_refused, {500, {"What?"}}};
    CHECK(refused.message() == make_error_code(protocol_errc::tls_refused).message() + ": 500 What?");
    const operation_error cut{tls_errc::truncated, {426, {"Broken"}}};
    CHECK(cut.message() == make_error_code(tls_errc::truncated).message() + ": 426 Broken");
}

TEST_CASE("Every step has a name of its own")
{
    std::set<std::string_view> names;
    for (auto step = operation_step::arguments;; step = static_cast<operation_step>(static_cast<int>(step) + 1)) {
        CHECK(names.insert(to_string(step)).second);
        if (step == operation_step::verification)
            break;
    }
    CHECK_FALSE(names.contains("unknown"));
}

TEST_CASE("The error of an operation becomes a std::system_error with its code and its words")
{
    const client_result<transfer_result> failed = operation_error{protocol_errc::refused_permanently, {550, {"No."}}};
    try {
        (void)failed.error();
        throw_error(failed.error());
    } catch (const std::system_error& thrown) {
        CHECK(thrown.code() == protocol_errc::refused_permanently);
        CHECK(std::string_view{thrown.what()}.starts_with("550 No."));
    }
    auto value = failed;
    CHECK_THROWS_AS(value.value(), std::system_error);
}
