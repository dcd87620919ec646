// Permissions as a set and as words.
#include <doctest/doctest.h>

#include <libftp/protocol/permission.hpp>

#include <string>

using libftp::permission;
using libftp::permissions;

namespace {

std::string rewritten(std::string_view text)
{
    const auto parsed = permissions::parse(text);
    return parsed ? parsed->to_string() : "refused";
}

} // namespace

TEST_CASE("A set allows what it holds, and always what needs no permission")
{
    constexpr permissions some{permission::read, permission::make};
    CHECK(some.allows(permission::read));
    CHECK(some.allows(permission::make));
    CHECK_FALSE(some.allows(permission::write));
    CHECK(some.allows(permission::none));
    CHECK(permissions{}.allows(permission::none));
    CHECK_FALSE(permissions{}.allows(permission::list));
}

TEST_CASE("Words parted by commas make a set, in any order")
{
    CHECK(permissions::parse("list,read,write") == permissions{permission::list, permission::read, permission::write});
    CHECK(permissions::parse("write,list,read,list") ==
          permissions{permission::list, permission::read, permission::write});
    CHECK(permissions::parse("append") == permissions{permission::append});
}

TEST_CASE("The short forms stand for sets")
{
    CHECK(permissions::parse("read-only") == permissions::read_only());
    CHECK(permissions::parse("full") == permissions::full());
    CHECK(permissions::parse("none") == permissions{});
    CHECK(permissions::parse("read-only,write") == permissions{permission::list, permission::read, permission::write});
}

TEST_CASE("The short forms leave administration out")
{
    CHECK_FALSE(permissions::full().allows(permission::administer));
    CHECK_FALSE(permissions::read_only().allows(permission::administer));
    CHECK(permissions::parse("admin") == permissions{permission::administer});
    CHECK(rewritten("admin,full") == "full,admin");
}

TEST_CASE("Deleting files and removing directories are two permissions")
{
    CHECK(permissions::parse("delete") == permissions{permission::delete_file});
    CHECK(permissions::parse("remove") == permissions{permission::remove_directory});
}

TEST_CASE("A word that nobody knows is refused, not ignored")
{
    for (const std::string_view text : {"", ",", "list,", ",list", "list,,read", "List", "FULL", "list read",
                                        "list, read", "execute", "list,execute", "listread", "none,list"}) {
        CAPTURE(text);
        CHECK(rewritten(text) == "refused");
    }
}

TEST_CASE("A set is written in the table's order, by a short form where there is one")
{
    CHECK(rewritten("make,list,append") == "list,append,make");
    CHECK(rewritten("read,list") == "read-only");
    CHECK(rewritten("mode,times,list,read,write,append,delete,remove,rename,make") == "full");
    CHECK(rewritten("remove,delete") == "delete,remove");
    CHECK(permissions{}.to_string() == "none");
}

TEST_CASE("Every set reads back as it was written")
{
    for (unsigned bits = 0; bits < 2048; ++bits) {
        std::string text;
        for (const auto& [bit, word] : {std::pair{1U, "list"},
                                        {2U, "read"},
                                        {4U, "write"},
                                        {8U, "append"},
                                        {16U, "delete"},
                                        {32U, "remove"},
                                        {64U, "rename"},
                                        {128U, "make"},
                                        {256U, "times"},
                                        {512U, "mode"},
                                        {1024U, "admin"}}) {
            if ((bits & bit) != 0)
                text.append(text.empty() ? "" : ",").append(word);
        }
        const auto set = permissions::parse(text.empty() ? "none" : text);
        REQUIRE(set);
        CHECK(permissions::parse(set->to_string()) == set);
    }
}
