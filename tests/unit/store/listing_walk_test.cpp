// The order in which directories are entered, and the limits of that.
#include <doctest/doctest.h>

#include "../../../libftp/src/store/listing_walk.hpp"
#include "listed_store.hpp"

#include <string>

using namespace libftp;

TEST_CASE("A walk enters what it finds first before what it finds later, and what is deeper before both")
{
    directory_walk walk{path("/start"), {}};
    CHECK(walk.place() == path("/start"));
    CHECK(walk.relative().empty());
    CHECK(walk.depth() == 0);

    for (const auto* name : {"a", "b"})
        REQUIRE(walk.add(name));
    std::string way;
    while (walk.enter_next()) {
        way += std::to_string(walk.depth()) + walk.relative() + " ";
        CHECK(walk.place().string() + "/" == "/start/" + walk.relative());
        if (walk.depth() == 1) {
            REQUIRE(walk.add("x"));
            REQUIRE(walk.add("y y"));
        }
    }
    CHECK(way == "1a/ 2a/x/ 2a/y y/ 1b/ 2b/x/ 2b/y y/ ");
    CHECK_FALSE(walk.enter_next());
}

TEST_CASE("A walk ends with an error at each of its limits")
{
    directory_walk walk{{}, {.max_depth = 1, .max_entries = 2, .max_waiting = 2}};
    CHECK(walk.count_entry());
    CHECK(walk.count_entry());
    REQUIRE_FALSE(walk.count_entry());
    CHECK(walk.count_entry().error() == store_errc::limit_exceeded);

    CHECK(walk.add("a"));
    CHECK(walk.add("b"));
    CHECK_FALSE(walk.add("c"));
    REQUIRE(walk.enter_next());
    REQUIRE_FALSE(walk.add("too deep"));
    CHECK(walk.add("too deep").error() == store_errc::limit_exceeded);
}

TEST_CASE("A directory that may not be listed is not opened")
{
    listed_store store;
    store.add("/", {.name = "d", .type = file_type::directory});
    directory_walk walk{path("/d"), {}};
    const auto opened = walk.open(store, permissions{permission::read});
    REQUIRE(opened);
    CHECK(*opened == nullptr);
    CHECK(store.opened == 0);
    CHECK(walk.open(store, permissions::read_only()).value() != nullptr);
}

TEST_CASE("A directory of one entry gives it once")
{
    const auto directory = make_single_entry({.name = "a"});
    file_info entry;
    CHECK(directory->next(entry).value());
    CHECK(entry.name == "a");
    CHECK_FALSE(directory->next(entry).value());
    CHECK_FALSE(directory->next(entry).value());
}
