// What every store does alike with names, directories and reading, in memory and on disk.
#include "support/every_store.hpp"
#include "support/system.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
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

/// A store with no more than a store has to have.
class bare_store final : public file_store {
public:
    result<file_info> stat(const store_path& /*path*/) override { return file_info{}; }
    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t /*offset*/) override
    {
        return store_errc::not_found;
    }
    result<std::unique_ptr<file_writer>> open_write(const store_path& /*path*/,
                                                    const write_options& /*options*/) override
    {
        return store_errc::read_only;
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& /*path*/) override
    {
        return store_errc::not_found;
    }
    result<void> make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/) override
    {
        return {};
    }
    result<void> remove_directory(const store_path& /*path*/) override { return {}; }
    result<void> remove_file(const store_path& /*path*/) override { return {}; }
    result<void> rename(const store_path& /*from*/, const store_path& /*to*/) override { return {}; }
};

} // namespace

TEST_CASE("A store has no ability that it does not claim, and says so when it is asked to use one")
{
    bare_store store;
    CHECK(store.can(store_ability::none));
    for (const auto ability : {store_ability::set_times, store_ability::set_created, store_ability::set_mode,
                               store_ability::set_group, store_ability::symbolic_links, store_ability::space})
        CHECK_FALSE(store.can(ability));
    CHECK(error_of(store.set_attributes(at("/a"), {.mode = 0600})) == store_errc::not_supported);
    CHECK(error_of(store.make_symbolic_link(at("/a"), at("/b"))) == store_errc::not_supported);
    CHECK(error_of(store.available_space(at("/"))) == store_errc::not_supported);
}

TEST_CASE_TEMPLATE("A new store holds nothing but its root", Store, EVERY_STORE)
{
    Store s;
    CHECK(names_in(s.store, "/").empty());
    const auto root = s.store.stat(store_path{}).value();
    CHECK(root.name.empty());
    CHECK(root.type == file_type::directory);
    CHECK(root.modified.has_value());
}

TEST_CASE_TEMPLATE("What was written and committed can be read, listed and looked at", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(content_of(s.store, "/a") == "0123456789");
    CHECK(content_of(s.store, "/d/f") == "in d");
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
    CHECK(names_in(s.store, "/d") == names{"f", "sub"});
    CHECK(names_in(s.store, "/empty").empty());

    const auto file = s.store.stat(at("/d/f")).value();
    CHECK(file.name == "f");
    CHECK(file.type == file_type::file);
    CHECK(file.size == 4);
    CHECK(file.modified.has_value());
    CHECK_FALSE(file.unique.empty());
    CHECK(s.store.stat(at("/d/sub")).value().type == file_type::directory);
}

TEST_CASE_TEMPLATE("A listed entry is the same as what stat tells of it", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto& entry : libftp::testing::entries_of(s.store, "/d"))
        CHECK(s.store.stat(at("/d/" + entry.name)).value() == entry);
}

TEST_CASE_TEMPLATE("Names are bytes, as far as the system takes them", Store, EVERY_STORE)
{
    Store s;
    names odd{"-rf", ".hidden", "~", "b\xc3\xa4r", "%s", ".libftp-short", std::string(255, 'x')};
    if (!libftp::testing::is_windows)
        odd.insert(odd.end(), {" ", " lead and trail ", "...", "*?[", "a\\b", "b\xe4r\xff", "\t", "\x1b[0m"});
    for (const auto& name : odd) {
        CAPTURE(name);
        CHECK(write_file(s.store, "/" + name, name).has_value());
        CHECK(content_of(s.store, "/" + name) == name);
        CHECK(s.store.stat(at("/" + name)).value().name == name);
    }
    auto expected = odd;
    std::sort(expected.begin(), expected.end());
    CHECK(names_in(s.store, "/") == expected);
    for (const auto& name : odd)
        CHECK(s.store.remove_file(at("/" + name)).has_value());
    CHECK(names_in(s.store, "/").empty());
}

TEST_CASE_TEMPLATE("What is not there is not found", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto* path : {"/x", "/x/y", "/d/x", "/d/sub/x/y"}) {
        CAPTURE(path);
        CHECK(error_of(s.store.stat(at(path))) == store_errc::not_found);
        CHECK(error_of(s.store.open_read(at(path), 0)) == store_errc::not_found);
        CHECK(error_of(s.store.open_write(at(path), {.mode = write_mode::resume, .offset = 1})) ==
              store_errc::not_found);
        CHECK(error_of(s.store.open_directory(at(path))) == store_errc::not_found);
        CHECK(error_of(s.store.remove_file(at(path))) == store_errc::not_found);
        CHECK(error_of(s.store.remove_directory(at(path))) == store_errc::not_found);
        CHECK(error_of(s.store.rename(at(path), at("/new"))) == store_errc::not_found);
        CHECK(error_of(s.store.rename(at(path), at(path))) == store_errc::not_found);
    }
    for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume})
        CHECK(error_of(s.store.open_write(at("/x/y"), {.mode = mode})) == store_errc::not_found);
    CHECK(error_of(s.store.make_directory(at("/x/y"), {})) == store_errc::not_found);
    CHECK(error_of(s.store.rename(at("/a"), at("/x/y"))) == store_errc::not_found);
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
}

