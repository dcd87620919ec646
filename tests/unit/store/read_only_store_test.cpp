// A store that can be looked at only.
#include <libftp/store/restricted_stores.hpp>

#include <libftp/store/memory_store.hpp>

#include "support/store_access.hpp"
#include "support/store_with_space.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::names_in;
using names = std::vector<std::string>;

namespace {

struct showcase {
    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    std::shared_ptr<file_store> restricted = make_read_only_store(files);
    file_store& store = *restricted;

    showcase()
    {
        files->add_file("/d/a", "text");
        files->add_directory("/empty");
    }
};

} // namespace

TEST_CASE("A read-only store can be looked at")
{
    showcase all;
    CHECK(names_in(all.store, "/") == names{"d", "empty"});
    CHECK(content_of(all.store, "/d/a") == "text");
    CHECK(all.store.stat(at("/d")).value().is_directory());
}

TEST_CASE("Every change of a read-only store is refused and changes nothing")
{
    showcase all;
    for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume})
        for (const auto* path : {"/d/a", "/new"})
            CHECK(error_of(all.store.open_write(at(path), {.mode = mode})) == store_errc::read_only);
    CHECK(error_of(all.store.make_directory(at("/new"), {})) == store_errc::read_only);
    CHECK(error_of(all.store.remove_directory(at("/empty"))) == store_errc::read_only);
    CHECK(error_of(all.store.remove_file(at("/d/a"))) == store_errc::read_only);
    CHECK(error_of(all.store.rename(at("/d/a"), at("/b"))) == store_errc::read_only);
    CHECK(error_of(all.store.set_attributes(at("/d/a"), {.mode = 0600U})) == store_errc::read_only);
    CHECK(error_of(all.store.make_symbolic_link(at("/d/a"), at("/l"))) == store_errc::read_only);
    CHECK(names_in(*all.files, "/") == names{"d", "empty"});
    CHECK(all.files->content("/d/a").value() == "text");
}

TEST_CASE("A read-only store has no ability to change, and no space")
{
    const auto store = make_read_only_store(std::make_shared<libftp::testing::store_with_space>());
    CHECK(store->can(store_ability::none));
    for (const auto needed : {store_ability::set_times, store_ability::set_created, store_ability::set_mode,
                              store_ability::set_group, store_ability::symbolic_links, store_ability::space})
        CHECK_FALSE(store->can(needed));
    CHECK(error_of(store->available_space(at("/"))) == store_errc::not_supported);
    CHECK(store->blocks());
}
