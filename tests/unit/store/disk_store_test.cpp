// What files on disk do beyond what every store does (see file_store_test.cpp): above all, nothing outside the root.
#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::names_in;
using libftp::testing::write_file;
using names = std::vector<std::string>;

namespace {

/// `secret` and `private/secret` lie outside the store, which is the folder `root` beside them.
struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store;

    on_disk()
    {
        std::filesystem::create_directory(folder.path("root"));
        std::filesystem::create_directory(folder.path("private"));
        folder.write("secret", "secret");
        folder.write("private/secret", "secret");
        store = disk_store::open(folder.path("root")).value();
    }

    void link(const std::string& target, std::string_view name) const
    {
        std::filesystem::create_symlink(target, folder.path("root/" + std::string{name}));
    }
    [[nodiscard]] bool is_link(std::string_view name) const
    {
        return std::filesystem::is_symlink(folder.path("root/" + std::string{name}));
    }
    [[nodiscard]] bool outside_is_untouched() const
    {
        return folder.names() == names{"private", "root", "secret"} && folder.read("secret") == "secret" &&
               folder.read("private/secret") == "secret" &&
               std::distance(std::filesystem::directory_iterator{folder.path("private")}, {}) == 1;
    }
};

std::size_t open_descriptors()
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}));
}

constexpr write_mode every_mode[]{write_mode::replace, write_mode::append, write_mode::resume};

} // namespace

TEST_CASE("A disk store opens a directory, and nothing else")
{
    const libftp::testing::scratch_folder folder;
    folder.write("file", "");
    CHECK(disk_store::open(folder.path().string()).has_value());
    CHECK(error_of(disk_store::open(folder.path("missing"))) == std::errc::no_such_file_or_directory);
    CHECK(error_of(disk_store::open(folder.path("file"))) == std::errc::not_a_directory);
    CHECK(error_of(disk_store::open("")) == std::errc::no_such_file_or_directory);
    CHECK(error_of(disk_store::open(folder.path().string() + '\0' + "missing")) == std::errc::invalid_argument);
    CHECK(disk_store::open(folder.path().string()).value()->blocks());
}

TEST_CASE("A disk store is seldom slow on a disk of this machine, and may be so elsewhere")
{
    CHECK(disk_store::open("/dev/shm").value()->is_seldom_slow());
    CHECK_FALSE(disk_store::open("/proc").value()->is_seldom_slow());
}

TEST_CASE("A disk store can set everything but times of creation")
{
    const on_disk s;
    for (const auto ability : {store_ability::none, store_ability::set_times, store_ability::set_mode,
                               store_ability::set_group, store_ability::symbolic_links, store_ability::space})
        CHECK(s.store->can(ability));
    CHECK_FALSE(s.store->can(store_ability::set_created));
}

TEST_CASE("The space that is left is that of the file system which holds a path")
{
    on_disk s;
    s.folder.write("root/f", "text");
    struct ::statvfs system {};
    REQUIRE(::statvfs(s.folder.path("root").c_str(), &system) == 0);
    for (const auto* path : {"/", "/f"}) {
        const auto left = s.store->available_space(at(path)).value();
        CHECK(left > 0);
        CHECK(left <= system.f_blocks * system.f_frsize);
    }
    CHECK(error_of(s.store->available_space(at("/missing"))) == store_errc::not_found);
}

TEST_CASE("A store stays with its directory when that is renamed")
{
    on_disk s;
    write_file(*s.store, "/a", "text").value();
    std::filesystem::rename(s.folder.path("root"), s.folder.path("moved"));
    std::filesystem::create_directory(s.folder.path("root"));
    CHECK(content_of(*s.store, "/a") == "text");
    CHECK(write_file(*s.store, "/b", "more").has_value());
    CHECK(s.folder.read("moved/b") == "more");
}

TEST_CASE("A root that was removed gives errors")
{
    on_disk s;
    std::filesystem::remove(s.folder.path("root"));
    CHECK(error_of(write_file(*s.store, "/a", "text")) == store_errc::not_found);
    CHECK(error_of(s.store->make_directory(at("/d"), {})) == store_errc::not_found);
    CHECK(error_of(s.store->open_directory(store_path{})) == store_errc::not_found); // not an empty directory
}

