// What is typed at ftp-client's prompt.
#include "../../../apps/ftp-client/words.hpp"

#include <doctest/doctest.h>

using words = std::vector<std::string>;

TEST_CASE("Words are parted by spaces and tabs")
{
    CHECK(split_words("get a.jpg b.jpg") == words{"get", "a.jpg", "b.jpg"});
    CHECK(split_words("  get \t a.jpg  ") == words{"get", "a.jpg"});
    CHECK(split_words("") == words{});
    CHECK(split_words(" \t ") == words{});
}

TEST_CASE("Double quotes keep spaces in a word")
{
    CHECK(split_words("get \"a b.jpg\" c") == words{"get", "a b.jpg", "c"});
    CHECK(split_words("a\" \"b") == words{"a b"});
    CHECK(split_words("\"\" \"\"") == words{"", ""});
}

TEST_CASE("A backslash takes the next byte as it is, in quotes too")
{
    CHECK(split_words(R"(a\ b)") == words{"a b"});
    CHECK(split_words(R"(a\"b)") == words{"a\"b"});
    CHECK(split_words(R"("a\"b c\\")") == words{"a\"b c\\"});
    CHECK(split_words(R"(\n)") == words{"n"});
}

TEST_CASE("Single quotes do the same where a word begins, and keep backslashes")
{
    CHECK(split_words("get 'a b.jpg' c") == words{"get", "a b.jpg", "c"});
    CHECK(split_words(R"('a\b "c"' '')") == words{R"(a\b "c")", ""});
    CHECK(split_words("it's rock'n'roll \"it's\"") == words{"it's", "rock'n'roll", "it's"});
    CHECK(split_words(R"(\'tis)") == words{"'tis"});
    CHECK_FALSE(split_words("'tis"));
    CHECK(unquote("'a b'") == "a b");
    CHECK(unquote("'a' b'") == "'a' b'");
}

TEST_CASE("A quotation without end, or a backslash at the end, makes no words")
{
    CHECK_FALSE(split_words("\""));
    CHECK_FALSE(split_words("get \"a b"));
    CHECK_FALSE(split_words("a\\"));
    CHECK_FALSE(split_words(R"("a\")"));
}

TEST_CASE("Words are bytes in any encoding")
{
    CHECK(split_words("B\xc3\xa4r B\xe4r \xff") == words{"B\xc3\xa4r", "B\xe4r", "\xff"});
}

TEST_CASE("The rest of a line is an argument as typed")
{
    CHECK(unquote("a b.jpg") == "a b.jpg");
    CHECK(unquote(" a ") == " a ");
    CHECK(unquote(R"(a\ b)") == R"(a\ b)");
    CHECK(unquote(R"(5" disk)") == R"(5" disk)");
    CHECK(unquote(R"("a" "b")") == R"("a" "b")");
    CHECK(unquote("\"") == "\"");
    CHECK(unquote("") == "");
}

TEST_CASE("The rest of a line that is one quotation loses its quotes")
{
    CHECK(unquote("\" a b \"") == " a b ");
    CHECK(unquote(R"("a \"b\"")") == "a \"b\"");
    CHECK(unquote("\"\"") == "");
}

TEST_CASE("A file is stored under the last component of its path")
{
    CHECK(last_component("a.jpg") == "a.jpg");
    CHECK(last_component("/images/a.jpg") == "a.jpg");
    CHECK(last_component("../../a.jpg") == "a.jpg");
    CHECK(last_component("...") == "...");
    CHECK(last_component("~") == "~");
}

TEST_CASE("A path that ends in no name has no last component")
{
    for (const auto* path : {"", "/", "images/", ".", "..", "images/.", "images/.."}) {
        CAPTURE(path);
        CHECK_FALSE(last_component(path));
    }
}

TEST_CASE("The password of a URL is shown as stars")
{
    CHECK(without_url_password("open ftp://ann:secret@h/a") == "open ftp://ann:***@h/a");
    CHECK(without_url_password("open ftp://ann@h/a") == "open ftp://ann@h/a");
    CHECK(without_url_password("PWD") == "PWD");
}
