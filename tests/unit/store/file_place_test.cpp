// Places of files: local ones, those of a store, readers and writers that are there already.
#include "scratch_folder.hpp"
#include "system.hpp"

#include <libftp/error.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/memory_store.hpp>
#include <libftp/store/single_file.hpp>

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <sstream>

using namespace libftp;
using libftp::testing::is_windows;
using libftp::testing::scratch_folder;

namespace {

std::string read_all(file_reader& file)
{
    std::string all;
    std::array<char, 3> piece{};
    while (const auto n = file.read(piece).value())
        all.append(piece.data(), n);
    return all;
}

void write_all(result<std::unique_ptr<file_writer>> file, std::string_view bytes)
{
    REQUIRE(file.has_value());
    REQUIRE((*file)->write(bytes).has_value());
    REQUIRE((*file)->commit().has_value());
}

// Windows counts in 100 ns.
constexpr file_time some_time{std::chrono::nanoseconds{1'234'567'890'123'456'700 + (is_windows ? 0 : 89)}};

void check_place(file_place& place)
{
    CHECK(place.stat().value() == std::nullopt);
    CHECK(place.open_read(0).error() == store_errc::not_found);
    write_all(place.open_write(write_mode::replace, 0), "0123456789");
    CHECK(place.stat().value()->size == 10);
    CHECK(read_all(*place.open_read(0).value()) == "0123456789");
    CHECK(read_all(*place.open_read(7).value()) == "789");
    write_all(place.open_write(write_mode::resume, 4), "x");
    CHECK(read_all(*place.open_read(0).value()) == "0123x");
    REQUIRE(place.set_modified(some_time).has_value());
    CHECK(place.stat().value()->modified == some_time);
    (void)place.open_write(write_mode::replace, 0).value()->write("never committed");
    CHECK(read_all(*place.open_read(0).value()) == "0123x");
}

} // namespace

TEST_CASE("A local file is looked at, written, resumed, read and dated")
{
    const scratch_folder folder;
    check_place(*make_local_place(folder.path("a b")));
    CHECK(folder.names() == std::vector<std::string>{"a b"});
}

TEST_CASE("A file of a store is looked at, written, resumed, read and dated")
{
    const auto store = std::make_shared<memory_store>();
    const auto place = make_store_place(store, store_path{}.resolve("f").value());
    check_place(*place);
    CHECK(place->open_segment(0, 1, 1).error() == store_errc::not_supported);
}

TEST_CASE("A local file in a folder that is not there is not there, and not made")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("no/f"));
    CHECK(place->stat().value() == std::nullopt);
    CHECK(place->open_read(0).error() == std::errc::no_such_file_or_directory);
    CHECK(place->open_write(write_mode::replace, 0).error() == std::errc::no_such_file_or_directory);
    CHECK(place->open_segment(0, 1, 1).error() == std::errc::no_such_file_or_directory);
    CHECK(place->set_modified(some_time).error() == std::errc::no_such_file_or_directory);
}

TEST_CASE("A link to a local file is the place that it leads to, outside of its folder too")
{
    if (is_windows) {
        MESSAGE("skipped: links need a privilege here");
        return;
    }
    const scratch_folder folder;
    std::filesystem::create_directory(folder.path("here"));
    folder.write("f", "old");
    std::filesystem::create_symlink("../f", folder.path("here/link"));
    const auto place = make_local_place(folder.path("here/link"));
    CHECK(place->stat().value()->size == 3);
    CHECK(read_all(*place->open_read(0).value()) == "old");
    write_all(place->open_write(write_mode::replace, 0), "newer");
    CHECK(folder.read("f") == "newer");
    write_all(place->open_segment(0, 6, 6), "newest");
    CHECK(folder.read("f") == "newest");
    REQUIRE(place->set_modified(some_time).has_value());
    CHECK(make_local_place(folder.path("f"))->stat().value()->modified == some_time);
    CHECK(std::filesystem::is_symlink(folder.path("here/link")));
}

TEST_CASE("Only regular local files are places")
{
    const scratch_folder folder;
    const auto directory = make_local_place(folder.path().string());
    CHECK(directory->stat().value()->is_directory());
    CHECK(directory->open_read(0).error() == store_errc::is_a_directory);
    CHECK(directory->open_write(write_mode::replace, 0).error() == store_errc::is_a_directory);
    CHECK(directory->open_segment(0, 1, 1).error() == store_errc::is_a_directory);
    if (is_windows)
        CHECK(make_local_place("nul")->open_read(0).error() == store_errc::name_not_allowed);
    else
        CHECK(make_local_place("/dev/null")->open_segment(0, 1, 1).error() == store_errc::not_a_file);
    for (const auto* const name : {"", ".", "..", "folder/"}) {
        const auto place = make_local_place(name);
        CHECK_FALSE(place->stat().has_value());
        CHECK_FALSE(place->open_read(0).has_value());
        CHECK_FALSE(place->open_write(write_mode::replace, 0).has_value());
        CHECK_FALSE(place->open_segment(0, 1, 1).has_value());
        CHECK_FALSE(place->set_modified(some_time).has_value());
    }
}

