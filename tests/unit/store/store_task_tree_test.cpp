// Directory trees counted and branches made: in bounded steps, within what is allowed, and never through a link.
#include "support/scratch_folder.hpp"
#include "support/system.hpp"
#include "support/watched_trees.hpp"

#include <libftp/store/disk_store.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <memory>
#include <string>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::check_steps_are_small;
using libftp::testing::error_of;
using libftp::testing::everything;
using libftp::testing::is_there;
using libftp::testing::nested;
using libftp::testing::run_to_end;
using libftp::testing::scratch_folder;
using libftp::testing::store_with;
using libftp::testing::watched_store;

namespace {

std::uint64_t size_of(const std::shared_ptr<file_store>& store, std::string_view path,
                      const access_rules& allowed = everything)
{
    return run_to_end(*make_tree_size_task(store, at(path), allowed)).value().bytes;
}

std::error_code make_directories(const std::shared_ptr<file_store>& store, std::string_view path,
                                 const access_rules& allowed = everything)
{
    return error_of(run_to_end(*make_directories_task(store, at(path), allowed, {})));
}

/// Every file in it is as large as a size can be.
class huge_store final : public file_store {
public:
    result<file_info> stat(const store_path& path) override { return files.stat(path); }
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        return files.open_read(path, offset);
    }
    result<std::unique_ptr<file_writer>> open_write(const store_path&, const write_options&) override
    {
        return store_errc::read_only;
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        return std::make_unique<huge_listing>(files.open_directory(path).value());
    }
    result<void> make_directory(const store_path&, std::optional<std::uint32_t>) override
    {
        return store_errc::read_only;
    }
    result<void> remove_directory(const store_path&) override { return store_errc::read_only; }
    result<void> remove_file(const store_path&) override { return store_errc::read_only; }
    result<void> rename(const store_path&, const store_path&) override { return store_errc::read_only; }

    memory_store files{};

private:
    struct huge_listing final : directory_reader {
        explicit huge_listing(std::unique_ptr<directory_reader> listed) : real(std::move(listed)) {}
        result<bool> next(file_info& entry) override
        {
            auto read = real->next(entry);
            entry.size = std::numeric_limits<std::uint64_t>::max() - 1;
            return read;
        }
        std::unique_ptr<directory_reader> real;
    };
};

} // namespace

TEST_CASE("The size of a tree is that of all files in it")
{
    const auto store = store_with({"/t/a", "/t/d/b", "/t/d/e/c", "/elsewhere"});
    store->files.add_directory("/t/empty");
    CHECK(size_of(store, "/t") == 15);
    CHECK(size_of(store, "/") == 20);
    CHECK(size_of(store, "/t/empty") == 0);
}

TEST_CASE("The size of a tree that is a file is the file's")
{
    CHECK(size_of(store_with({"/f"}), "/f") == 5);
}

TEST_CASE("The size of a tree that is not there is an error")
{
    const auto store = store_with({});
    CHECK(error_of(make_tree_size_task(store, at("/gone"), everything)->step()) == store_errc::not_found);
}

TEST_CASE("Links do not count for the size of a tree, wherever they lead")
{
    const auto store = store_with({"/t/a", "/other/b"});
    store->files.make_symbolic_link(at("/other"), at("/t/directory")).value();
    store->files.make_symbolic_link(at("/other/b"), at("/t/file")).value();
    store->files.make_symbolic_link(at("/t"), at("/t/circle")).value();
    CHECK(size_of(store, "/t") == 5);
}

TEST_CASE("What may not be listed does not count for the size of a tree")
{
    const auto store = store_with({"/t/a", "/t/secret/b", "/t/secret/open/c", "/t/hidden"});
    auto allowed = everything;
    allowed.set(at("/t/secret"), {});
    allowed.set(at("/t/hidden"), {permission::read});
    CHECK(size_of(store, "/t", allowed) == 5);
    CHECK(size_of(store, "/t/secret", allowed) == 0);
    allowed.set(at("/t/secret/open"), permissions::read_only());
    CHECK(size_of(store, "/t/secret/open", allowed) == 5);
}

