// Which address 227 announces to whom.
#include <libftp/session/passive_address.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace libftp;

namespace {

ip_address address(std::string_view text)
{
    return ip_address::parse(text).value();
}

ip_network network(std::string_view text)
{
    return ip_network::parse(text).value();
}

/// What a client from there is told by a server at 10.0.0.1.
std::string announced(const passive_address_rule& rule, std::string_view client)
{
    const auto chosen = rule(endpoint{address(client), 5000}, endpoint{address("10.0.0.1"), 21});
    return chosen ? chosen->to_string() : "its own";
}

} // namespace

TEST_CASE("A fixed address is announced to everybody")
{
    const auto rule = fixed_passive_address(address("192.0.2.1"));
    CHECK(announced(rule, "10.0.0.9") == "192.0.2.1");
    CHECK(announced(rule, "203.0.113.7") == "192.0.2.1");
}

TEST_CASE("A network is an address and a number of bits, or an address alone")
{
    CHECK(network("10.0.0.0/8").prefix_bits == 8);
    CHECK(network("10.0.0.0/8").address == address("10.0.0.0"));
    CHECK(network("fe80::/10").prefix_bits == 10);
    CHECK(network("0.0.0.0/0").prefix_bits == 0);
    CHECK(network("10.1.2.3").prefix_bits == 32);
    CHECK(network("10.1.2.3/32").prefix_bits == 32);
    CHECK(network("::1").prefix_bits == 128);
    CHECK(network("::ffff:10.1.2.3").prefix_bits == 32);
}

TEST_CASE("Anything else is no network")
{
    for (const auto* text :
         {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/ 8", "10.0.0.0/8 ",
          " 10.0.0.0/8", "10.0.0.0/8/8", "10.0.0.0/0x8", "10.0.0/8", "example.com/8", "fe80::/129",
          "10.0.0.0/4294967304", "10.0.0.0/99999999999999999999", "::ffff:10.0.0.0/104", "::ffff:10.0.0.0/8"})
        CHECK_MESSAGE(!ip_network::parse(text), text);
    CHECK_FALSE(ip_network::parse(std::string_view{"10.0.0.0/8\0", 11}));
    CHECK_FALSE(ip_network::parse(std::string_view{"10.0.0.0\0/8", 11}));
}

TEST_CASE("A network contains the addresses that begin with the same bits")
{
    CHECK(network("10.0.0.0/8").contains(address("10.255.0.1")));
    CHECK_FALSE(network("10.0.0.0/8").contains(address("11.0.0.0")));
    CHECK(network("10.1.2.3/8").contains(address("10.9.9.9")));
    CHECK(network("172.16.0.0/12").contains(address("172.31.255.255")));
    CHECK_FALSE(network("172.16.0.0/12").contains(address("172.32.0.0")));
    CHECK(network("192.0.2.1").contains(address("192.0.2.1")));
    CHECK_FALSE(network("192.0.2.1").contains(address("192.0.2.0")));
    CHECK(network("192.0.2.1/31").contains(address("192.0.2.0")));
    CHECK(network("fe80::/10").contains(address("febf::1")));
    CHECK_FALSE(network("fe80::/10").contains(address("fec0::1")));
}

TEST_CASE("A network of one family contains no address of the other, be it of no bits at all")
{
    CHECK(network("0.0.0.0/0").contains(address("203.0.113.7")));
    CHECK_FALSE(network("0.0.0.0/0").contains(address("::1")));
    CHECK_FALSE(network("::/0").contains(address("203.0.113.7")));
    CHECK(network("10.0.0.0/8").contains(address("::ffff:10.0.0.9")));
}

TEST_CASE("More bits than an address has are all of them")
{
    const ip_network one{address("192.0.2.1"), 1000};
    CHECK(one.contains(address("192.0.2.1")));
    CHECK_FALSE(one.contains(address("192.0.2.0")));
}

TEST_CASE("The network with the longest prefix that contains the client chooses the address")
{
    const auto rule = passive_address_by_network({{network("0.0.0.0/0"), address("192.0.2.1")},
                                                  {network("10.0.0.0/8"), address("10.0.0.1")},
                                                  {network("10.7.0.0/16"), address("10.7.0.1")},
                                                  {network("10.7.0.5"), address("10.7.0.2")}});
    CHECK(announced(rule, "203.0.113.7") == "192.0.2.1");
    CHECK(announced(rule, "10.1.1.1") == "10.0.0.1");
    CHECK(announced(rule, "10.7.1.1") == "10.7.0.1");
    CHECK(announced(rule, "10.7.0.5") == "10.7.0.2");
}

TEST_CASE("Clients of none of the networks are told the control connection's own address")
{
    const auto rule = passive_address_by_network({{network("10.0.0.0/8"), address("10.0.0.1")}});
    CHECK(announced(rule, "203.0.113.7") == "its own");
    CHECK(announced(rule, "2001:db8::1") == "its own");
    CHECK(announced(passive_address_by_network({}), "10.0.0.9") == "its own");
}
