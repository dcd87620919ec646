// The text of the file of bookmarks.
#include <doctest/doctest.h>

#include "../../../apps/ftp-client/bookmarks.hpp"

TEST_CASE("A bookmark is a line with a name and a URL, and other lines are passed over")
{
    const auto found = parse_bookmarks("# mine\nwork ftp://ann@h/\n\n  home\tftps://h/a \r\nnone\na b c\nlast ftp://x");
    REQUIRE(found.size() == 3);
    CHECK(found[0].name == "work");
    CHECK(found[0].url == "ftp://ann@h/");
    CHECK(found[1].name == "home");
    CHECK(found[1].url == "ftps://h/a");
    CHECK(found[2].url == "ftp://x");
}

TEST_CASE("A bookmark is found by its exact name, the last one of several")
{
    constexpr auto* text = "a ftp://1\nb ftp://2\na ftp://3\n";
    CHECK(find_bookmark(text, "a") == "ftp://3");
    CHECK(find_bookmark(text, "b") == "ftp://2");
    CHECK_FALSE(find_bookmark(text, "A"));
    CHECK_FALSE(find_bookmark("", "a"));
}

TEST_CASE("Adding and deleting a bookmark leaves all other lines as they were")
{
    CHECK(with_bookmark("", {"a", "ftp://1"}) == "a ftp://1\n");
    CHECK(with_bookmark("# x\na ftp://1\nodd\nb ftp://2", {"a", "ftp://3"}) == "# x\nodd\nb ftp://2\na ftp://3\n");
    CHECK(without_bookmark("# x\r\na ftp://1\n\nb ftp://2\na ftp://3", "a") == "# x\r\n\nb ftp://2\n");
    CHECK(without_bookmark("a ftp://1", "b") == "a ftp://1");
    CHECK(without_bookmark("", "b").empty());
}

TEST_CASE("A bookmark's name can be told from a URL, a comment and an option")
{
    for (const auto* name : {"a", "work", "b\xc3\xa4r", "a.b", "a-1", "10"})
        CHECK(is_bookmark_name(name));
    for (const auto* name : {"", "#a", "-a", "a b", "ftp://h", "a@h", "h:21", "a\n", "a\x1b", "\"a\"", "a\\"})
        CHECK_FALSE(is_bookmark_name(name));
}
