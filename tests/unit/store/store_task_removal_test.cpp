// Directory trees removed: in bounded steps, only what may be removed, and never through a link.
#include "support/scratch_folder.hpp"
#include "support/system.hpp"
#include "support/watched_trees.hpp"

#include <libftp/store/disk_store.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::check_steps_are_small;
using libftp::testing::error_of;
using libftp::testing::everything;
using libftp::testing::is_there;
using libftp::testing::names_in;
using libftp::testing::nested;
using libftp::testing::run_to_end;
using libftp::testing::scratch_folder;
using libftp::testing::store_with;
using libftp::testing::watched_store;
using names = std::vector<std::string>;

namespace {

std::error_code remove_tree(const std::shared_ptr<file_store>& store, std::string_view path,
                            const access_rules& allowed = everything)
{
    return error_of(run_to_end(*make_tree_removal_task(store, at(path), allowed)));
}

} // namespace

TEST_CASE("A tree is removed with all that is in it, and nothing else")
{
    const auto store = store_with({"/t/a", "/t/d/b", "/t/d/e/c", "/tree", "/other/f"});
    store->files.add_directory("/t/empty");
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK(names_in(store->files, "/") == names{"other", "tree"});
}

TEST_CASE("A large tree is removed in small steps, with one directory open at a time")
{
    const auto store = std::make_shared<watched_store>();
    for (int i = 0; i < 3000; ++i)
        store->files.add_file("/t/" + std::to_string(i % 3) + "/" + std::to_string(i), "x");
    const auto task = make_tree_removal_task(store, at("/t"), everything);
    check_steps_are_small(*store, *task);
    CHECK(store->most_open_directories == 1);
    CHECK_FALSE(is_there(store, "/t"));
}

TEST_CASE("A file, a missing tree and the root are not removed as trees")
{
    const auto store = store_with({"/f"});
    CHECK(remove_tree(store, "/f") == store_errc::not_a_directory);
    CHECK(remove_tree(store, "/gone") == store_errc::not_found);
    CHECK(remove_tree(store, "/") == store_errc::permission_denied);
    CHECK(is_there(store, "/f"));
}

TEST_CASE("Links in a tree are removed, not followed")
{
    const auto store = store_with({"/t/a", "/other/b"});
    store->files.make_symbolic_link(at("/other"), at("/t/directory")).value();
    store->files.make_symbolic_link(at("/other/b"), at("/t/file")).value();
    store->files.make_symbolic_link(at("/nowhere"), at("/t/broken")).value();
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK(names_in(store->files, "/") == names{"other"});
    CHECK(is_there(store, "/other/b"));
}

TEST_CASE("A link to a directory is not removed as a tree")
{
    const auto store = store_with({"/other/b"});
    store->files.make_symbolic_link(at("/other"), at("/link")).value();
    CHECK(remove_tree(store, "/link") == store_errc::not_a_directory);
    CHECK(is_there(store, "/other/b"));
}

TEST_CASE("A tree as deep as paths can be is removed")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_directory("/t" + nested(2'000));
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK_FALSE(is_there(store, "/t"));
}

TEST_CASE("A tree that may not be removed as a whole keeps what may not be removed")
{
    const auto store = store_with({"/t/kept/f", "/t/read-only/f"});
    auto allowed = everything;
    allowed.set(at("/t/kept"), {permission::list, permission::remove_directory});
    allowed.set(at("/t/read-only"), permissions::read_only());
    CHECK(remove_tree(store, "/t", allowed) == store_errc::permission_denied);
    CHECK(is_there(store, "/t/kept/f"));
    CHECK(is_there(store, "/t/read-only/f"));
}

TEST_CASE("Files and links need another permission to be removed than directories")
{
    const auto store = store_with({"/files/f"});
    store->files.add_directory("/directories/d");
    store->files.make_symbolic_link(at("/files"), at("/directories/link")).value();
    CHECK(remove_tree(store, "/files", permissions{permission::delete_file}) == store_errc::permission_denied);
    CHECK(remove_tree(store, "/files", permissions{permission::remove_directory}) == store_errc::permission_denied);
    CHECK(remove_tree(store, "/directories", permissions{permission::remove_directory}) ==
          store_errc::permission_denied);
    CHECK(is_there(store, "/files/f"));
    CHECK(is_there(store, "/directories/link"));
    const permissions both{permission::delete_file, permission::remove_directory};
    CHECK(remove_tree(store, "/directories", both) == std::error_code{});
}

TEST_CASE("What others remove at the same time is no error")
{
    const auto store = std::make_shared<watched_store>();
    for (int i = 0; i < 600; ++i)
        store->files.add_file("/t/" + std::to_string(i), "x");
    store->files.add_file("/t/d/f", "x");
    bool is_ahead = true;
    store->before_removal = [&](const store_path& path) {
        is_ahead = !is_ahead;
        if (is_ahead && !store->files.remove_file(path))
            static_cast<void>(store->files.remove_directory(path));
    };
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK_FALSE(is_there(store, "/t"));
}

TEST_CASE("A tree that others remove as a whole meanwhile is no error either")
{
    const auto store = store_with({"/t/d/a", "/t/d/b"});
    store->before_removal = [&](const store_path& path) {
        if (!path.contains(at("/t/d/b")) || path == at("/t") || path == at("/t/d"))
            return;
        for (const auto* file : {"/t/d/a", "/t/d/b"})
            static_cast<void>(store->files.remove_file(at(file)));
        static_cast<void>(store->files.remove_directory(at("/t/d")));
        static_cast<void>(store->files.remove_directory(at("/t")));
    };
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK_FALSE(is_there(store, "/t"));
}

TEST_CASE("A directory that others keep filling ends as not empty instead of never")
{
    const auto store = store_with({"/t/f"});
    store->before_removal = [&](const store_path& path) {
        if (path == at("/t"))
            store->files.add_file("/t/again", "x");
    };
    CHECK(remove_tree(store, "/t") == store_errc::directory_not_empty);
    CHECK(is_there(store, "/t/again"));
}

TEST_CASE("On a disk, too, links are removed, not followed" * doctest::skip(libftp::testing::is_windows))
{
    const scratch_folder folder;
    std::filesystem::create_directories(folder.path() / "t/d");
    std::filesystem::create_directories(folder.path() / "other");
    folder.write("t/d/f", "12345");
    folder.write("other/kept", "1234567");
    std::filesystem::create_symlink("../other", folder.path() / "t/link");
    std::filesystem::create_symlink("../other/kept", folder.path() / "t/file-link");
    std::filesystem::create_symlink("t", folder.path() / "top-link");
    const auto store = disk_store::open(folder.path().string()).value();

    CHECK(remove_tree(store, "/top-link") == std::errc::not_a_directory);
    CHECK(std::filesystem::exists(folder.path() / "t/d/f"));
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK_FALSE(std::filesystem::exists(folder.path() / "t"));
    CHECK(std::filesystem::exists(folder.path() / "other/kept"));
}

TEST_CASE("On a disk, a tree of more files than a step has names for is removed as a whole")
{
    const scratch_folder folder;
    std::filesystem::create_directories(folder.path() / "t/d");
    for (int i = 0; i < 700; ++i)
        folder.write("t/d/" + std::to_string(i), "x");
    const auto store = disk_store::open(folder.path().string()).value();
    CHECK(remove_tree(store, "/t") == std::error_code{});
    CHECK(names_in(*store, "/").empty());
}
