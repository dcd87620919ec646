// What descriptors say, in block and in compressed mode alike, at every split.
#include <doctest/doctest.h>

#include "data_events.hpp"

#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>

#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

char to_byte(std::size_t number)
{
    return static_cast<char>(number);
}

/// A string with a descriptor in both modes; `text` is short enough for one string of compressed mode.
void check(unsigned codes, std::string_view text, std::string_view expected)
{
    CAPTURE(codes);
    const std::string block{to_byte(codes), '\0', to_byte(text.size())};
    check_decoding([] { return std::make_unique<block_decoder>(); }, block + std::string{text}, expected);

    const std::string escape{'\0', to_byte(codes)};
    const std::string size{text.empty() ? '\xc0' : to_byte(text.size())};
    check_decoding([] { return std::make_unique<compressed_decoder>(filler_byte::zero); },
                   escape + size + std::string{text}, expected);
}

std::string block_marker(std::size_t size)
{
    return std::string{'\x10', to_byte(size >> 8U), to_byte(size & 0xffU)} + std::string(size, 'm');
}

} // namespace

TEST_CASE("A string without codes is data")
{
    check(0, "abc", "abc");
    check(0, "", "");
}

TEST_CASE("A string may end a record or the file or both, in this order")
{
    check(128, "abc", "abc<record>");
    check(64, "abc", "abc<end><whole>");
    check(192, "abc", "abc<record><end><whole>");
}

TEST_CASE("An empty string can end things too")
{
    check(128, "", "<record>");
    check(64, "", "<end><whole>");
    check(192, "", "<record><end><whole>");
}

TEST_CASE("Data with suspected errors is data")
{
    check(32, "abc", "abc");
    check(32 + 128, "abc", "abc<record>");
}

TEST_CASE("A restart marker is no data, and may end a record or the file")
{
    check(16, "m1", "<mark:m1>");
    check(16 + 128, "m1", "<mark:m1><record>");
    check(16 + 64, "m1", "<mark:m1><end><whole>");
}

TEST_CASE("A restart marker without text is malformed")
{
    check(16, "", "<malformed>");
}

TEST_CASE("A restart marker has printable characters only, and no space")
{
    using namespace std::string_view_literals;
    check(16, "!~", "<mark:!~>");
    for (const auto text : {"a b"sv, "a\nb"sv, "\r"sv, "a\0"sv, "\x7f"sv, "\x80"sv, "\xff"sv})
        check(16, text, "<malformed>");
}

TEST_CASE("A restart marker of the most bytes is one, and a byte more is malformed")
{
    const auto most = descriptor_decoder::max_marker_bytes;
    const auto make = [] { return std::make_unique<block_decoder>(); };
    check_decoding(make, block_marker(most), "<mark:" + std::string(most, 'm') + ">");
    check_decoding(make, block_marker(most + 1), "<malformed>");
}

TEST_CASE("Codes that nobody has assigned are malformed")
{
    for (const unsigned codes : {1U, 2U, 4U, 8U, 64U + 1U})
        check(codes, "", "<malformed>");
}