TEST_CASE("A place for a sink gives it once, and can do nothing else")
{
    std::string text;
    const auto place = make_sink_place(make_text_writer(text));
    CHECK(place->stat().error() == store_errc::not_supported);
    CHECK(place->open_read(0).error() == store_errc::not_supported);
    CHECK(place->open_segment(0, 1, 1).error() == store_errc::not_supported);
    CHECK(place->set_modified(some_time).error() == store_errc::not_supported);
    write_all(place->open_write(write_mode::resume, 7), "abc");
    CHECK(text == "abc");
    CHECK(place->open_write(write_mode::replace, 0).error() == store_errc::not_supported);
}

TEST_CASE("A place for a source gives it once, and can do nothing else")
{
    const auto place = make_source_place(make_text_reader("abc"));
    CHECK(place->stat().error() == store_errc::not_supported);
    CHECK(place->open_write(write_mode::replace, 0).error() == store_errc::not_supported);
    CHECK(read_all(*place->open_read(7).value()) == "abc");
    CHECK(place->open_read(0).error() == store_errc::not_supported);
}

TEST_CASE("A writer of callbacks passes bytes and end on, and their errors back")
{
    std::string heard;
    const auto take = [&](std::string_view bytes) -> result<void> {
        if (bytes == "bad")
            return std::make_error_code(std::errc::io_error);
        heard += bytes;
        return {};
    };
    const auto writer = make_callback_writer(take, [&]() -> result<void> {
        heard += '.';
        return std::make_error_code(std::errc::no_space_on_device);
    });
    CHECK(writer->write("abc").has_value());
    CHECK(writer->write("bad").error() == std::errc::io_error);
    CHECK(writer->commit().error() == std::errc::no_space_on_device);
    CHECK(heard == "abc.");
    CHECK(make_callback_writer(take)->commit().has_value());
}

TEST_CASE("A reader of callbacks gives what they give")
{
    unsigned calls = 0;
    const auto reader = make_callback_reader([&](std::span<char> buffer) -> result<std::size_t> {
        if (++calls > 2)
            return std::make_error_code(std::errc::io_error);
        buffer[0] = 'a';
        return std::size_t{1};
    });
    CHECK_FALSE(reader->remaining());
    std::array<char, 8> buffer{};
    CHECK(reader->read(buffer).value() == 1);
    CHECK(reader->read(buffer).value() == 1);
    CHECK(reader->read(buffer).error() == std::errc::io_error);
}

TEST_CASE("Streams are written to and read from, to their end")
{
    std::ostringstream out;
    const auto writer = make_stream_writer(out);
    CHECK(writer->write("0123").has_value());
    CHECK(writer->write("456789").has_value());
    CHECK(writer->commit().has_value());
    CHECK(out.str() == "0123456789");
    std::istringstream in{out.str()};
    CHECK(read_all(*make_stream_reader(in)) == "0123456789");
}

TEST_CASE("A stream that fails is an error")
{
    std::ostringstream out;
    const auto writer = make_stream_writer(out);
    out.setstate(std::ios::badbit);
    CHECK(writer->write("0123").error() == std::errc::io_error);
    CHECK(writer->commit().error() == std::errc::io_error);
    std::istringstream in{"abc"};
    in.setstate(std::ios::badbit);
    std::array<char, 8> buffer{};
    CHECK(make_stream_reader(in)->read(buffer).error() == std::errc::io_error);
}

TEST_CASE("A stream that could not be opened is no empty file")
{
    std::istringstream stream{"abc"};
    stream.setstate(std::ios::failbit);
    const auto reader = make_stream_reader(stream);
    std::array<char, 4> buffer{};
    CHECK(reader->read(buffer).error() == std::errc::io_error);
}

TEST_CASE("A callback that has said that it is at the end is not asked again")
{
    int calls = 0;
    const auto reader = make_callback_reader(
        [&calls](std::span<char>) -> result<std::size_t> { return ++calls == 1 ? std::size_t{0} : std::size_t{1}; });
    std::array<char, 4> buffer{};
    CHECK(reader->read(buffer).value() == 0);
    CHECK(reader->read(buffer).value() == 0);
    CHECK(calls == 1);
}
