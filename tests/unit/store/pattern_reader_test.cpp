// Which paths a pattern stands for, and what a search for them may cost.
#include <doctest/doctest.h>

#include "listed_store.hpp"

#include <string>

using namespace libftp;

namespace {

/// /a.txt /b.txt /.c.txt /dir1/{a.txt,.e,sub/{a.txt,x}} /dir2/{a.txt,sub/} /link -> dir1
std::shared_ptr<listed_store> some_tree()
{
    auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "b.txt", .size = 1});
    store->add("/", {.name = "dir2", .type = file_type::directory});
    store->add("/", {.name = "dir1", .type = file_type::directory});
    store->add("/", {.name = ".c.txt", .size = 2});
    store->add("/", {.name = "a.txt", .size = 3});
    store->add("/", {.name = "link", .type = file_type::symbolic_link});
    store->add("/dir1", {.name = "sub", .type = file_type::directory});
    store->add("/dir1", {.name = ".e"});
    store->add("/dir1", {.name = "a.txt"});
    store->add("/dir1/sub", {.name = "x"});
    store->add("/dir1/sub", {.name = "a.txt"});
    store->add("/dir2", {.name = "a.txt"});
    store->add("/dir2", {.name = "sub", .type = file_type::directory});
    return store;
}

std::error_code error_of_pattern(std::string pattern, listing_limits limits = {})
{
    return error_of(some_tree(), {.path = std::move(pattern), .limits = limits});
}

} // namespace

TEST_CASE("A pattern gives what fits, sorted, and a directory stands for itself")
{
    const auto store = some_tree();
    CHECK(names(store, "*.txt") == "a.txt\r\nb.txt\r\n");
    CHECK(names(store, "[ab].*") == "a.txt\r\nb.txt\r\n");
    CHECK(names(store, "dir?") == "dir1\r\ndir2\r\n");
    CHECK(names(store, "*") == "a.txt\r\nb.txt\r\ndir1\r\ndir2\r\nlink\r\n");
    CHECK(names(store, "*.txt", {.is_reversed = true}) == "b.txt\r\na.txt\r\n");
    CHECK(names(store, "*.txt", {.order = list_order::by_size}) == "a.txt\r\nb.txt\r\n");
    CHECK(names(store, "dir*", {.marks_types = true}) == "dir1/\r\ndir2/\r\n");
}

TEST_CASE("LIST gives a line for each path that fits")
{
    CHECK(listed(some_tree(), {.path = "dir1/[ax]*"}) ==
          "-rw-r--r--   1 ftp      ftp             0 Jan  1  1970 dir1/a.txt\r\n");
}

TEST_CASE("Each component of a path may be a pattern")
{
    const auto store = some_tree();
    CHECK(names(store, "*/a.txt") == "dir1/a.txt\r\ndir2/a.txt\r\n");
    CHECK(names(store, "dir1/*") == "dir1/a.txt\r\ndir1/sub\r\n");
    CHECK(names(store, "*/sub/*") == "dir1/sub/a.txt\r\ndir1/sub/x\r\n");
    CHECK(names(store, "?ir[12]/s*/?") == "dir1/sub/x\r\n");
    CHECK(names(store, "/*/*/x") == "/dir1/sub/x\r\n");
    CHECK(names(store, "*//a.txt") == "dir1/a.txt\r\ndir2/a.txt\r\n");
}

TEST_CASE("What stands before the first pattern is kept as the client wrote it")
{
    const auto store = some_tree();
    CHECK(names(store, "/*.txt") == "/a.txt\r\n/b.txt\r\n");
    CHECK(names(store, "./*.txt") == "./a.txt\r\n./b.txt\r\n");
    CHECK(names(store, "dir1/../dir2//*") == "dir1/../dir2//a.txt\r\ndir1/../dir2//sub\r\n");
    listing_request request{.form = listing_form::names, .directory = path("/dir1"), .path = "../*.txt"};
    CHECK(listed(store, request) == "../a.txt\r\n../b.txt\r\n");
    request.path = "s*/x";
    CHECK(listed(store, request) == "sub/x\r\n");
}

TEST_CASE("Dots that lead elsewhere fit nothing behind a pattern")
{
    for (const auto* pattern : {"*/.", "*/../*", "dir1/*/../*", "*/./a.txt"})
        CHECK(error_of_pattern(pattern) == store_errc::not_found);
}

TEST_CASE("A dot in front of a name fits only a dot in front of the pattern")
{
    const auto store = some_tree();
    CHECK(names(store, ".*") == ".c.txt\r\n");
    CHECK(names(store, "dir1/.?") == "dir1/.e\r\n");
    CHECK(error_of_pattern("?c.txt") == store_errc::not_found);
    CHECK(error_of_pattern("[.]c.txt") == store_errc::not_found);
}

