// Listings of directories, files and trees as clients see them.
#include <doctest/doctest.h>

#include "listed_store.hpp"

#include <string>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<listed_store> some_files()
{
    auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "b.txt", .size = 2});
    store->add("/", {.name = "d", .type = file_type::directory});
    store->add("/", {.name = "a.txt", .size = 1});
    store->add("/d", {.name = "c c", .size = 3});
    store->add("/d", {.name = ".e", .size = 3});
    return store;
}

std::shared_ptr<listed_store> some_tree()
{
    auto store = some_files();
    store->add("/d", {.name = "sub", .type = file_type::directory});
    store->add("/d/sub", {.name = "deeper", .type = file_type::directory});
    store->add("/d/sub", {.name = "f"});
    store->add("/d", {.name = "z", .type = file_type::directory});
    return store;
}

std::string long_line(std::string_view mode, int size, std::string_view name)
{
    const auto number = std::to_string(size);
    return std::string{mode} + "   1 ftp      ftp      " + std::string(8 - number.size(), ' ') + number +
           " Jan  1  1970 " + std::string{name} + "\r\n";
}

std::string file_line(int size, std::string_view name)
{
    return long_line("-rw-r--r--", size, name);
}

std::string directory_line(std::string_view name)
{
    return long_line("drwxr-xr-x", 0, name);
}

} // namespace

TEST_CASE("LIST gives Unix lines, NLST names, MLSD facts in the store's order")
{
    const auto store = some_files();
    CHECK(listed(store, {}) == file_line(1, "a.txt") + file_line(2, "b.txt") + directory_line("d"));
    CHECK(listed(store, {.form = listing_form::names}) == "a.txt\r\nb.txt\r\nd\r\n");
    CHECK(listed(store, {.form = listing_form::facts, .facts = {fact::type, fact::size}}) ==
          "type=file;size=2; b.txt\r\ntype=dir; d\r\ntype=file;size=1; a.txt\r\n");
}

TEST_CASE("What a store does not know of an entry is not taken from the one before")
{
    const auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "known", .size = 7, .modified = file_time{}});
    store->add("/", {.name = "unknown"});
    CHECK(listed(store, {.form = listing_form::facts, .facts = {fact::size, fact::modify}}) ==
          "size=7;modify=19700101000000; known\r\n unknown\r\n");
    CHECK(listed(store, {}) == file_line(7, "known") + file_line(0, "unknown"));
    CHECK(listed(store, {.path = "*"}) == file_line(7, "known") + file_line(0, "unknown"));
}

TEST_CASE("Names of NLST begin with the path that the client wrote, those of LIST and MLSD do not")
{
    const auto store = some_files();
    for (const std::string path : {"d/", "/d/", "./d/", "d//", "d/../d/"}) {
        auto expected = path;
        expected.append(".e\r\n").append(path).append("c c\r\n");
        CHECK(names(store, path) == expected);
        CHECK(listed(store, {.path = path}) == file_line(3, ".e") + file_line(3, "c c"));
    }
    CHECK(names(store, "d") == "d/.e\r\nd/c c\r\n");
    CHECK(names(store, "/") == "/a.txt\r\n/b.txt\r\n/d\r\n");
    CHECK(names(store, ".") == "a.txt\r\nb.txt\r\nd\r\n");
    CHECK(listed(store, {.form = listing_form::facts, .path = "d"}) == " c c\r\n .e\r\n");
}

TEST_CASE("A path goes from the working directory")
{
    const auto store = some_files();
    listing_request request{.form = listing_form::names, .directory = path("/d")};
    CHECK(listed(store, request) == ".e\r\nc c\r\n");
    request.path = "..";
    CHECK(listed(store, request) == "../a.txt\r\n../b.txt\r\n../d\r\n");
    request.path = "c c";
    CHECK(listed(store, request) == "c c\r\n");
}

