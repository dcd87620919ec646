// Addresses as text and as bytes.
#include <doctest/doctest.h>

#include <libftp/endpoint.hpp>

#include <string>
#include <vector>

using libftp::address_family;
using libftp::endpoint;
using libftp::ip_address;

namespace {

std::vector<int> bytes_of(const ip_address& address)
{
    return {address.bytes().begin(), address.bytes().end()};
}

/// The address as it is written again; what stands for "no address" is no address either.
std::string rewritten(std::string_view text)
{
    const auto address = ip_address::parse(text);
    return address ? address->to_string() : "none";
}

} // namespace

TEST_CASE("An address is 0.0.0.0 unless it is told otherwise")
{
    CHECK(ip_address{}.to_string() == "0.0.0.0");
    CHECK(ip_address{}.is_unspecified());
    CHECK(ip_address{}.family() == address_family::ipv4);
    CHECK(endpoint{}.port == 0);
}

TEST_CASE("An IPv4 address has four bytes in network order")
{
    const ip_address address{std::array<std::uint8_t, 4>{192, 0, 2, 1}};
    CHECK(address.family() == address_family::ipv4);
    CHECK(bytes_of(address) == std::vector<int>{192, 0, 2, 1});
    CHECK(address.to_string() == "192.0.2.1");
    CHECK(address == ip_address::parse("192.0.2.1"));
}

TEST_CASE("An IPv6 address has sixteen bytes in network order")
{
    const auto address = ip_address::parse("2001:db8::1");
    REQUIRE(address);
    CHECK(address->family() == address_family::ipv6);
    CHECK(bytes_of(*address) == std::vector<int>{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("An IPv4 address written as IPv6 is the IPv4 address")
{
    const auto mapped = ip_address::parse("::ffff:192.0.2.1");
    REQUIRE(mapped);
    CHECK(mapped->family() == address_family::ipv4);
    CHECK(mapped == ip_address::parse("192.0.2.1"));
    CHECK(ip_address::parse("::FFFF:c000:201") == ip_address::parse("192.0.2.1"));

    const std::array<std::uint8_t, 16> bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
    CHECK(ip_address{bytes, 3} == ip_address{std::array<std::uint8_t, 4>{10, 0, 0, 1}});
}

TEST_CASE("IPv6 text is written in the short form, lower case, the longest run of zeros left out")
{
    CHECK(rewritten("2001:0DB8:0000:0000:0000:0000:0000:0001") == "2001:db8::1");
    CHECK(rewritten("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
    CHECK(rewritten("1:0:0:2:3:0:0:4") == "1::2:3:0:0:4");
    CHECK(rewritten("1:0:2:3:4:5:6:7") == "1:0:2:3:4:5:6:7");
    CHECK(rewritten("1080::8:800:200C:417A") == "1080::8:800:200c:417a");
    CHECK(rewritten("::") == "::");
    CHECK(rewritten("::1") == "::1");
}

TEST_CASE("Text that is no address is refused")
{
    for (const std::string_view text : {"",
                                        " ",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "1.2.3.256",
                                        "1.2.3.4 ",
                                        " 1.2.3.4",
                                        "1.2.3.a",
                                        "1.2.3.-4",
                                        "0x7f.0.0.1",
                                        "127.1",
                                        "2130706433",
                                        "localhost",
                                        "[::1]",
                                        "::1%eth0",
                                        "fe80::1%1",
                                        "1::2::3",
                                        "12345::",
                                        ":",
                                        "1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:8:9",
                                        "::ffff:1.2.3.256",
                                        "aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa"}) {
        CAPTURE(text);
        CHECK(rewritten(text) == "none");
    }
}

TEST_CASE("A NUL does not end an address")
{
    CHECK(rewritten(std::string_view{"1.2.3.4\0", 8}) == "none");
    CHECK(rewritten(std::string_view{"1.2.3.4\0.5", 10}) == "none");
    CHECK(rewritten(std::string_view{"::1\0", 4}) == "none");
}

TEST_CASE("The text need not end where the address does")
{
    const std::string_view line = "1.2.3.45";
    CHECK(rewritten(line.substr(0, 7)) == "1.2.3.4");
}

TEST_CASE("All of 127/8 and ::1 is loopback")
{
    CHECK(ip_address::loopback_v4().to_string() == "127.0.0.1");
    CHECK(ip_address::loopback_v6().to_string() == "::1");
    CHECK(ip_address::loopback_v4().is_loopback());
    CHECK(ip_address::loopback_v6().is_loopback());
    CHECK(ip_address::parse("127.255.0.9")->is_loopback());
    CHECK(ip_address::parse("::ffff:127.0.0.1")->is_loopback());
    CHECK_FALSE(ip_address::parse("128.0.0.1")->is_loopback());
    CHECK_FALSE(ip_address::parse("::2")->is_loopback());
    CHECK_FALSE(ip_address::parse("7f00::1")->is_loopback());
}

TEST_CASE("0.0.0.0 and :: are unspecified")
{
    CHECK(ip_address::parse("::")->is_unspecified());
    CHECK_FALSE(ip_address::parse("0.0.0.1")->is_unspecified());
    CHECK_FALSE(ip_address::parse("::1")->is_unspecified());
    CHECK(ip_address::parse("::") != ip_address::parse("0.0.0.0"));
}

TEST_CASE("The scope is part of a link-local address, but not of its text")
{
    const std::array<std::uint8_t, 16> bytes{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const ip_address address{bytes, 7};
    CHECK(address.scope_id() == 7);
    CHECK(address != ip_address{bytes, 8});
    CHECK(address.to_string() == "fe80::1");
}

TEST_CASE("An endpoint is written with brackets around IPv6")
{
    CHECK(endpoint{ip_address::loopback_v4(), 21}.to_string() == "127.0.0.1:21");
    CHECK(endpoint{ip_address::loopback_v6(), 65535}.to_string() == "[::1]:65535");
}

TEST_CASE("Endpoints are equal if address and port are")
{
    CHECK(endpoint{ip_address::loopback_v4(), 21} == endpoint{ip_address::loopback_v4(), 21});
    CHECK(endpoint{ip_address::loopback_v4(), 21} != endpoint{ip_address::loopback_v4(), 22});
    CHECK(endpoint{ip_address::loopback_v4(), 21} != endpoint{ip_address::loopback_v6(), 21});
}