TEST_CASE("Links that stay inside are followed")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    write_file(*s.store, "/d/file", "text").value();
    s.link("d", "to_d");
    s.link("to_d/file", "to_file");
    s.link("../root/d", "around");
    s.link("to_file", "chained");
    s.link("../d/./file", "d/up");

    CHECK(content_of(*s.store, "/to_d/file") == "text");
    CHECK(content_of(*s.store, "/to_file") == "text");
    CHECK(content_of(*s.store, "/chained") == "text");
    CHECK(content_of(*s.store, "/d/up") == "text");
    CHECK(s.store->stat(at("/to_d")).value().type == file_type::directory);
    CHECK(s.store->stat(at("/to_file")).value().size == 4);
    CHECK(s.store->stat(at("/to_file")).value().name == "to_file");
    CHECK(names_in(*s.store, "/to_d") == names{"file", "up"});
    CHECK(write_file(*s.store, "/to_d/new", "new").has_value());
    CHECK(s.folder.read("root/d/new") == "new");
    CHECK(write_file(*s.store, "/to_file", "+", write_mode::append).has_value());
    CHECK(s.folder.read("root/d/file") == "text+");
    // This one leaves the root on its way back in.
    CHECK(error_of(s.store->stat(at("/around"))) == store_errc::permission_denied);
}

TEST_CASE("No call reaches a file through a link that leads out of the root")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    s.link(s.folder.path("secret"), "absolute");
    s.link(s.folder.path("root/inside"), "absolute_inside");
    s.link("../secret", "relative");
    s.link("relative", "chained");
    s.link("../../secret", "d/relative");
    s.link("d/../../secret", "winding");
    s.link("../missing", "dangling");
    s.link("/proc/self/root", "magic");
    s.folder.write("root/inside", "inside");

    for (const auto* path :
         {"/absolute", "/absolute_inside", "/relative", "/chained", "/d/relative", "/winding", "/dangling", "/magic"}) {
        CAPTURE(path);
        CHECK(error_of(s.store->stat(at(path))) == store_errc::permission_denied);
        CHECK(error_of(s.store->open_read(at(path), 0)) == store_errc::permission_denied);
        CHECK(error_of(s.store->open_directory(at(path))) == store_errc::permission_denied);
        for (const auto mode : every_mode)
            CHECK(error_of(s.store->open_write(at(path), {.mode = mode})) == store_errc::permission_denied);
        CHECK(error_of(s.store->set_attributes(at(path), {.mode = 0777})) == store_errc::permission_denied);
        CHECK(error_of(s.store->available_space(at(path))) == store_errc::permission_denied);
        CHECK(error_of(s.store->open_write(at(path), {.mode = write_mode::create})) == store_errc::already_exists);
        CHECK(error_of(s.store->make_symbolic_link(at("/d"), at(path))) == store_errc::already_exists);
        CHECK(error_of(s.store->make_directory(at(path), {})) == store_errc::already_exists);
        CHECK(error_of(s.store->remove_directory(at(path))) == store_errc::not_a_directory);
    }
    CHECK(s.outside_is_untouched());
}

TEST_CASE("No call reaches through a directory link that leads out of the root")
{
    on_disk s;
    s.link("..", "up");
    s.link("../private", "beside");
    s.link(s.folder.path("private"), "absolute");
    s.link("beside", "chained");
    s.link("/", "host");
    s.folder.write("root/file", "inside");

    for (const auto* directory : {"/up", "/beside", "/absolute", "/chained", "/host"}) {
        CAPTURE(directory);
        const auto inside = at(std::string{directory} + "/secret");
        CHECK(error_of(s.store->open_directory(at(directory))) == store_errc::permission_denied);
        CHECK(error_of(s.store->stat(inside)) == store_errc::permission_denied);
        CHECK(error_of(s.store->open_read(inside, 0)) == store_errc::permission_denied);
        for (const auto mode : every_mode)
            CHECK(error_of(s.store->open_write(inside, {.mode = mode})) == store_errc::permission_denied);
        CHECK(error_of(s.store->open_write(inside, {.mode = write_mode::create})) == store_errc::permission_denied);
        CHECK(error_of(s.store->set_attributes(inside, {.mode = 0777})) == store_errc::permission_denied);
        CHECK(error_of(s.store->make_symbolic_link(at("/file"), inside)) == store_errc::permission_denied);
        CHECK(error_of(s.store->available_space(inside)) == store_errc::permission_denied);
        CHECK(error_of(s.store->make_directory(inside, {})) == store_errc::permission_denied);
        CHECK(error_of(s.store->remove_directory(inside)) == store_errc::permission_denied);
        CHECK(error_of(s.store->remove_file(inside)) == store_errc::permission_denied);
        CHECK(error_of(s.store->rename(inside, at("/stolen"))) == store_errc::permission_denied);
        CHECK(error_of(s.store->rename(at("/file"), inside)) == store_errc::permission_denied);
    }
    CHECK(s.outside_is_untouched());
    CHECK(s.folder.read("root/file") == "inside");
}

