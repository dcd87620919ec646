// MODE B in both directions, at every split.
#include <doctest/doctest.h>

#include "awkward_contents.hpp"
#include "data_events.hpp"

#include <libftp/protocol/block_mode.hpp>

#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

void check(std::string_view input, std::string_view expected)
{
    check_decoding([] { return std::make_unique<block_decoder>(); }, input, expected);
}

} // namespace

TEST_CASE("A block is a descriptor, a size of two bytes and so many bytes")
{
    check("\0\0\3abc"s, "abc");
    check("\0\0\1a\0\0\2bc"s, "abc");
    check("\0\1\0"s + std::string(256, 'x'), std::string(256, 'x'));
}

TEST_CASE("Bytes in a block have no meaning of their own")
{
    check("\0\0\4\x40\0\0\xff"s, "\x40\0\0\xff"s);
}

TEST_CASE("An empty block is nothing")
{
    check("\0\0\0\0\0\1a"s, "a");
}

TEST_CASE("Records and markers come where they stand between the blocks")
{
    check("\0\0\1a\x80\0\1b\x10\0\2m1\x80\0\0\0\0\1c\x40\0\0"s, "ab<record><mark:m1><record>c<end><whole>");
}

TEST_CASE("A file whose last block has not come as a whole is not whole")
{
    check("", "");
    check("\0\0\1a"s, "a");
    check("\x40"s, "");
    check("\x40\0"s, "");
    check("\x40\0\2a"s, "a");
}

TEST_CASE("A byte behind the end of the file is malformed")
{
    check("\x40\0\0\0"s, "<end><malformed>");
    check("\x40\0\1a\x40\0\0"s, "a<end><malformed>");
}

TEST_CASE("Bytes are sent in blocks as large as can be, and the end in an empty one")
{
    block_encoder encoder;
    CHECK(encoded(encoder, "", 10) == "\x40\0\0"s);
    CHECK(encoded(encoder, "abc", 10) == "\0\0\3abc\x40\0\0"s);
    CHECK(encoded(encoder, "abc", 2) == "\0\0\2ab\0\0\1c\x40\0\0"s);
    const std::string most(65535, 'x');
    CHECK(encoded(encoder, most + "y", 100'000) == "\0\xff\xff"s + most + "\0\0\1y\x40\0\0"s);
}

TEST_CASE("No bytes make no block")
{
    std::string out;
    block_encoder{}.encode({}, out);
    CHECK(out.empty());
}

TEST_CASE("The end of a record is sent as an empty block, and a marker as a block with its text")
{
    std::string out;
    block_encoder encoder;
    encoder.end_record(out);
    encoder.mark("1048576", out);
    CHECK(out == "\x80\0\0\x10\0\x07"s + "1048576");
}

TEST_CASE("Any content comes back from blocks as it went")
{
    for (const auto& content : small_awkward_contents()) {
        block_encoder encoder;
        check(encoded(encoder, content, 3), content + "<end><whole>");
    }
    for (const auto& content : large_awkward_contents()) {
        block_encoder encoder;
        block_decoder decoder;
        const bool came_back =
            data_events(decoder, cut(encoded(encoder, content, 100'000), 4099)) == content + "<end><whole>";
        CHECK(came_back);
    }
}
