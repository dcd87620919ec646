// How directories look to people.
#include "../../../apps/ftp-client/listing_display.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using libftp::file_type;
using libftp::listed_entry;

namespace {

listed_entry entry(std::string name, file_type type = file_type::file)
{
    listed_entry made;
    made.name = std::move(name);
    made.type = type;
    return made;
}

std::vector<std::string> names_in(std::size_t width, std::vector<listed_entry> entries)
{
    return lay_out(entries, {.look = listing_look::columns, .width = width}, {});
}

libftp::file_time at(std::string_view timestamp)
{
    return *libftp::parse_timestamp(timestamp);
}

} // namespace

TEST_CASE("Names stand in as many columns as fit, downwards first")
{
    const std::vector<listed_entry> entries{entry("a"), entry("b"), entry("c"), entry("dddd"), entry("e")};
    CHECK(names_in(80, entries) == std::vector<std::string>{"a  b  c  dddd  e"});
    CHECK(names_in(12, entries) == std::vector<std::string>{"a  c     e", "b  dddd"});
    CHECK(names_in(3, entries) == std::vector<std::string>{"a", "b", "c", "dddd", "e"});
    CHECK(names_in(80, {}).empty());
    CHECK(names_in(2, {entry("wider than that")}) == std::vector<std::string>{"wider than that"});
}

TEST_CASE("Letters that take two columns are counted as such")
{
    CHECK(names_in(80, {entry("\xe5\x86\x99"), entry("b")}) == std::vector<std::string>{"\xe5\x86\x99  b"});
    CHECK(names_in(5, {entry("\xe5\x86\x99\xe5\x86\x99"), entry("b")}).size() == 2);
}

TEST_CASE("Directories and links are marked, and control bytes are escaped")
{
    CHECK(names_in(80, {entry("d", file_type::directory), entry("l", file_type::symbolic_link), entry("a\x1b[2J")}) ==
          std::vector<std::string>{"d/  l@  a\\x1b[2J"});
}

TEST_CASE("Colours do not count as columns")
{
    const std::vector<listed_entry> entries{entry("d", file_type::directory), entry("e")};
    const auto lines = lay_out(entries, {.look = listing_look::columns, .width = 80}, listing_colours{""});
    CHECK(lines == std::vector<std::string>{"\x1b[01;34md\x1b[0m/  e"});
}

TEST_CASE("The long form shows what is known, and a dash or question marks for what is not")
{
    setenv("TZ", "UTC", 1);
    tzset();
    auto file = entry("a.jpg");
    file.size = 128'000;
    file.mode = 0640;
    file.owner = "ann";
    file.group = "staff";
    file.modified = at("20261120101500");
    file.precision = libftp::time_precision::second;
    auto old = entry("link", file_type::symbolic_link);
    old.link_target = "there\n";
    old.modified = at("20240229101500");
    old.precision = libftp::time_precision::second;
    const std::vector<listed_entry> entries{file, old, entry("images", file_type::directory)};
    const auto lines = lay_out(entries, {.look = listing_look::long_form, .now = at("20261121000000")}, {});
    CHECK(lines == std::vector<std::string>{"-rw-r-----  ann  staff  128 kB  Nov 20 10:15  a.jpg",
                                            "l?????????                   -  Feb 29  2024  link -> there\\x0a",
                                            "d?????????                   -  -             images/"});
}

TEST_CASE("The long form shows who a program runs as, and directories where each may delete only what is theirs")
{
    std::vector<listed_entry> entries{entry("a"), entry("b"), entry("c", file_type::directory)};
    entries[0].mode = 06755;
    entries[1].mode = 07644;
    entries[2].mode = 01777;
    const auto lines = lay_out(entries, {.look = listing_look::long_form}, {});
    CHECK(lines == std::vector<std::string>{"-rwsr-sr-x  -  -  a", "-rwSr-Sr-T  -  -  b", "drwxrwxrwt  -  -  c/"});
}

TEST_CASE("One name a line stands as it is, for programs")
{
    const std::vector<listed_entry> entries{entry("a"), entry("bb", file_type::directory)};
    CHECK(lay_out(entries, {.look = listing_look::one_a_line}, {}) == std::vector<std::string>{"a", "bb"});
}