TEST_CASE("A directory swapped for a link that leads out is not followed")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    s.folder.write("root/d/secret", "inside");
    CHECK(content_of(*s.store, "/d/secret") == "inside");
    s.store->rename(at("/d"), at("/old")).value();
    s.link("../private", "d");
    CHECK(error_of(s.store->open_read(at("/d/secret"), 0)) == store_errc::permission_denied);
    CHECK(error_of(s.store->remove_file(at("/d/secret"))) == store_errc::permission_denied);
    CHECK(s.outside_is_untouched());
}

TEST_CASE("An upload goes into the directory it began in, also when a link takes that one's place")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    const auto writer = s.store->open_write(at("/d/new"), {}).value();
    writer->write("text").value();
    s.store->rename(at("/d"), at("/old")).value();
    s.link("../private", "d");
    CHECK(writer->commit().has_value());
    CHECK(s.folder.read("root/old/new") == "text");
    CHECK(s.outside_is_untouched());
}

TEST_CASE("Calls on names act on a link itself")
{
    on_disk s;
    s.link("../secret", "out");
    s.link("../private", "out_directory");
    CHECK(s.store->rename(at("/out"), at("/renamed")).has_value());
    CHECK(s.is_link("renamed"));
    CHECK(s.store->remove_file(at("/renamed")).has_value());
    CHECK(s.store->remove_file(at("/out_directory")).has_value());
    CHECK(names_in(*s.store, "/").empty());
    CHECK(s.outside_is_untouched());
}

TEST_CASE("An upload replaces a link and leaves alone what it led to")
{
    on_disk s;
    s.folder.write("root/target", "old");
    s.link("target", "link");
    s.link("missing", "dangling");
    CHECK(write_file(*s.store, "/link", "new").has_value());
    CHECK(write_file(*s.store, "/dangling", "new").has_value());
    CHECK_FALSE(s.is_link("link"));
    CHECK_FALSE(s.is_link("dangling"));
    CHECK(s.folder.read("root/link") == "new");
    CHECK(s.folder.read("root/target") == "old");
    CHECK(names_in(*s.store, "/") == names{"dangling", "link", "target"});
}

TEST_CASE("A link that takes the name of an upload at the last moment is replaced, not followed")
{
    on_disk s;
    const auto writer = s.store->open_write(at("/new"), {}).value();
    writer->write("text").value();
    s.link("../secret", "new");
    CHECK(writer->commit().has_value());
    CHECK_FALSE(s.is_link("new"));
    CHECK(s.folder.read("root/new") == "text");
    CHECK(s.outside_is_untouched());
}

TEST_CASE("A queue is neither read nor written, and never waited for")
{
    on_disk s;
    REQUIRE(::mkfifo(s.folder.path("root/queue").c_str(), 0666) == 0);
    s.link("queue", "link");
    for (const auto* path : {"/queue", "/link"}) {
        CHECK(error_of(s.store->open_read(at(path), 0)) == store_errc::not_a_file);
        CHECK(error_of(s.store->open_directory(at(path))) == store_errc::not_a_directory);
        for (const auto mode : every_mode)
            CHECK(error_of(s.store->open_write(at(path), {.mode = mode})) == store_errc::not_a_file);
    }
    CHECK(s.store->stat(at("/queue")).value().type == file_type::other);
    CHECK(s.store->remove_file(at("/queue")).has_value());
}

