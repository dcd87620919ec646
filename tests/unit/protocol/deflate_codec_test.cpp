// MODE Z in both directions, at every split.
#include <doctest/doctest.h>

#include "awkward_contents.hpp"
#include "data_events.hpp"

#include <libftp/protocol/deflate_codec.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

std::string deflated(std::string_view content, int level = 6, std::size_t piece_size = 100'000)
{
    deflate_encoder encoder{level};
    return encoded(encoder, content, piece_size);
}

void check(std::string_view input, std::string_view expected)
{
    check_decoding([] { return std::make_unique<deflate_decoder>(); }, input, expected);
}

/// How much came before is not told: it differs from split to split.
void check_malformed(std::string_view input)
{
    at_every_split(input, [](const std::vector<std::string>& pieces) {
        deflate_decoder decoder;
        CHECK(data_events(decoder, pieces).ends_with("<malformed>"));
    });
}

} // namespace

TEST_CASE("A zlib stream is inflated")
{
    check("\x78\x9c\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00\x3a\x2e\x06\x7d"s, "hello hello hello<end><whole>");
}

TEST_CASE("An empty file is a stream too, and no bytes are none")
{
    check(deflated(""), "<end><whole>");
    check("", "");
}

TEST_CASE("A stream that lacks its end is not whole")
{
    const auto stream = deflated("some text, some text");
    for (std::size_t size = 0; size < stream.size(); ++size) {
        deflate_decoder decoder;
        const auto events = data_events(decoder, {stream.substr(0, size)});
        CHECK(std::string_view{"some text, some text"}.starts_with(events));
    }
}

TEST_CASE("A byte behind the end of the stream is malformed")
{
    const auto stream = deflated("abc");
    check(stream + "x", "abc<end><malformed>");
    check(stream + stream, "abc<end><malformed>");
}

TEST_CASE("What is no zlib stream is malformed")
{
    check_malformed("plain text");
    check_malformed("\x1f\x8b\x08\0\0\0\0\0\0\3"s);
    check_malformed("\x78\x9c\xff\xff\xff\xff"s);
}

TEST_CASE("A stream that wants a dictionary is malformed")
{
    check_malformed("\x78\xbb\x01\x02\x03\x04\x05"s);
}

TEST_CASE("A stream whose check sum is wrong is malformed, at its last byte")
{
    auto stream = deflated("some text");
    stream.back() = static_cast<char>(stream.back() ^ 1);
    check_malformed(stream);
}

TEST_CASE("However much a stream grows, it comes in bounded pieces")
{
    const std::size_t size = 50 * 1024 * 1024;
    deflate_encoder encoder{9};
    std::string stream;
    const std::string zeros(1024 * 1024, '\0');
    for (std::size_t sent = 0; sent < size; sent += zeros.size())
        REQUIRE(encoder.encode(zeros, stream));
    REQUIRE(encoder.finish(stream));
    REQUIRE(stream.size() < size / 900);

    deflate_decoder decoder;
    std::string_view input = stream;
    std::size_t total = 0;
    std::size_t largest = 0;
    auto event = decoder.read(input);
    for (; event == data_event::bytes; event = decoder.read(input)) {
        total += decoder.text().size();
        largest = std::max(largest, decoder.text().size());
    }
    CHECK(event == data_event::end_of_file);
    CHECK(total == size);
    CHECK(largest <= 16 * 1024);
}

TEST_CASE("A higher level makes less of it, and levels that are none count as the nearest")
{
    std::string text;
    for (int line = 0; line < 5000; ++line)
        text += "line " + std::to_string(line * 7919 % 5000) + " of this file\n";
    CHECK(deflated(text, 9).size() < deflated(text, 1).size());
    CHECK(deflated(text, 1).size() < text.size());
    CHECK(deflated(text, 0) == deflated(text, 1));
    CHECK(deflated(text, 100) == deflated(text, 9));
}

TEST_CASE("However well bytes can be compressed, some come out for each 256 KiB that go in")
{
    for (const int level : {1, 6, 9}) {
        CAPTURE(level);
        deflate_encoder encoder{level};
        const std::string piece(16 * 1024, '\0');
        std::string out;
        std::size_t last = 0;
        for (int pieces = 1; pieces <= 64; ++pieces) {
            REQUIRE(encoder.encode(piece, out));
            if (pieces % 16 == 0)
                CHECK(out.size() > std::exchange(last, out.size()));
        }
        REQUIRE(encoder.finish(out));
        CHECK(out.size() < 8192); // as small as without, but for some bytes each time
        deflate_decoder decoder;
        CHECK(data_events(decoder, {out}) == std::string(64 * piece.size(), '\0') + "<end><whole>");
    }
}

TEST_CASE("A stream that is written to after its end says so and does not go on for ever")
{
    deflate_encoder encoder{6};
    std::string out;
    REQUIRE(encoder.finish(out));
    const auto size = out.size();
    CHECK_FALSE(encoder.encode("abc", out));
    CHECK(out.size() == size);
}

TEST_CASE("Any content comes back from a zlib stream as it went")
{
    for (const auto& content : small_awkward_contents())
        check(deflated(content, 6, 3), content + "<end><whole>");
    for (const auto& content : large_awkward_contents()) {
        deflate_decoder decoder;
        const bool came_back = data_events(decoder, cut(deflated(content, 1), 4099)) == content + "<end><whole>";
        CHECK(came_back);
    }
}
