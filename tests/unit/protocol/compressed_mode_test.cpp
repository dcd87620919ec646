// MODE C in both directions, at every split.
#include <doctest/doctest.h>

#include "awkward_contents.hpp"
#include "data_events.hpp"

#include <libftp/protocol/compressed_mode.hpp>

#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

void check(std::string_view input, std::string_view expected, filler_byte filler = filler_byte::zero)
{
    check_decoding([=] { return std::make_unique<compressed_decoder>(filler); }, input, expected);
}

void check_encoding(std::string_view content, std::string_view expected, filler_byte filler = filler_byte::zero)
{
    CAPTURE(content);
    compressed_encoder encoder{filler};
    std::string out;
    encoder.encode(content, out);
    CHECK(out == expected);
}

} // namespace

TEST_CASE("A size up to 127 is followed by so many bytes")
{
    check("\3abc"s, "abc");
    check("\1a\2bc"s, "abc");
    check("\x7f"s + std::string(127, 'x'), std::string(127, 'x'));
}

TEST_CASE("Bytes in a string have no meaning of their own")
{
    check("\5\0\x40\x81\xc1\xff"s, "\0\x40\x81\xc1\xff"s);
}

TEST_CASE("A replicated byte stands for up to 63 of it")
{
    check("\x81x", "x");
    check("\xbfx\1y", std::string(63, 'x') + "y");
    check("\x83\0"s, "\0\0\0"s);
}

TEST_CASE("A filler string is spaces in TYPE A and zeros in TYPE I")
{
    check("\xc1\xff", " " + std::string(63, ' '), filler_byte::space);
    check("\xc2\1a", "\0\0a"s, filler_byte::zero);
}

TEST_CASE("Nothing, repeated, is nothing")
{
    check("\x80x\xc0\1a", "a");
}

TEST_CASE("An escape sequence speaks of the string behind it, of whatever kind that is")
{
    check("\1a\0\x80\1b\1c"s, "ab<record>c");
    check("\0\x80\x83x\1c"s, "xxx<record>c");
    check("\0\x80\xc2\1c"s, "  <record>c", filler_byte::space);
    check("\0\x80\xc0\1c"s, "<record>c");
}

TEST_CASE("Two escape sequences speak of the same string")
{
    check("\0\x80\0\x40\1a"s, "a<record><end><whole>");
}

TEST_CASE("The text of a restart marker is the string behind its escape sequence, a replicated byte too")
{
    check("\0\x10\2m1\1a"s, "<mark:m1>a");
    check("\0\x10\x83"
          "0\1a"s,
          "<mark:000>a");
    check("\0\x10\xc3"s, "<malformed>", filler_byte::space);
}

TEST_CASE("A file may end with the escape sequence for it, without a string")
{
    check("\1a\0\x40"s, "a<whole>");
    check("\0\x80\0\x40"s, "<whole>");
}

TEST_CASE("A file is not whole in the midst of its last string, nor where a marker lacks its text")
{
    check("", "");
    check("\1a"s, "a");
    check("\0"s, "");
    check("\0\x40\2a"s, "a");
    check("\0\x40\x83"s, "");
    check("\0\x40\0"s, "");
    check("\0\x50"s, "");
}

TEST_CASE("A byte behind the last string is malformed")
{
    check("\0\x40\1ab"s, "a<end><malformed>");
    check("\0\x40\xc0\0\x40"s, "<end><malformed>");
}

TEST_CASE("Three equal bytes are sent as one replicated byte, and two as they are")
{
    check_encoding("", "");
    check_encoding("aabb", "\4aabb");
    check_encoding("aaa", "\x83"
                          "a");
    check_encoding("xaaay", "\1x\x83"
                            "a\1y");
    check_encoding(std::string(64, 'a'), "\xbf"
                                         "a\1a");
}

TEST_CASE("Three fillers are sent as one byte")
{
    check_encoding("a   b", "\1a\xc3\1b", filler_byte::space);
    check_encoding("a   b", "\1a\x83 \1b", filler_byte::zero);
    check_encoding("\0\0\0"s, "\xc3", filler_byte::zero);
    check_encoding(std::string(64, ' '), "\xff\1 ", filler_byte::space);
}

TEST_CASE("A string holds 127 bytes, also where two equal bytes stand across that place")
{
    std::string content;
    while (content.size() < 126)
        content += "ab";
    check_encoding(content + "cc", "\x7f" + content + "c\1c");
}

TEST_CASE("Records and the file end with an escape sequence and an empty string")
{
    std::string out;
    compressed_encoder encoder{filler_byte::zero};
    encoder.end_record(out);
    encoder.mark("1048576", out);
    encoder.finish(out);
    CHECK(out == "\0\x80\xc0\0\x10\x07"
                 "1048576\0\x40\xc0"s);
    check(out, "<record><mark:1048576><end><whole>");
}

TEST_CASE("The longest text of a restart marker is one string")
{
    const std::string text(data_encoder::max_mark_bytes, 'm');
    std::string out;
    compressed_encoder{filler_byte::space}.mark(text, out);
    check(out, "<mark:" + text + ">", filler_byte::space);
}

TEST_CASE("Bytes that do not repeat take one more for each 127")
{
    const auto content = mixed_bytes(65'535);
    compressed_encoder encoder{filler_byte::zero};
    CHECK(encoded(encoder, content, content.size()).size() <= content.size() + content.size() / 127 + 4);
}

TEST_CASE("Any content comes back from compressed mode as it went")
{
    for (const auto filler : {filler_byte::space, filler_byte::zero}) {
        for (const auto& content : small_awkward_contents()) {
            compressed_encoder encoder{filler};
            for (const std::size_t piece : {1U, 3U, 1000U})
                check(encoded(encoder, content, piece), content + "<end><whole>", filler);
        }
        for (const auto& content : large_awkward_contents()) {
            compressed_encoder encoder{filler};
            compressed_decoder decoder{filler};
            const bool came_back =
                data_events(decoder, cut(encoded(encoder, content, 100'000), 4099)) == content + "<end><whole>";
            CHECK(came_back);
        }
    }
}
