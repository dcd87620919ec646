// Permissions as people type them.
#include "../../../apps/ftp-client/file_mode.hpp"

#include <doctest/doctest.h>

TEST_CASE("Octal digits are the mode itself")
{
    CHECK(change_mode(0777, "644") == 0644);
    CHECK(change_mode(0777, "0") == 0);
    CHECK(change_mode(0, "4755") == 04755);
    CHECK_FALSE(change_mode(0, "17777"));
    CHECK_FALSE(is_relative_mode("0644"));
}

TEST_CASE("Letters change the mode that was")
{
    CHECK(change_mode(0644, "u+x") == 0744);
    CHECK(change_mode(0644, "+x") == 0755);
    CHECK(change_mode(0666, "go-w") == 0644);
    CHECK(change_mode(0777, "a=r") == 0444);
    CHECK(change_mode(0777, "o=") == 0770);
    CHECK(change_mode(0644, "u+x,g+w") == 0764);
    CHECK(change_mode(0755, "u+s") == 04755);
    CHECK(change_mode(0755, "g+s") == 02755);
    CHECK(change_mode(0755, "+t") == 01755);
    CHECK(change_mode(0644, "ugo+rw") == 0666);
    CHECK(is_relative_mode("u+x"));
}

TEST_CASE("What is no mode is not taken for one")
{
    for (const auto* text : {"", "9", "64a", "u", "u+", "+x,", ",", "x+u", "u+q", "u+x,648", "-", "u x"}) {
        const bool is_mode = change_mode(0644, text).has_value();
        CHECK_MESSAGE(is_mode == (std::string_view{text} == "u+" || std::string_view{text} == "-"), text);
    }
}
