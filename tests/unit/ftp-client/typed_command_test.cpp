// How lines are read by the usage text of their row.
#include "../../../apps/ftp-client/typed_command.hpp"

#include <doctest/doctest.h>

namespace {

typed_command read(const vocabulary_row& row, std::string_view rest)
{
    typed_command typed;
    typed.row = &row;
    typed.name = row.names.front();
    read_arguments(typed, rest);
    return typed;
}

constexpr vocabulary_row get{.names = {"get"}, .arguments = "[-c] [-r] [-n COUNT] FILE [LOCAL]"};
constexpr vocabulary_row retr{.names = {"RETR"}, .arguments = "FILE"};
constexpr vocabulary_row mget{.names = {"mget"}, .arguments = "[--exclude GLOB] FILE..."};
constexpr vocabulary_row open_row{.names = {"open"}, .arguments = "[HOST [PORT]]"};

} // namespace

TEST_CASE("Words are counted against the usage text")
{
    CHECK(read(get, "").fault == "Usage: get [-c] [-r] [-n COUNT] FILE [LOCAL]");
    CHECK(read(get, "a").arguments == std::vector<std::string>{"a"});
    CHECK(read(get, "a \"b c\"").arguments == std::vector<std::string>{"a", "b c"});
    CHECK_FALSE(read(get, "a b c").fault.empty());
    CHECK(read(open_row, "").fault.empty());
    CHECK(read(open_row, "h 21").argument(1) == "21");
    CHECK_FALSE(read(open_row, "h 21 x").fault.empty());
    CHECK(read(mget, "a b c d").arguments.size() == 4);
    CHECK_FALSE(read(mget, "").fault.empty());
}

TEST_CASE("Options stand before the arguments, alone or in a bundle, with their values behind them")
{
    const auto one = read(get, "-c a");
    CHECK(one.has("-c"));
    CHECK_FALSE(one.has("-r"));
    CHECK(one.arguments == std::vector<std::string>{"a"});
    const auto bundle = read(get, "-cr -n 4 a");
    CHECK(bundle.has("-c"));
    CHECK(bundle.has("-r"));
    CHECK(bundle.value_of("-n") == "4");
    CHECK(bundle.fault.empty());
    const auto twice = read(mget, "--exclude *.o --exclude *.a all");
    CHECK(twice.value_of("--exclude") == "*.a");
    CHECK(twice.options.size() == 2);
}

TEST_CASE("Options may follow the arguments where the usage text has them there")
{
    const vocabulary_row find{.names = {"find"}, .arguments = "[DIRECTORY] [-name GLOB] [-type LETTER]"};
    for (const auto* line :
         {"images -name *.jpg -type f", "-name *.jpg images -type f", "-type f -name *.jpg images"}) {
        const auto typed = read(find, line);
        CHECK(typed.arguments == std::vector<std::string>{"images"});
        CHECK(typed.value_of("-name") == "*.jpg");
        CHECK(typed.value_of("-type") == "f");
        CHECK(typed.fault.empty());
    }
    CHECK(read(find, "-name x -- -name").arguments == std::vector<std::string>{"-name"});
    CHECK_FALSE(read(find, "images -name").fault.empty());
}

TEST_CASE("What is no option of the row, or lacks its value, is answered with the usage")
{
    for (const auto* line : {"-x a", "-cx a", "-n", "-cn 4 a", "--exclude a"})
        CHECK_FALSE(read(get, line).fault.empty());
    CHECK(read(get, "-c").fault == "Usage: get [-c] [-r] [-n COUNT] FILE [LOCAL]");
}

TEST_CASE("Two dashes end the options, and one alone is a name")
{
    CHECK(read(get, "-- -c").arguments == std::vector<std::string>{"-c"});
    CHECK(read(get, "a -").arguments == std::vector<std::string>{"a", "-"});
    CHECK(read(get, "a -c").arguments == std::vector<std::string>{"a", "-c"});
}

TEST_CASE("A verb with one argument takes the rest of the line")
{
    CHECK(takes_rest_of_line(retr, "RETR"));
    CHECK_FALSE(takes_rest_of_line(get, "get"));
    CHECK(read(retr, "a b.jpg").arguments == std::vector<std::string>{"a b.jpg"});
    CHECK(read(retr, "\"a b\"").arguments == std::vector<std::string>{"a b"});
    CHECK(read(retr, "-c").arguments == std::vector<std::string>{"-c"});
}

TEST_CASE("A quotation that does not end is a fault")
{
    CHECK(read(get, "\"a").fault == "The line ends within a quotation.");
}

TEST_CASE("Passwords are taken out of what is shown")
{
    const vocabulary_row pass{.names = {"PASS"}, .arguments = "[PASSWORD]"};
    const vocabulary_row user{.names = {"user"}, .arguments = "NAME [PASSWORD]"};
    CHECK(without_passwords(read(pass, "hush"), "PASS hush") == "PASS ***");
    CHECK(without_passwords(read(pass, ""), "PASS") == "PASS");
    CHECK(without_passwords(read(user, "ann hush"), "user ann hush") == "user ann ***");
    CHECK(without_passwords(read(user, "ann"), "user ann") == "user ann");
    CHECK(without_passwords(read(open_row, "ftp://a:hush@h"), "open ftp://a:hush@h") == "open ftp://a:***@h");
}
