// Files outside of any store.
#include "scratch_folder.hpp"
#include "system.hpp"

#include <libftp/store/single_file.hpp>

#include <doctest/doctest.h>

#include <array>
#include <filesystem>

using namespace libftp;
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

} // namespace

TEST_CASE("A text is read in pieces to its end")
{
    const auto reader = make_text_reader("0123456789");
    CHECK(reader->remaining() == 10);
    CHECK(read_all(*reader) == "0123456789");
    CHECK(reader->remaining() == 0);
}

TEST_CASE("A text takes what is written, at its end")
{
    std::string text = "a";
    const auto writer = make_text_writer(text);
    REQUIRE(writer->write("bc").has_value());
    REQUIRE(writer->commit().has_value());
    CHECK(text == "abc");
}

TEST_CASE("A text takes no more than its limit")
{
    std::string text;
    const auto writer = make_text_writer(text, 3);
    CHECK(writer->write("ab").has_value());
    CHECK(writer->write("cd").error() == std::errc::file_too_large);
    CHECK(writer->write("c").has_value());
    CHECK(text == "abc");
}

TEST_CASE("A shared text may be written to by who is left of those that share it")
{
    auto text = std::make_shared<std::string>("a");
    const std::weak_ptr kept = text;
    const auto writer = make_text_writer(std::move(text), 2);
    CHECK(writer->write("bc").has_value());
    CHECK(writer->write("d").error() == std::errc::file_too_large);
    REQUIRE(!kept.expired());
    CHECK(*kept.lock() == "abc");
}

TEST_CASE("A local file appears at commit and is read from an offset")
{
    const scratch_folder folder;
    const auto path = folder.path("a b.txt");
    {
        auto writer = create_local_file(path).value();
        REQUIRE(writer->write("0123456789").has_value());
        CHECK_FALSE(std::filesystem::exists(path));
        REQUIRE(writer->commit().has_value());
    }
    CHECK(read_all(*open_local_file(path).value()) == "0123456789");
    CHECK(read_all(*open_local_file(path, 7).value()) == "789");
}

TEST_CASE("A local file that is continued changes in place")
{
    const scratch_folder folder;
    folder.write("f", "0123456789");
    auto writer = create_local_file(folder.path("f"), write_mode::resume, 4).value();
    REQUIRE(writer->write("x").has_value());
    REQUIRE(writer->commit().has_value());
    CHECK(read_all(*open_local_file(folder.path("f")).value()) == "0123x");
}

TEST_CASE("A link to a local file is followed out of its folder, and stays when the file is written")
{
    if (libftp::testing::is_windows) {
        MESSAGE("skipped: links need a privilege here");
        return;
    }
    const scratch_folder folder;
    std::filesystem::create_directory(folder.path("here"));
    std::filesystem::create_directory(folder.path("there"));
    folder.write("there/f", "0123456789");
    const auto link = folder.path("here/link");
    std::filesystem::create_symlink("../there/next", link);
    std::filesystem::create_symlink(folder.path("there/f"), folder.path("there/next"));
    CHECK(read_all(*open_local_file(link, 7).value()) == "789");

    const auto write = [&](std::string_view text, write_mode mode, std::uint64_t offset) {
        const auto writer = create_local_file(link, mode, offset).value();
        REQUIRE(writer->write(text).has_value());
        REQUIRE(writer->commit().has_value());
        return folder.read("there/f");
    };
    CHECK(write("new", write_mode::replace, 0) == "new");
    CHECK(write("er", write_mode::append, 0) == "newer");
    CHECK(write("xt", write_mode::resume, 2) == "next");
    CHECK(create_local_file(link, write_mode::create).error() == store_errc::already_exists);
    CHECK(std::filesystem::is_symlink(link));
    CHECK(std::filesystem::is_symlink(folder.path("there/next")));
}

TEST_CASE("A link to no local file at all stands for itself")
{
    if (libftp::testing::is_windows) {
        MESSAGE("skipped: links need a privilege here");
        return;
    }
    const scratch_folder folder;
    std::filesystem::create_symlink("missing", folder.path("dangling"));
    std::filesystem::create_symlink("round", folder.path("round"));
    std::filesystem::create_symlink(folder.path(), folder.path("to_folder"));
    CHECK(open_local_file(folder.path("dangling")).error() == store_errc::not_found);
    CHECK(open_local_file(folder.path("round")).error() == store_errc::not_found);
    CHECK(open_local_file(folder.path("to_folder")).error() == store_errc::is_a_directory);
    const auto writer = create_local_file(folder.path("dangling")).value();
    REQUIRE(writer->write("text").has_value());
    REQUIRE(writer->commit().has_value());
    CHECK(folder.read("dangling") == "text");
    CHECK_FALSE(folder.has("missing"));
}

TEST_CASE("What is not a regular file, or not there, is refused")
{
    const scratch_folder folder;
    CHECK(open_local_file(folder.path("none")).error() == store_errc::not_found);
    CHECK(open_local_file(folder.path(".")).error() == store_errc::is_a_directory);
    CHECK(create_local_file(folder.path("..")).error() == store_errc::is_a_directory);
    CHECK(create_local_file(folder.path("no/such/folder")).error() == std::errc::no_such_file_or_directory);
    CHECK(create_local_file(folder.path("")).error() == store_errc::name_not_allowed);
    if (libftp::testing::is_windows)
        CHECK(open_local_file("nul").error() == store_errc::name_not_allowed);
    else
        CHECK(open_local_file("/dev/null").error() == store_errc::not_a_file);
}
