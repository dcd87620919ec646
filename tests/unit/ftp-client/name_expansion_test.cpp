// Which files patterns stand for.
#include "../../../apps/ftp-client/name_expansion.hpp"

#include <doctest/doctest.h>

#include <map>

using libftp::file_info;
using libftp::file_type;
using texts = std::vector<std::string>;

namespace {

std::map<std::string, std::vector<file_info>> tree()
{
    const auto directory = [](const char* name) { return file_info{.name = name, .type = file_type::directory}; };
    return {
        {"",
         {{.name = "b.jpg", .size = 7}, {.name = ".hidden.jpg"}, {.name = "~home"}, directory("d"), {.name = "a.jpg"}}},
        {"/", {{.name = "x"}, directory("e")}},
        {"d", {{.name = "1.txt"}, {.name = ".", .type = file_type::current_directory}, directory("deep")}},
        {"d/deep", {{.name = "2.txt"}}},
        {"/e", {{.name = "y"}}}};
}

texts expand(std::string_view pattern, texts* listed = nullptr)
{
    const auto found =
        expand_name(pattern, [&](const std::string& directory) -> libftp::client_result<listed_directory> {
            if (listed != nullptr)
                listed->push_back(directory);
            if (auto all = tree(); all.contains(directory))
                return listed_directory{all[directory]};
            return libftp::operation_error{.code = libftp::protocol_errc::refused_permanently};
        });
    if (!found)
        return {"error"};
    texts paths;
    for (const auto& each : *found)
        paths.push_back(each.path);
    return paths;
}

} // namespace

TEST_CASE("A pattern stands for the names that fit, in their order")
{
    CHECK(expand("*.jpg") == texts{"a.jpg", "b.jpg"});
    CHECK(expand("?.jpg") == texts{"a.jpg", "b.jpg"});
    CHECK(expand("[a-a]*") == texts{"a.jpg"});
    CHECK(expand("*") == texts{"./~home", "a.jpg", "b.jpg", "d"}); // which no server takes for somebody's home
    CHECK(expand("*.png").empty());
}

TEST_CASE("Names that begin with a dot fit only patterns that do")
{
    CHECK(expand(".*") == texts{".hidden.jpg"});
    CHECK(expand(".h*") == texts{".hidden.jpg"});
}

TEST_CASE("A name without patterns stands for itself and needs no listing")
{
    texts listed;
    CHECK(expand("none", &listed) == texts{"none"});
    CHECK(expand("d/none", &listed) == texts{"d/none"});
    CHECK(expand("", &listed) == texts{""});
    CHECK(listed.empty());
}

TEST_CASE("Patterns in the middle of a path stand for directories")
{
    CHECK(expand("d/*.txt") == texts{"d/1.txt"});
    CHECK(expand("*/*.txt") == texts{"d/1.txt"});
    CHECK(expand("d/*/*") == texts{"d/deep/2.txt"});
    CHECK(expand("*/deep/2.txt") == texts{"d/deep/2.txt"});
    CHECK(expand("*/") == texts{"./~home", "a.jpg", "b.jpg", "d"});
}

TEST_CASE("A pattern from the root gives paths from the root")
{
    CHECK(expand("/*") == texts{"/e", "/x"});
    CHECK(expand("//e//*") == texts{"/e/y"});
}

TEST_CASE("Only the directories that a pattern names are listed")
{
    texts listed;
    expand("d/*/*", &listed);
    CHECK(listed == texts{"d", "d/deep"});
}

TEST_CASE("What the listing knows of a file comes with its name")
{
    const auto found = expand_name("b*", [](const std::string&) {
        return listed_directory{.entries = tree()[""], .sizes_by = libftp::size_source::facts};
    });
    REQUIRE(found->size() == 1);
    CHECK(found->front().info.size == 7);
    CHECK(found->front().size_by == libftp::size_source::facts);
}

TEST_CASE("A directory that cannot be listed is an error")
{
    CHECK(expand("none/*") == texts{"error"});
}
