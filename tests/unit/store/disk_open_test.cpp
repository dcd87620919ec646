// The modes that files on disk are made with, and what happens when others make them at the same time.
#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"
#include "support/watched_store.hpp"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::run_to_end;

namespace {

struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store = disk_store::open(folder.path().string()).value();

    [[nodiscard]] struct ::stat status(std::string_view name) const
    {
        struct ::stat status {};
        REQUIRE(::stat(folder.path(name).c_str(), &status) == 0);
        return status;
    }
    [[nodiscard]] mode_t mode(std::string_view name) const { return status(name).st_mode & 07777; }
    void own(std::string_view name, uid_t owner, gid_t group, mode_t mode) const
    {
        REQUIRE(::chown(folder.path(name).c_str(), owner, group) == 0);
        REQUIRE(::chmod(folder.path(name).c_str(), mode) == 0);
    }
    void write(std::string_view path, const write_options& options) const
    {
        const auto writer = store->open_write(at(path), options).value();
        writer->write("text").value();
        writer->commit().value();
    }
};

class umask_of {
public:
    explicit umask_of(mode_t mask) : old_(::umask(mask)) {}
    umask_of(const umask_of&) = delete;
    umask_of& operator=(const umask_of&) = delete;
    ~umask_of() { ::umask(old_); }

private:
    mode_t old_;
};

constexpr uid_t stranger = 4711;
constexpr gid_t strangers = 4712;

/// Of a process of root, which acts with the rights of somebody else for as long as this lives.
class acting_as_stranger {
public:
    acting_as_stranger() : groups_(static_cast<std::size_t>(::getgroups(0, nullptr)))
    {
        REQUIRE(::getgroups(static_cast<int>(groups_.size()), groups_.data()) != -1);
        REQUIRE(::setgroups(1, &strangers) == 0);
        REQUIRE(::seteuid(stranger) == 0);
    }
    acting_as_stranger(const acting_as_stranger&) = delete;
    acting_as_stranger& operator=(const acting_as_stranger&) = delete;
    ~acting_as_stranger()
    {
        CHECK(::seteuid(0) == 0);
        CHECK(::setgroups(groups_.size(), groups_.data()) == 0);
    }

private:
    std::vector<gid_t> groups_;
};

constexpr write_mode every_mode[]{write_mode::replace, write_mode::create, write_mode::append, write_mode::resume};

} // namespace

TEST_CASE("A umask that is asked for counts instead of the process's, looser or stricter")
{
    for (const mode_t of_process : {0U, 022U, 077U, 0777U}) {
        const on_disk s;
        const umask_of mask{of_process};
        for (const auto mode : every_mode) {
            s.write("/f", {.mode = mode, .umask = 026});
            CHECK(s.mode("f") == 0640);
            s.store->remove_file(at("/f")).value();
        }
        s.store->make_directory(at("/d"), 027).value();
        CHECK(s.mode("d") == 0750);
    }
}

TEST_CASE("Without a umask asked for, the process's counts")
{
    const on_disk s;
    const umask_of mask{027};
    for (const auto mode : every_mode) {
        s.write("/f", {.mode = mode});
        CHECK(s.mode("f") == 0640);
        s.store->remove_file(at("/f")).value();
    }
    s.store->make_directory(at("/d"), {}).value();
    CHECK(s.mode("d") == 0750);
}

TEST_CASE("Bits that are withheld from a new file are so besides the umask that is asked for or the process's")
{
    const on_disk s;
    const umask_of mask{022};
    for (const auto mode : every_mode) {
        s.write("/f", {.mode = mode, .withheld = 04});
        CHECK(s.mode("f") == 0640);
        s.store->remove_file(at("/f")).value();
        s.write("/f", {.mode = mode, .umask = 02, .withheld = 04});
        CHECK(s.mode("f") == 0660);
        s.store->remove_file(at("/f")).value();
    }
}

TEST_CASE("A copy has the bits of its source that the process's umask leaves")
{
    const on_disk s;
    for (const auto& [umask, before, after] :
         {std::array<mode_t, 3>{077, 0644, 0600}, {022, 0666, 0644}, {022, 0600, 0600}, {0, 0664, 0664}}) {
        const umask_of mask{umask};
        s.folder.write("f", "text");
        ::chmod(s.folder.path("f").c_str(), before);
        run_to_end(*make_copy_task(s.store, at("/f"), at("/copy"), {})).value();
        CHECK(s.mode("copy") == after);
        run_to_end(*make_combine_task(s.store, at("/whole"), {at("/f"), at("/copy")}, {})).value();
        CHECK(s.mode("whole") == after);
        s.store->remove_file(at("/whole")).value();
    }
}

