// Lines and Telnet out of a byte stream, at every split of it.
#include <doctest/doctest.h>

#include "every_split.hpp"

#include <libftp/protocol/line_reader.hpp>

#include <string>

using libftp::line_reader;
using status = line_reader::status;

namespace {

/// What the reader makes of the pieces: lines in brackets, everything else by its name.
std::string transcript(const std::vector<std::string>& pieces, std::size_t max_line_bytes)
{
    line_reader reader{max_line_bytes};
    std::string events;
    for (const auto& piece : pieces) {
        std::string_view input = piece;
        for (auto event = reader.read(input); event != status::need_more; event = reader.read(input)) {
            if (event == status::line)
                events += "[" + std::string{reader.line()} + "]";
            else if (event == status::too_long)
                events += "too_long ";
            else if (event == status::malformed)
                events += "malformed ";
            else
                events += "refuse:" + std::string{reader.refusal()} + " ";
        }
        CHECK(input.empty());
    }
    return events;
}

void check(std::string_view input, std::string_view expected, std::size_t max_line_bytes = 100)
{
    CAPTURE(input);
    at_every_split(
        input, [&](const std::vector<std::string>& pieces) { CHECK(transcript(pieces, max_line_bytes) == expected); });
}

} // namespace

TEST_CASE("A line ends at CRLF")
{
    check("USER anonymous\r\n", "[USER anonymous]");
}

TEST_CASE("A LF alone ends a line too")
{
    check("NOOP\nQUIT\n", "[NOOP][QUIT]");
}

TEST_CASE("Many lines in one piece come one at a time")
{
    check("A\r\nBC\r\n\r\nDEF\n", "[A][BC][][DEF]");
}

TEST_CASE("A line without its end is not a line yet")
{
    check("NOOP\r\nQUI", "[NOOP]");
    check("NOOP\r\nQUIT\r", "[NOOP]");
}

TEST_CASE("A line keeps every other byte as it came")
{
    check(" \t CWD  a b \x80\xc3\xa4 \x7f\x01 \r\n", "[ \t CWD  a b \x80\xc3\xa4 \x7f\x01 ]");
}

TEST_CASE("A CR inside a line makes it malformed")
{
    check("STOR a\rb\r\nNOOP\r\n", "malformed [NOOP]");
    check("\rNOOP\r\nNOOP\r\n", "malformed [NOOP]");
}

TEST_CASE("A second CR before the LF makes the line malformed")
{
    check("NOOP\r\r\nQUIT\r\n", "malformed [QUIT]");
}

TEST_CASE("A NUL makes a line malformed, behind a CR too")
{
    using namespace std::string_view_literals;
    check("STOR a\0b\r\nNOOP\r\n"sv, "malformed [NOOP]");
    check("STOR a\r\0b\r\nNOOP\r\n"sv, "malformed [NOOP]");
    check("\0\nNOOP\r\n"sv, "malformed [NOOP]");
}

TEST_CASE("A line of just the limit is a line, and one byte more is too long")
{
    check("12345678\r\nNOOP\r\n", "[12345678][NOOP]", 8);
    check("12345678\nNOOP\r\n", "[12345678][NOOP]", 8);
    check("123456789\r\nNOOP\r\n", "too_long [NOOP]", 8);
    check("123456789\nNOOP\r\n", "too_long [NOOP]", 8);
}

TEST_CASE("A line far over the limit is reported once, when it ends")
{
    check(std::string(300, 'x') + "\r\nNOOP\r\n", "too_long [NOOP]", 8);
    check(std::string(300, 'x'), "", 8);
}

TEST_CASE("A line with two faults is reported for the first")
{
    using namespace std::string_view_literals;
    check("12345678\0\r\n"sv, "malformed ", 8);
    check("123456789\0\r\n"sv, "too_long ", 8);
    check("1\0"
          "23456789\r\n"sv,
          "malformed ", 8);
}

TEST_CASE("IAC IAC is one byte 255")
{
    check("CWD a\xff\xff"
          "b\r\n",
          "[CWD a\xff"
          "b]");
    check("\xff\xff\xff\xff\r\n", "[\xff\xff]");
    check("a\r\xff\xff\n", "malformed ");
}

TEST_CASE("Telnet commands vanish, wherever they stand")
{
    check("\xff\xf4\xff\xf2"
          "ABOR\r\n",
          "[ABOR]");
    check("AB\xff\xf1OR\r\n", "[ABOR]");
    check("ABOR\r\xff\xf1\n", "[ABOR]");
    for (int command = 240; command < 250; ++command)
        check(std::string{"NO\xff"} + static_cast<char>(command) + "OP\r\n", "[NOOP]");
}

TEST_CASE("WILL is answered DONT, and DO is answered WONT")
{
    check("\xff\xfb\x01NOOP\r\n", "refuse:\xff\xfe\x01 [NOOP]");
    check("\xff\xfd\x06NOOP\r\n", "refuse:\xff\xfc\x06 [NOOP]");
}

TEST_CASE("An option is refused in the middle of a line, and the line goes on")
{
    check("NO\xff\xfb\x03OP\r\n", "refuse:\xff\xfe\x03 [NOOP]");
}

TEST_CASE("Any byte can be an option but those that end a line")
{
    using namespace std::string_view_literals;
    check("\xff\xfb\xff\xff\xfd\x0b\xff\xfb\0NOOP\r\n"sv,
          "refuse:\xff\xfe\xff refuse:\xff\xfc\x0b refuse:\xff\xfe\0 [NOOP]"sv);
}

