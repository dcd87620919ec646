// What files in memory do beyond what every store does (see file_store_test.cpp).
#include <libftp/store/memory_store.hpp>

#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::names_in;
using names = std::vector<std::string>;

TEST_CASE("A memory store is called inline")
{
    CHECK_FALSE(memory_store{}.blocks());
}

TEST_CASE("A memory store can do everything but tell its space")
{
    memory_store store;
    for (const auto ability : {store_ability::none, store_ability::set_times, store_ability::set_created,
                               store_ability::set_mode, store_ability::set_group, store_ability::symbolic_links})
        CHECK(store.can(ability));
    CHECK_FALSE(store.can(store_ability::space));
    CHECK(error_of(store.available_space(at("/"))) == store_errc::not_supported);
}

TEST_CASE("Added files bring the directories above them")
{
    memory_store store;
    store.add_file("/a/b/c", "text");
    store.add_directory("/a/d/e");
    CHECK(store.content("/a/b/c").value() == "text");
    CHECK(names_in(store, "/a") == names{"b", "d"});
    CHECK(names_in(store, "/a/d") == names{"e"});
}

TEST_CASE("An added file replaces what was there")
{
    memory_store store;
    store.add_file("/a/b", "old");
    store.add_file("/a/b", "new");
    CHECK(store.content("/a/b").value() == "new");
    store.add_file("/a/b/c", "below");
    CHECK(store.content("/a/b/c").value() == "below");
    store.add_file("/a", "file");
    CHECK(store.content("/a").value() == "file");
    CHECK(names_in(store, "/") == names{"a"});
}

TEST_CASE("An added directory keeps what it holds")
{
    memory_store store;
    store.add_file("/a/b", "text");
    store.add_directory("/a");
    store.add_directory("/");
    CHECK(store.content("/a/b").value() == "text");
}

TEST_CASE("An added file takes the place of links on its way, and its content is found through others")
{
    memory_store store;
    store.add_file("/d/f", "in d");
    store.make_symbolic_link(at("/d"), at("/link")).value();
    CHECK(store.content("/link/f").value() == "in d");
    store.add_file("/link/f", "in link");
    CHECK(store.content("/link/f").value() == "in link");
    CHECK(store.content("/d/f").value() == "in d");
}

TEST_CASE("The content of what is no file is an error")
{
    memory_store store;
    store.add_directory("/d");
    CHECK(error_of(store.content("/d")) == store_errc::is_a_directory);
    CHECK(error_of(store.content("/x")) == store_errc::not_found);
    CHECK(error_of(store.content("")) == store_errc::name_not_allowed);
}

TEST_CASE("Entries are listed by name")
{
    memory_store store;
    for (const auto* name : {"/b", "/a-b", "/a", "/C"})
        store.add_file(name, "");
    store.add_file("/a.d/x", "");
    const auto reader = store.open_directory(store_path{}).value();
    names found;
    for (file_info entry; reader->next(entry).value();)
        found.push_back(entry.name);
    CHECK(found == names{"C", "a", "a-b", "a.d", "b"});
}

TEST_CASE("A listing goes on behind the last name, whatever was added or removed")
{
    memory_store store;
    for (const auto* name : {"/b", "/d", "/f"})
        store.add_file(name, "");
    const auto reader = store.open_directory(store_path{}).value();
    file_info entry;
    CHECK(reader->next(entry).value());
    CHECK(entry.name == "b");
    store.remove_file(at("/b")).value();
    store.remove_file(at("/d")).value();
    store.add_file("/a", "");
    store.add_file("/c", "");
    CHECK(reader->next(entry).value());
    CHECK(entry.name == "c");
    CHECK(reader->next(entry).value());
    CHECK(entry.name == "f");
    CHECK_FALSE(reader->next(entry).value());
}

TEST_CASE("A directory that took the name of a removed one is not listed by a reader of the old one")
{
    memory_store store;
    store.add_directory("/d");
    const auto reader = store.open_directory(at("/d")).value();
    store.remove_directory(at("/d")).value();
    store.add_file("/d/x", "");
    file_info entry;
    CHECK_FALSE(reader->next(entry).value());
}

TEST_CASE("Changes carry the time of the store's clock")
{
    file_time now{std::chrono::seconds{100}};
    memory_store store{[&now] { return now; }};
    const auto modified = [&store](std::string_view path) {
        return store.stat(at(path)).value().modified.value().time_since_epoch();
    };
    using std::chrono::seconds;
    CHECK(modified("/") == seconds{100});
    now += seconds{1};
    store.add_file("/d/a", "text");
    CHECK(modified("/") == seconds{101});
    CHECK(modified("/d/a") == seconds{101});
    now += seconds{1};
    libftp::testing::write_file(store, "/d/a", "more", write_mode::append).value();
    CHECK(modified("/d/a") == seconds{102});
    CHECK(modified("/d") == seconds{101});
    now += seconds{1};
    store.rename(at("/d/a"), at("/a")).value();
    CHECK(modified("/a") == seconds{102});
    CHECK(modified("/d") == seconds{103});
    CHECK(modified("/") == seconds{103});
    now += seconds{1};
    store.remove_file(at("/a")).value();
    CHECK(modified("/") == seconds{104});
}

