// The disk store's way to the system: descriptors, errors, paths beneath a root, and facts.
#include "store/disk_system.hpp"

#include "support/guarded_root.hpp"
#include "support/scratch_folder.hpp"

#include <libftp/store/store_error.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

#include <fcntl.h>

using namespace libftp;

namespace {

bool is_open(int number)
{
    return ::fcntl(number, F_GETFD) != -1;
}

disk::descriptor open_folder(const libftp::testing::scratch_folder& folder, std::string_view name = "")
{
    return disk::descriptor{::open(folder.path(name).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

store_path at(std::string_view path)
{
    return store_path{}.resolve(path).value();
}

} // namespace

TEST_CASE("A descriptor is closed by its last owner, once")
{
    const libftp::testing::scratch_folder folder;
    int number = -1;
    {
        auto first = open_folder(folder);
        number = first.number();
        const disk::descriptor second{std::move(first)};
        CHECK(first.number() == -1); // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
        CHECK(second.number() == number);
        CHECK(is_open(number));
    }
    CHECK_FALSE(is_open(number));

    auto released = open_folder(folder);
    number = released.release();
    CHECK(released.number() == -1);
    CHECK(is_open(number));
    ::close(number);
}

TEST_CASE("An interrupted call is made again until it is not")
{
    int calls = 0;
    const auto outcome = disk::restarted([&calls] {
        errno = EINTR;
        return ++calls < 3 ? -1 : 7;
    });
    CHECK(outcome == 7);
    CHECK(calls == 3);

    calls = 0;
    CHECK(disk::restarted([&calls] {
              ++calls;
              errno = EIO;
              return -1;
          }) == -1);
    CHECK(calls == 1);
}

TEST_CASE("A system error is a refusal where it means one and stays itself where not")
{
    errno = ENOENT;
    CHECK(disk::last_error() == store_errc::not_found);
    errno = EIO;
    CHECK(disk::last_error() == std::error_code{EIO, std::system_category()});
    errno = EINVAL;
    CHECK(disk::last_error() == std::error_code{EINVAL, std::system_category()});
    errno = EINVAL;
    CHECK(disk::last_name_error() == store_errc::name_not_allowed);
    errno = EROFS;
    CHECK(disk::last_name_error() == store_errc::read_only);
}

TEST_CASE("What is opened beneath a root is not inherited by other programs")
{
    const libftp::testing::scratch_folder folder;
    folder.write("f", "");
    const auto root = open_folder(folder);
    const auto file = disk::open_beneath(root.number(), at("/f"), O_RDONLY).value();
    CHECK((::fcntl(file.number(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("Magic links are not followed, wherever they lead")
{
    const disk::descriptor self{::open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    REQUIRE(self.number() != -1);
    CHECK_FALSE(disk::open_beneath(self.number(), at("/cwd"), O_PATH).has_value());
    CHECK_FALSE(disk::open_beneath(self.number(), at("/fd/0"), O_PATH).has_value());
    CHECK_FALSE(disk::open_beneath(self.number(), at("/root/etc"), O_PATH).has_value());
}

TEST_CASE("A closed root gives an error")
{
    CHECK_FALSE(disk::open_beneath(-1, at("/f"), O_RDONLY).has_value());
    CHECK_FALSE(disk::status_of(disk::descriptor{-1}).has_value());
}

TEST_CASE("A status becomes facts, with ids as numbers and the time to the nanosecond")
{
    disk::file_status status{};
    status.stx_mode = S_IFREG | 04751;
    status.stx_size = 1234;
    status.stx_nlink = 2;
    status.stx_uid = 1000;
    status.stx_gid = 100;
    status.stx_dev_major = 0xfd;
    status.stx_dev_minor = 1;
    status.stx_ino = 0xabcdef;
    status.stx_mtime = {1'700'000'000, 123'456'789, {}};
    const auto info = disk::describe(status, "name");
    CHECK(info.name == "name");
    CHECK(info.type == file_type::file);
    CHECK(info.size == 1234);
    CHECK(info.mode == 04751U);
    CHECK(info.links == 2);
    CHECK(info.owner == "1000");
    CHECK(info.group == "100");
    CHECK(info.unique == "fd01gabcdef");
    CHECK(info.link_target.empty());
    CHECK(info.modified->time_since_epoch() == std::chrono::nanoseconds{1'700'000'000'123'456'789});

    for (const auto& [mode, type] : {std::pair<std::uint16_t, file_type>{S_IFDIR, file_type::directory},
                                     {S_IFLNK, file_type::symbolic_link},
                                     {S_IFIFO, file_type::other},
                                     {S_IFSOCK, file_type::other},
                                     {S_IFCHR, file_type::other},
                                     {S_IFBLK, file_type::other}}) {
        status.stx_mode = mode;
        CHECK(disk::describe(status, "name").type == type);
    }
}

TEST_CASE("The time of creation is told where the file system knows it")
{
    disk::file_status status{};
    status.stx_btime = {1'700'000'000, 5, {}};
    CHECK_FALSE(disk::describe(status, "").created.has_value());
    status.stx_mask = STATX_BTIME;
    CHECK(disk::describe(status, "").created->time_since_epoch() ==
          std::chrono::nanoseconds{1'700'000'000'000'000'005});
}

TEST_CASE("A name in a directory is looked at itself, a path as what it leads to")
{
    const libftp::testing::scratch_folder folder;
    folder.write("f", "12345");
    std::filesystem::create_symlink("f", folder.path("link"));
    const auto root = open_folder(folder);
    CHECK(S_ISLNK(disk::status_at(root.number(), "link").value().stx_mode));
    CHECK(disk::status_beneath(root.number(), at("/link")).value().stx_size == 5);
    CHECK(disk::status_at(root.number(), "missing").error() == store_errc::not_found);
    CHECK(disk::status_at(root.number(), std::string(256, 'x').c_str()).error() == store_errc::name_not_allowed);
}

TEST_CASE("What lies in the root itself is looked at as what lies deeper: links are followed beneath the root only")
{
    const libftp::testing::guarded_root guarded;
    guarded.folder.write("root/d/b", "12345");
    std::filesystem::create_symlink("b", guarded.folder.path("root/d/link"));
    std::filesystem::create_symlink("d/b", guarded.folder.path("root/link"));
    std::filesystem::create_symlink("../file", guarded.folder.path("root/d/file"));
    std::filesystem::create_symlink("nowhere", guarded.folder.path("root/d/lost"));
    std::filesystem::create_symlink("nowhere", guarded.folder.path("root/lost"));
    const auto root = open_folder(guarded.folder, "root");
    for (const auto& name : {std::string{"link"}, std::string{"file"}, std::string{"lost"}, std::string{"missing"}}) {
        CAPTURE(name);
        for (const auto links : {link_rule::follow, link_rule::refuse}) {
            const disk::root_directory from{root.number(), links};
            const auto above = disk::status_beneath(from, at("/" + name));
            const auto below = disk::status_beneath(from, at("/d/" + name));
            REQUIRE(above.has_value() == below.has_value());
            if (above)
                CHECK(above->stx_ino == below->stx_ino);
            else
                CHECK(above.error() == below.error());
        }
    }
}

TEST_CASE("A place is a name and the directory that holds it, whether the name is taken or not")
{
    const libftp::testing::scratch_folder folder;
    folder.write("f", "");
    std::filesystem::create_directory(folder.path("d"));
    const auto root = open_folder(folder);
    const auto place = disk::find_place(root.number(), at("/d/new")).value();
    CHECK(place.name == "new");
    CHECK(disk::status_of(place.directory).value().stx_ino == disk::status_at(root.number(), "d").value().stx_ino);
    CHECK(disk::find_place(root.number(), at("/missing/new")).error() == store_errc::not_found);
    CHECK(disk::find_place(root.number(), at("/f/new")).error() == store_errc::not_a_directory);
}

TEST_CASE("The path to an open file leads to it when its name is gone")
{
    const libftp::testing::scratch_folder folder;
    folder.write("f", "12345");
    const auto root = open_folder(folder);
    const auto file = disk::open_beneath(root.number(), at("/f"), O_PATH).value();
    std::filesystem::remove(folder.path("f"));
    struct ::stat status {};
    REQUIRE(::stat(disk::path_to(file.number()).c_str(), &status) == 0);
    CHECK(status.st_size == 5);
}

TEST_CASE("Times that do not fit are the last that do")
{
    disk::file_status status{};
    status.stx_mtime = {std::numeric_limits<std::int64_t>::max(), 999'999'999, {}};
    CHECK(disk::describe(status, "").modified > file_time{std::chrono::hours{24 * 365 * 200}});
    status.stx_mtime = {std::numeric_limits<std::int64_t>::min(), 0, {}};
    CHECK(disk::describe(status, "").modified < file_time{std::chrono::hours{-24 * 365 * 200}});
    status.stx_mtime = {-1, 500'000'000, {}};
    CHECK(disk::describe(status, "").modified == file_time{std::chrono::milliseconds{-500}});
}

TEST_CASE("Only a regular file is like a file")
{
    disk::file_status status{};
    status.stx_mode = S_IFREG;
    CHECK_FALSE(disk::refusal_of_irregular(status));
    status.stx_mode = S_IFDIR;
    CHECK(disk::refusal_of_irregular(status) == store_errc::is_a_directory);
    status.stx_mode = S_IFIFO;
    CHECK(disk::refusal_of_irregular(status) == store_errc::not_a_file);
}
