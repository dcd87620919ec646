// The layout of help on a screen and for man(1).
#include "../../../apps/common/help_layout.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("Text is broken between words, and no line is longer than the screen")
{
    const std::string word(30, 'x');
    const auto text = wrapped(word + " " + word + " " + word);
    CHECK(text == word + " " + word + "\n" + word + "\n");
    const auto long_word = std::string(help_width + 10, 'y');
    CHECK(wrapped(long_word) == long_word + "\n");
}

TEST_CASE("Each line is a paragraph, and one that begins with a space stays as it is")
{
    CHECK(wrapped("one  two\n  three   four\nfive") == "one two\n  three   four\nfive\n");
    CHECK(wrapped("") == "");
    CHECK(wrapped("a\n\nb") == "a\n\nb\n");
}

TEST_CASE("Names and meanings stand in two columns")
{
    CHECK(in_columns({{"-a", "first"}}) == "  -a                      first\n");
    const std::string name(30, 'n');
    CHECK(in_columns({{name, "m"}}) == "  " + name + "\n" + std::string(26, ' ') + "m\n");
    const std::string half(20, 'w');
    CHECK(in_columns({{"-a", half + " " + half + " " + half}}) ==
          "  -a                      " + half + " " + half + "\n" + std::string(26, ' ') + half + "\n");
    CHECK(in_columns({}) == "");
}

TEST_CASE("A title needs something below it")
{
    CHECK(titled("Usage", "  x\n") == "Usage:\n  x\n");
    CHECK(titled("Usage", "") == "");
}

TEST_CASE("For man(1) no text is taken for a request")
{
    CHECK(roff::text("a-b \\ c") == ".PP\na\\-b \\e c\n");
    CHECK(roff::verbatim(".x\n'y") == ".nf\n\\&.x\n\\&'y\n.fi\n");
    CHECK(roff::text("a\n  b\nc") == ".PP\na\n.PP\n.nf\n  b\n.fi\n.PP\nc\n");
    CHECK(roff::text("a\n  b") == ".PP\na\n.PP\n.nf\n  b\n.fi\n");
    CHECK(roff::rows({{"--x", ".y"}}) == ".TP\n\\fB\\-\\-x\\fR\n\\&.y\n");
    CHECK(roff::title("ftp-server", "libftp 1") == ".TH FTP\\-SERVER 1 \"\" \"libftp 1\"\n");
    CHECK(roff::section(roff::level::minor, "Rates") == ".SS \"Rates\"\n");
    CHECK(roff::section(roff::level::major, "Exit codes") == ".SH \"EXIT CODES\"\n");
}