TEST_CASE("The time of creation is that of the clock, stays when a file changes, and can be set")
{
    file_time now{std::chrono::seconds{100}};
    memory_store store{[&now] { return now; }};
    store.add_file("/a", "text");
    now += std::chrono::seconds{1};
    libftp::testing::write_file(store, "/a", "more", write_mode::append).value();
    CHECK(store.stat(at("/a")).value().created == file_time{std::chrono::seconds{100}});
    const file_time chosen{std::chrono::seconds{7}};
    store.set_attributes(at("/a"), {.created = chosen}).value();
    CHECK(store.stat(at("/a")).value().created == chosen);
    CHECK(store.stat(at("/a")).value().modified == now);
}

TEST_CASE("Files and directories have the usual modes")
{
    memory_store store;
    store.add_file("/d/a", "");
    CHECK(store.stat(at("/d/a")).value().mode == 0644U);
    CHECK(store.stat(at("/d")).value().mode == 0755U);
    CHECK(store.stat(at("/")).value().mode == 0755U);
    libftp::testing::write_file(store, "/b", "").value();
    store.make_directory(at("/e"), {}).value();
    CHECK(store.stat(at("/b")).value().mode == 0644U);
    CHECK(store.stat(at("/e")).value().mode == 0755U);
}

TEST_CASE("A mode forbids nothing, and a group is any text")
{
    memory_store store;
    store.add_file("/d/a", "text");
    for (const auto* path : {"/d/a", "/d"})
        store.set_attributes(at(path), {.mode = 0, .group = "any text"}).value();
    CHECK(store.content("/d/a").value() == "text");
    CHECK(store.stat(at("/d/a")).value().group == "any text");
}

TEST_CASE("A link is listed with the path that it leads to, wherever it was moved")
{
    memory_store store;
    store.add_file("/d/a", "text");
    store.make_symbolic_link(at("/d/a"), at("/link")).value();
    store.rename(at("/link"), at("/d/link")).value();
    const auto entries = libftp::testing::entries_of(store, "/d");
    REQUIRE(entries.size() == 2);
    CHECK(entries[1].link_target == "/d/a");
    CHECK(store.content("/d/link").value() == "text");
}

TEST_CASE("A way that gets too long by links is refused")
{
    memory_store store;
    std::string path;
    for (int i = 0; i < 10; ++i)
        path += "/" + std::string(255, 'x');
    store.add_directory(path);
    store.make_symbolic_link(at(path), at(path + "/up")).value();
    store.make_symbolic_link(at(path), at("/short")).value();
    CHECK(store.stat(at("/short/up")).has_value());
    CHECK(error_of(store.stat(at("/short" + path))) == store_errc::name_not_allowed);
}

TEST_CASE("Without a clock all times are the epoch")
{
    memory_store store;
    store.add_file("/a", "");
    CHECK(store.stat(at("/a")).value().modified == file_time{});
}

TEST_CASE("The unique fact stays with a file through a rename and goes with it")
{
    memory_store store;
    store.add_file("/a", "");
    const auto unique = store.stat(at("/a")).value().unique;
    store.rename(at("/a"), at("/b")).value();
    CHECK(store.stat(at("/b")).value().unique == unique);
    store.add_file("/a", "");
    CHECK(store.stat(at("/a")).value().unique != unique);
}

TEST_CASE("Readers, writers and listings outlive the store")
{
    std::unique_ptr<file_reader> reader;
    std::unique_ptr<file_writer> writer;
    std::unique_ptr<directory_reader> listing;
    {
        memory_store store;
        store.add_file("/a", "text");
        reader = store.open_read(at("/a"), 0).value();
        writer = store.open_write(at("/b"), {}).value();
        listing = store.open_directory(store_path{}).value();
    }
    CHECK(libftp::testing::read_all(*reader) == "text");
    CHECK(writer->write("x").has_value());
    CHECK(writer->commit().has_value());
    file_info entry;
    CHECK(listing->next(entry).value());
}

TEST_CASE("Memory offers no native file")
{
    memory_store store;
    store.add_file("/a", "");
    CHECK_FALSE(store.open_read(at("/a"), 0).value()->native().has_value());
    CHECK_FALSE(store.open_write(at("/a"), {}).value()->native().has_value());
}

TEST_CASE("Directories nested by renames, deeper than any path, are neither a crash nor a leak")
{
    memory_store store;
    std::string chain;
    for (int i = 0; i < 1000; ++i)
        chain += "/d";
    store.add_directory(chain);
    for (int i = 0; i < 200; ++i) {
        store.add_directory("/new" + chain);
        store.rename(at("/d"), at("/new" + chain + "/d")).value();
        store.rename(at("/new/d"), at("/d")).value();
        store.remove_directory(at("/new")).value();
    }
    store.add_file("/d", "a file instead");
    CHECK(names_in(store, "/") == names{"d"});
}
