// What a disk store on Windows adds to what every store does: the names it refuses, letter case, streams.
#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <windows.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::names_in;
using libftp::testing::write_file;
using names = std::vector<std::string>;

namespace {

struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store = disk_store::open(folder.path().string()).value();
};

bool is_wine()
{
    return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

} // namespace

TEST_CASE("No call takes a name that means something else to Windows, and nothing comes of it")
{
    on_disk s;
    write_file(*s.store, "/a", "kept").value();
    for (const auto* const path : {"/NUL", "/con.txt", "/a:b", "/a::$DATA", "/C:", "/..\\a", "/a\\b", "/b.", "/b ",
                                   "/a?", "/*", "/nul/x", "/a:b/x", "/x\\..\\y/z", "/\xff"}) {
        CAPTURE(path);
        CHECK(error_of(s.store->stat(at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->open_read(at(path), 0)) == store_errc::name_not_allowed);
        for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume})
            CHECK(error_of(s.store->open_write(at(path), {.mode = mode})) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->open_directory(at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->make_directory(at(path), {})) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->remove_file(at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->remove_directory(at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->rename(at("/a"), at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->rename_to_new(at("/a"), at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->set_attributes(at(path), {.modified = file_time{}})) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->available_space(at(path))) == store_errc::name_not_allowed);
    }
    CHECK(s.folder.names() == names{"a"});
    CHECK(content_of(*s.store, "/a") == "kept");
}

TEST_CASE("Names that differ in letter case lead to one file, so that no rules by path are put on the store")
{
    on_disk s;
    write_file(*s.store, "/Readme", "old").value();
    write_file(*s.store, "/README", "new").value();
    CHECK(content_of(*s.store, "/readme") == "new");
    CHECK(s.folder.names().size() == 1);
    CHECK(error_of(s.store->open_write(at("/README"), {.mode = write_mode::create})) == store_errc::already_exists);
    CHECK(s.store->follows_links());
}

TEST_CASE("An upload is not seen before its commit and leaves nothing without it, and nobody takes its kind of name")
{
    on_disk s;
    {
        const auto writer = s.store->open_write(at("/f"), {}).value();
        writer->write("0123").value();
        REQUIRE(s.folder.names().size() == 1);
        CHECK(names_in(*s.store, "/").empty());
        // It is to go when it is closed, which a process that dies does, and so nobody can open it.
        CHECK_FALSE(std::ifstream{s.folder.path(s.folder.names().front())}.is_open());
    }
    CHECK(s.folder.names().empty());
    for (const auto* const name : {"/.libftp-0123456789abcdef", "/.LIBFTP-0123456789ABCDEF"}) {
        CHECK(error_of(s.store->open_write(at(name), {})) == store_errc::name_not_allowed);
        CHECK(error_of(s.store->make_directory(at(name), {})) == store_errc::name_not_allowed);
    }
}

// Wine 8 says that such a rename has been done, MoveFileExW's too, and leaves the old letters.
TEST_CASE("What is renamed may change the case of its letters" * doctest::skip(is_wine()))
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    write_file(*s.store, "/d/f", "x").value();
    s.store->rename(at("/d"), at("/D")).value();
    s.store->rename(at("/D/f"), at("/D/F")).value();
    CHECK(s.folder.names() == names{"D"});
    CHECK(names_in(*s.store, "/d") == names{"F"});
    CHECK(content_of(*s.store, "/d/f") == "x");
}

TEST_CASE("A rename in other letters loses nothing, and a directory does not move into itself in any letters")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    write_file(*s.store, "/d/f", "x").value();
    s.store->rename(at("/d/f"), at("/D/F")).value();
    s.store->rename(at("/d"), at("/D")).value();
    CHECK_FALSE(s.store->rename(at("/d"), at("/D/f/x")).has_value());
    CHECK_FALSE(s.store->rename(at("/d"), at("/D/x")).has_value());
    CHECK(s.folder.names().size() == 1);
    CHECK(names_in(*s.store, "/d").size() == 1);
    CHECK(content_of(*s.store, "/d/f") == "x");
}

TEST_CASE("Names are UTF-8")
{
    on_disk s;
    const std::string name = "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x93\x81";
    write_file(*s.store, "/" + name, "x").value();
    CHECK(names_in(*s.store, "/") == names{name});
    CHECK(s.store->stat(at("/" + name))->name == name);
    CHECK(disk_store::open(s.folder.path().string() + "\xff").error() == store_errc::name_not_allowed);
}

TEST_CASE("Times behind 2038 are set; what a file of Windows does not have, or keeps to itself, is not")
{
    constexpr file_time late{std::chrono::sys_days{std::chrono::year{2100} / 1 / 2}.time_since_epoch()};
    on_disk s;
    write_file(*s.store, "/f", "x").value();
    s.store->set_attributes(at("/f"), {.modified = late}).value();
    CHECK(s.store->stat(at("/f"))->modified == late);
    CHECK(error_of(s.store->set_attributes(at("/f"), {.created = late})) == store_errc::not_supported);
    CHECK(error_of(s.store->set_attributes(at("/f"), {.mode = 0600})) == store_errc::not_supported);
    CHECK(error_of(s.store->set_attributes(at("/f"), {.group = "users"})) == store_errc::not_supported);
}

TEST_CASE("A store is opened on a directory only")
{
    on_disk s;
    s.folder.write("f", "x");
    CHECK(disk_store::open(s.folder.path("f")).error() == store_errc::not_a_directory);
    CHECK(disk_store::open(s.folder.path("none")).error() == store_errc::not_found);
}
