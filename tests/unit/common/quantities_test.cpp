// Numbers as people read and type them.
#include "../../../apps/common/quantities.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("A number is one as a whole, and within its type")
{
    CHECK(parse_number<std::uint16_t>("65535") == 65535);
    CHECK(parse_number<std::uint32_t>("0644", 8) == 0644);
    for (const auto* text : {"", "65536", "-1", "+1", " 1", "1 ", "1x", "0x1"})
        CHECK_FALSE(parse_number<std::uint16_t>(text));
}

TEST_CASE("Digits are parted in groups of three")
{
    CHECK(group_digits(0) == "0");
    CHECK(group_digits(999) == "999");
    CHECK(group_digits(1000) == "1 000");
    CHECK(group_digits(1234567) == "1 234 567");
}

TEST_CASE("A size has two or three digits in the largest unit that fits, and bytes are whole")
{
    CHECK(format_size(0) == "0 B");
    CHECK(format_size(9) == "9 B");
    CHECK(format_size(999) == "999 B");
    CHECK(format_size(1000) == "1.0 kB");
    CHECK(format_size(9'940) == "9.9 kB");
    CHECK(format_size(9'960) == "10 kB");
    CHECK(format_size(999'600) == "1.0 MB");
    CHECK(format_size(18'000'000'000'000'000'000U) == "18000 PB");
}

TEST_CASE("A rate is a size for each second")
{
    CHECK(format_rate(0) == "0.0 B/s");
    CHECK(format_rate(617'300) == "617 kB/s");
}

TEST_CASE("A duration shows hours only where there are any")
{
    CHECK(format_duration(0s) == "0:00");
    CHECK(format_duration(67s) == "1:07");
    CHECK(format_duration(3599s) == "59:59");
    CHECK(format_duration(3h + 12min + 7s) == "3:12:07");
}

TEST_CASE("A size is typed as a number with or without a unit")
{
    CHECK(parse_size("1") == 1);
    CHECK(parse_size("500k") == 500'000);
    CHECK(parse_size("500KB") == 500'000);
    CHECK(parse_size("1.5M") == 1'500'000);
    CHECK(parse_size("2gb") == 2'000'000'000);
    CHECK(parse_size("100B") == 100);
}

TEST_CASE("What is no size is not taken for one")
{
    for (const auto* text :
         {"", "k", "0", "0.5", "-1", "5x", "5kk", "5 k", "1e9", "nan", "inf", "99999999999999T", "off"})
        CHECK_MESSAGE(!parse_size(text), text);
}

TEST_CASE("A range of ports goes upwards and has no port 0")
{
    CHECK(parse_port_range("50000-50100") == libftp::port_range{50000, 50100});
    CHECK(parse_port_range("7-7"));
    for (const auto* text : {"", "-", "1-", "-1", "0-5", "5-4", "1-65536", "1-2-3", "21"})
        CHECK_FALSE(parse_port_range(text));
}
