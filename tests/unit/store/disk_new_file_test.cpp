// Files that are being written to disk and have no name yet, with and without O_TMPFILE.
#include "store/disk_hidden_name.hpp"
#include "store/disk_new_file.hpp"

#include "support/scratch_folder.hpp"

#include <libftp/store/disk_store.hpp>
#include <libftp/store/store_error.hpp>

#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace libftp;
using disk::if_taken;
using disk::is_hidden_name;
using disk::new_file;
using names = std::vector<std::string>;

namespace {

using creator = result<std::unique_ptr<new_file>> (*)(disk::descriptor, mode_t);

/// Both ways of keeping a file out of sight: the second is for file systems that do not know the first.
constexpr creator every_way[]{&new_file::create, &new_file::create_hidden};

std::unique_ptr<new_file> create_in(const libftp::testing::scratch_folder& folder, creator create, mode_t mode = 0600)
{
    auto file = create(disk::descriptor{::open(folder.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)}, mode).value();
    REQUIRE(::write(file->file().number(), "new", 3) == 3);
    return file;
}

/// By a process that ends before it publishes or removes it. Its name.
std::string leave_unfinished_file(const std::string& directory)
{
    const auto listed = [&] {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator{directory})
            found.insert(entry.path().filename().string());
        return found;
    };
    const auto before = listed();
    const auto child = ::fork();
    if (child == 0) {
        const auto file = new_file::create_hidden(
            disk::descriptor{::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)}, 0600);
        ::_exit(file ? 0 : 1);
    }
    int outcome = -1;
    REQUIRE(::waitpid(child, &outcome, 0) == child);
    REQUIRE(outcome == 0);
    for (const auto& name : listed())
        if (!before.contains(name))
            return name;
    return {};
}

} // namespace

TEST_CASE("Only the names that unfinished files get are hidden")
{
    CHECK(is_hidden_name(".libftp-0123456789abcdef"));
    CHECK_FALSE(is_hidden_name(".libftp-0123456789ABCDEF"));
    CHECK_FALSE(is_hidden_name(".libftp-0123456789abcde"));
    CHECK_FALSE(is_hidden_name(".libftp-0123456789abcdef0"));
    CHECK_FALSE(is_hidden_name(".libftp-0123456789abcdeg"));
    CHECK_FALSE(is_hidden_name("xlibftp-0123456789abcdef"));
    CHECK_FALSE(is_hidden_name(".libftp-"));
    CHECK_FALSE(is_hidden_name(""));
}

TEST_CASE("An unpublished file leaves nothing behind")
{
    const libftp::testing::scratch_folder folder;
    for (const auto create : every_way) {
        create_in(folder, create);
        CHECK(folder.names().empty());
    }
}

TEST_CASE("A file with a hidden name does not show in a listing of the store")
{
    const libftp::testing::scratch_folder folder;
    const auto file = create_in(folder, &new_file::create_hidden);
    REQUIRE(folder.names().size() == 1);
    CHECK(is_hidden_name(folder.names().front()));
    const auto store = disk_store::open(folder.path().string()).value();
    CHECK(libftp::testing::names_in(*store, "/").empty());
}

TEST_CASE("A listing takes away the unfinished files of servers that died, and no others")
{
    const libftp::testing::scratch_folder folder;
    const auto dead = leave_unfinished_file(folder.path(""));
    const auto living = create_in(folder, &new_file::create_hidden);
    std::filesystem::create_directory(folder.path(".libftp-0000000000000000"));
    ::mkfifo(folder.path(".libftp-1111111111111111").c_str(), 0600);
    std::filesystem::create_symlink("name", folder.path(".libftp-2222222222222222"));
    folder.write("name", "");
    folder.write(".libftp-other", "");
    REQUIRE(folder.has(dead));
    REQUIRE(folder.names().size() == 7);

    const auto store = disk_store::open(folder.path().string()).value();
    CHECK(libftp::testing::names_in(*store, "/") == names{".libftp-other", "name"});
    CHECK_FALSE(folder.has(dead));
    CHECK(folder.names().size() == 6);
    CHECK(living->publish("new", if_taken::replace).has_value());
    CHECK(folder.read("new") == "new");
}

TEST_CASE("What a server that died left in a directory is not in the way of its removal")
{
    const libftp::testing::scratch_folder folder;
    std::filesystem::create_directory(folder.path("d"));
    leave_unfinished_file(folder.path("d"));
    leave_unfinished_file(folder.path("d"));
    const auto store = disk_store::open(folder.path().string()).value();
    CHECK(store->remove_directory(libftp::testing::at("/d")).has_value());
    CHECK(folder.names().empty());
}

