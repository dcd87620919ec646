// Names that do not exist for those who use the store.
#include <libftp/store/restricted_stores.hpp>

#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include "support/store_access.hpp"
#include "support/store_with_space.hpp"
#include "support/watched_store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::entries_of;
using libftp::testing::error_of;
using libftp::testing::names_in;
using libftp::testing::write_file;
using names = std::vector<std::string>;

namespace {

struct partly_hidden {
    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    std::shared_ptr<file_store> restricted = make_hidden_files_store(files, {".*", "*.key", "tmp"});
    file_store& store = *restricted;

    partly_hidden()
    {
        for (const auto* path : {"/a", "/.profile", "/d/b", "/d/.c", "/d/my.key", "/.ssh/id", "/d/tmp/x"})
            files->add_file(path, "text");
    }
};

} // namespace

TEST_CASE("Hidden names are not listed")
{
    partly_hidden some;
    CHECK(names_in(some.store, "/") == names{"a", "d"});
    CHECK(names_in(some.store, "/d") == names{"b"});
}

TEST_CASE("Renaming to a new name is left to the store behind, which can do it in one")
{
    class renaming final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        result<void> rename(const store_path&, const store_path&) override { return store_errc::busy; }
        result<void> rename_to_new(const store_path& from, const store_path& to) override
        {
            return inner()->rename_to_new(from, to);
        }
    };
    partly_hidden some;
    const auto store = make_hidden_files_store(std::make_shared<renaming>(some.files), {".*"});
    CHECK(store->rename_to_new(at("/a"), at("/d/new")).has_value());
    CHECK(error_of(store->rename_to_new(at("/d/new"), at("/d/b"))) == store_errc::already_exists);
    CHECK(error_of(store->rename_to_new(at("/d/new"), at("/.profile"))) == store_errc::name_not_allowed);
    CHECK(error_of(store->rename_to_new(at("/d/new"), at("/.ssh/new"))) == store_errc::not_found);
    CHECK(error_of(store->rename_to_new(at("/.profile"), at("/new"))) == store_errc::not_found);
    CHECK(names_in(*store, "/d") == names{"b", "my.key", "new", "tmp"});
}

TEST_CASE("Hidden names are not found, neither as the last nor as an inner component")
{
    partly_hidden some;
    for (const auto* path : {"/.profile", "/d/.c", "/d/my.key", "/.ssh", "/.ssh/id", "/d/tmp", "/d/tmp/x"}) {
        CHECK(error_of(some.store.stat(at(path))) == store_errc::not_found);
        CHECK(error_of(some.store.open_read(at(path), 0)) == store_errc::not_found);
        CHECK(error_of(some.store.open_directory(at(path))) == store_errc::not_found);
        CHECK(error_of(some.store.remove_file(at(path))) == store_errc::not_found);
        CHECK(error_of(some.store.remove_directory(at(path))) == store_errc::not_found);
        CHECK(error_of(some.store.rename(at(path), at("/x"))) == store_errc::not_found);
        CHECK(error_of(some.store.set_attributes(at(path), {.mode = 0600U})) == store_errc::not_found);
        CHECK(error_of(some.store.available_space(at(path))) == store_errc::not_found);
    }
    CHECK(some.files->content("/.ssh/id").value() == "text");
}

TEST_CASE("Hidden names cannot be made, whether they are there or not")
{
    partly_hidden some;
    for (const auto* path : {"/.profile", "/.new", "/d/my.key", "/d/new.key", "/d/tmp"}) {
        for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume})
            CHECK(error_of(some.store.open_write(at(path), {.mode = mode})) == store_errc::name_not_allowed);
        CHECK(error_of(some.store.make_directory(at(path), {})) == store_errc::name_not_allowed);
        CHECK(error_of(some.store.rename(at("/a"), at(path))) == store_errc::name_not_allowed);
        CHECK(error_of(some.store.make_symbolic_link(at("/a"), at(path))) == store_errc::name_not_allowed);
    }
    CHECK(some.files->content("/.profile").value() == "text");
}

TEST_CASE("Below a hidden name nothing can be made, as in a directory that is not there")
{
    partly_hidden some;
    for (const auto* path : {"/.ssh/id", "/.ssh/new", "/.missing/new", "/.ssh/.new"}) {
        CHECK(error_of(some.store.open_write(at(path), {})) == store_errc::not_found);
        CHECK(error_of(some.store.make_directory(at(path), {})) == store_errc::not_found);
        CHECK(error_of(some.store.rename(at("/a"), at(path))) == store_errc::not_found);
        CHECK(error_of(some.store.make_symbolic_link(at("/a"), at(path))) == store_errc::not_found);
    }
}

TEST_CASE("No link can be made to a hidden name, and one that is there does not say where it leads")
{
    partly_hidden some;
    CHECK(error_of(some.store.make_symbolic_link(at("/.ssh/id"), at("/l"))) == store_errc::name_not_allowed);
    some.files->make_symbolic_link(at("/.ssh/id"), at("/hidden")).value();
    some.files->make_symbolic_link(at("/d/b"), at("/shown")).value();
    for (const auto& entry : entries_of(some.store, "/"))
        if (entry.type == file_type::symbolic_link)
            CHECK(entry.link_target == (entry.name == "shown" ? "/d/b" : ""));
}

TEST_CASE("All other names are as in the store behind")
{
    partly_hidden some;
    CHECK(content_of(some.store, "/d/b") == "text");
    CHECK(some.store.stat(at("/")).value().is_directory());
    write_file(some.store, "/d/my.keys", "new").value();
    some.store.make_directory(at("/tmp2"), {}).value();
    some.store.rename(at("/a"), at("/tmp2/a")).value();
    some.store.set_attributes(at("/tmp2/a"), {.mode = 0600U}).value();
    some.store.make_symbolic_link(at("/d/b"), at("/l")).value();
    CHECK(content_of(some.store, "/l") == "text");
    some.store.remove_file(at("/tmp2/a")).value();
    some.store.remove_directory(at("/tmp2")).value();
    CHECK(names_in(some.store, "/") == names{"d", "l"});
}

TEST_CASE("Without a pattern nothing is hidden")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/.a", "text");
    const auto store = make_hidden_files_store(files, {});
    CHECK(names_in(*store, "/") == names{".a"});
    CHECK(content_of(*store, "/.a") == "text");
}

TEST_CASE("Hiding names leaves the abilities of a store as they are")
{
    const auto store = make_hidden_files_store(std::make_shared<libftp::testing::store_with_space>(), {".*"});
    CHECK(store->blocks());
    CHECK(store->can(store_ability::space));
    CHECK(store->can(store_ability::symbolic_links));
    CHECK(store->available_space(at("/")).value() == 1000);
}

TEST_CASE("Writers of a store with hidden names hear why an upload is given up")
{
    const auto watched = std::make_shared<libftp::testing::watched_store>();
    const auto store = make_hidden_files_store(watched, {".*"});
    store->open_write(at("/a"), {}).value()->discard(std::make_error_code(std::errc::connection_reset));
    CHECK(watched->discards.size() == 1);
}

TEST_CASE("A listing without hidden names outlives the store")
{
    std::unique_ptr<directory_reader> listing;
    {
        partly_hidden some;
        listing = some.store.open_directory(at("/")).value();
    }
    file_info entry;
    CHECK(listing->next(entry).value());
    CHECK(entry.name == "a");
}
