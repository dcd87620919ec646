// What every store does alike with symbolic links, in memory and on disk.
#include "support/every_store.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::fill;
using libftp::testing::names_in;
using libftp::testing::write_file;
using names = std::vector<std::string>;

namespace {

result<void> make_link(file_store& store, std::string_view link, std::string_view target)
{
    return store.make_symbolic_link(at(target), at(link));
}

} // namespace

TEST_CASE_TEMPLATE("A link leads to a file or a directory anywhere in the store", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.can(store_ability::symbolic_links));
    CHECK(make_link(s.store, "/to_a", "/a").has_value());
    CHECK(make_link(s.store, "/d/sub/to_a", "/a").has_value());
    CHECK(make_link(s.store, "/empty/to_d", "/d").has_value());
    CHECK(make_link(s.store, "/d/sub/to_root", "/").has_value());
    CHECK(make_link(s.store, "/d/sub/to_sub", "/d/sub").has_value());
    CHECK(make_link(s.store, "/chained", "/empty/to_d/f").has_value());

    CHECK(content_of(s.store, "/to_a") == "0123456789");
    CHECK(content_of(s.store, "/d/sub/to_a") == "0123456789");
    CHECK(content_of(s.store, "/empty/to_d/f") == "in d");
    CHECK(content_of(s.store, "/d/sub/to_root/d/f") == "in d");
    CHECK(content_of(s.store, "/d/sub/to_sub/to_sub/to_a") == "0123456789");
    CHECK(content_of(s.store, "/chained") == "in d");
    CHECK(names_in(s.store, "/empty/to_d") == names{"f", "sub"});
    CHECK(names_in(s.store, "/d/sub/to_root") == names{"a", "chained", "d", "empty", "to_a"});
}

TEST_CASE_TEMPLATE("A link is listed as a link, and looked at as what it leads to", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/empty/link", "/a").value();
    const auto entries = libftp::testing::entries_of(s.store, "/empty");
    REQUIRE(entries.size() == 1);
    CHECK(entries.front().name == "link");
    CHECK(entries.front().type == file_type::symbolic_link);
    const auto looked_at = s.store.stat(at("/empty/link")).value();
    CHECK(looked_at.name == "link");
    CHECK(looked_at.type == file_type::file);
    CHECK(looked_at.size == 10);
    CHECK(looked_at.unique == s.store.stat(at("/a")).value().unique);
}

TEST_CASE_TEMPLATE("A link may come before its target", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(make_link(s.store, "/link", "/d/new").has_value());
    CHECK(error_of(s.store.stat(at("/link"))) == store_errc::not_found);
    CHECK(error_of(s.store.open_read(at("/link"), 0)) == store_errc::not_found);
    CHECK(error_of(s.store.open_directory(at("/link"))) == store_errc::not_found);
    CHECK(error_of(s.store.set_attributes(at("/link"), {.mode = 0600})) == store_errc::not_found);
    write_file(s.store, "/d/new", "new").value();
    CHECK(content_of(s.store, "/link") == "new");
}

TEST_CASE_TEMPLATE("A link takes no name that is taken", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/link", "/a").value();
    make_link(s.store, "/dangling", "/x").value();
    for (const auto* taken : {"/", "/a", "/d", "/link", "/dangling"})
        CHECK(error_of(make_link(s.store, taken, "/empty")) == store_errc::already_exists);
    CHECK(error_of(make_link(s.store, "/x/link", "/a")) == store_errc::not_found);
    CHECK(error_of(make_link(s.store, "/a/link", "/a")) == store_errc::not_a_directory);
    CHECK(content_of(s.store, "/link") == "0123456789");
}

