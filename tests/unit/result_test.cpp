// What a result holds, what it is made from, and how it throws.
#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/result.hpp>

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>

using libftp::protocol_errc;
using libftp::result;

namespace elsewhere {

struct fault {
    std::string reason{};
};

[[noreturn]] void throw_error(const fault& error)
{
    throw error;
}

} // namespace elsewhere

TEST_CASE("A result made from a value holds it")
{
    result<std::string> name = "a.txt";
    CHECK(name.has_value());
    CHECK(name);
    CHECK(*name == "a.txt");
    CHECK(name->size() == 5);
    CHECK(name.value() == "a.txt");
    CHECK(name.value_or("b.txt") == "a.txt");
}

TEST_CASE("A result made from an error enumerator holds the error code")
{
    const result<std::string> name = protocol_errc::canceled;
    CHECK_FALSE(name.has_value());
    CHECK_FALSE(name);
    CHECK(name.error() == protocol_errc::canceled);
    CHECK(name.value_or("b.txt") == "b.txt");
}

TEST_CASE("A result made from an error code of the system passes it through")
{
    const result<int> size = std::make_error_code(std::errc::no_space_on_device);
    CHECK(size.error() == std::errc::no_space_on_device);
}

TEST_CASE("value() of an error throws it as a system_error")
{
    result<int> size = protocol_errc::timed_out;
    try {
        size.value();
        FAIL("nothing was thrown");
    } catch (const std::system_error& thrown) {
        CHECK(thrown.code() == protocol_errc::timed_out);
    }
}

TEST_CASE("An error type of its own is thrown by its own throw_error")
{
    result<int, elsewhere::fault> size = elsewhere::fault{"no"};
    CHECK(size.error().reason == "no");
    CHECK_THROWS_AS(size.value(), elsewhere::fault);
    CHECK_THROWS_AS((result<int, elsewhere::fault>{elsewhere::fault{}}.value()), elsewhere::fault);
}

TEST_CASE("An error that is a text is thrown with that text")
{
    const result<void, std::string> named = std::string{"a name cannot hold ':'"};
    CHECK_THROWS_WITH_AS(named.value(), "a name cannot hold ':'", std::runtime_error);
}

TEST_CASE("A value that can only be moved comes out of a result by moving")
{
    const auto make = [] { return result<std::unique_ptr<int>>{std::make_unique<int>(7)}; };
    CHECK(*make().value() == 7);
    auto held = make();
    const std::unique_ptr<int> taken = *std::move(held);
    CHECK(*taken == 7);
}

TEST_CASE("A result that cannot be changed shows its value or throws as any other")
{
    const result<std::string> name = "a";
    CHECK(name.value() == "a");
    const result<std::string> none = std::make_error_code(std::errc::io_error);
    CHECK_THROWS_AS((void)none.value(), std::system_error);
}

TEST_CASE("A result can be changed through its value")
{
    result<std::string> name = "a";
    *name += "b";
    name->append("c");
    name.value().append("d");
    CHECK(*name == "abcd");
}

TEST_CASE("A result without a value is a success until an error is given")
{
    const result<void> done;
    CHECK(done);
    CHECK(done.has_value());
    CHECK_NOTHROW(done.value());

    const result<void> failed = protocol_errc::canceled;
    CHECK_FALSE(failed);
    CHECK(failed.error() == protocol_errc::canceled);
    CHECK_THROWS_AS(failed.value(), std::system_error);
}

TEST_CASE("throw_error throws a system_error with the code")
{
    CHECK_THROWS_AS(libftp::throw_error(protocol_errc::canceled), std::system_error);
}
