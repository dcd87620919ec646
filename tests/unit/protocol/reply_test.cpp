// Replies on the wire and on a terminal: no text breaks out of its line.
#include <doctest/doctest.h>

#include <libftp/protocol/reply.hpp>

#include <string>

using namespace libftp;
using namespace std::string_view_literals;

namespace {

std::string written(reply_code code, std::string_view text)
{
    std::string out;
    append_reply(out, code, text);
    return out;
}

} // namespace

TEST_CASE("A reply is code, space, text and CRLF")
{
    CHECK(written(reply_code::ok, "Done.") == "200 Done.\r\n");
    CHECK(written(reply_code::restart_invalid, "No.") == "554 No.\r\n");
    CHECK(written(reply_code::ok, "") == "200 \r\n");
}

TEST_CASE("Replies are appended to what is there")
{
    std::string out = "220 Ready.\r\n";
    append_reply(out, reply_code::logged_in, "Welcome.");
    CHECK(out == "220 Ready.\r\n230 Welcome.\r\n");
}

TEST_CASE("CR, LF and NUL in a reply's text become question marks: no second reply can be injected")
{
    CHECK(written(reply_code::pathname_created, "\"a\r\n226 b\" created") == "257 \"a??226 b\" created\r\n");
    CHECK(written(reply_code::ok, "\na\0\r"sv) == "200 ?a??\r\n");
}

TEST_CASE("Byte 255 is doubled, because Telnet gives it a meaning")
{
    CHECK(written(reply_code::ok, "\xff") == "200 \xff\xff\r\n");
    CHECK(written(reply_code::ok, "a\xff"
                                  "b\xff\xff") == "200 a\xff\xff"
                                                  "b\xff\xff\xff\xff\r\n");
}

TEST_CASE("Every other byte of a reply is sent as it is")
{
    for (int value = 1; value < 255; ++value) {
        const char byte = static_cast<char>(value);
        if (byte == '\r' || byte == '\n')
            continue;
        CHECK(written(reply_code::ok, std::string(1, byte)) == std::string{"200 "} + byte + "\r\n");
    }
}

TEST_CASE("A reply of several lines has the code in the first and the last, and a space before the others")
{
    std::string out;
    append_first_line(out, reply_code::system_status, "Extensions:");
    append_inner_line(out, "SIZE");
    append_inner_line(out, "211 not the end");
    append_inner_line(out, "");
    append_reply(out, reply_code::system_status, "End.");
    CHECK(out == "211-Extensions:\r\n SIZE\r\n 211 not the end\r\n \r\n211 End.\r\n");
}

TEST_CASE("No line of several can break into two")
{
    std::string out;
    append_first_line(out, reply_code::help, "a\r\nb");
    append_inner_line(out, "c\n214 d");
    append_bare_line(out, "g\nh");
    append_reply(out, reply_code::help, "e\rf\xff");
    CHECK(out == "214-a??b\r\n c?214 d\r\ng?h\r\n214 e?f\xff\xff\r\n");
}

TEST_CASE("A line that programs read is indented only where it could be taken for the last one")
{
    std::string out;
    append_bare_line(out, "-rw-r--r--");
    append_bare_line(out, "213 x");
    append_bare_line(out, "");
    CHECK(out == "-rw-r--r--\r\n 213 x\r\n\r\n");
}

TEST_CASE("A whole reply is written with as many lines as it has, and a code that is none becomes 451")
{
    const auto written = [](const reply& answer) {
        std::string out;
        append_reply(out, answer);
        return out;
    };
    CHECK(written({200, {"one"}}) == "200 one\r\n");
    CHECK(written({211, {"one", "two", "three"}}) == "211-one\r\n two\r\n211 three\r\n");
    CHECK(written({250, {}}) == "250 \r\n");
    for (const auto code : {0, 150, 600, -1})
        CHECK(written({code, {"x"}}) == "451 x\r\n");
}

