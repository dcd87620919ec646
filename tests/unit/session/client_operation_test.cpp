// What an operation's error says to a person.
#include <libftp/error.hpp>
#include <libftp/session/client_operation.hpp>

#include <doctest/doctest.h>

#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

using namespace libftp;

namespace {

template <class Enum>
std::vector<std::string_view> names_from(Enum first, Enum last)
{
    std::vector<std::string_view> names;
    for (auto value = static_cast<int>(first); value <= static_cast<int>(last); ++value)
        names.push_back(to_string(static_cast<Enum>(value)));
    return names;
}

} // namespace

TEST_CASE("The server's words tell why it refused, on one line, without control bytes")
{
    const operation_error error{protocol_errc::refused_permanently, {550, {"No such\x1b file", " more"}}};
    CHECK(error.message() == "550 No such\\x1b file more");
    const operation_error late{protocol_errc::refused_permanently, {530, {"", " \t", "Login incorrect. "}}};
    CHECK(late.message() == "530 Login incorrect.");
    const operation_error endless{protocol_errc::refused_permanently, {550, {"No", std::string(5000, 'x'), "more"}}};
    CHECK(endless.message() == "550 No ...");
    const operation_error wide{protocol_errc::refused_permanently, {550, {std::string(5000, 'x')}}};
    CHECK(wide.message() == "550 " + std::string(1000, 'x') + " ...");
}

TEST_CASE("Where the server gave no reason, the error's own words tell")
{
    const operation_error lost{protocol_errc::connection_closed, {}};
    CHECK(lost.message() == make_error_code(protocol_errc::connection_closed).message());
    const operation_error strange{protocol_errc::reply_unexpected, {226, {"Transfer complete"}}};
    CHECK(strange.message() == make_error_code(protocol_errc::reply_unexpected).message() + ": 226 Transfer complete");
    const operation_error no_reply{protocol_errc::reply_malformed, {0, {"SSH-2.0"}}};
    CHECK(no_reply.message() == make_error_code(protocol_errc::reply_malformed).message() + ": SSH-2.0");
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
    const auto names = names_from(operation_step::arguments, operation_step::verification);
    CHECK(std::set<std::string_view>(names.begin(), names.end()).size() == names.size());
    CHECK(to_string(operation_step::data_connection) == "data connection");
    CHECK(to_string(operation_step::tls) == "TLS");
}

TEST_CASE("What is true of a transfer has the words that the client prints, in JSON too")
{
    using words = std::vector<std::string_view>;
    CHECK(names_from(size_source::none, size_source::near_end) ==
          words{"none", "preliminary reply", "SIZE", "facts", "listing", "near end"});
    CHECK(names_from(data_command::none, data_command::port) == words{"none", "EPSV", "PASV", "EPRT", "PORT"});
    CHECK(names_from(data_command_reason::preferred, data_command_reason::known_quirk) ==
          words{"preferred", "extended form refused", "extended form unreachable", "known quirk"});
    CHECK(names_from(verification::none, verification::hash) == words{"none", "size", "hash"});
}

TEST_CASE("What is none of its type's values is called unknown, not read past")
{
    CHECK(to_string(operation_step{255}) == "unknown");
    CHECK(to_string(size_source{255}) == "unknown");
    CHECK(to_string(data_command{255}) == "unknown");
    CHECK(to_string(data_command_reason{255}) == "unknown");
    CHECK(to_string(verification{255}) == "unknown");
}

TEST_CASE("A reply that grants or begins something is no reason for a failure, one that refuses is")
{
    const auto words = make_error_code(protocol_errc::reply_unexpected).message();
    for (const int code : {150, 226, 331, 600})
        CHECK(operation_error{protocol_errc::reply_unexpected, {code, {"x"}}}.message() ==
              words + ": " + std::to_string(code) + " x");
    for (const int code : {421, 450, 550})
        CHECK(operation_error{protocol_errc::reply_unexpected, {code, {"x"}}}.message() == std::to_string(code) + " x");
}

TEST_CASE("The words of an operation's exception outlive it, and are those of every copy")
{
    std::string_view words;
    std::exception_ptr kept;
    try {
        throw_error({protocol_errc::refused_permanently, {550, {"No\nsuch file"}}});
    } catch (const std::system_error& thrown) {
        words = thrown.what();
        kept = std::current_exception();
    }
    CHECK(words == "550 No\\x0asuch file");
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception& again) {
        CHECK(again.what() == words);
    }
}

TEST_CASE("The error of an operation becomes a std::system_error with its code and its words")
{
    const client_result<transfer_result> failed = operation_error{protocol_errc::refused_permanently, {550, {"No."}}};
    CHECK_THROWS_AS(throw_error(failed.error()), std::system_error);
    try {
        throw_error(failed.error());
    } catch (const std::system_error& thrown) {
        CHECK(thrown.code() == protocol_errc::refused_permanently);
        CHECK(std::string_view{thrown.what()}.starts_with("550 No."));
    }
    auto value = failed;
    CHECK_THROWS_AS(value.value(), std::system_error);
}