TEST_CASE_TEMPLATE("Nothing else takes the name of a link by accident", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/link", "/d").value();
    make_link(s.store, "/dangling", "/x").value();
    for (const auto* taken : {"/link", "/dangling"}) {
        CHECK(error_of(s.store.make_directory(at(taken), {})) == store_errc::already_exists);
        CHECK(error_of(s.store.open_write(at(taken), {.mode = write_mode::create})) == store_errc::already_exists);
        CHECK(error_of(s.store.rename(at("/empty"), at(taken))) == store_errc::not_a_directory);
    }
    for (const auto mode : {write_mode::append, write_mode::resume})
        CHECK(error_of(s.store.open_write(at("/dangling"), {.mode = mode})) == store_errc::not_found);
    CHECK(names_in(s.store, "/") == names{"a", "d", "dangling", "empty", "link"});
}

TEST_CASE_TEMPLATE("Links that go round in a circle lead nowhere", Store, EVERY_STORE)
{
    Store s;
    make_link(s.store, "/a", "/b").value();
    make_link(s.store, "/b", "/a").value();
    make_link(s.store, "/itself", "/itself").value();
    make_link(s.store, "/below", "/below/below").value();
    for (const auto* path : {"/a", "/b/x", "/itself", "/below"}) {
        CHECK(error_of(s.store.stat(at(path))) == store_errc::not_found);
        CHECK(error_of(s.store.open_read(at(path), 0)) == store_errc::not_found);
    }
    CHECK(error_of(s.store.make_directory(at("/b/x"), {})) == store_errc::not_found);
    CHECK(s.store.remove_file(at("/itself")).has_value());
}

TEST_CASE_TEMPLATE("Forty links in a row are followed, and no more", Store, EVERY_STORE)
{
    Store s;
    write_file(s.store, "/0", "text").value();
    for (int i = 1; i <= 41; ++i)
        make_link(s.store, std::to_string(i), std::to_string(i - 1)).value();
    CHECK(content_of(s.store, "/40") == "text");
    CHECK(error_of(s.store.stat(at("/41"))) == store_errc::not_found);
}

TEST_CASE_TEMPLATE("Removing takes the link itself and leaves what it leads to", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/to_a", "/a").value();
    make_link(s.store, "/to_d", "/d").value();
    CHECK(error_of(s.store.remove_directory(at("/to_d"))) == store_errc::not_a_directory);
    CHECK(s.store.remove_file(at("/to_a")).has_value());
    CHECK(s.store.remove_file(at("/to_d/f")).has_value());
    CHECK(s.store.remove_file(at("/to_d")).has_value());
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
    CHECK(names_in(s.store, "/d") == names{"sub"});
    CHECK(content_of(s.store, "/a") == "0123456789");
}

TEST_CASE_TEMPLATE("Rename moves the link itself and replaces a link itself", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/to_a", "/a").value();
    make_link(s.store, "/to_f", "/d/f").value();
    CHECK(s.store.rename(at("/to_a"), at("/renamed")).has_value());
    CHECK(content_of(s.store, "/renamed") == "0123456789");
    CHECK(s.store.rename(at("/renamed"), at("/to_f")).has_value());
    CHECK(content_of(s.store, "/to_f") == "0123456789");
    CHECK(content_of(s.store, "/d/f") == "in d");
    CHECK(error_of(s.store.rename(at("/to_f"), at("/empty"))) == store_errc::is_a_directory);
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty", "to_f"});
}

TEST_CASE_TEMPLATE("Rename through a link knows where it really is", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/to_d", "/d").value();
    make_link(s.store, "/to_sub", "/d/sub").value();
    CHECK(error_of(s.store.rename(at("/d"), at("/to_sub/x"))) == store_errc::name_not_allowed);
    CHECK(error_of(s.store.rename(at("/to_d/sub"), at("/d"))) == store_errc::directory_not_empty);
    CHECK(s.store.rename(at("/d/f"), at("/to_d/f")).has_value());
    CHECK(content_of(s.store, "/d/f") == "in d");
    CHECK(s.store.rename(at("/to_d/f"), at("/to_sub/g")).has_value());
    CHECK(content_of(s.store, "/d/sub/g") == "in d");
    CHECK(names_in(s.store, "/d") == names{"sub"});
}