TEST_CASE("A name that ends like the beginning of an option keeps its end, and its line too")
{
    for (const std::string name : {"a\xff\xfb", "a\xff\xfc", "a\xff\xfd", "a\xff\xfe"}) {
        check("DELE " + name + "\r\nNOOP\r\n", "[DELE " + name + "][NOOP]");
        check("DELE " + name + "\nNOOP\n", "[DELE " + name + "][NOOP]");
    }
}

TEST_CASE("WONT and DONT are not answered")
{
    check("\xff\xfc\x01\xff\xfe\x01NOOP\r\n", "[NOOP]");
}

TEST_CASE("A subnegotiation vanishes, line ends and doubled IACs in it too")
{
    check("NO\xff\xfa\x18\r\nx\xff\xff\xf0\xff\xf0OP\r\n", "[NOOP]");
    check("\xff\xfa\xff\xf4\xff\xf0NOOP\r\n", "[NOOP]");
}

TEST_CASE("An IAC before a byte that is no Telnet command is text, and so is that byte")
{
    check("CWD \xffx\xef\r\n", "[CWD \xffx\xef]");
    check("CWD \xff\xef\r\n", "[CWD \xff\xef]");
}

TEST_CASE("A lone IAC at the end of a line does not hide its end")
{
    check("CWD \xff\r\nNOOP\r\n", "[CWD \xff][NOOP]");
    check("CWD \xff\nNOOP\r\n", "[CWD \xff][NOOP]");
}

TEST_CASE("Telnet does not count towards the limit, and text does")
{
    check("\xff\xf1NO\xff\xfa"
          "0123456789\xff\xf0OP\r\n",
          "[NOOP]", 4);
    check("123\xff\xff\r\n", "[123\xff]", 4);
    check("1234\xff\xff\r\n", "too_long ", 4);
    check("1234\xffx\r\n", "too_long ", 4);
}

TEST_CASE("A line that arrived whole is viewed where it lies")
{
    line_reader reader{100};
    const std::string bytes = "PASS secret\r\nNOOP\r\n";
    std::string_view input = bytes;
    REQUIRE(reader.read(input) == status::line);
    CHECK(reader.line().data() == bytes.data());
    REQUIRE(reader.read(input) == status::line);
    CHECK(reader.line() == "NOOP");
    CHECK(reader.line().data() == bytes.data() + 13);
}

TEST_CASE("A reader takes no byte behind the line that it returns")
{
    line_reader reader{100};
    std::string_view input = "AUTH TLS\r\nUSER x\r\n";
    REQUIRE(reader.read(input) == status::line);
    CHECK(input == "USER x\r\n");

    std::string_view first = "AUTH";
    std::string_view second = " TLS\r\nUSER x\r\n";
    REQUIRE(reader.read(first) == status::need_more);
    REQUIRE(reader.read(second) == status::line);
    CHECK(second == "USER x\r\n");
}

TEST_CASE("A line that arrived in pieces is overwritten when the next read begins")
{
    line_reader reader{100};
    std::string_view first = "PASS a long password";
    std::string_view second = " indeed\r\n";
    REQUIRE(reader.read(first) == status::need_more);
    REQUIRE(reader.read(second) == status::line);
    const auto line = reader.line();
    REQUIRE(line == "PASS a long password indeed");
    // The buffer is the reader's own and is kept for the next line, so its bytes can still be looked at.
    const char* const bytes = line.data();
    const auto size = line.size();
    REQUIRE(reader.read(second) == status::need_more);
    CHECK(std::string_view{bytes, size} == std::string(size, '\0'));
}

TEST_CASE("A reader knows whether a line has begun")
{
    line_reader reader{8};
    CHECK_FALSE(reader.in_line());
    for (const std::string_view begun : {"NO", "\r", "123456789", "a\rb"}) {
        CAPTURE(begun);
        auto input = begun;
        CHECK(reader.read(input) == status::need_more);
        CHECK(reader.in_line());
        std::string_view end = "\r\n";
        CHECK(reader.read(end) != status::need_more);
        CHECK_FALSE(reader.in_line());
    }
}

TEST_CASE("Reset forgets an unfinished line, its faults and an unfinished Telnet sequence")
{
    for (const std::string_view begun :
         {"QU", "QU\r", "123456789", "a\rb", "\xff", "\xff\xfb", "\xff\xfa\x01", "\xff\xfa\xff"}) {
        CAPTURE(begun);
        line_reader reader{8};
        auto input = begun;
        CHECK(reader.read(input) == status::need_more);
        reader.reset();
        CHECK_FALSE(reader.in_line());
        std::string_view next = "NOOP\r\n";
        CHECK(reader.read(next) == status::line);
        CHECK(reader.line() == "NOOP");
    }
}

TEST_CASE("No input is no event")
{
    line_reader reader{8};
    std::string_view input;
    CHECK(reader.read(input) == status::need_more);
    CHECK_FALSE(reader.in_line());
}

TEST_CASE("Of a line that is too long or malformed the beginning can be seen, once")
{
    for (const auto& [bytes, wanted] : {std::pair{std::string{"abcdefgh\r\nx\r\n"}, status::too_long},
                                        std::pair{std::string{"ab\0cd\r\nx\r\n", 10}, status::malformed}}) {
        line_reader reader{4};
        std::string_view input = bytes;
        CHECK(reader.read(input) == wanted);
        CHECK(reader.line().starts_with("ab"));
        CHECK(reader.read(input) == status::line);
        CHECK(reader.line() == "x");
    }
}
