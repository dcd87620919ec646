// The part of TOML that configuration files are written in.
#include "../../../apps/ftp-server/toml_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

std::vector<toml_entry> read(std::string_view text)
{
    auto entries = read_toml(text);
    REQUIRE_MESSAGE(entries, entries.error().reason);
    return *entries;
}

std::string value(std::string_view text)
{
    const auto entries = read("key = " + std::string{text});
    REQUIRE(entries.size() == 1);
    REQUIRE(entries.front().values.size() == 1);
    return entries.front().values.front();
}

void check_fault(std::string_view text, std::size_t line, std::string_view words)
{
    CAPTURE(text);
    const auto entries = read_toml(text);
    REQUIRE_FALSE(entries);
    CHECK(entries.error().line == line);
    CHECK_MESSAGE(entries.error().reason.find(words) != std::string::npos, entries.error().reason);
}

} // namespace

TEST_CASE("Every entry has its key, its value and its line")
{
    const auto entries = read("# the port\n\nport = 21\r\n\tdirectory = \"/srv\" # here\nwrite=true");
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].key == "port");
    CHECK(entries[0].values == std::vector<std::string>{"21"});
    CHECK(entries[0].line == 3);
    CHECK(entries[1].key == "directory");
    CHECK(entries[1].values == std::vector<std::string>{"/srv"});
    CHECK(entries[1].line == 4);
    CHECK(entries[2].values == std::vector<std::string>{"true"});
    CHECK(entries[2].line == 5);
}

TEST_CASE("A file without entries has none")
{
    CHECK(read("").empty());
    CHECK(read("\n# nothing\n \t\n").empty());
}

TEST_CASE("A list has its values, on as many lines as it likes")
{
    const auto entries = read("a = [\"x\", 'y', 3,]\nb = [\n  \"x\", # first\n\n  \"y\"\n]\nc = []");
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].values == std::vector<std::string>{"x", "y", "3"});
    CHECK(entries[1].values == std::vector<std::string>{"x", "y"});
    CHECK(entries[1].line == 2);
    CHECK(entries[2].values.empty());
    CHECK(entries[2].line == 7);
}

TEST_CASE("A string may hold what is something else outside of it")
{
    CHECK(value("\"Room #1, [x] = 'y'\"") == "Room #1, [x] = 'y'");
    CHECK(value("'a \\ \"b\" #'") == "a \\ \"b\" #");
    CHECK(value("\"\"") == "");
    CHECK(value("''") == "");
}

TEST_CASE("Escapes stand for what TOML says")
{
    CHECK(value(R"("\b\t\n\f\r\"\\")") == "\b\t\n\f\r\"\\");
    CHECK(value(R"("\u00e9 \u20AC \U0001F600")") == "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST_CASE("Numbers may be written with underscores")
{
    CHECK(value("10_000") == "10000");
    CHECK(value("-1") == "-1");
    CHECK(value("1.5") == "1.5");
}

TEST_CASE("What is not understood is named with its line")
{
    check_fault("port", 1, "KEY = VALUE");
    check_fault("a = 1\n= 2", 2, "KEY = VALUE");
    check_fault("a =", 1, "no value");
    check_fault("a = \n1", 1, "no value");
    check_fault("a = plain", 1, "in quotes");
    check_fault("\na = \"x", 2, "does not end");
    check_fault("a = \"x\ny\"", 1, "does not end");
    check_fault("a = 'x", 1, "does not end");
    check_fault("a = \"\"\"x\"\"\"", 1, "one line");
    check_fault("a = '''x'''", 1, "one line");
    check_fault("a = 1 2", 1, "more on the line");
    check_fault("a = \"x\" y", 1, "more on the line");
    check_fault("a = [1 2]", 1, "commas");
    check_fault("a = [1,\n2", 2, "commas");
    check_fault("a = [\n\n", 3, "no value");
    check_fault("a = 1\n[table]\n", 2, "no tables");
    check_fault("a = 1\n\nb = 2\na = 3", 4, "line 1 already");
    check_fault(R"(a = "\x")", 1, "escape");
    check_fault(R"(a = "\u12")", 1, "escape");
    check_fault(R"(a = "\uD800")", 1, "escape");
    check_fault(R"(a = "\U00110000")", 1, "escape");
    check_fault("a = \"\\", 1, "escape");
    check_fault("\n"
                R"(a = "\u0000")",
                2, "NUL");
    check_fault({"a = 'x\0y'", 9}, 1, "NUL");
}

TEST_CASE("No beginning of a file is more than a fault")
{
    const std::string text = "a = [ \"x\\u00e9\", 'y', # z\n 1_0 ]\r\nb = true\nc = \"\\\\\"\n";
    for (std::size_t size = 0; size <= text.size(); ++size)
        (void)read_toml(std::string_view{text}.substr(0, size));
    CHECK(read(text).size() == 3);
}

TEST_CASE("A string that is written is read as it was")
{
    for (const std::string text : {"", "plain", "a \"b\" \\ c", "# no comment", "two\nlines"})
        CHECK(value(toml_string(text)) == text);
}