TEST_CASE_TEMPLATE("A file is not a directory on the way to something", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto below = at("/a/x");
    CHECK(error_of(s.store.stat(below)) == store_errc::not_a_directory);
    CHECK(error_of(s.store.open_read(below, 0)) == store_errc::not_a_directory);
    for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume})
        CHECK(error_of(s.store.open_write(below, {.mode = mode})) == store_errc::not_a_directory);
    CHECK(error_of(s.store.open_directory(below)) == store_errc::not_a_directory);
    CHECK(error_of(s.store.make_directory(below, {})) == store_errc::not_a_directory);
    CHECK(error_of(s.store.remove_directory(below)) == store_errc::not_a_directory);
    CHECK(error_of(s.store.remove_file(below)) == store_errc::not_a_directory);
    CHECK(error_of(s.store.rename(below, at("/b"))) == store_errc::not_a_directory);
    CHECK(error_of(s.store.rename(at("/d"), below)) == store_errc::not_a_directory);
    CHECK(error_of(s.store.rename(at("/a"), below)) == store_errc::not_a_directory);
}

TEST_CASE_TEMPLATE("Files and directories are told apart", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto* directory : {"/d", "/empty", "/"}) {
        CAPTURE(directory);
        CHECK(error_of(s.store.open_read(at(directory), 0)) == store_errc::is_a_directory);
        CHECK(error_of(s.store.remove_file(at(directory))) == store_errc::is_a_directory);
        for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume})
            CHECK(error_of(s.store.open_write(at(directory), {.mode = mode})) == store_errc::is_a_directory);
    }
    CHECK(error_of(s.store.open_directory(at("/a"))) == store_errc::not_a_directory);
    CHECK(error_of(s.store.remove_directory(at("/a"))) == store_errc::not_a_directory);
    CHECK(content_of(s.store, "/a") == "0123456789");
}

TEST_CASE_TEMPLATE("The root can be neither made, removed, written nor renamed", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const store_path root;
    CHECK(error_of(s.store.make_directory(root, {})) == store_errc::already_exists);
    CHECK(error_of(s.store.remove_directory(root)) == store_errc::permission_denied);
    CHECK(error_of(s.store.remove_file(root)) == store_errc::is_a_directory);
    CHECK(error_of(s.store.rename(root, at("/x"))) == store_errc::permission_denied);
    CHECK(error_of(s.store.rename(at("/a"), root)) == store_errc::permission_denied);
    CHECK(error_of(s.store.rename(root, root)) == store_errc::permission_denied);
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
}

TEST_CASE_TEMPLATE("Reading begins at the offset", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto rest = [&s](std::uint64_t offset) {
        const auto reader = s.store.open_read(at("/a"), offset).value();
        CHECK(reader->remaining() == 10 - offset);
        auto text = libftp::testing::read_all(*reader);
        CHECK(reader->remaining() == 0);
        return text;
    };
    CHECK(rest(0) == "0123456789");
    CHECK(rest(7) == "789");
    CHECK(rest(10).empty());
    CHECK(error_of(s.store.open_read(at("/a"), 11)) == store_errc::offset_invalid);
    CHECK(error_of(s.store.open_read(at("/a"), std::numeric_limits<std::uint64_t>::max())) ==
          store_errc::offset_invalid);
}

TEST_CASE_TEMPLATE("A reader fills small buffers piece by piece and ends with nothing", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto reader = s.store.open_read(at("/a"), 0).value();
    char buffer[4];
    CHECK(reader->read(std::span{buffer, 0}).value() == 0);
    CHECK(reader->read(buffer).value() == 4);
    CHECK(std::string_view{buffer, 4} == "0123");
    CHECK(reader->remaining() == 6);
    CHECK(reader->read(buffer).value() == 4);
    CHECK(reader->read(buffer).value() == 2);
    CHECK(std::string_view{buffer, 2} == "89");
    CHECK(reader->read(buffer).value() == 0);
    CHECK(reader->read(buffer).value() == 0);
}

TEST_CASE_TEMPLATE("A reader goes on after its file was renamed or removed", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto reader = s.store.open_read(at("/a"), 0).value();
    s.store.rename(at("/a"), at("/b")).value();
    s.store.remove_file(at("/b")).value();
    CHECK(libftp::testing::read_all(*reader) == "0123456789");
}

TEST_CASE_TEMPLATE("A directory is made once", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(error_of(s.store.make_directory(at("/d"), {})) == store_errc::already_exists);
    CHECK(error_of(s.store.make_directory(at("/a"), {})) == store_errc::already_exists);
    CHECK(names_in(s.store, "/d") == names{"f", "sub"});
}

