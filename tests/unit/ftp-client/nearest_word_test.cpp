// Suggestions for commands that are not there.
#include "../../../apps/ftp-client/nearest_word.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace {

constexpr std::array<std::string_view, 7> known{"get", "put", "mirror", "status", "ls", "rename", "STOR"};

} // namespace

TEST_CASE("A letter too many, too few, wrong or swapped is forgiven, and so is letter case")
{
    CHECK(nearest_word("gett", known) == "get");
    CHECK(nearest_word("ge", known) == "get");
    CHECK(nearest_word("gte", known) == "get");
    CHECK(nearest_word("mirorr", known) == "mirror");
    CHECK(nearest_word("sttaus", known) == "status");
    CHECK(nearest_word("stro", known) == "STOR");
}

TEST_CASE("What is like nothing suggests nothing")
{
    CHECK(nearest_word("frobnicate", known).empty());
    CHECK(nearest_word("x", known).empty());
    CHECK(nearest_word("", known).empty());
    CHECK(nearest_word(std::string(10000, 'a'), known).empty());
}
