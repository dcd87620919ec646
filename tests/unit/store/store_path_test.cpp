// Paths inside a store: what arguments name, and what they can never name.
#include <libftp/store/store_path.hpp>

#include <libftp/store/store_error.hpp>

#include <doctest/doctest.h>

#include <string>

using libftp::store_errc;
using libftp::store_path;

namespace {

std::string resolved(std::string_view from, std::string_view argument)
{
    return store_path{}.resolve(from).value().resolve(argument).value().string();
}

bool is_refused(std::string_view argument)
{
    const auto path = store_path{}.resolve(argument);
    return !path && path.error() == store_errc::name_not_allowed;
}

store_path at(std::string_view path)
{
    return store_path{}.resolve(path).value();
}

} // namespace

TEST_CASE("A path made without an argument is the root")
{
    const store_path root;
    CHECK(root.string() == "/");
    CHECK(root.is_root());
    CHECK(root.relative().empty());
    CHECK(root.name().empty());
    CHECK(root.parent() == root);
}

TEST_CASE("A relative argument counts from the path, an absolute one from the root")
{
    CHECK(resolved("/", "a") == "/a");
    CHECK(resolved("/a", "b") == "/a/b");
    CHECK(resolved("/a/b", "c/d") == "/a/b/c/d");
    CHECK(resolved("/a/b", "/c") == "/c");
    CHECK(resolved("/a/b", "/") == "/");
}

TEST_CASE("Doubled, leading and trailing slashes mean nothing")
{
    CHECK(resolved("/", "//a///b//") == "/a/b");
    CHECK(resolved("/x", "a/") == "/x/a");
    CHECK(resolved("/x", "///") == "/");
}

TEST_CASE("A dot stays where it is and two dots go up")
{
    CHECK(resolved("/a/b", ".") == "/a/b");
    CHECK(resolved("/a/b", "./c/.") == "/a/b/c");
    CHECK(resolved("/a/b", "..") == "/a");
    CHECK(resolved("/a/b", "../c") == "/a/c");
    CHECK(resolved("/a/b", "../../c") == "/c");
    CHECK(resolved("/a/b", "c/../../d") == "/a/d");
    CHECK(resolved("/a", "../") == "/");
}

TEST_CASE("Two dots above the root stay at the root")
{
    CHECK(resolved("/", "..") == "/");
    CHECK(resolved("/", "../../../etc/passwd") == "/etc/passwd");
    CHECK(resolved("/a", "/../..//../b") == "/b");
    CHECK(resolved("/a", "../../b") == "/b");
}

TEST_CASE("Only one and two dots are special")
{
    CHECK(resolved("/", "...") == "/...");
    CHECK(resolved("/", "..a/.b/c..") == "/..a/.b/c..");
    CHECK(resolved("/", ". ") == "/. ");
}

TEST_CASE("The bytes of names are kept as they are")
{
    CHECK(resolved("/", " a b ") == "/ a b ");
    CHECK(resolved("/", "-rf") == "/-rf");
    CHECK(resolved("/", "~") == "/~");
    CHECK(resolved("/", "a\\..\\b") == "/a\\..\\b");
    CHECK(resolved("/", "%2e%2e") == "/%2e%2e");
    CHECK(resolved("/", "b\xc3\xa4r") == "/b\xc3\xa4r");
    CHECK(resolved("/", "b\xe4r\xff") == "/b\xe4r\xff");
    CHECK(resolved("/", "\xc0\xae\xc0\xae/x") == "/\xc0\xae\xc0\xae/x");
    CHECK(resolved("/", "a\tb\x1b\x7f") == "/a\tb\x1b\x7f");
}

TEST_CASE("CR, LF, NUL and nothing at all are not allowed")
{
    CHECK(is_refused(""));
    CHECK(is_refused("a\rb"));
    CHECK(is_refused("a\n"));
    CHECK(is_refused("\r"));
    CHECK(is_refused(std::string_view{"a\0b", 3}));
    CHECK(is_refused(std::string_view{"\0", 1}));
    CHECK(is_refused("a\n/../b"));
}

TEST_CASE("A component has at most 255 bytes")
{
    const std::string longest(store_path::max_component_bytes, 'x');
    CHECK(resolved("/", longest) == "/" + longest);
    CHECK(is_refused(longest + "x"));
    CHECK(is_refused("a/" + longest + "x/b"));
    CHECK(is_refused(longest + "x/.."));
}

TEST_CASE("A path has at most 4095 bytes")
{
    std::string longest;
    while (longest.size() < store_path::max_bytes)
        longest += "/xxxxxxxxxxxx";
    REQUIRE(longest.size() == store_path::max_bytes);
    CHECK(resolved("/", longest) == longest);
    CHECK(is_refused(longest + "x"));
    CHECK(is_refused(longest + "/a"));
    CHECK_FALSE(at(longest).resolve("a").has_value());
    CHECK(resolved("/", longest + "/a/../.") == longest);
    CHECK(at(longest).resolve("../y").has_value());
}

TEST_CASE("Many steps up and down leave a path normal")
{
    std::string argument;
    for (int i = 0; i < 10000; ++i)
        argument += "a/../";
    CHECK(resolved("/x", argument) == "/x");
    CHECK(resolved("/x", argument + "..") == "/");
}

TEST_CASE("Name and parent take a path apart")
{
    CHECK(at("/a").name() == "a");
    CHECK(at("/a").parent().is_root());
    CHECK(at("/a/b.txt").name() == "b.txt");
    CHECK(at("/a/b.txt").parent() == at("/a"));
    CHECK(at("/a/b").relative() == "a/b");
    CHECK_FALSE(at("/a").is_root());
}

TEST_CASE("A path contains itself and what lies below it, not what only begins alike")
{
    CHECK(at("/a").contains(at("/a")));
    CHECK(at("/a").contains(at("/a/b/c")));
    CHECK(store_path{}.contains(at("/a")));
    CHECK(store_path{}.contains(store_path{}));
    CHECK_FALSE(at("/a").contains(at("/ab")));
    CHECK_FALSE(at("/a/b").contains(at("/a")));
    CHECK_FALSE(at("/a").contains(store_path{}));
}