TEST_CASE_TEMPLATE("A directory is removed only when it is empty", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(error_of(s.store.remove_directory(at("/d"))) == store_errc::directory_not_empty);
    CHECK(s.store.remove_file(at("/d/f")).has_value());
    CHECK(error_of(s.store.remove_directory(at("/d"))) == store_errc::directory_not_empty);
    CHECK(s.store.remove_directory(at("/d/sub")).has_value());
    CHECK(s.store.remove_directory(at("/d")).has_value());
    CHECK(names_in(s.store, "/") == names{"a", "empty"});
}

TEST_CASE_TEMPLATE("Rename moves files and whole directories", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.rename(at("/a"), at("/d/b")).has_value());
    CHECK(content_of(s.store, "/d/b") == "0123456789");
    CHECK(s.store.rename(at("/d"), at("/empty/e")).has_value());
    CHECK(names_in(s.store, "/") == names{"empty"});
    CHECK(names_in(s.store, "/empty/e") == names{"b", "f", "sub"});
    CHECK(content_of(s.store, "/empty/e/f") == "in d");
    CHECK(s.store.rename(at("/empty/e/sub"), at("/empty/e/bus")).has_value());
    CHECK(names_in(s.store, "/empty/e") == names{"b", "bus", "f"});
}

TEST_CASE_TEMPLATE("Rename replaces a file by a file and an empty directory by a directory", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.rename(at("/d/f"), at("/a")).has_value());
    CHECK(content_of(s.store, "/a") == "in d");
    CHECK(s.store.rename(at("/d"), at("/empty")).has_value());
    CHECK(names_in(s.store, "/empty") == names{"sub"});
    CHECK(names_in(s.store, "/") == names{"a", "empty"});
}

TEST_CASE_TEMPLATE("Rename to its own name changes nothing", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(s.store.rename(at("/a"), at("/a")).has_value());
    CHECK(s.store.rename(at("/d"), at("/d")).has_value());
    CHECK(content_of(s.store, "/a") == "0123456789");
    CHECK(names_in(s.store, "/d") == names{"f", "sub"});
}

TEST_CASE_TEMPLATE("Rename replaces nothing of another kind, nor a directory that holds something", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(error_of(s.store.rename(at("/a"), at("/d"))) == store_errc::is_a_directory);
    CHECK(error_of(s.store.rename(at("/a"), at("/empty"))) == store_errc::is_a_directory);
    CHECK(error_of(s.store.rename(at("/d"), at("/a"))) == store_errc::not_a_directory);
    CHECK(error_of(s.store.rename(at("/empty"), at("/d"))) == store_errc::directory_not_empty);
    CHECK(error_of(s.store.rename(at("/d/sub"), at("/d"))) == store_errc::directory_not_empty);
    CHECK(error_of(s.store.rename(at("/d/f"), at("/d"))) == store_errc::directory_not_empty);
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
    CHECK(names_in(s.store, "/d") == names{"f", "sub"});
}

TEST_CASE_TEMPLATE("A directory cannot move into itself", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(error_of(s.store.rename(at("/d"), at("/d/x"))) == store_errc::name_not_allowed);
    CHECK(error_of(s.store.rename(at("/d"), at("/d/sub/x"))) == store_errc::name_not_allowed);
    CHECK(error_of(s.store.rename(at("/d"), at("/d/sub"))) == store_errc::name_not_allowed);
    CHECK(names_in(s.store, "/d") == names{"f", "sub"});
}

TEST_CASE_TEMPLATE("A directory that is listed may change and vanish", Store, EVERY_STORE)
{
    Store s;
    for (const auto* path : {"/d", "/d/a", "/d/b", "/d/c"})
        s.store.make_directory(at(path), {}).value();
    const auto reader = s.store.open_directory(at("/d")).value();
    file_info entry;
    CHECK(reader->next(entry).value());
    for (const auto* path : {"/d/a", "/d/b", "/d/c", "/d"})
        s.store.remove_directory(at(path)).value();
    // What was read ahead of the removal is allowed to have been seen; what has vanished is not shown.
    CHECK_FALSE(reader->next(entry).value());
    CHECK_FALSE(reader->next(entry).value());
}

TEST_CASE_TEMPLATE("More entries than are read at once stream one by one", Store, EVERY_STORE)
{
    Store s;
    constexpr std::size_t count = 400;
    const std::string long_name(200, 'n');
    for (std::size_t i = 0; i < count; ++i)
        s.store.open_write(at(long_name + std::to_string(i)), {.mode = write_mode::append}).value();
    std::vector<bool> seen(count);
    const auto reader = s.store.open_directory(store_path{}).value();
    std::size_t entries = 0;
    for (file_info entry; reader->next(entry).value(); ++entries)
        seen.at(std::stoul(entry.name.substr(long_name.size()))) = true;
    CHECK(entries == count);
    CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
}

TEST_CASE_TEMPLATE("Two directory readers do not disturb each other", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto first = s.store.open_directory(store_path{}).value();
    const auto second = s.store.open_directory(store_path{}).value();
    file_info a;
    file_info b;
    for (int i = 0; i < 3; ++i) {
        CHECK(first->next(a).value());
        CHECK(second->next(b).value());
        CHECK(a == b);
    }
    CHECK_FALSE(first->next(a).value());
    CHECK_FALSE(second->next(b).value());
}