TEST_CASE("The first digit of the code is the kind of a reply")
{
    CHECK(reply{150}.is_preliminary());
    CHECK(reply{226}.is_completion());
    CHECK(reply{331}.is_intermediate());
    CHECK(reply{421}.is_transient_failure());
    CHECK(reply{550}.is_permanent_failure());
    CHECK_FALSE(reply{550}.is_completion());
    CHECK_FALSE(reply{}.is_preliminary());
}

TEST_CASE("The text of a reply is its first line, or nothing")
{
    CHECK(reply{}.text().empty());
    CHECK(reply{211, {"one", "two"}}.text() == "one");
}

TEST_CASE("For people a reply is its code and its lines")
{
    CHECK(reply{226, {"Done."}}.to_string() == "226 Done.");
    CHECK(reply{211, {"Extensions:", " SIZE", "End."}}.to_string() == "211 Extensions:\n SIZE\nEnd.");
    CHECK(reply{226}.to_string() == "226");
    CHECK(reply{226, {"\x1b[2J\n"}}.to_string() == "226 \\x1b[2J\\x0a");
}

TEST_CASE("Control bytes are shown by their number")
{
    CHECK(escape_controls("") == "");
    CHECK(escape_controls("plain text ~") == "plain text ~");
    CHECK(escape_controls("\x1b[31m"sv) == "\\x1b[31m");
    CHECK(escape_controls("a\tb\r\n\0\x7f"sv) == "a\\x09b\\x0d\\x0a\\x00\\x7f");
}

TEST_CASE("UTF-8 passes a terminal as it is")
{
    CHECK(escape_controls("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xc2\xa0 \xed\x9f\xbf \xf4\x8f\xbf\xbf") ==
          "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xc2\xa0 \xed\x9f\xbf \xf4\x8f\xbf\xbf");
}

TEST_CASE("The control characters between 0x80 and 0x9f are shown by their number, in UTF-8 and alone")
{
    CHECK(escape_controls("\xc2\x9b"
                          "2J") == "\\xc2\\x9b2J");
    CHECK(escape_controls("\xc2\x80\xc2\x9f\xc2\xa0") == "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
    CHECK(escape_controls("\x9b"
                          "2J") == "\\x9b2J");
}

TEST_CASE("Characters that show text in another order or on another line are shown by their numbers")
{
    CHECK(escape_controls("a\xe2\x80\xaegpj.exe") == "a\\xe2\\x80\\xaegpj.exe");
    CHECK(escape_controls("\xe2\x80\xa8") == "\\xe2\\x80\\xa8");
    CHECK(escape_controls("\xe2\x81\xa6\xe2\x81\xa9") == "\\xe2\\x81\\xa6\\xe2\\x81\\xa9");
    CHECK(escape_controls("\xe2\x80\x8f\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa") ==
          "\xe2\x80\x8f\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa");
}

TEST_CASE("Bytes that are not well-formed UTF-8 cannot hide a control character")
{
    CHECK(escape_controls("\xe2\x9b") == "\xe2\\x9b");
    CHECK(escape_controls("\xc0\x9b") == "\xc0\\x9b");
    CHECK(escape_controls("\xe0\x82\x9b") == "\xe0\\x82\\x9b");
    CHECK(escape_controls("\xf0\x80\x82\x9b") == "\xf0\\x80\\x82\\x9b");
    CHECK(escape_controls("\xed\xa0\x80") == "\xed\xa0\\x80");
    CHECK(escape_controls("\xf4\x90\x80\x80") == "\xf4\\x90\\x80\\x80");
    CHECK(escape_controls("\xf5\x80\x80\x80") == "\xf5\\x80\\x80\\x80");
    CHECK(escape_controls("\xc3\x1b") == "\xc3\\x1b");
    CHECK(escape_controls("\xf0\x9f\x98") == "\xf0\\x9f\\x98");
}

TEST_CASE("Printable bytes of Latin-1 pass")
{
    CHECK(escape_controls("gr\xfc\xdf") == "gr\xfc\xdf");
}
