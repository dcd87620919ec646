// A file in parts, written at the same time.
#include "scratch_folder.hpp"
#include "threads.hpp"

#include <libftp/error.hpp>
#include <libftp/store/file_place.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include <sys/stat.h>

using namespace libftp;
using libftp::testing::scratch_folder;

namespace {

using parts = std::vector<std::unique_ptr<file_writer>>;

/// Two parts of `0123456789`, written but not committed.
parts write_two(file_place& place)
{
    parts opened;
    opened.push_back(place.open_segment(0, 4, 10).value());
    opened.push_back(place.open_segment(4, 6, 10).value());
    REQUIRE(opened[1]->write("45678").has_value());
    REQUIRE(opened[0]->write("0123").has_value());
    REQUIRE(opened[1]->write("9").has_value());
    return opened;
}

} // namespace

TEST_CASE("A file in parts appears with the last of them, in whatever order they are committed")
{
    for (const auto& order : {std::array{0U, 1U}, std::array{1U, 0U}}) {
        const scratch_folder folder;
        const auto place = make_local_place(folder.path("f"));
        auto opened = write_two(*place);
        CHECK(opened[order[0]]->commit().has_value());
        opened[order[0]].reset();
        CHECK_FALSE(folder.has("f"));
        CHECK(opened[order[1]]->commit().has_value());
        CHECK(folder.read("f") == "0123456789");
        opened.clear();
        CHECK(folder.names() == std::vector<std::string>{"f"});
    }
}

TEST_CASE("A file in parts goes with its last writer if one was not committed, and the older file stays")
{
    const scratch_folder folder;
    folder.write("f", "older");
    const auto place = make_local_place(folder.path("f"));
    auto opened = write_two(*place);
    CHECK(opened[0]->commit().has_value());
    opened.clear();
    CHECK(folder.names() == std::vector<std::string>{"f"});
    CHECK(folder.read("f") == "older");
    auto again = place->open_segment(4, 6, 10).value();
    REQUIRE(again->write("456789").has_value());
    CHECK(again->commit().has_value());
    CHECK(folder.read("f") == "older");
}

TEST_CASE("A file in parts keeps the mode of the one that it replaces")
{
    const scratch_folder folder;
    folder.write("f", "older");
    REQUIRE(::chmod(folder.path("f").c_str(), 0640) == 0);
    const auto place = make_local_place(folder.path("f"));
    for (const auto& part : write_two(*place))
        CHECK(part->commit().has_value());
    CHECK(folder.read("f") == "0123456789");
    CHECK(std::filesystem::status(folder.path("f")).permissions() == std::filesystem::perms{0640});
}

TEST_CASE("A part takes as many bytes as it has, no fewer and no more")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    auto part = place->open_segment(0, 3, 3).value();
    CHECK(part->write("01").has_value());
    CHECK(part->write("23").error() == std::errc::file_too_large);
    CHECK(part->commit().error() == protocol_errc::transfer_incomplete);
    CHECK_FALSE(folder.has("f"));
}

TEST_CASE("A part lies within the file")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    CHECK(place->open_segment(11, 0, 10).error() == store_errc::offset_invalid);
    CHECK(place->open_segment(4, 7, 10).error() == store_errc::offset_invalid);
    CHECK(place->open_segment(4, ~std::uint64_t{0}, 10).error() == store_errc::offset_invalid);
    CHECK(folder.names().empty());
}

TEST_CASE("A part that is opened once more takes the place of one that was given up")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    auto opened = write_two(*place);
    auto again = place->open_segment(0, 4, 10).value();
    opened[0].reset();
    CHECK(opened[1]->commit().has_value());
    REQUIRE(again->write("abcd").has_value());
    CHECK(again->commit().has_value());
    CHECK(folder.read("f") == "abcd456789");
}

TEST_CASE("Parts of another size, or after the file has appeared, are of another file")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    auto opened = write_two(*place);
    auto other = place->open_segment(0, 1, 1).value();
    REQUIRE(other->write("x").has_value());
    CHECK(other->commit().has_value());
    CHECK(folder.read("f") == "x");
    auto third = place->open_segment(0, 1, 1).value();
    REQUIRE(third->write("y").has_value());
    CHECK(folder.read("f") == "x");
    for (const auto& part : opened)
        CHECK(part->commit().has_value());
    CHECK(folder.read("f") == "0123456789");
}

TEST_CASE("An empty file has one empty part")
{
    const scratch_folder folder;
    CHECK(make_local_place(folder.path("f"))->open_segment(0, 0, 0).value()->commit().has_value());
    CHECK(folder.has("f"));
}

TEST_CASE("Names of unfinished files are not for others")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path(".libftp-0123456789abcdef"));
    CHECK(place->open_segment(0, 1, 1).error() == store_errc::name_not_allowed);
}

TEST_CASE("A commit that fails can be made up for by nobody, and leaves nothing")
{
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    {
        auto opened = write_two(*place);
        CHECK(opened[0]->commit().has_value());
        std::filesystem::create_directory(folder.path("f"));
        CHECK_FALSE(opened[1]->commit().has_value());
    }
    CHECK(std::filesystem::is_directory(folder.path("f")));
    CHECK(folder.names() == std::vector<std::string>{"f"});
}

TEST_CASE("Parts are written and committed on several threads")
{
    constexpr std::size_t count = 8;
    constexpr std::size_t part_bytes = 10'000;
    const scratch_folder folder;
    const auto place = make_local_place(folder.path("f"));
    parts opened;
    for (std::size_t i = 0; i < count; ++i)
        opened.push_back(place->open_segment(i * part_bytes, part_bytes, count * part_bytes).value());
    testing::on_threads(count, [&](std::size_t number) {
        const std::string piece(100, static_cast<char>('a' + number));
        for (std::size_t i = 0; i < part_bytes / piece.size(); ++i)
            CHECK(opened[number]->write(piece).has_value());
        CHECK(opened[number]->commit().has_value());
    });
    const auto content = folder.read("f");
    CHECK(content.size() == count * part_bytes);
    CHECK(std::ranges::is_sorted(content));
}
