// The addresses of PORT, EPRT, 227 and 229.
#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/protocol/address_codec.hpp>

#include <string>

using namespace libftp;

namespace {

/// An endpoint as text, or `malformed`, or `unsupported`.
std::string shown(const result<endpoint>& parsed)
{
    if (parsed)
        return parsed->to_string();
    if (parsed.error() == std::errc::address_family_not_supported)
        return "unsupported";
    return parsed.error() == protocol_errc::address_malformed ? "malformed" : "another error";
}

std::string port_in(std::string_view text)
{
    const auto port = parse_extended_passive_reply(text);
    return port ? std::to_string(*port) : shown(port.error());
}

endpoint make(std::string_view address, std::uint16_t port)
{
    return {ip_address::parse(address).value(), port};
}

} // namespace

TEST_CASE("PORT's argument is four bytes of address and two of port")
{
    CHECK(shown(parse_host_port("127,0,0,1,195,84")) == "127.0.0.1:50004");
    CHECK(shown(parse_host_port("0,0,0,0,0,0")) == "0.0.0.0:0");
    CHECK(shown(parse_host_port("255,255,255,255,255,255")) == "255.255.255.255:65535");
    CHECK(shown(parse_host_port("010,000,001,09,0,21")) == "10.0.1.9:21");
}

TEST_CASE("Spaces around PORT's argument do no harm")
{
    CHECK(shown(parse_host_port(" 127,0,0,1,4,1  ")) == "127.0.0.1:1025");
}

TEST_CASE("PORT's argument is nothing but six numbers up to 255")
{
    for (const std::string_view text : {"",
                                        " ",
                                        "1",
                                        "1,2,3,4,5",
                                        "1,2,3,4,5,6,7",
                                        "1,2,3,4,5,6,",
                                        ",1,2,3,4,5,6",
                                        "1,2,3,4,5,256",
                                        "256,2,3,4,5,6",
                                        "1,2,3,4,5,1000",
                                        "1,2,3,4,5,0006",
                                        "1,2,3,,5,6",
                                        "1, 2,3,4,5,6",
                                        "1 ,2,3,4,5,6",
                                        "1,2,3,4,5,+6",
                                        "-1,2,3,4,5,6",
                                        "1.2.3.4.5.6",
                                        "1,2,3,4,5,6x",
                                        "(1,2,3,4,5,6)",
                                        "1,2,3,4,5,0x6",
                                        "a,b,c,d,e,f",
                                        "1,2,3,4,5 6",
                                        "99999999999999999999,2,3,4,5,6",
                                        "\t1,2,3,4,5,6"}) {
        CAPTURE(text);
        CHECK(shown(parse_host_port(text)) == "malformed");
    }
    CHECK(shown(parse_host_port(std::string_view{"1,2,3,4,5,6\0", 12})) == "malformed");
}

TEST_CASE("PORT's argument is written as it is read")
{
    for (const std::string_view text : {"127,0,0,1,195,84", "0,0,0,0,0,0", "255,255,255,255,255,255", "10,9,8,7,0,21"})
        CHECK(format_host_port(*parse_host_port(text)) == text);
}

TEST_CASE("EPRT's argument is family, address and port between any printable delimiter")
{
    CHECK(shown(parse_extended_port("|1|132.235.1.2|6275|")) == "132.235.1.2:6275");
    CHECK(shown(parse_extended_port("|2|1080::8:800:200C:417A|5282|")) == "[1080::8:800:200c:417a]:5282");
    CHECK(shown(parse_extended_port("!1!1.2.3.4!1!")) == "1.2.3.4:1");
    CHECK(shown(parse_extended_port("~2~::1~65535~")) == "[::1]:65535");
}

TEST_CASE("EPRT with an IPv4-mapped address names the IPv4 host")
{
    CHECK(shown(parse_extended_port("|2|::ffff:1.2.3.4|21|")) == "1.2.3.4:21");
}

TEST_CASE("EPRT with a family that nobody knows is told apart, for reply 522")
{
    CHECK(shown(parse_extended_port("|3|1.2.3.4|21|")) == "unsupported");
    CHECK(shown(parse_extended_port("|0|1.2.3.4|21|")) == "unsupported");
    CHECK(shown(parse_extended_port("|9|whatever|0|")) == "unsupported");
}