TEST_CASE("A file gives its one line, by the name that the client wrote in NLST, by its own in LIST")
{
    const auto store = some_files();
    CHECK(names(store, "a.txt") == "a.txt\r\n");
    CHECK(names(store, "/d/c c") == "/d/c c\r\n");
    CHECK(listed(store, {.path = "d/c c"}) == file_line(3, "c c"));
    CHECK(listed(store, {.path = "a.txt", .options = {.shows_dots = true, .is_recursive = true}}) ==
          file_line(1, "a.txt"));
}

TEST_CASE("What cannot be listed is an error before anything is sent")
{
    const auto store = some_files();
    CHECK(error_of(store, {.path = "none"}) == store_errc::not_found);
    CHECK(error_of(store, {.path = "a.txt/x"}) == store_errc::not_a_directory);
    CHECK(error_of(store, {.form = listing_form::facts, .path = "a.txt"}) == store_errc::not_a_directory);
    CHECK(error_of(store, {.form = listing_form::facts, .path = "*"}) == store_errc::not_found);
    CHECK(error_of(store, {.path = "a\r\nb"}) == store_errc::name_not_allowed);
    CHECK(error_of(store, {.path = std::string(256, 'a')}) == store_errc::name_not_allowed);
    store->fail_opening("/d", std::make_error_code(std::errc::io_error));
    CHECK(error_of(store, {.path = "d"}) == std::errc::io_error);
}

TEST_CASE("A directory that comes while it is looked for is not there yet, rather than a line of itself")
{
    const auto store = some_files();
    store->fail_opening("/d", store_errc::not_found);
    CHECK(error_of(store, {.path = "d"}) == store_errc::not_found);
    CHECK(listed(store, {.path = "d", .options = {.lists_itself = true}}) == directory_line("d"));
}

TEST_CASE("An empty directory is an empty listing, without a line that says total")
{
    auto store = std::make_shared<listed_store>();
    for (const auto form : {listing_form::unix_lines, listing_form::names, listing_form::facts})
        CHECK(listed(store, {.form = form}).empty());
}

TEST_CASE("Names that a line cannot carry are left out")
{
    using namespace std::string_literals;
    auto store = std::make_shared<listed_store>();
    for (const auto& name : {"a\rb"s, "a\nb"s, "a\0b"s, ""s, " ok "s})
        store->add("/", {.name = name});
    CHECK(names(store, "") == " ok \r\n");
    CHECK(listed(store, {}) == file_line(0, " ok "));
    CHECK(listed(store, {.form = listing_form::facts}) == "  ok \r\n");
}

TEST_CASE("Names are sorted by their bytes, and -r turns the order round")
{
    auto store = std::make_shared<listed_store>();
    for (const auto* name : {"b", "\xc3\xa4", "a", "B", ".c", "a b", "10", "9"})
        store->add("/", {.name = name});
    CHECK(names(store, "") == ".c\r\n10\r\n9\r\nB\r\na\r\na b\r\nb\r\n\xc3\xa4\r\n");
    CHECK(names(store, "", {.is_reversed = true}) == "\xc3\xa4\r\nb\r\na b\r\na\r\nB\r\n9\r\n10\r\n.c\r\n");
}

TEST_CASE("-t sorts the newest first and -S the biggest, then by name; what is not known comes last")
{
    auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "none"});
    store->add("/", {.name = "old", .size = 5, .modified = file_time{1s}});
    store->add("/", {.name = "new", .size = 5, .modified = file_time{2s}});
    store->add("/", {.name = "big", .size = 6, .modified = file_time{1s}});
    const auto sorted = [&store](list_options options) { return names(store, "", options); };
    CHECK(sorted({.order = list_order::by_time}) == "new\r\nbig\r\nold\r\nnone\r\n");
    CHECK(sorted({.order = list_order::by_size}) == "big\r\nnew\r\nold\r\nnone\r\n");
    CHECK(sorted({.is_reversed = true, .order = list_order::by_time}) == "none\r\nold\r\nbig\r\nnew\r\n");
    CHECK(sorted({.is_reversed = true, .order = list_order::by_size}) == "none\r\nold\r\nnew\r\nbig\r\n");
}