TEST_CASE("A umask has no say in a file that is there")
{
    const on_disk s;
    for (const auto mode : {write_mode::replace, write_mode::append, write_mode::resume}) {
        s.folder.write("f", "old");
        ::chmod(s.folder.path("f").c_str(), 0604);
        s.write("/f", {.mode = mode, .umask = 077});
        CHECK(s.mode("f") == 0604);
    }
}

TEST_CASE("An upload keeps the mode of the file it replaces, without the bits that lend rights")
{
    const umask_of mask{022};
    const on_disk s;
    for (const auto& [before, after] :
         {std::pair<mode_t, mode_t>{0600, 0600}, {0666, 0666}, {0200, 0200}, {06755, 0755}}) {
        s.folder.write("f", "old");
        ::chmod(s.folder.path("f").c_str(), before);
        s.write("/f", {});
        CHECK(s.mode("f") == after);
        ::chmod(s.folder.path("f").c_str(), 0600);
        CHECK(s.folder.read("f") == "text");
        s.store->remove_file(at("/f")).value();
    }
}

TEST_CASE("An upload keeps the access control list of the file it replaces, and has none where that had none")
{
    constexpr const char* access_list = "system.posix_acl_access";
    // The owner rw, user 4711 rw, the group r, at most rw, others nothing: as <linux/posix_acl_xattr.h> has it.
    constexpr std::string_view list{"\2\0\0\0\1\0\6\0\xff\xff\xff\xff\2\0\6\0\x67\x12\0\0\4\0\4\0\xff\xff\xff\xff"
                                    "\x10\0\6\0\xff\xff\xff\xff\x20\0\0\0\xff\xff\xff\xff",
                                    44};
    const on_disk s;
    const auto list_of = [&](const char* name) {
        std::array<char, 256> found{};
        const auto size = ::getxattr(s.folder.path(name).c_str(), access_list, found.data(), found.size());
        return std::string{found.data(), size == -1 ? 0 : static_cast<std::size_t>(size)};
    };
    s.folder.write("none", "old");
    ::chmod(s.folder.path("none").c_str(), 0640);
    s.folder.write("f", "old");
    if (::setxattr(s.folder.path("f").c_str(), access_list, list.data(), list.size(), 0) == -1 ||
        ::setxattr(s.folder.path().c_str(), "system.posix_acl_default", list.data(), list.size(), 0) == -1) {
        MESSAGE("skipped: no access control lists here");
        return;
    }
    s.write("/f", {});
    CHECK(list_of("f") == list);
    CHECK(s.mode("f") == 0660);
    s.write("/none", {.umask = 022});
    CHECK(list_of("none").empty());
    CHECK(s.mode("none") == 0640);
    s.write("/new", {});
    CHECK(list_of("new") == list);
}

TEST_CASE("An upload keeps the attributes that users gave to the file it replaces")
{
    const on_disk s;
    s.folder.write("f", "old");
    const auto path = s.folder.path("f");
    if (::setxattr(path.c_str(), "user.a", "1", 1, 0) == -1 || ::setxattr(path.c_str(), "user.empty", "", 0, 0) == -1) {
        MESSAGE("skipped: no extended attributes here");
        return;
    }
    s.write("/f", {});
    std::array<char, 8> found{};
    CHECK(s.folder.read("f") == "text");
    CHECK(::getxattr(path.c_str(), "user.a", found.data(), found.size()) == 1);
    CHECK(found[0] == '1');
    CHECK(::getxattr(path.c_str(), "user.empty", found.data(), found.size()) == 0);
}

TEST_CASE("An upload keeps the owner and the group of the file it replaces")
{
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root gives files away");
        return;
    }
    const on_disk s;
    s.folder.write("f", "old");
    s.own("f", stranger, strangers, 06775);
    s.write("/f", {.umask = 077});
    CHECK(s.status("f").st_uid == stranger);
    CHECK(s.status("f").st_gid == strangers);
    CHECK(s.mode("f") == 0775);
    CHECK(s.folder.read("f") == "text");
}

TEST_CASE("Of a file that it may write but not give away, an upload keeps the group if it can")
{
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root gives files away");
        return;
    }
    const on_disk s;
    s.own("", 0, 0, 0777);
    s.folder.write("theirs", "old");
    s.own("theirs", 0, strangers, 0664);
    s.folder.write("everyones", "old");
    s.own("everyones", 0, 1, 0666);
    {
        const acting_as_stranger rights;
        s.write("/theirs", {});
        s.write("/everyones", {});
    }
    CHECK(s.status("theirs").st_uid == stranger);
    CHECK(s.status("theirs").st_gid == strangers);
    CHECK(s.mode("theirs") == 0664);
    CHECK(s.status("everyones").st_gid != 1);
    CHECK(s.mode("everyones") == 0666);
    CHECK(s.folder.read("everyones") == "text");
}