TEST_CASE("EPRT's argument in any other form is malformed")
{
    for (const std::string_view text : {"",
                                        "|",
                                        "||",
                                        "|||",
                                        "||||",
                                        "|1|1.2.3.4|21",
                                        "1|1.2.3.4|21|",
                                        "|1|1.2.3.4|21||",
                                        "|1|1.2.3.4|21|x",
                                        "|1|1.2.3.4|0|",
                                        "|1|1.2.3.4|65536|",
                                        "|1|1.2.3.4||",
                                        "|1|1.2.3.4|-1|",
                                        "|1|1.2.3.4| 21|",
                                        "|1||21|",
                                        "||1.2.3.4|21|",
                                        "|x|1.2.3.4|21|",
                                        "|-1|1.2.3.4|21|",
                                        "|99999|1.2.3.4|21|",
                                        "|1|::1|21|",
                                        "|2|1.2.3.4|21|",
                                        "|2|fe80::1%eth0|21|",
                                        "|1|1.2.3|21|",
                                        "|1|localhost|21|",
                                        " |1|1.2.3.4|21|",
                                        "|1|1.2.3.4|21| ",
                                        " 1 1.2.3.4 21 ",
                                        "\x7f"
                                        "1\x7f"
                                        "1.2.3.4\x7f"
                                        "21\x7f",
                                        "\xff"
                                        "1\xff"
                                        "1.2.3.4\xff"
                                        "21\xff",
                                        "|1|1.2.3.4!21|"}) {
        CAPTURE(text);
        CHECK(shown(parse_extended_port(text)) == "malformed");
    }
}

TEST_CASE("EPRT's argument reads back as it was written")
{
    for (const auto& where : {make("10.0.0.1", 1024), make("2001:db8::1", 65535), make("::1", 1)}) {
        CHECK(shown(parse_extended_port(format_extended_port(where))) == where.to_string());
    }
    CHECK(format_extended_port(make("10.0.0.1", 1024)) == "|1|10.0.0.1|1024|");
    CHECK(format_extended_port(make("2001:db8::1", 21)) == "|2|2001:db8::1|21|");
}

TEST_CASE("A 227 reply holds six numbers somewhere, whatever surrounds them")
{
    for (const std::string_view text :
         {"Entering Passive Mode (127,0,0,1,195,84).", "Entering Passive Mode 127,0,0,1,195,84", "=127,0,0,1,195,84",
          "127,0,0,1,195,84", "Entering Passive Mode (127, 0, 0, 1, 195, 84)", "Passive: <127,0,0,1,195,84>",
          "Host 2, version 1.5: 127,0,0,1,195,84", "1,2,3 go (127,0,0,1,195,84)", "(127,0,0,1,195,84), please",
          "(127,0,0,1,195,84,)", "1,2,3,4,5,6,7 is none, 127,0,0,1,195,84 is", "(127 ,0 ,0 ,1 ,195 ,84)",
          "=127,\t0,\t0,\t1,\t195,\t84 "}) {
        CAPTURE(text);
        CHECK(shown(parse_passive_reply(text)) == "127.0.0.1:50004");
    }
}

TEST_CASE("A 227 reply without six numbers up to 255 is malformed")
{
    for (const std::string_view text :
         {"", "Entering Passive Mode", "(1,2,3,4,5)", "(1,2,3,4,5,)", "(1,2,3,4,5,6,7)", "(256,0,0,1,195,84)",
          "(127,0,0,1,195,256)", "(127,0,0,1,195,1000)", "(1000000000000000000000,0,0,1,1,1)", "1.2.3.4.5.6",
          "1 2 3 4 5 6", "(1\n,2,3,4,5,6)", "(a,b,c,d,e,f)"}) {
        CAPTURE(text);
        CHECK(shown(parse_passive_reply(text)) == "malformed");
    }
}

TEST_CASE("A 229 reply holds the port between three delimiters and one")
{
    CHECK(port_in("Entering Extended Passive Mode (|||6446|)") == "6446");
    CHECK(port_in("Entering Extended Passive Mode (!!!1!).") == "1");
    CHECK(port_in("(~~~65535~)") == "65535");
    CHECK(port_in("Extended (really) passive (|||6446|)") == "6446");
}

TEST_CASE("A 229 reply in any other form is malformed")
{
    for (const std::string_view text : {"",
                                        "(",
                                        "(|",
                                        "(||",
                                        "(|||",
                                        "(|||1",
                                        "(|||1|",
                                        "|||6446|",
                                        "(|||6446)",
                                        "(|||0|)",
                                        "(|||65536|)",
                                        "(||||)",
                                        "(||6446|)",
                                        "(||!6446|)",
                                        "(|1|1.2.3.4|6446|)",
                                        "(||| 6446|)",
                                        "(|||-1|)",
                                        "(|||6446|",
                                        "(   6446 )",
                                        "(|||6446| )",
                                        "\xff(\xff\xff\xff"
                                        "1\xff)"}) {
        CAPTURE(text);
        CHECK(port_in(text) == "malformed");
    }
}

TEST_CASE("The port of a 229 reply reads back as it was written")
{
    CHECK(format_extended_passive(6446) == "(|||6446|)");
    CHECK(port_in("Entering Extended Passive Mode " + format_extended_passive(65535)) == "65535");
}