TEST_CASE("-t takes times before 1970 for older ones, and any time for newer than one that is not known")
{
    auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "none"});
    store->add("/", {.name = "first", .modified = file_time::min()});
    store->add("/", {.name = "before", .modified = file_time{-1ns}});
    store->add("/", {.name = "epoch", .modified = file_time{}});
    store->add("/", {.name = "last", .modified = file_time::max()});
    CHECK(names(store, "", {.order = list_order::by_time}) == "last\r\nepoch\r\nbefore\r\nfirst\r\nnone\r\n");
}

TEST_CASE("More entries than are sorted at once are sorted in parts, and none is lost")
{
    auto store = std::make_shared<listed_store>();
    for (const auto* name : {"g", "f", "e", "d", "c", "b", "a"})
        store->add("/", {.name = name});
    listing_request request{.form = listing_form::names};
    request.limits.max_sorted_entries = 3;
    CHECK(listed(store, request) == "e\r\nf\r\ng\r\nb\r\nc\r\nd\r\na\r\n");
    request.limits.max_sorted_entries = 0;
    CHECK(listed(store, request) == "g\r\nf\r\ne\r\nd\r\nc\r\nb\r\na\r\n");

    store = std::make_shared<listed_store>();
    std::size_t bytes = 0;
    for (int i = 0; i < 10'000; ++i) {
        store->add("/", {.name = std::to_string(i)});
        bytes += std::to_string(i).size() + 2;
    }
    CHECK(names(store, "").size() == bytes);
}

TEST_CASE("The entries are asked for while the text is read")
{
    const auto store = some_files();
    auto reader = open_listing(store, {.form = listing_form::names, .allowed = permissions::read_only()});
    REQUIRE(reader);
    CHECK_FALSE((*reader)->remaining());
    store->add("/", {.name = "late"});
    CHECK(rest_of(**reader) == "a.txt\r\nb.txt\r\nd\r\nlate\r\n");
    CHECK(rest_of(**reader).empty());
}

TEST_CASE("An error of the store in the middle is one of the reader")
{
    const auto store = some_files();
    store->fail_reading("/d", std::make_error_code(std::errc::io_error));
    for (const auto form : {listing_form::unix_lines, listing_form::names, listing_form::facts})
        CHECK(reading_error_of(store, {.form = form, .path = "d"}) == std::errc::io_error);
}

TEST_CASE("-a puts the directory and its parent first, and the root is its own parent")
{
    const auto store = some_files();
    CHECK(listed(store, {.path = "d", .options = {.shows_dots = true}}) ==
          directory_line(".") + directory_line("..") + file_line(3, ".e") + file_line(3, "c c"));
    CHECK(names(store, "/", {.shows_dots = true, .is_reversed = true}) == "/.\r\n/..\r\n/d\r\n/b.txt\r\n/a.txt\r\n");
    CHECK(names(store, "d", {.shows_dots = true}) == "d/.\r\nd/..\r\nd/.e\r\nd/c c\r\n");
}

TEST_CASE("-l makes NLST long, and -1 leaves names of LIST")
{
    const auto store = some_files();
    CHECK(listed(store, {.form = listing_form::names, .path = "d", .options = {.is_long = true}}) ==
          file_line(3, ".e") + file_line(3, "c c"));
    CHECK(listed(store, {.path = "d", .options = {.is_short = true}}) == "d/.e\r\nd/c c\r\n");
}

TEST_CASE("-F marks what is no plain file")
{
    auto store = std::make_shared<listed_store>();
    store->add("/", {.name = "d", .type = file_type::directory});
    store->add("/", {.name = "l", .type = file_type::symbolic_link, .link_target = "t"});
    store->add("/", {.name = "p", .mode = 0755});
    store->add("/", {.name = "t", .mode = 0644});
    CHECK(names(store, "", {.marks_types = true}) == "d/\r\nl@\r\np*\r\nt\r\n");
    CHECK(listed(store, {.options = {.marks_types = true}}) ==
          directory_line("d/") + long_line("lrwxrwxrwx", 1, "l -> t") + long_line("-rwxr-xr-x", 0, "p*") +
              file_line(0, "t"));
}