TEST_CASE("The size of a tree stops at the largest number instead of beginning anew")
{
    const auto store = std::make_shared<huge_store>();
    for (const auto* path : {"/a", "/b", "/d/c"})
        store->files.add_file(path, "");
    CHECK(size_of(store, "/") == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("A tree is counted in small steps, with one directory open at a time")
{
    const auto store = std::make_shared<watched_store>();
    for (int i = 0; i < 2000; ++i)
        store->files.add_file("/t/" + std::to_string(i % 50) + "/" + std::to_string(i), "x");
    const auto task = make_tree_size_task(store, at("/t"), everything);
    check_steps_are_small(*store, *task);
    CHECK(store->most_open_directories == 1);
    CHECK(store->open_directories == 0);
    CHECK(size_of(store, "/t") == 2000);
}

TEST_CASE("A directory that vanishes while a tree is counted is no error")
{
    const auto store = store_with({"/t/f"});
    for (int i = 0; i < 1000; ++i)
        store->files.add_directory("/t/" + std::to_string(i));
    const auto task = make_tree_size_task(store, at("/t"), everything);
    CHECK_FALSE(task->step().value().is_done);
    for (int i = 0; i < 1000; ++i)
        store->files.remove_directory(at("/t/" + std::to_string(i))).value();
    CHECK(run_to_end(*task).value().bytes == 5);
}

TEST_CASE("A tree as deep as paths can be is counted")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/t" + nested(2'000) + "/f", "12345");
    CHECK(size_of(store, "/t") == 5);
}

TEST_CASE("Directories are made from the first that is missing")
{
    const auto store = store_with({"/a/f"});
    CHECK(make_directories(store, "/a/b/c/d") == std::error_code{});
    CHECK(store->files.stat(at("/a/b/c/d")).value().is_directory());
    CHECK(is_there(store, "/a/f"));
}

TEST_CASE("Directories that are there already need not be made")
{
    const auto store = store_with({"/a/b/f"});
    const access_rules nothing{};
    CHECK(make_directories(store, "/a/b", nothing) == std::error_code{});
    CHECK(make_directories(store, "/", nothing) == std::error_code{});
}

TEST_CASE("No directory is made in the place of a file or below it")
{
    const auto store = store_with({"/f"});
    CHECK(make_directories(store, "/f") == store_errc::not_a_directory);
    CHECK(make_directories(store, "/f/d") == store_errc::not_a_directory);
}

TEST_CASE("Directories are made only where that is allowed")
{
    const auto store = store_with({"/in/f"});
    access_rules allowed{permissions::read_only()};
    allowed.set(at("/in"), permissions::full());
    CHECK(make_directories(store, "/in/a/b", allowed) == std::error_code{});
    CHECK(make_directories(store, "/out/a", allowed) == store_errc::permission_denied);
    CHECK_FALSE(is_there(store, "/out"));
}

TEST_CASE("A long path of directories is made in small steps")
{
    const auto store = std::make_shared<watched_store>();
    const auto path = nested(1500);
    const auto task = make_directories_task(store, at(path), everything, {});
    check_steps_are_small(*store, *task);
    CHECK(is_there(store, path));
}

TEST_CASE("On a disk, too, links do not count for the size of a tree" * doctest::skip(libftp::testing::is_windows))
{
    const scratch_folder folder;
    std::filesystem::create_directories(folder.path() / "t/d");
    std::filesystem::create_directories(folder.path() / "other");
    folder.write("t/d/f", "12345");
    folder.write("other/g", "1234567");
    std::filesystem::create_symlink("../other", folder.path() / "t/link");
    std::filesystem::create_symlink("../other/g", folder.path() / "t/file-link");
    CHECK(size_of(disk_store::open(folder.path().string()).value(), "/t") == 5);
}
