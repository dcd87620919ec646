// Which permissions count where.
#include <libftp/store/access_rules.hpp>

#include "support/store_access.hpp"

#include <doctest/doctest.h>

using namespace libftp;
using libftp::testing::at;

TEST_CASE("Without a rule nothing is allowed")
{
    const access_rules rules;
    CHECK(rules.at(at("/")) == permissions{});
    CHECK(rules.at(at("/a/b")) == permissions{});
    CHECK_FALSE(rules.allow_somewhere(permission::list));
    CHECK(rules.allow_somewhere(permission::none));
}

TEST_CASE("Permissions for everything count everywhere")
{
    const access_rules rules = permissions::read_only();
    CHECK(rules.at(at("/")) == permissions::read_only());
    CHECK(rules.at(at("/a/b")) == permissions::read_only());
    CHECK_FALSE(rules.differ_by_path());
}

TEST_CASE("A rule counts at its path and below it, and nowhere else")
{
    access_rules rules = permissions::read_only();
    rules.set(at("/in"), permissions::full());
    CHECK(rules.differ_by_path());
    CHECK(rules.at(at("/in")) == permissions::full());
    CHECK(rules.at(at("/in/a/b")) == permissions::full());
    for (const auto* path : {"/", "/i", "/inn", "/a/in"})
        CHECK(rules.at(at(path)) == permissions::read_only());
}

TEST_CASE("Of several rules the one with the longest path counts, in whatever order they came")
{
    const permissions listing{permission::list};
    for (const bool is_outer_first : {true, false}) {
        access_rules rules = permissions::read_only();
        if (is_outer_first)
            rules.set(at("/a"), permissions::full());
        rules.set(at("/a/b/c"), listing);
        rules.set(at("/a/b"), {});
        if (!is_outer_first)
            rules.set(at("/a"), permissions::full());
        CHECK(rules.at(at("/a/x")) == permissions::full());
        CHECK(rules.at(at("/a/b/x")) == permissions{});
        CHECK(rules.at(at("/a/b/c/x")) == listing);
    }
}

TEST_CASE("A rule takes the place of one for the same path")
{
    access_rules rules;
    rules.set(at("/a"), permissions::full());
    rules.set(at("/a"), permissions::read_only());
    CHECK(rules.at(at("/a")) == permissions::read_only());
    CHECK_FALSE(rules.allow_somewhere(permission::write));
}

TEST_CASE("A rule for the root is the one for everything")
{
    access_rules rules = permissions::full();
    rules.set(at("/a"), {});
    rules.set(at("/"), permissions::read_only());
    CHECK(rules.at(at("/")) == permissions::read_only());
    CHECK(rules.at(at("/b")) == permissions::read_only());
    CHECK(rules.at(at("/a")) == permissions{});
}

TEST_CASE("What one directory allows is allowed somewhere")
{
    access_rules rules = permissions::read_only();
    rules.set(at("/in"), {permission::write});
    CHECK(rules.allow_somewhere(permission::write));
    CHECK(rules.allow_somewhere(permission::read));
    CHECK_FALSE(rules.allow_somewhere(permission::rename));
}
