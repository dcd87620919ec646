// What every store does alike with times, modes and groups, in memory and on disk.
#include "support/every_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include <unistd.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::fill;
using libftp::testing::write_file;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST_CASE_TEMPLATE("Times of files and directories can be set", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.can(store_ability::set_times));
    for (const auto since_epoch : {nanoseconds{1'000'000'000'000'000'005}, nanoseconds{0}, nanoseconds{-1'500'000'000}})
        for (const auto* path : {"/a", "/d", "/empty", "/"}) {
            const file_time time{since_epoch};
            CHECK(s.store.set_attributes(at(path), {.modified = time}).has_value());
            CHECK(s.store.stat(at(path)).value().modified == time);
            CHECK(s.store.set_attributes(at(path), {.accessed = time + seconds{9}}).has_value());
            CHECK(s.store.stat(at(path)).value().modified == time);
        }
}

TEST_CASE_TEMPLATE("Modes of files and directories can be set", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.can(store_ability::set_mode));
    for (const std::uint32_t mode : {0777U, 0700U, 0750U})
        for (const auto* path : {"/a", "/d"}) {
            CHECK(s.store.set_attributes(at(path), {.mode = mode}).has_value());
            CHECK(s.store.stat(at(path)).value().mode == mode);
        }
}

TEST_CASE_TEMPLATE("The set-uid bit and its like are refused", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto* path : {"/a", "/d"}) {
        const auto before = s.store.stat(at(path)).value();
        for (const std::uint32_t mode : {04755U, 02755U, 01777U, 07000U, 0100644U, ~0U})
            CHECK(error_of(s.store.set_attributes(at(path), {.modified = file_time{}, .mode = mode})) ==
                  store_errc::permission_denied);
        CHECK(s.store.stat(at(path)).value() == before);
    }
}

TEST_CASE_TEMPLATE("A group can be set", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.can(store_ability::set_group));
    const auto own = std::to_string(::getegid());
    CHECK(s.store.set_attributes(at("/a"), {.group = own}).has_value());
    CHECK(s.store.stat(at("/a")).value().group == own);
}

TEST_CASE_TEMPLATE("What is not to be changed stays", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto before = s.store.stat(at("/a")).value();
    CHECK(s.store.set_attributes(at("/a"), {}).has_value());
    CHECK(s.store.stat(at("/a")).value() == before);
    auto expected = before;
    expected.mode = 0601;
    expected.modified = file_time{seconds{1}};
    CHECK(s.store.set_attributes(at("/a"), {.modified = expected.modified, .mode = expected.mode}).has_value());
    CHECK(s.store.stat(at("/a")).value() == expected);
}

TEST_CASE_TEMPLATE("Attributes are those of what a link leads to", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    s.store.make_symbolic_link(at("/a"), at("/d/link")).value();
    CHECK(s.store.set_attributes(at("/d/link"), {.modified = file_time{seconds{5}}, .mode = 0604}).has_value());
    CHECK(s.store.stat(at("/a")).value().mode == 0604U);
    CHECK(s.store.stat(at("/a")).value().modified == file_time{seconds{5}});
    CHECK(libftp::testing::entries_of(s.store, "/d")[1].modified != file_time{seconds{5}});
}

TEST_CASE_TEMPLATE("What is not there has no attributes", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(error_of(s.store.set_attributes(at("/x"), {.mode = 0600})) == store_errc::not_found);
    CHECK(error_of(s.store.set_attributes(at("/a/x"), {.mode = 0600})) == store_errc::not_a_directory);
}

TEST_CASE_TEMPLATE("The umask decides the mode of new files and directories", Store, EVERY_STORE)
{
    Store s;
    for (const std::uint32_t umask : {0U, 022U, 027U, 077U, 0777U, ~0U}) {
        for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume}) {
            s.store.open_write(at("/f"), {.mode = mode, .umask = umask}).value()->commit().value();
            CHECK(s.store.stat(at("/f")).value().mode == (0666U & ~umask));
            s.store.remove_file(at("/f")).value();
            s.store.open_write(at("/f"), {.mode = mode, .umask = umask, .withheld = 026}).value()->commit().value();
            CHECK(s.store.stat(at("/f")).value().mode == (0640U & ~umask));
            s.store.remove_file(at("/f")).value();
        }
        s.store.make_directory(at("/d"), umask).value();
        CHECK(s.store.stat(at("/d")).value().mode == (0777U & ~umask));
        s.store.remove_directory(at("/d")).value();
    }
}

TEST_CASE_TEMPLATE("A file that is replaced or changed keeps its mode, whatever umask is asked for", Store, EVERY_STORE)
{
    Store s;
    write_file(s.store, "/f", "old").value();
    s.store.set_attributes(at("/f"), {.mode = 0606}).value();
    for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume}) {
        s.store.open_write(at("/f"), {.mode = mode, .umask = 077}).value()->commit().value();
        CHECK(s.store.stat(at("/f")).value().mode == 0606U);
    }
}
