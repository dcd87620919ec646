// Listings of a disk store: the facts they carry and the names they leave out.
#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include <fcntl.h>
#include <sys/stat.h>

using namespace libftp;
using names = std::vector<std::string>;

namespace {

struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store = disk_store::open(folder.path().string()).value();

    [[nodiscard]] std::map<std::string, file_info> entries() const
    {
        std::map<std::string, file_info> found;
        for (auto& entry : libftp::testing::entries_of(*store, "/"))
            found[entry.name] = entry;
        return found;
    }
};

} // namespace

TEST_CASE("Entries carry the facts of the file system")
{
    on_disk s;
    s.folder.write("f", "12345");
    ::chmod(s.folder.path("f").c_str(), 0640);
    const timespec times[2]{{0, UTIME_OMIT}, {1'000'000'000, 5}};
    ::utimensat(AT_FDCWD, s.folder.path("f").c_str(), times, 0);
    std::filesystem::create_hard_link(s.folder.path("f"), s.folder.path("g"));
    std::filesystem::create_directory(s.folder.path("d"));
    REQUIRE(::mkfifo(s.folder.path("queue").c_str(), 0600) == 0);

    auto entries = s.entries();
    REQUIRE(entries.size() == 4);
    CHECK(entries["f"].type == file_type::file);
    CHECK(entries["f"].size == 5);
    CHECK(entries["f"].mode == 0640U);
    CHECK(entries["f"].links == 2);
    CHECK(entries["f"].modified->time_since_epoch() == std::chrono::nanoseconds{1'000'000'000'000'000'005});
    CHECK(entries["f"].owner == std::to_string(::geteuid()));
    CHECK(entries["f"].unique == entries["g"].unique);
    CHECK(entries["f"].unique != entries["d"].unique);
    CHECK(entries["d"].type == file_type::directory);
    CHECK(entries["queue"].type == file_type::other);
}

TEST_CASE("Names of unfinished files are left out, and those that would break a listing are left to whoever makes one")
{
    on_disk s;
    for (const auto* name : {"fine", "a\rb", "a\nb", "\n", ".libftp-0123456789abcdef", ".libftp-x", "tab\t"})
        s.folder.write(name, "");
    CHECK(libftp::testing::names_in(*s.store, "/") == names{"\n", ".libftp-x", "a\nb", "a\rb", "fine", "tab\t"});
}

TEST_CASE("A link is listed as a link, with its target only where that tells nothing of the host")
{
    on_disk s;
    const std::vector<std::pair<std::string, std::string>> targets{
        {"f", "f"},
        {"missing/x", "missing/x"},
        {"./f", "./f"},
        {"..f", "..f"},
        {"/etc/passwd", ""},
        {"..", ""},
        {"../x", ""},
        {"a/../../x", ""},
        {"a/..", ""},
        {"line\r\nbreak", ""},
        {"escape\x1b[0m", ""},
        {std::string(500, 'x'), std::string(500, 'x')},
    };
    for (std::size_t i = 0; i < targets.size(); ++i)
        std::filesystem::create_symlink(targets[i].first, s.folder.path("link" + std::to_string(i)));
    auto entries = s.entries();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        CAPTURE(targets[i].first);
        const auto& entry = entries["link" + std::to_string(i)];
        CHECK(entry.type == file_type::symbolic_link);
        CHECK(entry.link_target == targets[i].second);
    }
}

TEST_CASE("An entry that vanishes while the directory is read is skipped")
{
    on_disk s;
    for (const auto* name : {"a", "b", "c"})
        s.folder.write(name, "");
    const auto reader = s.store->open_directory(store_path{}).value();
    file_info entry;
    CHECK(reader->next(entry).value());
    const auto first = entry.name;
    for (const auto* name : {"a", "b", "c"})
        std::filesystem::remove(s.folder.path(name));
    CHECK_FALSE(reader->next(entry).value());
    CHECK(entry.name == first);
}

TEST_CASE("A directory that is removed while it is read is at its end")
{
    on_disk s;
    std::filesystem::create_directory(s.folder.path("d"));
    const auto reader = s.store->open_directory(store_path{}.resolve("d").value()).value();
    std::filesystem::remove(s.folder.path("d"));
    file_info entry;
    CHECK_FALSE(reader->next(entry).value());
}

TEST_CASE("Where only names and types are expected, entries are not looked at one by one")
{
    on_disk s;
    for (const auto* name : {"a", "b"})
        s.folder.write(name, "12345");
    const auto reader = s.store->open_directory(store_path{}).value();
    reader->expect_only({fact::type});
    file_info entry{.name = "earlier", .type = file_type::directory, .size = 1, .links = 2, .owner = "earlier"};
    REQUIRE(reader->next(entry).value());
    CHECK(entry == file_info{.name = entry.name});
    for (const auto* name : {"a", "b"})
        std::filesystem::remove(s.folder.path(name));
    CHECK(reader->next(entry).value()); // nobody has noticed
}

TEST_CASE("Facts that are expected are found, and nothing is left of an earlier entry")
{
    on_disk s;
    s.folder.write("f", "12345");
    ::chmod(s.folder.path("f").c_str(), 0640);
    const auto reader = s.store->open_directory(store_path{}).value();
    reader->expect_only({fact::size, fact::unix_mode});
    file_info entry{.name = "earlier",
                    .modified = file_time{},
                    .created = file_time{},
                    .owner = "earlier",
                    .group = "earlier",
                    .link_target = "earlier",
                    .media_type = "earlier",
                    .unique = "earlier"};
    REQUIRE(reader->next(entry).value());
    CHECK(entry == file_info{.name = "f", .size = 5, .mode = 0640U});
}

TEST_CASE("A directory of more names than are read at once is read to its end")
{
    on_disk s;
    constexpr std::size_t count = 400;
    for (std::size_t i = 0; i < count; ++i)
        s.folder.write(std::string(200, 'n') + std::to_string(i), "");
    CHECK(s.entries().size() == count);
}

TEST_CASE("A directory link inside the root is listed as what it leads to")
{
    on_disk s;
    std::filesystem::create_directory(s.folder.path("d"));
    s.folder.write("d/f", "");
    std::filesystem::create_symlink("d", s.folder.path("link"));
    CHECK(libftp::testing::names_in(*s.store, "/link") == names{"f"});
    CHECK(s.entries()["link"].type == file_type::symbolic_link);
}
