// Replies out of a byte stream, at every split of it.
#include <doctest/doctest.h>

#include "every_split.hpp"

#include <libftp/protocol/reply_parser.hpp>

#include <string>

using namespace libftp;
using status = reply_parser::status;

namespace {

/// What the parser makes of the pieces: each reply as `code|line|line;`, then how it ended.
std::string transcript(const std::vector<std::string>& pieces, reply_limits limits)
{
    reply_parser parser{limits};
    std::string events;
    for (const auto& piece : pieces) {
        std::string_view input = piece;
        for (auto event = parser.read(input); event != status::need_more; event = parser.read(input)) {
            if (event == status::malformed)
                return events + "malformed";
            if (event == status::too_long)
                return events + "too_long";
            if (event == status::option_requested) {
                events += "refuse:" + std::string{parser.refusal()} + ";";
                continue;
            }
            events += std::to_string(parser.value().code);
            for (const auto& line : parser.value().lines)
                events += "|" + line;
            events += ";";
        }
    }
    return events + (parser.in_reply() ? "unfinished" : "");
}

void check(std::string_view input, std::string_view expected, reply_limits limits = {})
{
    CAPTURE(input);
    at_every_split(input,
                   [&](const std::vector<std::string>& pieces) { CHECK(transcript(pieces, limits) == expected); });
}

} // namespace

TEST_CASE("A line with code and space is a reply")
{
    check("220 Ready.\r\n", "220|Ready.;");
    check("220 Ready.\n", "220|Ready.;");
}

TEST_CASE("A reply may be its code alone, with or without a space")
{
    check("200\r\n", "200|;");
    check("200 \r\n", "200|;");
}

TEST_CASE("The text keeps all its bytes behind the one space")
{
    check("200  a \xc3\xa4\xff\xff \r\n", "200| a \xc3\xa4\xff ;");
}

TEST_CASE("Several replies come one at a time")
{
    check("150 a\r\n226 b\r\n", "150|a;226|b;");
}

TEST_CASE("Empty lines between replies are skipped")
{
    check("\r\n\n200 a\r\n\r\n200 b\r\n", "200|a;200|b;");
}

TEST_CASE("A reply of several lines goes from code and hyphen to the same code and space")
{
    check("211-Extensions:\r\n SIZE\r\n MDTM\r\n211 End.\r\n", "211|Extensions:| SIZE| MDTM|End.;");
}

TEST_CASE("The last of several lines may be the code alone")
{
    check("211-a\r\nb\r\n211\r\n", "211|a|b|;");
    check("211-\r\n211 \r\n", "211||;");
}

TEST_CASE("A line between that repeats code and hyphen loses them")
{
    check("220-a\r\n220-b\r\n220 c\r\n", "220|a|b|c;");
}

TEST_CASE("Lines between are anything: other codes, empty, indented")
{
    check("220-a\r\n221 b\r\n\r\n 220 c\r\n2200\r\n22\r\n220x\r\n220 d\r\n", "220|a|221 b|| 220 c|2200|22|220x|d;");
}

TEST_CASE("A reply that has not ended is unfinished")
{
    check("220-a\r\nb\r\n", "unfinished");
    check("220-a\r\n221 b\r\n", "unfinished");
    check("220 a", "unfinished");
    check("220 a\r\n2", "220|a;unfinished");
}

TEST_CASE("A line without a code where one must be is malformed")
{
    for (const std::string_view line : {"Hello\r\n", "20\r\n", "2\r\n", " 220 a\r\n", "2200 a\r\n", "220_a\r\n",
                                        "220\ta\r\n", "22a b\r\n", "-220 a\r\n", "\xff\xff\xff\xff\r\n", " \r\n"})
        check(line, "malformed");
}

TEST_CASE("The line that is no reply can be told")
{
    reply_parser parser;
    std::string_view input = "220-a\r\n220 b\r\nSSH-2.0\r\n220 c\r\n";
    REQUIRE(parser.read(input) == status::complete);
    REQUIRE(parser.read(input) == status::malformed);
    CHECK(parser.value().code == 0);
    CHECK(parser.value().lines == std::vector<std::string>{"SSH-2.0"});
}

TEST_CASE("Codes are from 100 to 599")
{
    check("100 a\r\n", "100|a;");
    check("599 a\r\n", "599|a;");
    check("099 a\r\n", "malformed");
    check("600 a\r\n", "malformed");
    check("000 a\r\n", "malformed");
    check("999-a\r\n", "malformed");
}

TEST_CASE("A NUL or a CR inside a reply's line is text, and ends no line")
{
    using namespace std::string_view_literals;
    check("220 a\0b\r\n331 c\r\n"sv, "220|a\0b;331|c;"sv);
    check("220 a\rb\r\0c\r\n331 d\n"sv, "220|a\rb\r\0c;331|d;"sv);
    check("550 x\r226 done\r\n331 c\r\n", "550|x\r226 done;331|c;");
    check("220-a\r220 b\r\n\r220 c\r\0\r\n220 d\r\n"sv, "220|a\r220 b|\r220 c|d;");
}