TEST_CASE("-d lists a directory itself, by the name that the client wrote")
{
    const auto store = some_files();
    const list_options itself{.lists_itself = true};
    CHECK(listed(store, {.options = itself}) == directory_line("."));
    CHECK(listed(store, {.path = "d", .options = itself}) == directory_line("d"));
    CHECK(listed(store, {.path = "/", .options = itself}) == directory_line("/"));
    CHECK(names(store, "d/c c", itself) == "d/c c\r\n");
    CHECK(error_of(store, {.path = "none", .options = itself}) == store_errc::not_found);
}

TEST_CASE("MLSD has no options")
{
    const list_options all{true, true, true, true, true, true, true, list_order::by_size};
    CHECK(listed(some_files(), {.form = listing_form::facts, .path = "d", .options = all}) == " c c\r\n .e\r\n");
}

TEST_CASE("LIST -R gives one directory after the other, each behind an empty line and its heading")
{
    const auto store = some_tree();
    const std::string root = file_line(1, "a.txt") + file_line(2, "b.txt") + directory_line("d");
    const std::string d = file_line(3, ".e") + file_line(3, "c c") + directory_line("sub") + directory_line("z");
    const std::string sub = directory_line("deeper") + file_line(0, "f");
    const list_options recursive{.is_recursive = true};
    CHECK(listed(store, {.options = recursive}) ==
          root + "\r\n./d:\r\n" + d + "\r\n./d/sub:\r\n" + sub + "\r\n./d/sub/deeper:\r\n" + "\r\n./d/z:\r\n");
    CHECK(listed(store, {.path = "d", .options = recursive}) ==
          d + "\r\nd/sub:\r\n" + sub + "\r\nd/sub/deeper:\r\n" + "\r\nd/z:\r\n");
    CHECK(listed(store, {.path = "/d/sub/", .options = recursive}) == sub + "\r\n/d/sub/deeper:\r\n");
    CHECK(listed(store, {.path = "d/sub", .options = {.shows_dots = true, .is_recursive = true}}) ==
          directory_line(".") + directory_line("..") + sub + "\r\nd/sub/deeper:\r\n" + directory_line(".") +
              directory_line(".."));
}

TEST_CASE("NLST -R gives paths")
{
    const auto store = some_tree();
    CHECK(names(store, "", {.is_recursive = true}) ==
          "a.txt\r\nb.txt\r\nd\r\nd/.e\r\nd/c c\r\nd/sub\r\nd/z\r\nd/sub/deeper\r\nd/sub/f\r\n");
    CHECK(names(store, "/d/sub", {.is_recursive = true}) == "/d/sub/deeper\r\n/d/sub/f\r\n");
    CHECK(names(store, "d", {.is_recursive = true, .is_reversed = true}) ==
          "d/z\r\nd/sub\r\nd/c c\r\nd/.e\r\nd/sub/f\r\nd/sub/deeper\r\n");
}

TEST_CASE("-R does not follow links, and passes over directories that have vanished or that it must not open")
{
    const auto store = some_tree();
    store->add("/d/z", {.name = "link", .type = file_type::symbolic_link, .link_target = ".."});
    store->fail_opening("/d/sub", store_errc::permission_denied);
    const list_options recursive{.is_recursive = true};
    CHECK(names(store, "d", recursive) == "d/.e\r\nd/c c\r\nd/sub\r\nd/z\r\nd/z/link\r\n");
    store->fail_opening("/d/sub", std::make_error_code(std::errc::no_such_file_or_directory));
    CHECK(names(store, "d", recursive) == "d/.e\r\nd/c c\r\nd/sub\r\nd/z\r\nd/z/link\r\n");
    store->fail_opening("/d/sub", std::make_error_code(std::errc::io_error));
    CHECK(reading_error_of(store, {.path = "d", .options = recursive}) == std::errc::io_error);
}

