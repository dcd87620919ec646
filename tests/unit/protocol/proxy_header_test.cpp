// The PROXY header of both versions, at every split of it.
#include <doctest/doctest.h>

#include "every_split.hpp"

#include <libftp/protocol/proxy_header.hpp>

#include <string>
#include <string_view>
#include <vector>

using libftp::proxy_header_parser;
using status = proxy_header_parser::status;
using namespace std::string_literals;

namespace {

const std::string signature{"\r\n\r\n\0\r\nQUIT\n", 12};

/// A header of version 2: `length` says how much follows its first 16 bytes.
std::string block(unsigned char command, unsigned char family, std::size_t length, const std::string& rest)
{
    const auto byte = [](std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    return signature + byte(command) + byte(family) + byte(length / 256) + byte(length % 256) + rest;
}

std::string block(unsigned char command, unsigned char family, const std::string& rest)
{
    return block(command, family, rest.size(), rest);
}

/// 192.0.2.7:40000 to 203.0.113.1:21
const std::string ipv4_ends{"\xc0\x00\x02\x07\xcb\x00\x71\x01\x9c\x40\x00\x15", 12};
/// [2001:db8::7]:40000 to [2001:db8::1]:21
const std::string ipv6_ends = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07\x20\x01\x0d\xb8"s +
                              std::string(11, '\0') + "\x01\x9c\x40\x00\x15"s;

/// What the parser makes of the pieces, and what it leaves of them.
std::string transcript(const std::vector<std::string>& pieces)
{
    proxy_header_parser parser;
    auto outcome = status::need_more;
    std::string left;
    for (const auto& piece : pieces) {
        std::string_view input = piece;
        outcome = parser.read(input);
        CHECK((outcome != status::need_more || input.empty()));
        left += input;
    }
    switch (outcome) {
    case status::need_more: return "need more";
    case status::malformed: return "malformed";
    case status::complete: break;
    }
    const auto& value = parser.value();
    return (value ? value->client.to_string() + " to " + value->proxy.to_string() : "nobody"s) + ", left [" + left +
           "]";
}

void check(std::string_view input, std::string_view expected)
{
    CAPTURE(input);
    at_every_split(input, [&](const std::vector<std::string>& pieces) { CHECK(transcript(pieces) == expected); });
}

} // namespace

TEST_CASE("A line of version 1 names the client and where it connected to, and what is behind it is left")
{
    check("PROXY TCP4 192.0.2.7 203.0.113.1 40000 21\r\nUSER ann\r\n",
          "192.0.2.7:40000 to 203.0.113.1:21, left [USER ann\r\n]");
    check("PROXY TCP6 2001:db8::7 2001:db8::1 65535 0\r\n", "[2001:db8::7]:65535 to [2001:db8::1]:0, left []");
}

TEST_CASE("The longest line that version 1 can have is read, and a longer one is none")
{
    const std::string address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    check("PROXY TCP6 " + address + " " + address + " 65535 65535\r\n",
          "[" + address + "]:65535 to [" + address + "]:65535, left []");
    check("PROXY UNKNOWN " + std::string(107 - 14 - 2, 'x') + "\r\n", "nobody, left []");
    check("PROXY UNKNOWN " + std::string(107 - 14 - 1, 'x') + "\r\n", "malformed");
}

TEST_CASE("A client that the proxy does not know is nobody, whatever else the line says")
{
    check("PROXY UNKNOWN\r\nx", "nobody, left [x]");
    check("PROXY UNKNOWN ffff:: 1 2 3\r\n", "nobody, left []");
}

TEST_CASE("A line of version 1 that is not exactly as it should be is malformed")
{
    for (const auto* line : {
             "PROXY TCP4 192.0.2.7 203.0.113.1 40000 21\n",
             "PROXY  TCP4 192.0.2.7 203.0.113.1 40000 21\r\n",
             "PROXY TCP4  192.0.2.7 203.0.113.1 40000 21\r\n",
             "PROXY TCP4 192.0.2.7 203.0.113.1 40000 21 \r\n",
             "PROXY TCP4 192.0.2.7 203.0.113.1 40000\r\n",
             "PROXY TCP4 192.0.2.7 203.0.113.1 40000 65536\r\n",
             "PROXY TCP4 192.0.2.7 203.0.113.1 -1 21\r\n",
             "PROXY TCP4 192.0.2.7 203.0.113.1 040000 21\r\n",
             "PROXY TCP4 192.0.2 203.0.113.1 40000 21\r\n",
             "PROXY TCP4 2001:db8::7 2001:db8::1 40000 21\r\n",
             "PROXY TCP6 192.0.2.7 203.0.113.1 40000 21\r\n",
             "PROXY UDP4 192.0.2.7 203.0.113.1 40000 21\r\n",
             "PROXY TCP4 0.0.0.0 203.0.113.1 40000 21\r\n",
             "PROXY \r\n",
             "PROXY UNKNOWNX\r\n",
         })
        check(line, "malformed");
}

TEST_CASE("A connection that begins with anything else is malformed at its first wrong byte")
{
    for (const std::string start : {"U", "PROXX", "proxy", "\r\n\r\n\1", "\r\nX", "\x16\x03\x01"})
        check(start, "malformed");
}

TEST_CASE("A block of version 2 names the client, and what is behind it is left")
{
    check(block(0x21, 0x11, ipv4_ends) + "USER", "192.0.2.7:40000 to 203.0.113.1:21, left [USER]");
    check(block(0x21, 0x21, ipv6_ends) + "\x16", "[2001:db8::7]:40000 to [2001:db8::1]:21, left [\x16]");
}

TEST_CASE("An IPv4 address in the form of IPv6 is the IPv4 address")
{
    const std::string mapped = std::string(10, '\0') + "\xff\xff\xc0\x00\x02\x07"s;
    check(block(0x21, 0x21, mapped + mapped + "\x9c\x40\x00\x15"s), "192.0.2.7:40000 to 192.0.2.7:21, left []");
    check("PROXY TCP6 ::ffff:192.0.2.7 ::1 40000 21\r\n", "192.0.2.7:40000 to [::1]:21, left []");
}

TEST_CASE("What a block has besides addresses is skipped, as much as it says")
{
    check(block(0x21, 0x11, ipv4_ends + "\x04\x00\x02no"s) + "USER", "192.0.2.7:40000 to 203.0.113.1:21, left [USER]");
    proxy_header_parser parser;
    const auto longest = block(0x21, 0x11, 65535, ipv4_ends + std::string(65535 - 12 - 1, '\xff'));
    std::string_view input = longest;
    CHECK(parser.read(input) == status::need_more);
    input = "xUSER";
    CHECK(parser.read(input) == status::complete);
    CHECK(input == "USER");
}

TEST_CASE("A connection of the proxy's own, or one without IP addresses, is nobody's")
{
    check(block(0x20, 0x00, "") + "x", "nobody, left [x]");
    check(block(0x20, 0x11, ipv4_ends), "nobody, left []");
    check(block(0x20, 0xff, "x"), "nobody, left []");
    check(block(0x21, 0x00, "") + "x", "nobody, left [x]");
    check(block(0x21, 0x00, "tlv") + "x", "nobody, left [x]");
    check(block(0x21, 0x31, std::string(216, 'u')) + "x", "nobody, left [x]");
}

TEST_CASE("A block of another version, command, family or transport is malformed")
{
    check(block(0x11, 0x11, ipv4_ends), "malformed");
    check(block(0x22, 0x11, ipv4_ends), "malformed");
    check(block(0x21, 0x12, ipv4_ends), "malformed");
    check(block(0x21, 0x22, ipv6_ends), "malformed");
    check(block(0x21, 0x10, ipv4_ends), "malformed");
    check(block(0x21, 0x41, ipv4_ends), "malformed");
}

TEST_CASE("A block too short for its addresses, or of no client that can be, is malformed")
{
    check(block(0x21, 0x11, ipv4_ends.substr(1)), "malformed");
    check(block(0x21, 0x21, ipv6_ends.substr(1)), "malformed");
    check(block(0x21, 0x21, ipv4_ends), "malformed");
    check(block(0x21, 0x11, std::string(12, '\0')), "malformed");
}

TEST_CASE("A header that is not complete asks for more")
{
    check("", "need more");
    check("PROXY TCP4 192.0.2.7 203.0.113.1 40000 21\r", "need more");
    check(block(0x21, 0x11, 13, ipv4_ends), "need more");
}

TEST_CASE("A parser that has begun says so, and one that is done reads no more")
{
    proxy_header_parser parser;
    CHECK_FALSE(parser.has_begun());
    std::string_view input = "P";
    parser.read(input);
    CHECK(parser.has_begun());
    input = "ROXY UNKNOWN\r\n";
    CHECK(parser.read(input) == status::complete);
    input = "PROXY UNKNOWN\r\n";
    CHECK(parser.read(input) == status::complete);
    CHECK(input == "PROXY UNKNOWN\r\n");
}