TEST_CASE_TEMPLATE("Changing in place goes through a link, and an upload takes its place", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    make_link(s.store, "/link", "/a").value();
    CHECK(write_file(s.store, "/link", "+", write_mode::append).has_value());
    CHECK(content_of(s.store, "/a") == "0123456789+");
    CHECK(write_file(s.store, "/link", "x", write_mode::resume, 4).has_value());
    CHECK(content_of(s.store, "/a") == "0123x");
    CHECK(write_file(s.store, "/link", "new").has_value());
    CHECK(content_of(s.store, "/link") == "new");
    CHECK(content_of(s.store, "/a") == "0123x");
    make_link(s.store, "/to_d", "/d").value();
    CHECK(error_of(s.store.open_write(at("/to_d"), {})) == store_errc::is_a_directory);
}

TEST_CASE_TEMPLATE("Renaming to a new name replaces nothing: no file, no directory, no link, not even one to nowhere",
                   Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(make_link(s.store, "/to_d", "/d").has_value());
    CHECK(make_link(s.store, "/to_nowhere", "/gone").has_value());
    for (const auto* taken : {"/d/f", "/empty", "/to_d", "/to_nowhere", "/a", "/"}) {
        CAPTURE(taken);
        CHECK_FALSE(s.store.rename_to_new(at("/a"), at(taken)).has_value());
    }
    CHECK(error_of(s.store.rename_to_new(at("/a"), at("/to_nowhere"))) == store_errc::already_exists);
    CHECK(s.store.rename_to_new(at("/a"), at("/d/new")).has_value());
    CHECK(content_of(s.store, "/d/new") == "0123456789");
    CHECK(error_of(s.store.rename_to_new(at("/a"), at("/d/newer"))) == store_errc::not_found);
}

TEST_CASE("A store that refuses links shows them, and they lead nowhere")
{
    const auto check = [](file_store& linked, file_store& store) {
        fill(linked);
        CHECK(linked.follows_links());
        CHECK(make_link(linked, "/to_a", "/a").has_value());
        CHECK(make_link(linked, "/to_d", "/d").has_value());
        CHECK_FALSE(store.follows_links());
        CHECK_FALSE(store.can(store_ability::symbolic_links));
        CHECK(content_of(store, "/a") == "0123456789");
        for (const auto* path : {"/to_a", "/to_d", "/to_d/f"}) {
            CAPTURE(path);
            CHECK(error_of(store.stat(at(path))) == store_errc::not_found);
            CHECK(error_of(store.open_read(at(path), 0)) == store_errc::not_found);
            CHECK(error_of(store.open_write(at(path), {.mode = write_mode::resume})) == store_errc::not_found);
        }
        CHECK(error_of(store.open_directory(at("/to_d"))) == store_errc::not_found);
        CHECK(error_of(store.open_write(at("/to_d/new"), {})) == store_errc::not_found);
        CHECK(error_of(store.make_directory(at("/to_d/new"), {})) == store_errc::not_found);
        CHECK(error_of(store.remove_file(at("/to_d/f"))) == store_errc::not_found);
        CHECK(error_of(store.rename(at("/to_d/f"), at("/f"))) == store_errc::not_found);
        CHECK(error_of(store.set_attributes(at("/to_a"), {.mode = 0600})) == store_errc::not_found);
        CHECK(error_of(make_link(store, "/more", "/a")) == store_errc::not_supported);
        CHECK(names_in(store, "/") == names{"a", "d", "empty", "to_a", "to_d"});
        CHECK(store.remove_file(at("/to_a")).has_value());
        CHECK(content_of(store, "/a") == "0123456789");
    };
    libftp::testing::scratch_folder folder;
    const auto disk = disk_store::open(folder.path().string()).value();
    const auto refusing = disk_store::open(folder.path().string(), link_rule::refuse).value();
    check(*disk, *refusing);
}

TEST_CASE("A store in memory that refuses links makes none")
{
    memory_store store{{}, link_rule::refuse};
    CHECK_FALSE(store.follows_links());
    CHECK(error_of(make_link(store, "/link", "/")) == store_errc::not_supported);
}