TEST_CASE("-R ends with an error at the limits of depth, entries and waiting directories")
{
    const auto store = some_tree();
    const auto outcome = [&store](listing_limits limits) {
        return reading_error_of(store, {.options = {.is_recursive = true}, .limits = limits});
    };
    CHECK_FALSE(outcome({}));
    CHECK_FALSE(outcome({.max_depth = 3}));
    CHECK(outcome({.max_depth = 2}) == store_errc::limit_exceeded);
    CHECK_FALSE(outcome({.max_entries = 9}));
    CHECK(outcome({.max_entries = 8}) == store_errc::limit_exceeded);
    CHECK_FALSE(outcome({.max_waiting = 2}));
    CHECK(outcome({.max_waiting = 1}) == store_errc::limit_exceeded);
}

TEST_CASE("Without -R a listing has no limit")
{
    CHECK(listed(some_files(), {.form = listing_form::names, .limits = {0, 0, 1, 0}}).size() == 17);
}

TEST_CASE("A directory nested deeper than a path can be is passed over")
{
    auto store = std::make_shared<listed_store>();
    const std::string name(250, 'n');
    std::string place = "/";
    for (int i = 0; i < 16; ++i) {
        store->add(place, {.name = name, .type = file_type::directory});
        place += (i == 0 ? "" : "/") + name;
    }
    store->add(place, {.name = name, .type = file_type::directory});
    CHECK(names(store, "", {.is_recursive = true}).size() == 17 * 18 / 2 * 251 + 17);
}

TEST_CASE("What may not be used is left out; a directory that may be used but not listed shows, without what is in it")
{
    const auto store = some_tree();
    access_rules rules{permissions::full()};
    rules.set(path("/d/sub"), {permission::read});
    rules.set(path("/b.txt"), {});
    rules.set(path("/d/sub/deeper"), permissions::read_only());
    CHECK(names(store, "", {.shows_dots = true, .is_recursive = true}, rules) ==
          ".\r\n..\r\na.txt\r\nd\r\nd/.\r\nd/..\r\nd/.e\r\nd/c c\r\nd/sub\r\nd/z\r\nd/z/.\r\nd/z/..\r\n");
    CHECK(names(store, "d/sub/deeper", {.shows_dots = true}, rules) == "d/sub/deeper/.\r\n");
    for (const auto form : {listing_form::unix_lines, listing_form::names, listing_form::facts})
        for (const auto* refused : {"d/sub", "b.txt", "d/sub/f", "d/sub/none", "d/sub/*"})
            CHECK(error_of(store, {.form = form, .path = refused, .allowed = rules}) == store_errc::permission_denied);
    CHECK(error_of(store, {.path = "d/sub", .options = {.lists_itself = true}, .allowed = rules}) ==
          store_errc::permission_denied);
    const auto without_any = open_listing(store, {});
    REQUIRE_FALSE(without_any);
    CHECK(without_any.error() == store_errc::permission_denied);
}

TEST_CASE("The perm fact is that of the entry's own path")
{
    const auto store = some_files();
    access_rules rules{permissions::read_only()};
    rules.set(path("/d"), permissions::full());
    rules.set(path("/b.txt"), {permission::list});
    CHECK(listed(store, {.form = listing_form::facts, .facts = {fact::perm}, .allowed = rules}) ==
          "perm=; b.txt\r\nperm=cdeflmp; d\r\nperm=r; a.txt\r\n");
}

TEST_CASE("What was listed before a limit is given before the listing fails")
{
    const auto reader = open_listing(some_tree(), {.form = listing_form::names,
                                                   .options = {.is_recursive = true},
                                                   .allowed = permissions::full(),
                                                   .limits = {.max_depth = 2}})
                            .value();
    std::string text(4096, ' ');
    text.resize(reader->read(text).value());
    CHECK(text.starts_with("a.txt\r\n"));
    CHECK(reader->read(text).error() == store_errc::limit_exceeded);
}
