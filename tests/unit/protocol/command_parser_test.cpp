// Verb and argument of a command line, and the lines of other protocols.
#include <doctest/doctest.h>

#include <libftp/protocol/command_parser.hpp>

#include <string>

using namespace libftp;

TEST_CASE("The verb ends at the first space, and everything behind it is the argument")
{
    const auto parsed = parse_command("RETR a b  c ");
    CHECK(parsed.name == "RETR");
    CHECK(parsed.argument == "a b  c ");
    REQUIRE(parsed.row != nullptr);
    CHECK(parsed.row->verb == verb::retr);
}

TEST_CASE("Only one space parts verb and argument: names may begin with one")
{
    CHECK(parse_command("RETR  a").argument == " a");
    CHECK(parse_command("RETR \ta").argument == "\ta");
}

TEST_CASE("A line without a space is a verb with an empty argument")
{
    CHECK(parse_command("NOOP").name == "NOOP");
    CHECK(parse_command("NOOP").argument.empty());
    CHECK(parse_command("PASS ").name == "PASS");
    CHECK(parse_command("PASS ").argument.empty());
}

TEST_CASE("The verb is kept as sent and recognised in any letter case")
{
    const auto parsed = parse_command("sToR x");
    CHECK(parsed.name == "sToR");
    REQUIRE(parsed.row != nullptr);
    CHECK(parsed.row->verb == verb::stor);
}

TEST_CASE("A line that is no command has no row")
{
    for (const std::string_view line : {"", " ", " NOOP", "XYZZY", "NOOP\t", "NO OP", "\xff\xf4"}) {
        CAPTURE(line);
        CHECK(parse_command(line).row == nullptr);
    }
    CHECK(parse_command(" NOOP").name.empty());
    CHECK(parse_command(" NOOP").argument == "NOOP");
}

TEST_CASE("A command points into its line")
{
    const std::string line = "CWD /pub";
    const auto parsed = parse_command(line);
    CHECK(parsed.name.data() == line.data());
    CHECK(parsed.argument.data() == line.data() + 4);
}

TEST_CASE("First lines of other protocols are told by their first word, in any letter case, or by the version of HTTP")
{
    for (const std::string_view line : {"GET / HTTP/1.1",
                                        "POST /form HTTP/1.1",
                                        "PUT /x HTTP/1.1",
                                        "HEAD / HTTP/1.0",
                                        "DELETE /x HTTP/1.1",
                                        "PATCH /x HTTP/1.1",
                                        "CONNECT example.org:443 HTTP/1.1",
                                        "TRACE / HTTP/1.1",
                                        "OPTIONS * HTTP/1.1",
                                        "PRI * HTTP/2.0",
                                        "HELO example.org",
                                        "EHLO example.org",
                                        "LHLO example.org",
                                        "STARTTLS",
                                        "get /",
                                        "eHLo x",
                                        "SSH-2.0-OpenSSH_9.2",
                                        "ssh-1.99-x",
                                        "DESCRIBE rtsp://example.org RTSP/1.0",
                                        "SETUP rtsp://x RTSP/1.0",
                                        "INVITE sip:a@example.org SIP/2.0",
                                        "REGISTER sip:example.org SIP/2.0",
                                        "PROPFIND /a HTTP/1.1",
                                        "X-OWN / HTTP/1.0",
                                        "propfind /a http/1.1",
                                        "USER /a HTTP/1.1",
                                        "\x16\x03\x01\x02",
                                        "GET"}) {
        CAPTURE(line);
        CHECK(is_foreign_protocol(line));
    }
}

TEST_CASE("A word that only begins or goes on like one of another protocol is not foreign")
{
    for (const std::string_view line : {"", " ", " GET /", "GETX", "GE", "SSH", "OPTS UTF8 ON", "HELP", "USER GET",
                                        "\tPOST", "\x16", "USER HTTP/1.1x", "HTTP/1.1"}) {
        CAPTURE(line);
        CHECK_FALSE(is_foreign_protocol(line));
    }
}

TEST_CASE("No verb of FTP is taken for another protocol")
{
    for (const auto& row : command_table()) {
        CAPTURE(row.text);
        CHECK_FALSE(is_foreign_protocol(row.text));
    }
}
