// What a file that is written in place takes of a quota.
#include <libftp/store/quota_store.hpp>

#include "support/limited_store.hpp"
#include "support/system.hpp"

#include <doctest/doctest.h>

#include <type_traits>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::in_memory;
using libftp::testing::limited;
using libftp::testing::on_disk;
using libftp::testing::text_of;
using libftp::testing::write_file;

TEST_CASE_TEMPLATE("Appending counts what is added", Place, in_memory, on_disk)
{
    limited<Place> all;
    auto writer = all.open("/old", write_mode::append);
    writer->write(text_of(90)).value();
    CHECK(error_of(writer->write("x")) == store_errc::quota_exceeded);
    writer->commit().value();
    CHECK(all.limit->used() == usage{100, 1});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("Resuming counts only what grows beyond the old end", Place, in_memory, on_disk)
{
    limited<Place> all;
    auto writer = all.open("/old", write_mode::resume, 4);
    writer->write(text_of(6)).value();
    CHECK(all.limit->used() == usage{10, 1});
    writer->write(text_of(5)).value();
    CHECK(all.limit->used() == usage{15, 1});
    writer->commit().value();
    CHECK(content_of(all.store, "/old") == "0123" + text_of(11));
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("A resumed file that becomes shorter gives back the rest", Place, in_memory, on_disk)
{
    limited<Place> all;
    write_file(all.store, "/old", "x", write_mode::resume, 4).value();
    CHECK(all.limit->used() == usage{5, 1});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("An append that is given up leaves counted what is in the file", Place, in_memory, on_disk)
{
    for (const auto* path : {"/old", "/new"}) {
        limited<Place> all;
        auto discarded = all.open(path, write_mode::append);
        discarded->write(text_of(30)).value();
        discarded->discard(std::make_error_code(std::errc::connection_reset));
        CHECK(all.is_exact());
        auto dropped = all.open(path, write_mode::append);
        dropped->write(text_of(30)).value();
        dropped.reset();
        CHECK(all.is_exact());
        write_file(all.store, path, "x", write_mode::append).value();
        CHECK(all.is_exact());
    }
}

TEST_CASE_TEMPLATE("A file that is written in place is busy for all other changes until that ends", Place, in_memory,
                   on_disk)
{
    limited<Place> all;
    write_file(all.store, "/a", "a").value();
    auto replacing = all.open("/old");
    auto writer = all.open("/old", write_mode::append);
    for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume})
        CHECK(error_of(all.store.open_write(at("/old"), {.mode = mode})) == store_errc::busy);
    CHECK(error_of(replacing->commit()) == store_errc::busy);
    CHECK(error_of(all.store.remove_file(at("/old"))) == store_errc::busy);
    CHECK(error_of(all.store.rename(at("/old"), at("/b"))) == store_errc::busy);
    CHECK(error_of(all.store.rename(at("/a"), at("/old"))) == store_errc::busy);
    CHECK(content_of(all.store, "/old") == "0123456789");
    writer->commit().value();
    all.store.remove_file(at("/old")).value();
    replacing.reset();
    CHECK(all.limit->used() == usage{1, 1});
    CHECK(all.is_exact());
}

TEST_CASE_TEMPLATE("After a directory was renamed no upload gives back a file that is still there", Place, in_memory,
                   on_disk)
{
    // Windows does not rename a directory in which a file is open; Wine does, and loses sight of the file.
    if (libftp::testing::is_windows && std::is_same_v<Place, on_disk>)
        return;
    limited<Place> all;
    all.store.make_directory(at("/d"), {}).value();
    auto writer = all.open("/d/f");
    auto appending = all.open("/d/g", write_mode::append);
    writer->write("1").value();
    appending->write("2").value();
    all.store.rename(at("/d"), at("/e")).value();
    all.store.make_directory(at("/d"), {}).value();
    write_file(all.store, "/d/f", text_of(50)).value();
    CHECK(all.limit->used() == usage{62, 4});
    writer->commit().value();
    appending->commit().value();
    CHECK(all.limit->used() == usage{62, 4});
    CHECK(all.is_exact());
}
