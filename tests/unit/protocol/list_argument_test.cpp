// The arguments that clients send with LIST and NLST.
#include <doctest/doctest.h>

#include <libftp/protocol/list_argument.hpp>

#include <string>

using namespace libftp;

namespace {

list_options options_of(std::string_view text)
{
    return parse_list_argument(text).options;
}

std::string path_of(std::string_view text)
{
    return std::string{parse_list_argument(text).path};
}

} // namespace

TEST_CASE("Without options the whole text is the path")
{
    for (const std::string text : {"", "a", "a b", " a", "a -l", "/x", "\"-la\"", "~", "a ", "*.txt", " -l", "\xff"}) {
        CAPTURE(text);
        CHECK(path_of(text) == text);
        CHECK(options_of(text) == list_options{});
    }
}

TEST_CASE("Each letter sets its option")
{
    CHECK(options_of("-a") == list_options{.shows_dots = true});
    CHECK(options_of("-l") == list_options{.is_long = true});
    CHECK(options_of("-1") == list_options{.is_short = true});
    CHECK(options_of("-R") == list_options{.is_recursive = true});
    CHECK(options_of("-r") == list_options{.is_reversed = true});
    CHECK(options_of("-d") == list_options{.lists_itself = true});
    CHECK(options_of("-F") == list_options{.marks_types = true});
    CHECK(options_of("-t") == list_options{.order = list_order::by_time});
    CHECK(options_of("-S") == list_options{.order = list_order::by_size});
}

TEST_CASE("Options come as words of one letter or more")
{
    const list_options both{.shows_dots = true, .is_long = true};
    for (const auto* text : {"-la", "-al", "-l -a", "-a -l", "-l  -a", "-la "})
        CHECK(parse_list_argument(text).options == both);
    CHECK(path_of("-laR /x") == "/x");
    CHECK(options_of("-laR /x") == list_options{.shows_dots = true, .is_long = true, .is_recursive = true});
    CHECK(path_of("-l -a") == "");
    CHECK(path_of("-l -a x") == "x");
}

TEST_CASE("Letters that mean nothing are ignored, and so are long options")
{
    for (const auto* text : {"-T", "-L", "-A", "-C", "-hgo", "--all", "--color=auto", "-\xff", "-\"'*"}) {
        CAPTURE(text);
        CHECK(options_of(text) == list_options{});
        CHECK(path_of(text) == "");
    }
    CHECK(options_of("-aL dir with spaces") == list_options{.shows_dots = true});
    CHECK(path_of("-aL dir with spaces") == "dir with spaces");
    CHECK(path_of("--all x") == "x");
}

TEST_CASE("Of options that contradict each other the last counts")
{
    CHECK(options_of("-l1") == list_options{.is_short = true});
    CHECK(options_of("-1 -l") == list_options{.is_long = true});
    CHECK(options_of("-tS").order == list_order::by_size);
    CHECK(options_of("-S -t").order == list_order::by_time);
}

TEST_CASE("Options end at the first word without a dash")
{
    CHECK(path_of("-a dir -l") == "dir -l");
    CHECK(options_of("-a dir -l") == list_options{.shows_dots = true});
    CHECK(path_of("-a ./-l") == "./-l");
}

TEST_CASE("Two dashes end the options, and one space behind them is no part of the path")
{
    CHECK(path_of("-- -la") == "-la");
    CHECK(path_of("-- ") == "");
    CHECK(path_of("--") == "");
    CHECK(path_of("--  a") == " a");
    CHECK(path_of("-l --  -- b") == " -- b");
    CHECK(options_of("-l -- -a") == list_options{.is_long = true});
}

TEST_CASE("A dash alone is a name")
{
    CHECK(path_of("-") == "-");
    CHECK(path_of("- -l") == "- -l");
    CHECK(path_of("-l -") == "-");
    CHECK(options_of("-l - -a") == list_options{.is_long = true});
}

TEST_CASE("Any number of spaces parts options from the path, whose own trailing spaces are kept")
{
    CHECK(path_of("-l   a  b ") == "a  b ");
    CHECK(path_of("-l   ") == "");
}
