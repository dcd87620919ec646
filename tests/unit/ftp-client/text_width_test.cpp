// Texts in the columns of a terminal.
#include "../../../apps/ftp-client/text_width.hpp"

#include <doctest/doctest.h>

TEST_CASE("A letter takes one column, whatever its bytes, and a wide one two")
{
    CHECK(columns_of("") == 0);
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("B\u00e4r") == 3);
    CHECK(columns_of("\u65e5\u672c") == 4);
    CHECK(columns_of("\U0001F600") == 2);
    CHECK(columns_of("a\u0308") == 1);
}

TEST_CASE("A byte that is no UTF-8 takes one column")
{
    CHECK(columns_of("B\xe4r") == 3);
    CHECK(columns_of("\xff") == 1);
    CHECK(columns_of("\xe6\x97") == 2);
    CHECK(columns_of("\x80\xbf") == 2);
}

TEST_CASE("A text that is too wide loses its middle")
{
    CHECK(shorten("abcdefghij", 10) == "abcdefghij");
    CHECK(shorten("abcdefghijk", 10) == "abcd...ijk");
    CHECK(shorten("abcdefghijk", 5) == "a...k");
    CHECK(shorten("abcdefghijk", 4) == "abcd");
    CHECK(shorten("abcdefghijk", 0) == "");
}

TEST_CASE("No letter is cut in two")
{
    CHECK(shorten("\u65e5\u672c\u8a9e\u65e5\u672c", 8) == "\u65e5...\u672c");
    CHECK(shorten("\u65e5\u672c\u8a9e", 3) == "\u65e5");
    CHECK(columns_of(shorten("\u65e5\u672c\u8a9e\u65e5\u672c", 7)) <= 7);
}

TEST_CASE("A text that is too narrow is filled up with spaces")
{
    CHECK(fit("ab", 4) == "ab  ");
    CHECK(fit("\u65e5", 4) == "\u65e5  ");
    CHECK(columns_of(fit("\u65e5\u672c\u8a9e\u65e5\u672c", 8)) == 8);
}
