// Lines of commands made from one text, and from words.
#include <doctest/doctest.h>

#include "../../../apps/ftp-client/command_lines.hpp"
#include "../../../apps/ftp-client/words.hpp"

using commands = std::vector<std::string>;

TEST_CASE("Semicolons and line ends part commands, and what is empty is none")
{
    CHECK(split_commands("cd images; ls") == commands{"cd images", "ls"});
    CHECK(split_commands("PWD\nls\n\n; ;\r\n") == commands{"PWD", "ls"});
    CHECK(split_commands("").empty());
    CHECK(split_commands(" \t").empty());
}

TEST_CASE("A semicolon in quotes or behind a backslash belongs to its command")
{
    CHECK(split_commands("get \"a;b\"; ls") == commands{"get \"a;b\"", "ls"});
    CHECK(split_commands("get a\\;b;ls") == commands{"get a\\;b", "ls"});
    CHECK(split_commands("get \"a\\\";b\";ls") == commands{"get \"a\\\";b\"", "ls"});
    CHECK(split_commands("get \"a;b") == commands{"get \"a;b"});
    CHECK(split_commands("get 'a;b';ls it's;'c;'") == commands{"get 'a;b'", "ls it's", "'c;'"});
    CHECK(split_commands("a\\") == commands{"a\\"});
}

TEST_CASE("A quoted word reads as it was, whatever is in it")
{
    for (const std::string word : {"", "a", "a b", "a\"b\\c", "\\", "\"", ";", "a\nb", "-c", "a|b>c&"}) {
        CAPTURE(word);
        CHECK(split_words(quote_word(word)) == commands{word});
        CHECK(split_commands(quote_word(word)).size() == 1);
    }
}
