// Line ends between store and wire, at every split of the data.
#include <doctest/doctest.h>

#include "every_split.hpp"

#include <libftp/protocol/ascii_codec.hpp>

#include <string>

using namespace libftp;

namespace {

std::string encoded(const std::vector<std::string>& pieces)
{
    ascii_encoder encoder;
    std::string out;
    for (const auto& piece : pieces)
        encoder.encode(piece, out);
    return out;
}

std::string decoded(const std::vector<std::string>& pieces)
{
    ascii_decoder decoder;
    std::string out;
    for (const auto& piece : pieces) {
        const auto before = out.size();
        decoder.decode(piece, out);
        CHECK(out.size() - before <= piece.size() + 1);
    }
    decoder.finish(out);
    return out;
}

void check_encoding(std::string_view stored, std::string_view sent)
{
    CAPTURE(stored);
    at_every_split(stored, [&](const std::vector<std::string>& pieces) { CHECK(encoded(pieces) == sent); });
}

void check_decoding(std::string_view sent, std::string_view stored)
{
    CAPTURE(sent);
    at_every_split(sent, [&](const std::vector<std::string>& pieces) { CHECK(decoded(pieces) == stored); });
}

} // namespace

TEST_CASE("A LF in the store is CRLF on the wire")
{
    check_encoding("a\nbc\n", "a\r\nbc\r\n");
    check_encoding("\n\n\n", "\r\n\r\n\r\n");
    check_encoding("no end", "no end");
    check_encoding("", "");
}

TEST_CASE("A CRLF in the store stays one line end")
{
    check_encoding("a\r\nb\r\n", "a\r\nb\r\n");
    check_encoding("\r\n\n", "\r\n\r\n");
    check_encoding("\r\r\n", "\r\r\n");
}

TEST_CASE("A lone CR in the store is sent as it is")
{
    check_encoding("a\rb\r", "a\rb\r");
    check_encoding("\ra\n", "\ra\r\n");
}

TEST_CASE("CRLF on the wire is LF in the store")
{
    check_decoding("a\r\nbc\r\n", "a\nbc\n");
    check_decoding("\r\n\r\n", "\n\n");
    check_decoding("", "");
}

TEST_CASE("A lone CR or LF on the wire stays as it is")
{
    check_decoding("a\rb\nc", "a\rb\nc");
    check_decoding("\r\r\n\r", "\r\n\r");
    check_decoding("\n\r\n\n", "\n\n\n");
}

TEST_CASE("A CR at the very end of the data is part of it")
{
    check_decoding("a\r", "a\r");
    check_decoding("\r\r", "\r\r");
}

TEST_CASE("A decoder that has finished holds nothing back")
{
    ascii_decoder decoder;
    std::string out;
    decoder.decode("a\r", out);
    CHECK(out == "a");
    decoder.finish(out);
    decoder.finish(out);
    CHECK(out == "a\r");
}

TEST_CASE("Text without CR comes back as it went")
{
    using namespace std::string_view_literals;
    for (const auto text : {""sv, "\n"sv, "a\nb"sv, "\n\na\0\xff\n"sv, "one line"sv})
        CHECK(decoded({encoded({std::string{text}})}) == text);
}
