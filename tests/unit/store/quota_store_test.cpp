// What uploads may take together, and when it is given back.
#include <libftp/store/quota_store.hpp>

#include "support/limited_store.hpp"
#include "support/store_with_space.hpp"
#include "support/system.hpp"
#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <type_traits>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::in_memory;
using libftp::testing::in_watched_memory;
using libftp::testing::limited;
using libftp::testing::on_disk;
using libftp::testing::text_of;
using libftp::testing::write_file;

TEST_CASE_TEMPLATE("Files can be stored until the quota is used up", Place, in_memory, on_disk)
{
    limited<Place> all;
    write_file(all.store, "/a", text_of(60)).value();
    CHECK(all.limit->used() == usage{70, 2});
    CHECK(error_of(write_file(all.store, "/b", text_of(31))) == store_errc::quota_exceeded);
    CHECK(error_of(all.store.stat(at("/b"))) == store_errc::not_found);
    write_file(all.store, "/b", text_of(30)).value();
    CHECK(all.limit->used() == usage{100, 3});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("Two uploads at once cannot exceed a quota together", Place, in_memory, on_disk)
{
    limited<Place> all;
    auto first = all.open("/a");
    auto second = all.open("/b");
    first->write(text_of(50)).value();
    second->write(text_of(40)).value();
    CHECK(error_of(first->write("x")) == store_errc::quota_exceeded);
    second->commit().value();
    first.reset();
    CHECK(all.limit->used() == usage{50, 2});
    CHECK(all.is_exact());
}

TEST_CASE("Stores and sessions that share a quota cannot exceed it together")
{
    limited<in_memory> all;
    const auto same_files = make_quota_store(all.place.files, all.limit);
    const auto other_files = make_quota_store(std::make_shared<memory_store>(), all.limit);
    write_file(*same_files, "/a", text_of(40)).value();
    write_file(*other_files, "/a", text_of(40)).value();
    CHECK(error_of(write_file(all.store, "/b", text_of(11))) == store_errc::quota_exceeded);
    CHECK(all.limit->used() == usage{90, 3});
}

TEST_CASE_TEMPLATE("An upload that is discarded gives its bytes back at once, one that is dropped when it goes", Place,
                   in_memory, on_disk)
{
    limited<Place> all;
    auto discarded = all.open("/a");
    discarded->write(text_of(50)).value();
    discarded->discard(std::make_error_code(std::errc::connection_reset));
    CHECK(all.limit->used() == usage{10, 1});
    auto dropped = all.open("/a");
    dropped->write(text_of(50)).value();
    dropped.reset();
    discarded.reset();
    CHECK(all.limit->used() == usage{10, 1});
    CHECK(all.is_exact());
}

TEST_CASE("A file that failed to commit gives its bytes back")
{
    limited<in_watched_memory> all;
    all.place.files->commit_error = std::make_error_code(std::errc::io_error);
    for (const auto* path : {"/a", "/old"}) {
        CHECK(error_of(write_file(all.store, path, text_of(50))) == std::errc::io_error);
        CHECK(all.limit->used() == usage{10, 1});
    }
}

TEST_CASE("A file that failed to be written gives its bytes back")
{
    limited<in_watched_memory> all;
    all.place.files->write_error = std::make_error_code(std::errc::io_error);
    for (const auto mode : {write_mode::replace, write_mode::append})
        CHECK(error_of(write_file(all.store, "/old", text_of(50), mode)) == std::errc::io_error);
    CHECK(all.limit->used() == usage{10, 1});
}

TEST_CASE_TEMPLATE("What replaces a file gives back that file's bytes, but not before it is there", Place, in_memory,
                   on_disk)
{
    limited<Place> all;
    auto writer = all.open("/old");
    writer->write(text_of(90)).value();
    CHECK(all.limit->used() == usage{100, 1});
    CHECK(error_of(writer->write("x")) == store_errc::quota_exceeded);
    writer->commit().value();
    writer.reset();
    CHECK(all.limit->used() == usage{90, 1});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("Two uploads to one name give back the file that was there once", Place, in_memory, on_disk)
{
    for (const auto* path : {"/old", "/new"}) {
        limited<Place> all;
        auto first = all.open(path);
        auto second = all.open(path);
        first->write(text_of(20)).value();
        second->write(text_of(30)).value();
        first->commit().value();
        second->commit().value();
        first.reset();
        second.reset();
        CHECK(all.is_exact());
    }
}

TEST_CASE_TEMPLATE("A file that was removed while its successor came is given back once", Place, in_memory, on_disk)
{
    limited<Place> all;
    auto writer = all.open("/old");
    writer->write(text_of(20)).value();
    all.store.remove_file(at("/old")).value();
    CHECK(all.limit->used() == usage{20, 0});
    writer->commit().value();
    CHECK(all.limit->used() == usage{20, 1});
    CHECK(all.is_exact());
}

TEST_CASE("A successor whose predecessor's place was taken by another file is one file too many")
{
    limited<in_memory> all;
    auto writer = all.open("/old");
    all.store.remove_file(at("/old")).value();
    for (const auto* path : {"/a", "/b", "/c", "/d"})
        write_file(all.store, path, "").value();
    CHECK(error_of(writer->commit()) == store_errc::quota_exceeded);
    writer.reset();
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("New files are counted from when they are opened, others not again", Place, in_memory, on_disk)
{
    limited<Place> all;
    auto a = all.open("/a");
    auto b = all.open("/b", write_mode::create);
    auto c = all.open("/c", write_mode::append);
    CHECK(all.limit->used() == usage{10, 4});
    for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume})
        CHECK(error_of(all.store.open_write(at("/d"), {.mode = mode})) == store_errc::quota_exceeded);
    CHECK(error_of(all.store.stat(at("/d"))) == store_errc::not_found);
    write_file(all.store, "/old", "new").value();
    a.reset();
    b.reset();
    write_file(all.store, "/d", "new").value();
    c->commit().value();
    CHECK(all.limit->used() == usage{6, 3});
    CHECK(all.is_exact());
}

TEST_CASE("A file that cannot be opened is not counted")
{
    limited<in_memory> all;
    CHECK(error_of(all.store.open_write(at("/missing/a"), {})) == store_errc::not_found);
    CHECK(error_of(all.store.open_write(at("/old"), {.mode = write_mode::create})) == store_errc::already_exists);
    CHECK(error_of(all.store.open_write(at("/a"), {.mode = write_mode::resume, .offset = 5})) == store_errc::not_found);
    CHECK(all.limit->used() == usage{10, 1});
}

TEST_CASE_TEMPLATE("Removing a file gives back its bytes", Place, in_memory, on_disk)
{
    limited<Place> all;
    all.store.remove_file(at("/old")).value();
    CHECK(all.limit->used() == usage{0, 0});
    CHECK(error_of(all.store.remove_file(at("/old"))) == store_errc::not_found);
    CHECK(all.limit->used() == usage{0, 0});
}

TEST_CASE("A rename to a new name is left to the store behind, and not done while the file is being changed")
{
    class renaming final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        result<void> rename(const store_path&, const store_path&) override { return store_errc::permission_denied; }
        result<void> rename_to_new(const store_path& from, const store_path& to) override
        {
            return inner()->rename_to_new(from, to);
        }
    };
    limited<in_memory> all;
    write_file(all.store, "/a", text_of(40)).value();
    const auto store = make_quota_store(std::make_shared<renaming>(all.place.files), all.limit);
    CHECK(error_of(store->rename_to_new(at("/a"), at("/old"))) == store_errc::already_exists);
    auto changing = all.open("/a", write_mode::append);
    CHECK(error_of(store->rename_to_new(at("/a"), at("/b"))) == store_errc::busy);
    changing.reset();
    CHECK(store->rename_to_new(at("/a"), at("/b")).has_value());
    CHECK(all.limit->used() == usage{50, 2});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("A directory stays open to its owner, so that what is in it can be counted again", Place, in_memory,
                   on_disk)
{
    if (libftp::testing::is_windows && std::is_same_v<Place, on_disk>)
        return; // There are no modes.
    limited<Place> all;
    all.store.make_directory(at("/d"), 0777).value();
    CHECK(all.place.store.stat(at("/d")).value().mode == 0700U);
    write_file(all.store, "/d/f", text_of(10)).value();
    for (const std::uint32_t mode : {0U, 0300U, 0500U, 0677U})
        CHECK(error_of(all.store.set_attributes(at("/d"), {.mode = mode})) == store_errc::permission_denied);
    CHECK(all.place.store.stat(at("/d")).value().mode == 0700U);
    CHECK(all.store.set_attributes(at("/d"), {.mode = 0755}).has_value());
    CHECK(all.store.set_attributes(at("/d/f"), {.mode = 0}).has_value());
    CHECK(error_of(all.store.set_attributes(at("/none"), {.mode = 0})) == store_errc::not_found);
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("A rename over a file gives back that file's bytes, any other rename nothing", Place, in_memory,
                   on_disk)
{
    limited<Place> all;
    write_file(all.store, "/a", text_of(20)).value();
    all.store.rename(at("/a"), at("/b")).value();
    CHECK(all.limit->used() == usage{30, 2});
    all.store.rename(at("/b"), at("/b")).value();
    CHECK(all.limit->used() == usage{30, 2});
    all.store.rename(at("/b"), at("/old")).value();
    CHECK(all.limit->used() == usage{20, 1});
    CHECK(error_of(all.store.rename(at("/missing"), at("/old"))) == store_errc::not_found);
    CHECK(all.is_exact());
}

TEST_CASE("No link can be made under a quota")
{
    limited<in_memory> all;
    CHECK(all.place.store.can(store_ability::symbolic_links));
    CHECK_FALSE(all.store.can(store_ability::symbolic_links));
    CHECK(error_of(all.store.make_symbolic_link(at("/old"), at("/l"))) == store_errc::not_supported);
}

TEST_CASE("The available space is what is left of the quota, or less if the store has less")
{
    const auto files = std::make_shared<libftp::testing::store_with_space>();
    const auto limit = std::make_shared<quota>(quota_limits{.max_bytes = 100});
    const auto store = make_quota_store(files, limit);
    CHECK(store->can(store_ability::space));
    CHECK(store->blocks());
    write_file(*store, "/a", text_of(40)).value();
    CHECK(store->available_space(at("/")).value() == 60);
    files->space = 50;
    CHECK(store->available_space(at("/")).value() == 50);

    limited<in_memory> spaceless;
    CHECK_FALSE(spaceless.store.can(store_ability::space));
    CHECK(error_of(spaceless.store.available_space(at("/"))) == store_errc::not_supported);
    CHECK_FALSE(spaceless.store.blocks());
}

TEST_CASE("No bytes can pass a quota through a native file")
{
    limited<on_disk> all;
    for (const auto mode : {write_mode::replace, write_mode::resume}) {
        auto writer = all.open("/old", mode);
        writer->write("x").value();
        CHECK_FALSE(writer->native());
    }
}

TEST_CASE("Writers behind a quota hear why an upload is given up")
{
    limited<in_watched_memory> all;
    for (const auto mode : {write_mode::replace, write_mode::append})
        all.open("/a", mode)->discard(std::make_error_code(std::errc::connection_reset));
    REQUIRE(all.place.files->discards.size() == 2);
    CHECK(all.place.files->discards[0] == std::errc::connection_reset);
}

TEST_CASE("Uploads outlive the store")
{
    auto all = std::make_unique<limited<in_memory>>();
    const auto limit = all->limit;
    auto writer = all->open("/a");
    auto appending = all->open("/old", write_mode::append);
    all.reset();
    writer->write(text_of(20)).value();
    writer->commit().value();
    appending->write("x").value();
    appending.reset();
    CHECK(limit->used() == usage{30, 2});
}

TEST_CASE("Sessions that store, replace and remove the same files at once are counted right")
{
    limited<in_memory> all;
    libftp::testing::on_threads(4, [&all](std::size_t number) {
        const auto store = make_quota_store(all.place.files, all.limit);
        for (std::size_t i = 0; i < 500; ++i) {
            static_cast<void>(write_file(*store, "/a", text_of(i % 50)));
            static_cast<void>(write_file(*store, "/a", "x", write_mode::append));
            static_cast<void>(write_file(*store, "/a", "x", write_mode::resume));
            static_cast<void>(store->rename(at("/a"), at(number % 2 == 0 ? "/b" : "/c")));
            static_cast<void>(store->remove_file(at("/b")));
        }
    });
    CHECK(all.is_exact());
    CHECK(all.limit->used().bytes <= 100);
}