TEST_CASE("A socket is not a file")
{
    on_disk s;
    // The address of a socket is shorter than a scratch folder's path may be, so it is named from within.
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(s.folder.path("root"));
    sockaddr_un address{AF_UNIX, "socket"};
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    std::filesystem::current_path(here);
    ::close(socket);
    REQUIRE(bound == 0);
    CHECK(error_of(s.store->open_read(at("/socket"), 0)) == store_errc::not_a_file);
    CHECK(error_of(s.store->open_write(at("/socket"), {.mode = write_mode::append})) == store_errc::not_a_file);
}

TEST_CASE("A device is not a file")
{
    on_disk s;
    if (::mknod(s.folder.path("root/null").c_str(), S_IFCHR | 0666, ::makedev(1, 3)) != 0) {
        MESSAGE("skipped: making a device takes privileges");
        return;
    }
    CHECK(error_of(s.store->open_read(at("/null"), 0)) == store_errc::not_a_file);
    for (const auto mode : every_mode)
        CHECK(error_of(s.store->open_write(at("/null"), {.mode = mode})) == store_errc::not_a_file);
    CHECK(s.store->stat(at("/null")).value().type == file_type::other);
}

TEST_CASE("Directories are told from what is none, also through links that stay inside")
{
    on_disk s;
    s.store->make_directory(at("/d"), {}).value();
    s.store->make_directory(at("/d/e"), {}).value();
    s.folder.write("root/d/f", "text");
    s.link("d/e", "link");
    s.link("../private", "out");
    for (const auto* path : {"/", "/d", "/d/e", "/link"})
        CHECK(s.store->find_directory(at(path)).has_value());
    CHECK(error_of(s.store->find_directory(at("/d/f"))) == store_errc::not_a_directory);
    CHECK(error_of(s.store->find_directory(at("/d/none"))) == store_errc::not_found);
    CHECK(error_of(s.store->find_directory(at("/out"))) == store_errc::permission_denied);
}

TEST_CASE("What the system forbids is denied")
{
    on_disk s;
    if (::geteuid() == 0) {
        MESSAGE("skipped: nothing is forbidden to root");
        return;
    }
    s.folder.write("root/closed", "text");
    ::chmod(s.folder.path("root/closed").c_str(), 0);
    s.store->make_directory(at("/d"), {}).value();
    s.folder.write("root/d/f", "text");
    ::chmod(s.folder.path("root/d").c_str(), 0500);

    CHECK(error_of(s.store->open_read(at("/closed"), 0)) == store_errc::permission_denied);
    CHECK(error_of(s.store->open_write(at("/closed"), {.mode = write_mode::append})) == store_errc::permission_denied);
    CHECK(error_of(s.store->open_write(at("/d/new"), {})) == store_errc::permission_denied);
    CHECK(error_of(s.store->make_directory(at("/d/new"), {})) == store_errc::permission_denied);
    CHECK(error_of(s.store->remove_file(at("/d/f"))) == store_errc::permission_denied);
    CHECK(error_of(s.store->rename(at("/d/f"), at("/f"))) == store_errc::permission_denied);
    CHECK(content_of(*s.store, "/d/f") == "text");

    // Names may be read here but not looked at.
    ::chmod(s.folder.path("root/d").c_str(), 0400);
    CHECK(names_in(*s.store, "/d") == names{"f"});
    CHECK(error_of(s.store->open_read(at("/d/f"), 0)) == store_errc::permission_denied);
    CHECK(s.store->stat(at("/d")).value().is_directory());
    CHECK(error_of(s.store->find_directory(at("/d"))) == store_errc::permission_denied);
    ::chmod(s.folder.path("root/d").c_str(), 0);
    CHECK(error_of(s.store->open_directory(at("/d"))) == store_errc::permission_denied);
    ::chmod(s.folder.path("root/d").c_str(), 0700);
}