TEST_CASE("A slash at the end leaves directories only")
{
    CHECK(names(some_tree(), "*/") == "dir1\r\ndir2\r\n");
    CHECK(error_of_pattern("*.txt/") == store_errc::not_found);
}

TEST_CASE("Only directories are searched")
{
    const auto store = some_tree();
    CHECK(error_of_pattern("link/*") == store_errc::not_a_directory);
    CHECK(error_of_pattern("l*/*") == store_errc::not_found);
    CHECK(error_of_pattern("*.txt/*") == store_errc::not_found);
    CHECK(error_of_pattern("*/a.txt/x") == store_errc::not_found);
}

TEST_CASE("A pattern that fits nothing is not found, and one in a directory that is not there")
{
    for (const auto* pattern : {"*.none", "none/*", "*/none", "*/*/*/*", "[", "a[.txt", "?"})
        CHECK(error_of_pattern(pattern) == store_errc::not_found);
}

TEST_CASE("A path that exists is taken as it is, even if it looks like a pattern")
{
    auto store = some_tree();
    store->add("/", {.name = "*.txt"});
    CHECK(names(store, "*.txt") == "*.txt\r\n");
    store->add("/", {.name = "[ab]", .type = file_type::directory});
    store->add("/[ab]", {.name = "x"});
    CHECK(names(store, "[ab]") == "[ab]/x\r\n");
    CHECK(names(store, "[ab]", {.lists_itself = true}) == "[ab]\r\n");
    CHECK(names(store, "\\[ab]") == "[ab]\r\n");
}

TEST_CASE("-d, -R and -a change nothing for a pattern")
{
    const list_options options{.shows_dots = true, .is_recursive = true, .lists_itself = true};
    CHECK(names(some_tree(), "dir?", options) == "dir1\r\ndir2\r\n");
}

TEST_CASE("Names that a line cannot carry, and paths that may not be used, do not fit")
{
    auto store = some_tree();
    store->add("/", {.name = "new\nline.txt"});
    access_rules rules{permissions::full()};
    rules.set(path("/b.txt"), {});
    rules.set(path("/dir2"), {});
    rules.set(path("/dir2/a.txt"), permissions::full());
    CHECK(names(store, "*.txt", {}, rules) == "a.txt\r\n");
    CHECK(names(store, "*/a.txt", {}, rules) == "dir1/a.txt\r\n");
    CHECK(error_of(store, {.path = "b*", .allowed = rules}) == store_errc::not_found);
    CHECK(error_of(store, {.path = "dir2/*", .allowed = rules}) == store_errc::permission_denied);
}

TEST_CASE("A directory that has vanished or must not be opened does not hide the others, a broken one does")
{
    auto store = some_tree();
    store->fail_opening("/dir1", std::make_error_code(std::errc::permission_denied));
    CHECK(names(store, "*/*") == "dir2/a.txt\r\ndir2/sub\r\n");
    store->fail_opening("/dir1", std::make_error_code(std::errc::io_error));
    CHECK(reading_error_of(store, {.path = "*/*"}) == std::errc::io_error);
    store->fail_reading("/", std::make_error_code(std::errc::io_error));
    CHECK(error_of(store, {.path = "?"}) == std::errc::io_error);
}

TEST_CASE("A search ends with an error at the limits of depth, entries and waiting directories")
{
    CHECK(error_of_pattern("*.none", {.max_entries = 6}) == store_errc::not_found);
    CHECK(error_of_pattern("*.none", {.max_entries = 5}) == store_errc::limit_exceeded);
    CHECK(error_of_pattern("*/*/none", {.max_depth = 2}) == store_errc::not_found);
    CHECK(error_of_pattern("*/*/none", {.max_depth = 1}) == store_errc::limit_exceeded);
    CHECK(error_of_pattern("*/none", {.max_waiting = 2}) == store_errc::not_found);
    CHECK(error_of_pattern("*/none", {.max_waiting = 1}) == store_errc::limit_exceeded);
    CHECK(reading_error_of(some_tree(), {.path = "*.txt", .limits = {.max_entries = 5}}) == store_errc::limit_exceeded);
}

TEST_CASE("Hostile patterns of many stars and components cost no more than the limits")
{
    auto store = std::make_shared<listed_store>();
    const std::string name(255, 'a');
    for (int i = 0; i < 100; ++i)
        store->add("/", {.name = name});
    std::string stars;
    for (int i = 0; i < 127; ++i)
        stars += "*a";
    CHECK(error_of(store, {.path = stars + "b"}) == store_errc::not_found);
    CHECK(names(store, stars).size() == 100 * 257);

    std::string components = "*";
    for (int i = 0; i < 2000; ++i)
        components += "/*";
    CHECK(error_of(store, {.path = components}) == store_errc::not_found);
    CHECK(store->opened == 3);
}
