// Files as they are received.
#include <doctest/doctest.h>

#include "../protocol/every_split.hpp"
#include "coded_files.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/deflate_codec.hpp>

#include <algorithm>
#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

constexpr auto ascii = representation_type::ascii;
constexpr auto image = representation_type::image;
constexpr auto record = file_structure::record;
constexpr transfer_coding image_blocks{.type = image, .mode = transfer_mode::block};

void check(const transfer_coding& coding, std::string_view bytes, std::string_view expected)
{
    CAPTURE(name_of(coding));
    CAPTURE(bytes);
    at_every_split(bytes, [&](const std::vector<std::string>& pieces) { CHECK(received(coding, pieces) == expected); });
}

/// The marks that the writer has, each with its place.
std::string marks_of(file_writer& writer)
{
    std::string marks;
    while (const auto mark = writer.next_mark())
        marks.append(mark->text).append("@").append(std::to_string(mark->offset)).append(" ");
    return marks;
}

std::string marked_block(std::string_view text)
{
    return "\x10\0"s + static_cast<char>(text.size()) + std::string{text};
}

} // namespace

TEST_CASE("A plain file is received as it is: the writer stays the store's own")
{
    auto file = std::make_unique<recording_writer>(std::make_shared<received_file>());
    const auto* const before = file.get();
    const auto coded = make_decoding_writer(std::move(file), {.type = image}, 0);
    CHECK(coded.get() == before);
    CHECK(coded->native());
}

TEST_CASE("The native file behind a coding is out of reach")
{
    for (const auto& coding : every_coding())
        CHECK(receiver{coding}.writer->native().has_value() == coding.is_plain());
}

TEST_CASE("In TYPE A CRLF becomes LF, and a CR at the very end stays")
{
    check({.type = ascii}, "a\r\nb\rc\n\r", "a\nb\rc\n\r");
    check({.type = ascii, .mode = transfer_mode::block}, "\0\0\2a\r\0\0\2\nb\x40\0\1\r"s, "a\nb\r");
}

TEST_CASE("With STRU R each record becomes a line in TYPE A")
{
    check({.structure = record}, "a\xff\x01"s + "b\xff\x01\xff\x01\xff\x02", "a\nb\n\n");
    check({.structure = record}, "a\xff\x01"s + "b\xff\x03", "a\nb\n");
    check({.structure = record, .mode = transfer_mode::block}, "\x80\0\1a\xc0\0\1b"s, "a\nb\n");
    check({.structure = record, .mode = transfer_mode::compressed}, "\0\x80\1a\0\xc0\1b"s, "a\nb\n");
}

TEST_CASE("With STRU R records follow each other in TYPE I")
{
    check({.type = image, .structure = record}, "a\xff\x01"s + "b\xff\xff\xff\x03", "ab\xff");
}

TEST_CASE("With STRU R bytes that lack the end of their record are a record")
{
    check({.structure = record}, "a\xff\x01"s + "b\xff\x02", "a\nb\n");
    check({.type = image, .structure = record}, "ab\xff\x02", "ab");
}

TEST_CASE("With STRU R a CR at the end of a record is a byte of it")
{
    check({.structure = record}, "a\r\xff\x01"s + "b\r\xff\x03", "a\r\nb\r\n");
}

TEST_CASE("With STRU F the ends of records mean nothing")
{
    check({.type = ascii, .mode = transfer_mode::block}, "\x80\0\2a\r\xc0\0\1\n"s, "a\n");
    check({.type = image, .mode = transfer_mode::compressed}, "\0\x80\1a\0\xc0\1b"s, "ab");
}