TEST_CASE("A directory in which somebody writes a file is not empty")
{
    const libftp::testing::scratch_folder folder;
    std::filesystem::create_directory(folder.path("d"));
    disk::descriptor directory{::open(folder.path("d").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    const auto file = new_file::create_hidden(std::move(directory), 0600).value();
    const auto store = disk_store::open(folder.path().string()).value();
    CHECK(libftp::testing::error_of(store->remove_directory(libftp::testing::at("/d"))) ==
          store_errc::directory_not_empty);
    CHECK(file->publish("name", if_taken::fail).has_value());
}

TEST_CASE("A published file has its name and no other")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        CHECK(create_in(folder, create)->publish("name", if_taken::replace).has_value());
        CHECK(folder.names() == names{"name"});
        CHECK(folder.read("name") == "new");
        CHECK(std::filesystem::hard_link_count(folder.path("name")) == 1);
    }
}

TEST_CASE("A published file replaces the one that has its name, whether that was expected or not")
{
    for (const auto create : every_way) {
        for (const auto taken : {if_taken::replace, if_taken::replace_known}) {
            const libftp::testing::scratch_folder folder;
            folder.write("name", "old");
            CHECK(create_in(folder, create)->publish("name", taken).has_value());
            CHECK(folder.names() == names{"name"});
            CHECK(folder.read("name") == "new");
        }
    }
}

TEST_CASE("A file that was to replace one that has gone meanwhile is published all the same")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        CHECK(create_in(folder, create)->publish("name", if_taken::replace_known).has_value());
        CHECK(folder.names() == names{"name"});
        CHECK(std::filesystem::hard_link_count(folder.path("name")) == 1);
    }
}

TEST_CASE("A file that was to replace another leaves nothing behind if that is a directory now")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        std::filesystem::create_directory(folder.path("name"));
        CHECK(libftp::testing::error_of(create_in(folder, create)->publish("name", if_taken::replace_known)) ==
              store_errc::is_a_directory);
        CHECK(folder.names() == names{"name"});
    }
}

TEST_CASE("Publishing replaces a link itself and no directory, and a failure leaves nothing behind")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        std::filesystem::create_directory(folder.path("directory"));
        folder.write("target", "old");
        std::filesystem::create_symlink("target", folder.path("link"));

        CHECK(create_in(folder, create)->publish("link", if_taken::replace).has_value());
        CHECK(folder.read("target") == "old");
        CHECK_FALSE(std::filesystem::is_symlink(folder.path("link")));
        CHECK(libftp::testing::error_of(create_in(folder, create)->publish("directory", if_taken::replace)) ==
              store_errc::is_a_directory);
        CHECK(libftp::testing::error_of(create_in(folder, create)->publish(std::string(256, 'x'), if_taken::replace)) ==
              store_errc::name_not_allowed);
        CHECK(folder.names() == names{"directory", "link", "target"});
    }
}

TEST_CASE("A file that is published as new has its name and no other")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        CHECK(create_in(folder, create)->publish("name", if_taken::fail).has_value());
        CHECK(folder.names() == names{"name"});
        CHECK(folder.read("name") == "new");
        CHECK(std::filesystem::hard_link_count(folder.path("name")) == 1);
    }
}

TEST_CASE("A file that is published as new replaces nothing, and a failure leaves nothing behind")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        std::filesystem::create_directory(folder.path("directory"));
        folder.write("file", "old");
        std::filesystem::create_symlink("missing", folder.path("link"));

        for (const auto* name : {"directory", "file", "link"})
            CHECK(libftp::testing::error_of(create_in(folder, create)->publish(name, if_taken::fail)) ==
                  store_errc::already_exists);
        CHECK(libftp::testing::error_of(create_in(folder, create)->publish(std::string(256, 'x'), if_taken::fail)) ==
              store_errc::name_not_allowed);
        CHECK(folder.names() == names{"directory", "file", "link"});
        CHECK(folder.read("file") == "old");
        CHECK(std::filesystem::is_symlink(folder.path("link")));
    }
}

TEST_CASE("Nothing is published in a directory that was removed")
{
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        std::filesystem::create_directory(folder.path("d"));
        disk::descriptor directory{::open(folder.path("d").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
        std::filesystem::remove(folder.path("d"));
        // Some file systems refuse the file itself, some only its name.
        const auto file = create(std::move(directory), 0600);
        CHECK(libftp::testing::error_of(file ? (*file)->publish("name", if_taken::replace)
                                             : result<void>{file.error()}) == store_errc::not_found);
    }
}

TEST_CASE("A new file has the mode asked for, less the umask, and is not inherited")
{
    const auto old_mask = ::umask(022);
    for (const auto create : every_way) {
        const libftp::testing::scratch_folder folder;
        const auto file = create_in(folder, create, 0662);
        const auto status = disk::status_of(file->file()).value();
        CHECK((status.stx_mode & 07777) == 0640);
        CHECK((::fcntl(file->file().number(), F_GETFD) & FD_CLOEXEC) != 0);
    }
    ::umask(old_mask);
}
