// The oracle's tree.
#include "tree_model.hpp"

#include "support/store_access.hpp"

#include <doctest/doctest.h>

using libftp::write_mode;
using libftp::simulation::tree_model;
using libftp::testing::at;

namespace {

void write(tree_model& tree, std::string_view path, std::string content)
{
    const auto where = at(path);
    REQUIRE(tree.begin_writing(where, {}));
    REQUIRE(tree.put(tree.find(where.parent())->id, where.name(), std::move(content), write_mode::replace));
}

} // namespace

TEST_CASE("A renamed directory takes what is in it along")
{
    tree_model tree;
    REQUIRE(tree.make_directory(at("/d")));
    write(tree, "/d/a", "one");
    CHECK(tree.rename(at("/d"), at("/e")));
    CHECK(*tree.find(at("/e/a"))->content == "one");
    CHECK(tree.find(at("/d")) == nullptr);
    CHECK_FALSE(tree.rename(at("/e"), at("/e/f")));
}

TEST_CASE("A file appears where its directory is when it is complete")
{
    tree_model tree;
    REQUIRE(tree.make_directory(at("/d")));
    const auto directory = tree.find(at("/d"))->id;
    REQUIRE(tree.rename(at("/d"), at("/e")));
    CHECK(tree.put(directory, "a", "one", write_mode::replace));
    CHECK(tree.find(at("/e/a")) != nullptr);
    CHECK_FALSE(tree.put(directory, "a", "two", write_mode::create));
}

TEST_CASE("What appears in a renamed directory may be listed by who has opened it under an older name")
{
    tree_model tree;
    REQUIRE(tree.make_directory(at("/d")));
    REQUIRE(tree.rename(at("/d"), at("/e")));
    REQUIRE(tree.rename(at("/e"), at("/f")));
    CHECK_FALSE(tree.has_known("/d/a"));
    write(tree, "/f/a", "one");
    CHECK(tree.has_known("/d/a"));
    CHECK(tree.has_known("/e/a"));
    CHECK_FALSE(tree.has_known("/a"));
}

TEST_CASE("A file that has lost its name meanwhile, or its end, cannot be changed in place")
{
    tree_model tree;
    write(tree, "/a", "one");
    const auto file = tree.find(at("/a"))->id;
    CHECK_FALSE(tree.change(file, 4, "more"));
    CHECK(tree.change(file, 3, "more"));
    REQUIRE(tree.remove_file(at("/a")));
    CHECK_FALSE(tree.change(file, std::nullopt, "more"));
    CHECK(tree.nodes().size() == 1);
}

TEST_CASE("Only what is empty is removed as a directory, and only directories have names in them")
{
    tree_model tree;
    REQUIRE(tree.make_directory(at("/d")));
    write(tree, "/d/a", "");
    CHECK_FALSE(tree.remove_directory(at("/d")));
    CHECK_FALSE(tree.remove_file(at("/d")));
    CHECK(tree.names_in(at("/")) == std::set<std::string>{"d"});
    CHECK(tree.names_in(at("/d")) == std::set<std::string>{"a"});
}
