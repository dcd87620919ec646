// A store to leave files in, and nothing else.
#include <libftp/store/restricted_stores.hpp>

#include <libftp/store/memory_store.hpp>

#include "support/store_access.hpp"
#include "support/store_with_space.hpp"
#include "support/watched_store.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::write_file;

namespace {

struct drop_box {
    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    std::shared_ptr<file_store> restricted = make_drop_box_store(files);
    file_store& store = *restricted;

    drop_box()
    {
        files->add_file("/in/taken", "old");
        files->make_symbolic_link(at("/in/taken"), at("/in/link")).value();
    }
};

} // namespace

TEST_CASE("A drop box takes new files")
{
    drop_box box;
    write_file(box.store, "/in/a", "text").value();
    CHECK(box.files->content("/in/a").value() == "text");
    write_file(box.store, "/in/b", "more", write_mode::create).value();
    CHECK(box.files->content("/in/b").value() == "more");
}

TEST_CASE("Nothing in a drop box is overwritten, and who tries is told")
{
    drop_box box;
    CHECK(error_of(write_file(box.store, "/in/taken", "new")) == store_errc::already_exists);
    CHECK(error_of(write_file(box.store, "/in/taken", "new", write_mode::create)) == store_errc::already_exists);
    CHECK(box.files->content("/in/taken").value() == "old");
}

TEST_CASE("Of two uploads of one name to a drop box the first that is complete stays")
{
    drop_box box;
    auto first = box.store.open_write(at("/in/a"), {}).value();
    auto second = box.store.open_write(at("/in/a"), {}).value();
    first->write("first").value();
    second->write("second").value();
    second->commit().value();
    CHECK(error_of(first->commit()) == store_errc::already_exists);
    CHECK(box.files->content("/in/a").value() == "second");
}

TEST_CASE("The mode bits that an uploader takes away from a new file are passed on")
{
    drop_box box;
    auto writer = box.store.open_write(at("/in/a"), {.umask = 077U}).value();
    writer->commit().value();
    CHECK(box.files->stat(at("/in/a")).value().mode == 0600U);
}

TEST_CASE("Directories of a drop box can be entered but not listed")
{
    drop_box box;
    CHECK(box.store.stat(at("/")).value().is_directory());
    CHECK(box.store.stat(at("/in")).value().is_directory());
    for (const auto* path : {"/", "/in", "/in/taken", "/in/missing"})
        CHECK(error_of(box.store.open_directory(at(path))) == store_errc::permission_denied);
}

TEST_CASE("Questions do not tell which files a drop box holds")
{
    drop_box box;
    for (const auto* path : {"/in/taken", "/in/missing", "/in/link", "/in/taken/below", "/in/missing/below"}) {
        CHECK(error_of(box.store.stat(at(path))) == store_errc::not_found);
        CHECK(error_of(box.store.available_space(at(path))) == store_errc::not_found);
        CHECK(error_of(box.store.open_read(at(path), 0)) == store_errc::permission_denied);
        CHECK(error_of(box.store.open_read(at(path), 1000)) == store_errc::permission_denied);
        CHECK(error_of(box.store.remove_file(at(path))) == store_errc::permission_denied);
        CHECK(error_of(box.store.remove_directory(at(path))) == store_errc::permission_denied);
        CHECK(error_of(box.store.make_directory(at(path), {})) == store_errc::permission_denied);
        CHECK(error_of(box.store.rename(at(path), at("/x"))) == store_errc::permission_denied);
        CHECK(error_of(box.store.set_attributes(at(path), {.mode = 0600U})) == store_errc::permission_denied);
        CHECK(error_of(box.store.make_symbolic_link(at("/in"), at(path))) == store_errc::permission_denied);
        for (const auto mode : {write_mode::append, write_mode::resume})
            CHECK(error_of(box.store.open_write(at(path), {.mode = mode})) == store_errc::permission_denied);
    }
}

TEST_CASE("A drop box offers the space of the store behind it, and no other ability")
{
    drop_box box;
    CHECK_FALSE(box.store.can(store_ability::space));
    CHECK_FALSE(box.store.can(store_ability::set_times));
    CHECK_FALSE(box.store.blocks());

    const auto roomy = make_drop_box_store(std::make_shared<libftp::testing::store_with_space>());
    CHECK(roomy->can(store_ability::none));
    CHECK(roomy->can(store_ability::space));
    CHECK_FALSE(roomy->can(store_ability::symbolic_links));
    CHECK(roomy->available_space(at("/")).value() == 1000);
    CHECK(roomy->blocks());
}

TEST_CASE("Writers into a drop box hear why an upload is given up")
{
    const auto watched = std::make_shared<libftp::testing::watched_store>();
    const auto store = make_drop_box_store(watched);
    store->open_write(at("/a"), {}).value()->discard(std::make_error_code(std::errc::connection_reset));
    REQUIRE(watched->discards.size() == 1);
    CHECK(watched->discards[0] == std::errc::connection_reset);
}