TEST_CASE("A file that may not be written is not replaced either")
{
    const on_disk s;
    s.folder.write("protected", "old");
    ::chmod(s.folder.path("protected").c_str(), 0444);
    const auto check_refusal = [&](const char* path) {
        CHECK(error_of(s.store->open_write(at(path), {})) == store_errc::permission_denied);
    };
    if (::geteuid() == 0) {
        s.own("", 0, 0, 0777);
        s.own("protected", stranger, strangers, 0444);
        s.folder.write("others", "old");
        s.own("others", 0, 0, 0604);
        const acting_as_stranger rights;
        check_refusal("/protected");
        check_refusal("/others");
    } else {
        check_refusal("/protected");
    }
    CHECK(s.folder.read("protected") == "old");
}

TEST_CASE("A file of others in a directory with the sticky bit is not replaced, which is said before anything is sent")
{
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root gives files away");
        return;
    }
    const on_disk s;
    s.own("", 0, 0, 01777);
    s.folder.write("others", "old");
    s.own("others", 0, 0, 0666);
    s.folder.write("own", "old");
    s.own("own", stranger, strangers, 0644);
    {
        const acting_as_stranger rights;
        CHECK(error_of(s.store->open_write(at("/others"), {})) == store_errc::permission_denied);
        s.write("/own", {});
    }
    CHECK(s.folder.read("others") == "old");
    CHECK(s.folder.read("own") == "text");
    s.own("", stranger, strangers, 01777);
    const acting_as_stranger rights;
    s.write("/others", {});
}

TEST_CASE("A file that must not change, or only grow, is not replaced, which is said before anything is sent")
{
    const on_disk s;
    s.folder.write("kept", "old");
    const auto set_flags = [&](int flags) {
        const int file = ::open(s.folder.path("kept").c_str(), O_RDONLY | O_CLOEXEC);
        const bool done = ::ioctl(file, FS_IOC_SETFLAGS, &flags) == 0;
        ::close(file);
        return done;
    };
    for (const auto flags : {FS_IMMUTABLE_FL, FS_APPEND_FL}) {
        if (!set_flags(flags)) {
            MESSAGE("skipped: needs root, and a file system with such attributes");
            return;
        }
        CHECK(error_of(s.store->open_write(at("/kept"), {})) == store_errc::permission_denied);
        REQUIRE(set_flags(0));
    }
    s.write("/kept", {});
    CHECK(s.folder.read("kept") == "text");
}

TEST_CASE("A file can be written while it is made, whatever its mode will be")
{
    const on_disk s;
    for (const auto mode : every_mode) {
        s.write("/f", {.mode = mode, .umask = 0777});
        CHECK(s.mode("f") == 0);
        ::chmod(s.folder.path("f").c_str(), 0600);
        CHECK(s.folder.read("f") == "text");
        s.store->remove_file(at("/f")).value();
    }
}

TEST_CASE("A new directory keeps the set-group-ID bit that the one above it hands down")
{
    const on_disk s;
    ::chmod(s.folder.path().c_str(), 02755);
    if (s.mode("") != 02755) {
        MESSAGE("skipped: the bit cannot be set here");
        return;
    }
    s.store->make_directory(at("/d"), 077).value();
    CHECK(s.mode("d") == 02700);
}

TEST_CASE("A new file never goes to what a link of its name leads to")
{
    const on_disk s;
    std::filesystem::create_symlink("missing", s.folder.path("dangling"));
    for (const auto mode : {write_mode::append, write_mode::resume})
        CHECK(error_of(s.store->open_write(at("/dangling"), {.mode = mode})) == store_errc::not_found);
    CHECK(error_of(s.store->open_write(at("/dangling"), {.mode = write_mode::create})) == store_errc::already_exists);
    CHECK(s.folder.names() == std::vector<std::string>{"dangling"});
}

TEST_CASE("A link that takes the name of a new file of mode create stays, and so does what it leads to")
{
    const on_disk s;
    s.folder.write("target", "old");
    const auto writer = s.store->open_write(at("/new"), {.mode = write_mode::create}).value();
    writer->write("text").value();
    std::filesystem::create_symlink("target", s.folder.path("new"));
    CHECK(error_of(writer->commit()) == store_errc::already_exists);
    CHECK(std::filesystem::is_symlink(s.folder.path("new")));
    CHECK(s.folder.read("target") == "old");
}