TEST_CASE("A NUL or a CR in front of a code or behind it is malformed")
{
    using namespace std::string_view_literals;
    check("\r220 a\r\n", "malformed");
    check("\0"
          "220 a\r\n"sv,
          "malformed");
    check("2\0"
          "20 a\r\n"sv,
          "malformed");
    check("220\ra\r\n", "malformed");
    check("220\0a\r\n"sv, "malformed");
}

TEST_CASE("NULs and CRs inside a line count towards its limit, those of its end do not")
{
    using namespace std::string_view_literals;
    check("220 5678\r\0\r\n"sv, "220|5678;", {.max_line_bytes = 8});
    check("220 567\r\r\r\n", "220|567;", {.max_line_bytes = 8});
    check("220 56\r8\r\n", "220|56\r8;", {.max_line_bytes = 8});
    check("220 567\r9\r\n", "too_long", {.max_line_bytes = 8});
    check("220 5678\r0\r\n", "too_long", {.max_line_bytes = 8});
    check("220 5678\r\0\r\0\r\0\r1\n"sv, "too_long", {.max_line_bytes = 8});
}

TEST_CASE("CRs and NULs before the end of a reply's line are dropped")
{
    using namespace std::string_view_literals;
    check("220 a\r\r\n331 b\r\r\r\n", "220|a;331|b;");
    check("220-a\0\r\nb\r\0\n220 c\0\n\r\0\r\n331 d\n"sv, "220|a|b|c;331|d;");
    check("220\r\r\n", "220|;");
    check("220 a\r\r", "unfinished");
}

TEST_CASE("A line up to the limit is read, a longer one is too long")
{
    check("220 5678\r\n", "220|5678;", {.max_line_bytes = 8});
    check("220 56789\r\n", "too_long", {.max_line_bytes = 8});
    check("220-a\r\n123456789\r\n220 b\r\n", "too_long", {.max_line_bytes = 8});
}

TEST_CASE("A reply up to the limit of lines is read, a longer one is too long")
{
    check("220-a\r\nb\r\n220 c\r\n", "220|a|b|c;", {.max_lines = 3});
    check("220-a\r\nb\r\n220 c\r\n", "too_long", {.max_lines = 2});
    check("220 a\r\n220 b\r\n220 c\r\n", "220|a;220|b;220|c;", {.max_lines = 1});
}

TEST_CASE("A reply up to the limit of bytes is read, a longer one is too long")
{
    check("220-a\r\nb\r\n220 c\r\n", "220|a|b|c;", {.max_bytes = 11});
    check("220-a\r\nb\r\n220 c\r\n", "too_long", {.max_bytes = 10});
    check("220 abcdef\r\n220 abcdef\r\n", "220|abcdef;220|abcdef;", {.max_bytes = 10});
}

TEST_CASE("Telnet options are refused between and inside replies")
{
    check("\xff\xfd\x01"
          "220-a\r\n\xff\xfb\x03"
          "220 b\r\n",
          "refuse:\xff\xfc\x01;refuse:\xff\xfe\x03;220|a|b;");
}

TEST_CASE("After a fault every further call says the same")
{
    reply_parser parser;
    std::string_view bad = "Hello\r\n";
    CHECK(parser.read(bad) == status::malformed);
    std::string_view good = "220 a\r\n";
    CHECK(parser.read(good) == status::malformed);
    CHECK(good == "220 a\r\n");

    reply_parser other{{.max_lines = 0}};
    std::string_view line = "220 a\r\n";
    CHECK(other.read(line) == status::too_long);
    CHECK(other.read(good) == status::too_long);
}

TEST_CASE("A parser takes no byte behind the reply that it completes")
{
    reply_parser parser;
    std::string_view input = "234 Go ahead.\r\n220 injected\r\n";
    REQUIRE(parser.read(input) == status::complete);
    CHECK(input == "220 injected\r\n");
}

TEST_CASE("A reply can be moved out before the next is read")
{
    reply_parser parser;
    std::string_view input = "150 a\r\n226-b\r\n226 c\r\n";
    REQUIRE(parser.read(input) == status::complete);
    const auto first = std::move(parser.value());
    REQUIRE(parser.read(input) == status::complete);
    CHECK(first.code == 150);
    CHECK(first.lines == std::vector<std::string>{"a"});
    CHECK(parser.value().lines == std::vector<std::string>{"b", "c"});
    CHECK_FALSE(parser.in_reply());
}

TEST_CASE("What append_reply and append_first_line write reads back the same")
{
    std::string out;
    append_reply(out, reply_code::ok, "a\xff");
    append_first_line(out, reply_code::system_status, "first");
    append_inner_line(out, "211 x");
    append_bare_line(out, "211-y");
    append_bare_line(out, "bare");
    append_reply(out, reply_code::system_status, "last");
    check(out, "200|a\xff;211|first| 211 x| 211-y|bare|last;");
}

TEST_CASE("A line over the limit is too long before its end has come")
{
    reply_parser parser{{.max_line_bytes = 8}};
    std::string_view input = "200 four";
    CHECK(parser.read(input) == reply_parser::status::need_more);
    input = "s";
    CHECK(parser.read(input) == reply_parser::status::too_long);
    input = "\r\n200 ok\r\n";
    CHECK(parser.read(input) == reply_parser::status::too_long);
}
