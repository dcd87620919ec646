// What options take.
#include "../../../apps/ftp-server/option_kinds.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("A port is a number that fits")
{
    CHECK(parse_port("0") == 0);
    CHECK(parse_port("65535") == 65535);
    for (const auto* text : {"", "65536", "-1", "+1", "21 ", " 21", "2x", "ftp"})
        CHECK_FALSE(parse_port(text));
}

TEST_CASE("An address is a number, or this machine")
{
    CHECK(parse_address("localhost") == libftp::ip_address::loopback_v4());
    CHECK(parse_address("::1") == libftp::ip_address::loopback_v6());
    for (const auto* text : {"", "example.com", "1.2.3", "1.2.3.4:21", "[::1]"})
        CHECK_FALSE(parse_address(text));
}

TEST_CASE("A place to listen at is an address, with a port behind it or not")
{
    using libftp::ip_address;
    const auto v4 = ip_address::loopback_v4();
    const auto v6 = ip_address::loopback_v6();
    CHECK(parse_listening_place("127.0.0.1") == listening_place{v4, {}});
    CHECK(parse_listening_place("localhost") == listening_place{v4, {}});
    CHECK(parse_listening_place("127.0.0.1:21") == listening_place{v4, std::uint16_t{21}});
    CHECK(parse_listening_place("localhost:0") == listening_place{v4, std::uint16_t{0}});
    CHECK(parse_listening_place("::1") == listening_place{v6, {}});
    CHECK(parse_listening_place("[::1]") == listening_place{v6, {}});
    CHECK(parse_listening_place("[::1]:2121") == listening_place{v6, std::uint16_t{2121}});
    for (const auto* text : {"", ":21", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "[::1]:", "[::1]2121", "[::1",
                             "::1]:21", "[]", "[]:21", "21", "x:21", "[127.0.0.1:21"})
        CHECK_FALSE(parse_listening_place(text));
}

TEST_CASE("A host is a name or a pattern that the argument of HOST can fit, not a URL and without a port")
{
    for (const auto* text : {"ftp.example.com", "*.example.com", "*", "m\xc3\xbcller.example", "[[]::1]"})
        CHECK(parse_host_pattern(text) == text);
    for (const auto* text : {"", "a b", "ftp://ftp.example.com", "ftp.example.com:21", "ftp.example.com.", "a/", "a\n"})
        CHECK_FALSE(parse_host_pattern(text));
}

TEST_CASE("A time has a unit, or is in seconds")
{
    CHECK(parse_time("90") == 90s);
    CHECK(parse_time("90s") == 90s);
    CHECK(parse_time("5m") == 5min);
    CHECK(parse_time("2h") == 2h);
    CHECK(parse_time("1d") == 24h);
    CHECK(parse_time("0") == 0s);
    for (const auto* text : {"", "s", "5 m", "-5", "1.5h", "5x", "5ms", "99999999999999999999"})
        CHECK_FALSE(parse_time(text));
}

TEST_CASE("A time is no longer than a century, which clocks can count")
{
    CHECK(parse_time("36500d") == 36500 * 24h);
    for (const auto* text : {"36501d", "876001h", "4294967295d", "4294967295"})
        CHECK_FALSE(parse_time(text));
}

TEST_CASE("A umask is octal and has nine bits")
{
    CHECK(parse_umask("027") == 027U);
    CHECK(parse_umask("0") == 0U);
    CHECK(parse_umask("777") == 0777U);
    for (const auto* text : {"", "8", "1000", "-1", "0x7"})
        CHECK_FALSE(parse_umask(text));
}

TEST_CASE("The address that clients are told is for everybody, or for a network")
{
    const auto all = parse_announced_address("203.0.113.7");
    REQUIRE(all);
    CHECK(all->clients.prefix_bits == 0);
    CHECK(all->announced.to_string() == "203.0.113.7");
    const auto some = parse_announced_address("10.0.0.0/8=10.0.0.1");
    REQUIRE(some);
    CHECK(some->clients.prefix_bits == 8);
    CHECK(some->announced.to_string() == "10.0.0.1");
    for (const auto* text : {"", "=", "10.0.0.0/8", "10.0.0.0/8=", "=10.0.0.1", "::1", "10.0.0.0/8=::1", "x=10.0.0.1"})
        CHECK_FALSE(parse_announced_address(text));
}
