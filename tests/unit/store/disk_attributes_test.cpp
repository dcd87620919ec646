// Attributes of files on disk beyond what every store does with them (see file_store_attributes_test.cpp).
#include "store/disk_attributes.hpp"

#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

/// The store is the folder `root`, with the file `f` in it; `outside` lies beside it.
struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store;

    on_disk()
    {
        std::filesystem::create_directory(folder.path("root"));
        folder.write("root/f", "text");
        ::chmod(folder.path("root/f").c_str(), 0644);
        folder.write("outside", "text");
        store = disk_store::open(folder.path("root")).value();
    }

    [[nodiscard]] struct ::stat status(std::string_view name) const
    {
        struct ::stat status {};
        REQUIRE(::stat(folder.path(name).c_str(), &status) == 0);
        return status;
    }
    [[nodiscard]] mode_t mode(std::string_view name) const { return status(name).st_mode & 07777; }
};

nanoseconds since_epoch(const timespec& time)
{
    return seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

} // namespace

TEST_CASE("Each of the two times is set without the other")
{
    const on_disk s;
    s.store->set_attributes(at("/f"), {.modified = file_time{seconds{1}}, .accessed = file_time{seconds{2}}}).value();
    CHECK(since_epoch(s.status("root/f").st_mtim) == seconds{1});
    CHECK(since_epoch(s.status("root/f").st_atim) == seconds{2});
    s.store->set_attributes(at("/f"), {.accessed = file_time{nanoseconds{3'000'000'007}}}).value();
    CHECK(since_epoch(s.status("root/f").st_mtim) == seconds{1});
    CHECK(since_epoch(s.status("root/f").st_atim) == nanoseconds{3'000'000'007});
    s.store->set_attributes(at("/f"), {.modified = file_time{seconds{4}}}).value();
    CHECK(since_epoch(s.status("root/f").st_mtim) == seconds{4});
    CHECK(since_epoch(s.status("root/f").st_atim) == nanoseconds{3'000'000'007});
}

TEST_CASE("A file that its owner may neither read nor write still has attributes to change")
{
    const on_disk s;
    for (const mode_t mode : {0000U, 0200U, 0400U}) {
        ::chmod(s.folder.path("root/f").c_str(), mode);
        CHECK(s.store->set_attributes(at("/f"), {.modified = file_time{seconds{mode}}}).has_value());
        CHECK(since_epoch(s.status("root/f").st_mtim) == seconds{mode});
        CHECK(s.store->set_attributes(at("/f"), {.mode = 0640}).has_value());
        CHECK(s.mode("root/f") == 0640);
    }
}

TEST_CASE("The set-uid, set-gid and sticky bits are refused, and go when a mode is set")
{
    const on_disk s;
    for (const std::uint32_t mode : {04755U, 02755U, 01755U, 07777U, 0100644U}) {
        CHECK(error_of(s.store->set_attributes(at("/f"), {.modified = file_time{}, .mode = mode})) ==
              store_errc::permission_denied);
        CHECK(s.mode("root/f") == 0644);
        CHECK(since_epoch(s.status("root/f").st_mtim) != seconds{0});
    }
    ::chmod(s.folder.path("root/f").c_str(), 04755);
    CHECK(s.store->set_attributes(at("/f"), {.mode = 0755}).has_value());
    CHECK(s.mode("root/f") == 0755);
}

TEST_CASE("A group is set by number and by name")
{
    const on_disk s;
    const auto number = ::getegid();
    CHECK(s.store->set_attributes(at("/f"), {.group = std::to_string(number)}).has_value());
    CHECK(s.status("root/f").st_gid == number);
    if (const auto* const entry = ::getgrgid(number)) {
        CHECK(s.store->set_attributes(at("/f"), {.group = entry->gr_name}).has_value());
        CHECK(s.status("root/f").st_gid == number);
        CHECK(s.store->stat(at("/f")).value().group == std::to_string(number));
    }
}

TEST_CASE("A group that does not exist is a name that is not allowed, and nothing is changed")
{
    const on_disk s;
    for (const auto* group : {"no such group", "4294967295", "4294967296", "99999999999999999999", "-1", "+1", "1x"}) {
        CAPTURE(group);
        CHECK(error_of(s.store->set_attributes(at("/f"), {.mode = 0600, .group = group})) ==
              store_errc::name_not_allowed);
        CHECK(s.mode("root/f") == 0644);
    }
}

TEST_CASE("What belongs to others cannot be changed or given away")
{
    const on_disk s;
    if (::geteuid() == 0) {
        MESSAGE("skipped: nothing is forbidden to root");
        return;
    }
    CHECK(error_of(s.store->set_attributes(at("/f"), {.group = "0"})) == store_errc::permission_denied);
    const auto host = disk_store::open("/").value();
    CHECK(error_of(host->set_attributes(at("/etc"), {.mode = 0755})) == store_errc::permission_denied);
    CHECK(error_of(host->set_attributes(at("/etc"), {.modified = file_time{}})) == store_errc::permission_denied);
}

TEST_CASE("A time of creation cannot be set, and what is asked for beside it is not either")
{
    const on_disk s;
    CHECK(error_of(s.store->set_attributes(at("/f"), {.created = file_time{}, .mode = 0600})) ==
          store_errc::not_supported);
    CHECK(s.mode("root/f") == 0644);
}

TEST_CASE("Attributes of what a link outside leads to stay")
{
    const on_disk s;
    std::filesystem::create_symlink("../outside", s.folder.path("root/out"));
    std::filesystem::create_symlink(s.folder.path("outside"), s.folder.path("root/absolute"));
    const auto before = s.status("outside");
    for (const auto* path : {"/out", "/absolute"})
        CHECK(error_of(s.store->set_attributes(at(path), {.modified = file_time{}, .mode = 0777})) ==
              store_errc::permission_denied);
    CHECK(s.mode("outside") == (before.st_mode & 07777));
    CHECK(since_epoch(s.status("outside").st_mtim) == since_epoch(before.st_mtim));
}

TEST_CASE("Only regular files and directories have attributes to change")
{
    const on_disk s;
    REQUIRE(::mkfifo(s.folder.path("root/queue").c_str(), 0600) == 0);
    CHECK(error_of(s.store->set_attributes(at("/queue"), {.mode = 0666})) == store_errc::not_a_file);
    CHECK(s.mode("root/queue") == 0600);
}

TEST_CASE("A time that the file system cannot keep is refused, not changed")
{
    const on_disk s;
    s.store->set_attributes(at("/f"), {.modified = file_time{seconds{1}}, .accessed = file_time{seconds{2}}}).value();
    const file_time old{std::chrono::sys_days{std::chrono::year{1678} / 1 / 1}};
    const auto set = s.store->set_attributes(at("/f"), {.modified = old, .accessed = old, .mode = 0600});
    if (set) {
        CHECK(s.store->stat(at("/f")).value().modified == old);
        return;
    }
    CHECK(set.error() == std::errc::result_out_of_range);
    CHECK(since_epoch(s.status("root/f").st_mtim) == seconds{1});
    CHECK(since_epoch(s.status("root/f").st_atim) == seconds{2});
    CHECK(s.mode("root/f") == 0644);
}
