// Files as they are sent.
#include <doctest/doctest.h>

#include "awkward_contents.hpp"
#include "coded_files.hpp"

#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>
#include <libftp/protocol/deflate_codec.hpp>

#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

constexpr auto ascii = representation_type::ascii;
constexpr auto image = representation_type::image;
constexpr auto record = file_structure::record;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

/// The markers in the bytes, each with the number of the file's bytes before it.
std::string marks_in(data_decoder& decoder, std::string_view bytes)
{
    std::string marks;
    std::size_t before = 0;
    for (auto event = decoder.read(bytes); event != data_event::need_more; event = decoder.read(bytes)) {
        REQUIRE(event != data_event::malformed);
        if (event == data_event::bytes)
            before += decoder.text().size();
        else if (event == data_event::restart_marker)
            marks.append(decoder.text()).append(" after ").append(std::to_string(before)).append("; ");
    }
    return marks;
}

std::string block_marks(const transfer_coding& coding, std::size_t size, std::uint64_t offset = 0)
{
    block_decoder decoder;
    return marks_in(decoder, sent(coding, std::string(size, 'x'), 10'007, offset));
}

} // namespace

TEST_CASE("A plain file is sent as it is: the reader stays the store's own")
{
    auto file = std::make_unique<piecewise_reader>("abc");
    const auto* const before = file.get();
    const auto coded = make_coding_reader(std::move(file), {.type = image}, 0);
    CHECK(coded.get() == before);
    CHECK(coded->native());
    CHECK(coded->remaining() == 3);
}

TEST_CASE("How much a coded file has to give is not known, and its native file is out of reach")
{
    for (const auto& coding : every_coding()) {
        if (coding.is_plain())
            continue;
        CAPTURE(name_of(coding));
        const auto coded = make_coding_reader(std::make_unique<piecewise_reader>("abc"), coding, 0);
        CHECK_FALSE(coded->native());
        CHECK_FALSE(coded->remaining());
    }
}

TEST_CASE("In TYPE A lines end in CRLF")
{
    CHECK(sent({.type = ascii}, "a\nb\r\n\nc") == "a\r\nb\r\n\r\nc");
    CHECK(sent({.type = ascii}, "a\r\n\r\n", 1) == "a\r\n\r\n");
}

TEST_CASE("In MODE B a file is blocks and an empty last one")
{
    CHECK(sent({.type = image, .mode = transfer_mode::block}, "a\nb") == "\0\0\3a\nb\x40\0\0"s);
    CHECK(sent({.type = ascii, .mode = transfer_mode::block}, "a\nb") == "\0\0\4a\r\nb\x40\0\0"s);
    CHECK(sent({.type = image, .mode = transfer_mode::block}, "") == "\x40\0\0"s);
}

TEST_CASE("In MODE C the filler is a space in TYPE A and a zero in TYPE I")
{
    const auto content = "    \0\0\0\0"s;
    CHECK(sent({.type = ascii, .mode = transfer_mode::compressed}, content) == "\xc4\x84\0\0\x40\xc0"s);
    CHECK(sent({.type = image, .mode = transfer_mode::compressed}, content) == "\x84 \xc4\0\x40\xc0"s);
}

TEST_CASE("In MODE Z the level is what was asked for")
{
    std::string text;
    for (int line = 0; line < 5000; ++line)
        text += "line " + std::to_string(line * 7919 % 5000) + " of this file\n";
    const auto size = [&](int level) {
        return sent({.type = image, .mode = transfer_mode::deflate, .deflate_level = level}, text).size();
    };
    CHECK(size(9) < size(1));
    CHECK(size(1) < text.size());
}

TEST_CASE("With STRU R the lines of TYPE A are the records, without their ends")
{
    CHECK(sent({.structure = record}, "a\nbc\r\n\n") == "a\xff\x01"s + "bc\xff\x01\xff\x01\xff\x02");
    CHECK(sent({.structure = record, .mode = transfer_mode::block}, "a\nb\n") ==
          "\0\0\1a\x80\0\0\0\0\1b\x80\0\0\x40\0\0"s);
    CHECK(sent({.structure = record, .mode = transfer_mode::compressed}, "a\n") == "\1a\0\x80\xc0\0\x40\xc0"s);
}

TEST_CASE("With STRU R a CR that ends no line is part of its record")
{
    CHECK(sent({.structure = record}, "a\rb\n\r\r\n\r", 1) == "a\rb\xff\x01\r\xff\x01\r\xff\x01\xff\x02");
}

TEST_CASE("With STRU R a last line without an end is a record too")
{
    CHECK(sent({.structure = record}, "a\nb") == "a\xff\x01"s + "b\xff\x01\xff\x02");
    CHECK(sent({.structure = record}, "a\nb", 1) == "a\xff\x01"s + "b\xff\x01\xff\x02");
}

TEST_CASE("With STRU R a file of TYPE I is one record, and an empty one has none")
{
    CHECK(sent({.type = image, .structure = record}, "a\nb\xff", 1) == "a\nb\xff\xff\xff\x01\xff\x02");
    CHECK(sent({.type = image, .structure = record}, "") == "\xff\x02");
    CHECK(sent({.type = ascii, .structure = record}, "") == "\xff\x02");
}

TEST_CASE("With STRU R and MODE Z the control codes are in the stream")
{
    deflate_decoder decoder;
    const auto bytes = sent({.structure = record, .mode = transfer_mode::deflate}, "a\nb\n");
    std::string_view input = bytes;
    REQUIRE(decoder.read(input) == data_event::bytes);
    CHECK(decoder.text() == "a\xff\x01"s + "b\xff\x01\xff\x02");
    CHECK(decoder.read(input) == data_event::end_of_file);
}

TEST_CASE("A restart marker stands before the next byte after each mebibyte of the file")
{
    const transfer_coding coding{.type = image, .mode = transfer_mode::block};
    CHECK(block_marks(coding, mebibyte - 1).empty());
    CHECK(block_marks(coding, mebibyte).empty());
    CHECK(block_marks(coding, mebibyte + 1) == "1048576 after 1048576; ");
    CHECK(block_marks(coding, 3 * mebibyte) == "1048576 after 1048576; 2097152 after 2097152; ");
}

TEST_CASE("Restart markers count from the beginning of the file, wherever it is read from")
{
    CHECK(block_marks({.type = image, .mode = transfer_mode::block}, mebibyte + 1, 500) == "1049076 after 1048576; ");
}

TEST_CASE("MODE C has restart markers as MODE B has, and records do not keep them away")
{
    compressed_decoder decoder{filler_byte::zero};
    const auto content = mixed_bytes(mebibyte + 1);
    CHECK(marks_in(decoder, sent({.type = image, .mode = transfer_mode::compressed}, content)) ==
          "1048576 after 1048576; ");
    CHECK(block_marks({.type = image, .structure = record, .mode = transfer_mode::block}, mebibyte + 1) ==
          "1048576 after 1048576; ");
}

TEST_CASE("In TYPE A there are no restart markers, as no offset is a place in the text")
{
    CHECK(block_marks({.type = ascii, .mode = transfer_mode::block}, 2 * mebibyte).empty());
}

TEST_CASE("What the store fails with is what the reader fails with, after the bytes before it")
{
    for (const auto& coding : every_coding()) {
        CAPTURE(name_of(coding));
        const auto coded = make_coding_reader(
            std::make_unique<piecewise_reader>("abc\n", 100, make_error_code(store_errc::busy)), coding, 0);
        std::string buffer(1000, '\0');
        auto n = coded->read(buffer);
        while (n && *n != 0)
            n = coded->read(buffer);
        REQUIRE_FALSE(n);
        CHECK(n.error() == store_errc::busy);
    }
}

TEST_CASE("A file that ends before all of it was read is no whole file, however it is sent")
{
    class cut_reader final : public file_reader {
    public:
        result<std::size_t> read(std::span<char> /*buffer*/) override { return std::size_t{0}; }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return 10; }
    };
    for (const auto& coding : every_coding()) {
        if (coding.is_plain())
            continue;
        CAPTURE(name_of(coding));
        std::string buffer(1000, '\0');
        CHECK_FALSE(make_coding_reader(std::make_unique<cut_reader>(), coding, 0)->read(buffer));
    }
}