TEST_CASE("An upload leaves no other name behind, whether committed or not")
{
    on_disk s;
    s.folder.write("root/old", "old");
    const auto all_names = [&s] {
        names found;
        for (const auto& entry : std::filesystem::directory_iterator{s.folder.path("root")})
            found.push_back(entry.path().filename().string());
        return found;
    };
    {
        const auto writer = s.store->open_write(at("/old"), {}).value();
        writer->write("unfinished").value();
    }
    CHECK(all_names() == names{"old"});
    write_file(*s.store, "/old", "new").value();
    CHECK(all_names() == names{"old"});
    {
        const auto writer = s.store->open_write(at("/new"), {}).value();
        s.store->rename(at("/old"), at("/new")).value();
        s.store->remove_file(at("/new")).value();
        s.store->make_directory(at("/new"), {}).value();
        CHECK_FALSE(writer->commit().has_value());
    }
    CHECK(all_names() == names{"new"});
}

TEST_CASE("No call and no failure of one leaves a descriptor open")
{
    on_disk s;
    const auto use_everything = [&s] {
        s.store->make_directory(at("/d"), {}).value();
        write_file(*s.store, "/d/f", "text").value();
        write_file(*s.store, "/d/f", "text").value();
        write_file(*s.store, "/d/f", "text", write_mode::append).value();
        CHECK_FALSE(write_file(*s.store, "/d/f", "text", write_mode::resume, 99).has_value());
        CHECK_FALSE(write_file(*s.store, "/d", "text").has_value());
        CHECK_FALSE(s.store->open_read(at("/d/f"), 99).has_value());
        CHECK_FALSE(s.store->open_read(at("/d"), 0).has_value());
        CHECK_FALSE(s.store->open_directory(at("/d/f")).has_value());
        CHECK_FALSE(s.store->rename(at("/d"), at("/d/e")).has_value());
        CHECK(content_of(*s.store, "/d/f") == "texttext");
        CHECK(names_in(*s.store, "/d") == names{"f"});
        CHECK(s.store->stat(at("/d")).has_value());
        CHECK(s.store->set_attributes(at("/d/f"), {.mode = 0600}).has_value());
        CHECK_FALSE(s.store->open_write(at("/d/f"), {.mode = write_mode::create}).has_value());
        CHECK(s.store->make_symbolic_link(at("/d/f"), at("/d/link")).has_value());
        CHECK_FALSE(s.store->make_symbolic_link(at("/d/f"), at("/d/link")).has_value());
        CHECK(s.store->available_space(at("/d/link")).has_value());
        s.store->remove_file(at("/d/link")).value();
        s.store->rename(at("/d/f"), at("/g")).value();
        s.store->remove_file(at("/g")).value();
        s.store->remove_directory(at("/d")).value();
        CHECK(disk_store::open(s.folder.path("root")).has_value());
    };
    use_everything();
    const auto before = open_descriptors();
    use_everything();
    CHECK(open_descriptors() == before);
}

TEST_CASE("A write that the system cuts short fails, and the old file stays")
{
    on_disk s;
    s.folder.write("root/f", "old");
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old_limit{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
    const rlimit limit{1 << 20, old_limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const auto outcome = write_file(*s.store, "/f", std::string(2 << 20, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    std::signal(SIGXFSZ, old_handler);

    CHECK(error_of(outcome) == store_errc::quota_exceeded);
    CHECK(s.folder.read("root/f") == "old");
    CHECK(names_in(*s.store, "/") == names{"f"});
}

TEST_CASE("Names that unfinished uploads get cannot be given to anything")
{
    const on_disk s;
    const auto reserved = at("/.libftp-0123456789abcdef");
    s.store->make_directory(at("/d"), {}).value();
    CHECK(error_of(s.store->make_directory(reserved, {})) == store_errc::name_not_allowed);
    CHECK(error_of(s.store->rename(at("/d"), reserved)) == store_errc::name_not_allowed);
    CHECK(error_of(s.store->make_symbolic_link(at("/d"), reserved)) == store_errc::name_not_allowed);
    for (const auto mode : {write_mode::replace, write_mode::create, write_mode::append, write_mode::resume})
        CHECK(error_of(s.store->open_write(reserved, {.mode = mode})) == store_errc::name_not_allowed);
}
