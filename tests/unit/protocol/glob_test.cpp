// Which names fit which patterns.
#include <doctest/doctest.h>

#include <libftp/protocol/glob.hpp>

#include <string>

using libftp::glob_matches;
using libftp::is_glob;

namespace {

/// The bytes that fit the pattern as names of one byte, in order.
std::string bytes_that_fit(std::string_view pattern)
{
    std::string fitting;
    for (int value = 1; value < 256; ++value) {
        const auto byte = static_cast<char>(value);
        if (glob_matches(pattern, {&byte, 1}))
            fitting += byte;
    }
    return fitting;
}

} // namespace

TEST_CASE("A star, a question mark or a bracket makes a pattern")
{
    for (const auto* text : {"*", "?", "[", "a*b", "a?", "a[b]", "\\*"})
        CHECK(is_glob(text));
    for (const auto* text : {"", "a", "]", "\\", "{a,b}", "~", "!^-"})
        CHECK_FALSE(is_glob(text));
}

TEST_CASE("Bytes without a meaning fit themselves, and the whole name has to fit")
{
    CHECK(glob_matches("", ""));
    CHECK(glob_matches("a.txt", "a.txt"));
    CHECK(glob_matches("]{}!^-", "]{}!^-"));
    CHECK_FALSE(glob_matches("a", ""));
    CHECK_FALSE(glob_matches("", "a"));
    CHECK_FALSE(glob_matches("a", "ab"));
    CHECK_FALSE(glob_matches("ab", "a"));
    CHECK_FALSE(glob_matches("a", "A"));
}

TEST_CASE("A star fits any bytes, none too")
{
    for (const auto* name : {"", "a", "a.txt", ".hidden", "\xff\n"})
        CHECK(glob_matches("*", name));
    CHECK(glob_matches("**", ""));
    CHECK(glob_matches("*.txt", ".txt"));
    CHECK(glob_matches("*.txt", "a.txt.txt"));
    CHECK(glob_matches("a*", "a"));
    CHECK(glob_matches("a*b*c", "aXbXbXc"));
    CHECK(glob_matches("*a*", "bab"));
    CHECK_FALSE(glob_matches("*.txt", "a.txt~"));
    CHECK_FALSE(glob_matches("a*b*c", "acb"));
}

TEST_CASE("A question mark fits any one byte")
{
    CHECK(bytes_that_fit("?").size() == 255);
    CHECK(glob_matches("a?c", "abc"));
    CHECK(glob_matches("*?", "a"));
    CHECK_FALSE(glob_matches("?", ""));
    CHECK_FALSE(glob_matches("??", "a"));
    CHECK_FALSE(glob_matches("?", "\xc3\xa4"));
}

TEST_CASE("A set fits one of its bytes, or one that it does not have")
{
    CHECK(bytes_that_fit("[abc]") == "abc");
    CHECK(bytes_that_fit("[a-cx]") == "abcx");
    CHECK(bytes_that_fit("[!\x01-\xfd]") == "\xfe\xff");
    CHECK(bytes_that_fit("[^\x01-\xfd]") == "\xfe\xff");
    CHECK(bytes_that_fit("[a!^]") == "!^a");
    CHECK(glob_matches("[ab][0-9]", "b7"));
    CHECK_FALSE(glob_matches("[ab]", ""));
    CHECK_FALSE(glob_matches("[ab]", "ab"));
}

TEST_CASE("A bracket that comes first is one of the set, and so is a dash that comes first or last")
{
    CHECK(bytes_that_fit("[]]") == "]");
    CHECK(bytes_that_fit("[]a]") == "]a");
    CHECK(bytes_that_fit("[!]\x01-Z^-\xff]") == "[\\");
    CHECK(bytes_that_fit("[-a]") == "-a");
    CHECK(bytes_that_fit("[a-]") == "-a");
    CHECK(bytes_that_fit("[[]") == "[");
}

TEST_CASE("A range is of bytes, and one from high to low is empty")
{
    CHECK(bytes_that_fit("[\x7e-\x81]") == "\x7e\x7f\x80\x81");
    CHECK(bytes_that_fit("[z-a]").empty());
}

TEST_CASE("A backslash takes the next byte as it is, in sets too")
{
    CHECK(bytes_that_fit("\\*") == "*");
    CHECK(bytes_that_fit("\\?") == "?");
    CHECK(bytes_that_fit("\\\\") == "\\");
    CHECK(glob_matches("\\[a]", "[a]"));
    CHECK(bytes_that_fit("[\\]a]") == "]a");
    CHECK(bytes_that_fit("[a\\-z]") == "-az");
    CHECK(bytes_that_fit("[\\a-\\c]") == "abc");
    CHECK(bytes_that_fit("\\") == "\\");
}

TEST_CASE("A set without its end is what it looks like")
{
    CHECK(glob_matches("[", "["));
    CHECK(glob_matches("[]", "[]"));
    CHECK(glob_matches("[!]", "[!]"));
    CHECK(glob_matches("[a-z", "[a-z"));
    CHECK(glob_matches("[a\\]", "[a]"));
    CHECK(glob_matches("a[*", "a[bc"));
    CHECK(glob_matches("*[*[", "x[y["));
    CHECK(glob_matches("[a][b", "a[b"));
    CHECK_FALSE(glob_matches("[a-z", "b"));
}

TEST_CASE("Patterns made to be slow are not")
{
    std::string stars;
    for (int i = 0; i < 100; ++i)
        stars += "*a";
    const std::string name(4000, 'a');
    CHECK(glob_matches(stars, name));
    CHECK_FALSE(glob_matches(stars + "b", name));
    CHECK_FALSE(glob_matches(std::string(2000, '*') + "b", name));

    const std::string brackets(2000, '[');
    CHECK_FALSE(glob_matches("*" + brackets + "x", std::string(4000, '[')));
    CHECK(glob_matches("*" + brackets, std::string(4000, '[')));
    std::string sets;
    for (int i = 0; i < 400; ++i)
        sets += "[!b-z]";
    CHECK_FALSE(glob_matches("*" + sets + "b", name));
}

TEST_CASE("Every pattern has an answer for every name")
{
    const std::string_view bytes = "a*?[]!-\\";
    std::string pattern(5, 'a');
    for (std::size_t number = 0; number < 8 * 8 * 8 * 8 * 8; ++number) {
        auto rest = number;
        for (auto& byte : pattern) {
            byte = bytes[rest % bytes.size()];
            rest /= bytes.size();
        }
        for (const auto* name : {"", "a", "[a]", "a*?[]"}) {
            const bool fits = glob_matches(pattern, name);
            if (pattern.find_first_of("*?[\\") == std::string::npos)
                CHECK(fits == (pattern == name));
            CHECK(glob_matches(pattern + "*", name) >= fits);
        }
    }
}
