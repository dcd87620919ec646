// Colours of names.
#include "../../../apps/ftp-client/listing_colours.hpp"

#include <doctest/doctest.h>

using libftp::file_info;
using libftp::file_type;

TEST_CASE("Types have the colours of ls, and files none")
{
    const listing_colours colours{""};
    CHECK(colours.of(file_info{.name = "d", .type = file_type::directory}) == "01;34");
    CHECK(colours.of(file_info{.name = "l", .type = file_type::symbolic_link}) == "01;36");
    CHECK(colours.of(file_info{.name = "x", .mode = 0755}) == "01;32");
    CHECK(colours.of(file_info{.name = "f", .mode = 0644}).empty());
}

TEST_CASE("LS_COLORS decides, by type and by the end of the name, and the last rule wins")
{
    const listing_colours colours{"di=33:*.tar=31:*.gz=31:*.tar.gz=35:ex=1"};
    CHECK(colours.of(file_info{.name = "d", .type = file_type::directory}) == "33");
    CHECK(colours.of(file_info{.name = "a.tar.gz"}) == "35");
    CHECK(colours.of(file_info{.name = "a.gz"}) == "31");
    CHECK(colours.of(file_info{.name = "x", .mode = 0100}) == "1");
}

TEST_CASE("What is no colour never reaches the terminal")
{
    const listing_colours colours{"di=\x1b]0;x\x07:ln=:*.c=2J\x1b[:nothing::=:*=31"};
    CHECK(colours.of(file_info{.name = "d", .type = file_type::directory}) == "01;34");
    CHECK(colours.of(file_info{.name = "a.c"}).empty());
}

TEST_CASE("Without colours there are none")
{
    CHECK(listing_colours{}.of(file_info{.name = "d", .type = file_type::directory}).empty());
}