TEST_CASE("A file without the mark of its end is incomplete, is not committed, and its store hears why")
{
    for (const auto& coding : every_coding()) {
        if (coding.structure == file_structure::file && coding.mode == transfer_mode::stream)
            continue;
        CAPTURE(name_of(coding));
        const auto bytes = sent(coding, "abc\n");
        for (const auto& begun : {""s, bytes.substr(0, bytes.size() - 3)}) {
            receiver r{coding};
            REQUIRE(r.writer->write(begun));
            const auto done = r.writer->commit();
            REQUIRE_FALSE(done);
            CHECK(done.error() == protocol_errc::transfer_incomplete);
            CHECK_FALSE(r.file->committed);
            CHECK(r.file->discarded == std::vector{make_error_code(protocol_errc::transfer_incomplete)});
        }
    }
}

TEST_CASE("Nobody need wait for the sender to close where a mark has told the end")
{
    receiver plain{{.type = image}};
    CHECK(plain.writer->write("abc").has_value());
    CHECK_FALSE(plain.writer->is_complete());
    receiver block{{.type = image, .mode = transfer_mode::block}};
    CHECK(block.writer->write("\0\0\2ab"s).has_value());
    CHECK_FALSE(block.writer->is_complete());
    CHECK(block.writer->write("\x40\0\1c"s).has_value());
    CHECK(block.writer->is_complete());
}

TEST_CASE("Bytes behind the end of the file are left for the next one where the data connection is kept")
{
    constexpr transfer_coding kept{.type = image, .mode = transfer_mode::block, .keeps_connection = true};
    const auto first = "\0\0\3abc\100\0\0"s;
    const auto bytes = first + "\0\0\1d\100\0\0"s;
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
        CAPTURE(cut);
        receiver r{kept};
        CHECK(r.writer->write(bytes.substr(0, cut)));
        CHECK(r.writer->is_complete() == (cut >= first.size()));
        CHECK(r.writer->bytes_behind_end() == cut - std::min(cut, first.size()));
        CHECK(r.writer->commit().has_value() == (cut >= first.size()));
        CHECK((cut < first.size() || r.file->bytes == "abc"));
    }
}

TEST_CASE("Bytes behind the end of the file are malformed, and a malformed file cannot be committed")
{
    for (const auto& coding : every_coding()) {
        if (coding.structure == file_structure::file && coding.mode == transfer_mode::stream)
            continue;
        CAPTURE(name_of(coding));
        at_every_split(sent(coding, "abc\n") + "x", [&](const std::vector<std::string>& pieces) {
            receiver r{coding};
            result<void> written;
            for (const auto& piece : pieces)
                written = r.writer->write(piece);
            REQUIRE_FALSE(written);
            CHECK(written.error() == protocol_errc::transfer_malformed);
            const auto done = r.writer->commit();
            REQUIRE_FALSE(done);
            CHECK(done.error() == protocol_errc::transfer_malformed);
            CHECK_FALSE(r.file->committed);
            CHECK(r.file->discarded == std::vector{make_error_code(protocol_errc::transfer_malformed)});
        });
    }
}

TEST_CASE("A file that is given up is given up in the store, for the same reason")
{
    for (const auto& coding : every_coding()) {
        receiver r{coding};
        r.writer->discard(make_error_code(protocol_errc::canceled));
        CHECK(r.file->discarded == std::vector{make_error_code(protocol_errc::canceled)});
    }
}

TEST_CASE("What the store fails to write with is what writing and committing fail with")
{
    receiver r{{.type = ascii}};
    r.file->fails_beyond = 2;
    REQUIRE(r.writer->write("ab"));
    for (const auto& done : {r.writer->write("c"), r.writer->write(""), r.writer->commit()}) {
        REQUIRE_FALSE(done);
        CHECK(done.error() == store_errc::insufficient_storage);
    }
    CHECK_FALSE(r.file->committed);
    CHECK(r.file->discarded.size() == 1);
}

TEST_CASE("The last bytes may be those that the store cannot write")
{
    receiver r{{.type = ascii}};
    r.file->fails_beyond = 2;
    REQUIRE(r.writer->write("ab\r"));
    const auto done = r.writer->commit();
    REQUIRE_FALSE(done);
    CHECK(done.error() == store_errc::insufficient_storage);
    CHECK(r.file->discarded == std::vector{make_error_code(store_errc::insufficient_storage)});
}

