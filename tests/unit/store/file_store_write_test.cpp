// What every store does alike with what is written to it, in memory and on disk.
#include "support/every_store.hpp"
#include "support/system.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::fill;
using libftp::testing::names_in;
using libftp::testing::write_file;
using names = std::vector<std::string>;

/// Windows' disk store does not look whether the file has lost its name.
template <class Store>
constexpr bool keeps_bytes_of_nameless = libftp::testing::is_windows&& std::is_same_v<Store, libftp::testing::on_disk>;

TEST_CASE_TEMPLATE("An upload shows under its name at commit and not before", Store, EVERY_STORE)
{
    Store s;
    const auto writer = s.store.open_write(at("/new"), {}).value();
    CHECK(names_in(s.store, "/").empty());
    CHECK(writer->write("abc").has_value());
    CHECK(writer->write("").has_value());
    CHECK(writer->write("def").has_value());
    CHECK(names_in(s.store, "/").empty());
    CHECK(error_of(s.store.stat(at("/new"))) == store_errc::not_found);
    CHECK(writer->commit().has_value());
    CHECK(names_in(s.store, "/") == names{"new"});
    CHECK(content_of(s.store, "/new") == "abcdef");
}

TEST_CASE_TEMPLATE("An upload that is discarded changes nothing", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto* path : {"/a", "/new", "/empty/new"}) {
        const auto writer = s.store.open_write(at(path), {}).value();
        CHECK(writer->write("unfinished").has_value());
    }
    CHECK(names_in(s.store, "/") == names{"a", "d", "empty"});
    CHECK(content_of(s.store, "/a") == "0123456789");
    CHECK(s.store.remove_directory(at("/empty")).has_value());
}

TEST_CASE_TEMPLATE("An empty upload makes an empty file", Store, EVERY_STORE)
{
    Store s;
    CHECK(s.store.open_write(at("/e"), {}).value()->commit().has_value());
    CHECK(s.store.stat(at("/e")).value().size == 0);
    CHECK(content_of(s.store, "/e").empty());
}

TEST_CASE_TEMPLATE("Readers and uploads of one file never see a mixture", Store, EVERY_STORE)
{
    Store s;
    write_file(s.store, "/a", "old old old").value();
    const auto reader = s.store.open_read(at("/a"), 4).value();
    const auto first = s.store.open_write(at("/a"), {}).value();
    const auto second = s.store.open_write(at("/a"), {}).value();
    first->write("first").value();
    second->write("the second").value();
    CHECK(content_of(s.store, "/a") == "old old old");
    CHECK(first->commit().has_value());
    CHECK(content_of(s.store, "/a") == "first");
    CHECK(second->commit().has_value());
    CHECK(content_of(s.store, "/a") == "the second");
    CHECK(libftp::testing::read_all(*reader) == "old old");
}

TEST_CASE_TEMPLATE("An upload follows its directory through a rename", Store, EVERY_STORE)
{
    // Windows does not rename a directory in which a file is open; Wine does, and loses sight of the file.
    if (libftp::testing::is_windows && std::is_same_v<Store, libftp::testing::on_disk>)
        return;
    Store s;
    fill(s.store);
    const auto writer = s.store.open_write(at("/d/new"), {}).value();
    writer->write("new").value();
    s.store.rename(at("/d"), at("/moved")).value();
    CHECK(writer->commit().has_value());
    CHECK(content_of(s.store, "/moved/new") == "new");
}

TEST_CASE_TEMPLATE("An upload cannot be committed into a directory that was removed", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto writer = s.store.open_write(at("/empty/new"), {}).value();
    // Where an unfinished upload has to have some name, its directory cannot go.
    if (const auto removed = s.store.remove_directory(at("/empty")); !removed) {
        CHECK(removed.error() == store_errc::directory_not_empty);
        return;
    }
    CHECK(error_of(writer->commit()) == store_errc::not_found);
    s.store.make_directory(at("/empty"), {}).value();
    CHECK(names_in(s.store, "/empty").empty());
}

TEST_CASE_TEMPLATE("An upload does not replace a directory that took its name meanwhile", Store, EVERY_STORE)
{
    Store s;
    {
        const auto writer = s.store.open_write(at("/new"), {}).value();
        s.store.make_directory(at("/new"), {}).value();
        CHECK(error_of(writer->commit()) == store_errc::is_a_directory);
    }
    CHECK(names_in(s.store, "/") == names{"new"});
    CHECK(s.store.remove_directory(at("/new")).has_value());
}

TEST_CASE_TEMPLATE("A new file of mode create shows at commit and as a whole", Store, EVERY_STORE)
{
    Store s;
    const auto writer = s.store.open_write(at("/new"), {.mode = write_mode::create}).value();
    CHECK(writer->write("abc").has_value());
    CHECK(writer->write("def").has_value());
    CHECK(names_in(s.store, "/").empty());
    CHECK(writer->commit().has_value());
    CHECK(names_in(s.store, "/") == names{"new"});
    CHECK(content_of(s.store, "/new") == "abcdef");
}