TEST_CASE("A store that fails to commit says so, and knows it without being told")
{
    receiver r{{.type = ascii}};
    r.file->fails_to_commit = true;
    const auto done = r.writer->commit();
    REQUIRE_FALSE(done);
    CHECK(done.error() == store_errc::busy);
    CHECK(r.file->discarded.empty());
}

TEST_CASE("A restart marker is handed out once, with the bytes before it")
{
    receiver r{image_blocks};
    CHECK_FALSE(r.writer->next_mark());
    REQUIRE(r.writer->write("\0\0\2ab"s + marked_block("m1") + "\0\0\1c"s + marked_block("m2")));
    CHECK(r.file->bytes == "abc");
    CHECK(marks_of(*r.writer) == "m1@2 m2@3 ");
    REQUIRE(r.writer->write("\0\0\1d"s + marked_block("m3")));
    CHECK(marks_of(*r.writer) == "m3@4 ");
    CHECK_FALSE(r.writer->next_mark());
}

TEST_CASE("Restart markers count from the beginning of the file, wherever it is written to")
{
    receiver r{image_blocks, 1000};
    REQUIRE(r.writer->write("\0\0\2ab"s + marked_block("m")));
    CHECK(marks_of(*r.writer) == "m@1002 ");
}

TEST_CASE("Restart markers of TYPE A count the bytes as they are stored")
{
    receiver r{{.type = ascii, .structure = record, .mode = transfer_mode::compressed}};
    REQUIRE(r.writer->write("\0\x80\2ab\0\x10\2m1\6c\r\nd\r\n\0\x10\2m2"s));
    CHECK(marks_of(*r.writer) == "m1@3 m2@7 ");
}

TEST_CASE("A restart marker behind a CR is dropped in TYPE A, as what is stored is not known yet")
{
    receiver r{{.type = ascii, .mode = transfer_mode::block}};
    REQUIRE(r.writer->write("\0\0\2a\r"s + marked_block("m1") + "\0\0\1\n"s + marked_block("m2")));
    CHECK(marks_of(*r.writer) == "m2@2 ");
}

TEST_CASE("Of many restart markers the last 64 are kept")
{
    receiver r{image_blocks};
    std::string bytes;
    for (int i = 0; i < 1000; ++i)
        bytes += "\0\0\1x"s + marked_block(std::to_string(i));
    REQUIRE(r.writer->write(bytes));
    std::string expected;
    for (int i = 1000 - 64; i < 1000; ++i)
        expected += std::to_string(i) + "@" + std::to_string(i + 1) + " ";
    CHECK(marks_of(*r.writer) == expected);
}

TEST_CASE("A restart marker whose bytes the store could not take is not handed out")
{
    receiver r{image_blocks};
    r.file->fails_beyond = 1;
    REQUIRE_FALSE(r.writer->write("\0\0\2ab"s + marked_block("m")));
    CHECK_FALSE(r.writer->next_mark());
}

TEST_CASE("However much a deflated file grows, the store gets it in bounded pieces")
{
    // A byte in, a thousand out: of data, and of records that are a byte each.
    std::string records;
    while (records.size() < 100'000)
        records += "\xff\x01";
    for (const auto& part : {std::string(100'000, '\0'), records}) {
        constexpr std::size_t parts = 200;
        deflate_encoder encoder{9};
        std::string bytes;
        for (std::size_t i = 0; i < parts; ++i)
            REQUIRE(encoder.encode(part, bytes));
        REQUIRE(encoder.encode("\xff\x02", bytes));
        REQUIRE(encoder.finish(bytes));

        const transfer_coding coding{.structure = record, .mode = transfer_mode::deflate};
        receiver r{coding};
        REQUIRE(r.writer->write(bytes));
        CHECK(r.writer->commit());
        CHECK(r.file->bytes.size() >= parts * part.size() / 2);
        CHECK(r.file->largest_write <= 128 * 1024);
    }
}