TEST_CASE_TEMPLATE("A new file of mode create does not replace what is there", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto* taken : {"/a", "/d", "/d/f", "/"})
        CHECK(error_of(s.store.open_write(at(taken), {.mode = write_mode::create})) == store_errc::already_exists);
    CHECK(error_of(s.store.open_write(at("/x/y"), {.mode = write_mode::create})) == store_errc::not_found);
    CHECK(error_of(s.store.open_write(at("/a/x"), {.mode = write_mode::create})) == store_errc::not_a_directory);
    CHECK(content_of(s.store, "/a") == "0123456789");
}

TEST_CASE_TEMPLATE("A new file of mode create does not replace one that came meanwhile", Store, EVERY_STORE)
{
    Store s;
    {
        const auto first = s.store.open_write(at("/new"), {.mode = write_mode::create}).value();
        const auto second = s.store.open_write(at("/new"), {.mode = write_mode::create}).value();
        const auto third = s.store.open_write(at("/directory"), {.mode = write_mode::create}).value();
        first->write("first").value();
        second->write("second").value();
        s.store.make_directory(at("/directory"), {}).value();
        CHECK(second->commit().has_value());
        CHECK(error_of(first->commit()) == store_errc::already_exists);
        CHECK(error_of(third->commit()) == store_errc::already_exists);
    }
    CHECK(content_of(s.store, "/new") == "second");
    CHECK(names_in(s.store, "/") == names{"directory", "new"});
}

TEST_CASE_TEMPLATE("Appending adds to the end and makes the file if it is not there", Store, EVERY_STORE)
{
    Store s;
    CHECK(write_file(s.store, "/log", "one ", write_mode::append).has_value());
    CHECK(write_file(s.store, "/log", "two ", write_mode::append, 1).has_value());
    CHECK(write_file(s.store, "/log", "", write_mode::append).has_value());
    CHECK(content_of(s.store, "/log") == "one two ");
    const auto opened = s.store.open_write(at("/other"), {.mode = write_mode::append}).value();
    CHECK(names_in(s.store, "/") == names{"log", "other"});
}

TEST_CASE_TEMPLATE("Resuming writes from the offset and cuts off what follows", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    CHECK(write_file(s.store, "/a", "xy", write_mode::resume, 4).has_value());
    CHECK(content_of(s.store, "/a") == "0123xy");
    CHECK(write_file(s.store, "/a", "z", write_mode::resume, 6).has_value());
    CHECK(content_of(s.store, "/a") == "0123xyz");
    CHECK(write_file(s.store, "/a", "new", write_mode::resume, 0).has_value());
    CHECK(content_of(s.store, "/a") == "new");
    CHECK(write_file(s.store, "/made", "m", write_mode::resume, 0).has_value());
    CHECK(content_of(s.store, "/made") == "m");
}

TEST_CASE_TEMPLATE("Resuming behind the end is refused and changes nothing", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    for (const auto offset : {std::uint64_t{11}, std::uint64_t{1} << 63, std::numeric_limits<std::uint64_t>::max()})
        CHECK(error_of(s.store.open_write(at("/a"), {.mode = write_mode::resume, .offset = offset})) ==
              store_errc::offset_invalid);
    CHECK(content_of(s.store, "/a") == "0123456789");
}

TEST_CASE_TEMPLATE("Changing a file that was replaced meanwhile fails and does not touch the new one", Store,
                   EVERY_STORE)
{
    for (const auto mode : {write_mode::append, write_mode::resume}) {
        Store s;
        fill(s.store);
        const auto changing = s.store.open_write(at("/a"), {.mode = mode}).value();
        write_file(s.store, "/a", "new").value();
        CHECK(changing->write("more").has_value());
        const auto committed = changing->commit();
        CHECK(content_of(s.store, "/a") == "new");
        if (!keeps_bytes_of_nameless<Store>)
            CHECK(error_of(committed) == store_errc::not_found);
    }
}

TEST_CASE_TEMPLATE("Changing a file that is removed meanwhile fails", Store, EVERY_STORE)
{
    if (keeps_bytes_of_nameless<Store>)
        return;
    for (const auto mode : {write_mode::append, write_mode::resume}) {
        Store s;
        fill(s.store);
        const auto changing = s.store.open_write(at("/a"), {.mode = mode}).value();
        CHECK(changing->write("more").has_value());
        s.store.remove_file(at("/a")).value();
        CHECK(error_of(changing->commit()) == store_errc::not_found);
    }
}

TEST_CASE_TEMPLATE("Several append to one file at once, and what each wrote is in it as a whole", Store, EVERY_STORE)
{
    Store s;
    fill(s.store);
    const auto first = s.store.open_write(at("/a"), {.mode = write_mode::append}).value();
    const auto second = s.store.open_write(at("/a"), {.mode = write_mode::append}).value();
    CHECK(second->write("second").has_value());
    CHECK(second->commit().has_value());
    CHECK(first->write("first").has_value());
    CHECK(first->commit().has_value());
    CHECK(content_of(s.store, "/a") == "0123456789secondfirst");
}

TEST_CASE_TEMPLATE("Megabytes come back as they went in", Store, EVERY_STORE)
{
    Store s;
    std::string text(3'000'001, '\0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(i * i >> 3U);
    const auto writer = s.store.open_write(at("/big"), {}).value();
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), 77'777)))
        writer->write(rest.substr(0, 77'777)).value();
    writer->commit().value();
    CHECK((content_of(s.store, "/big") == text));
}
