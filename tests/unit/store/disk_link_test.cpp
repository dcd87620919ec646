// Symbolic links that a disk store makes: relative, right from wherever they are, and never a way out.
#include "store/disk_link.hpp"

#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include <fcntl.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;

namespace {

disk::descriptor open_folder(const std::string& path)
{
    return disk::descriptor{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

/// `secret` lies outside the store, which is the folder `root` beside it, with the directories `d` and `d/sub`.
struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store;

    on_disk()
    {
        std::filesystem::create_directories(folder.path("root/d/sub"));
        folder.write("secret", "secret");
        store = disk_store::open(folder.path("root")).value();
    }

    [[nodiscard]] std::string text_of(std::string_view link) const
    {
        return std::filesystem::read_symlink(folder.path("root/" + std::string{link})).string();
    }
};

} // namespace

TEST_CASE("The text of a link is the way from its directory to its target")
{
    CHECK(disk::link_text(at("/"), at("/a")) == "a");
    CHECK(disk::link_text(at("/"), at("/a/b")) == "a/b");
    CHECK(disk::link_text(at("/"), at("/")) == ".");
    CHECK(disk::link_text(at("/d"), at("/d")) == ".");
    CHECK(disk::link_text(at("/d"), at("/d/a/b")) == "a/b");
    CHECK(disk::link_text(at("/d"), at("/a")) == "../a");
    CHECK(disk::link_text(at("/d"), at("/dd")) == "../dd");
    CHECK(disk::link_text(at("/dd"), at("/d")) == "../d");
    CHECK(disk::link_text(at("/d/e"), at("/d")) == "..");
    CHECK(disk::link_text(at("/d/e"), at("/")) == "../..");
    CHECK(disk::link_text(at("/d/e"), at("/d/f")) == "../f");
    CHECK(disk::link_text(at("/d/e/f"), at("/d/g/f")) == "../../g/f");
}

TEST_CASE("A directory is beneath the root by its own name")
{
    const on_disk s;
    const auto root = open_folder(s.folder.path("root"));
    std::filesystem::create_directory_symlink("d/sub", s.folder.path("root/link"));
    CHECK(disk::path_beneath(root.number(), root).value().is_root());
    CHECK(disk::path_beneath(root.number(), open_folder(s.folder.path("root/d/sub"))).value() == at("/d/sub"));
    CHECK(disk::path_beneath(root.number(), open_folder(s.folder.path("root/link"))).value() == at("/d/sub"));
    const disk::descriptor host{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    CHECK(disk::path_beneath(host.number(), open_folder("/proc")).value() == at("/proc"));
}

TEST_CASE("A directory that is not beneath the root is not found there")
{
    const on_disk s;
    const auto root = open_folder(s.folder.path("root"));
    std::filesystem::create_directory(s.folder.path("root beside"));
    for (const auto* path : {"", "root beside"})
        CHECK(error_of(disk::path_beneath(root.number(), open_folder(s.folder.path(path)))) == store_errc::not_found);
}

TEST_CASE("A link is relative, so that it leads to its target wherever the root is")
{
    const on_disk s;
    s.folder.write("root/a", "text");
    s.store->make_symbolic_link(at("/a"), at("/d/sub/link")).value();
    CHECK(s.text_of("d/sub/link") == "../../a");
    CHECK(s.folder.read("root/d/sub/link") == "text");
    std::filesystem::rename(s.folder.path("root"), s.folder.path("moved"));
    CHECK(s.folder.read("moved/d/sub/link") == "text");
    CHECK(content_of(*s.store, "/d/sub/link") == "text");
}

TEST_CASE("A link made in a directory that a link leads to is right from where it really is")
{
    const on_disk s;
    s.folder.write("root/a", "text");
    s.store->make_symbolic_link(at("/d/sub"), at("/short")).value();
    s.store->make_symbolic_link(at("/a"), at("/short/link")).value();
    CHECK(s.text_of("d/sub/link") == "../../a");
    CHECK(content_of(*s.store, "/short/link") == "text");
}

TEST_CASE("A link to what is beside it does not climb, also in a directory that a link leads to")
{
    const on_disk s;
    s.store->make_symbolic_link(at("/d/sub"), at("/d/short")).value();
    s.store->make_symbolic_link(at("/d/short/secret"), at("/d/short/link")).value();
    CHECK(s.text_of("d/sub/link") == "secret");
}

TEST_CASE("A link cannot be made to lead out of the root")
{
    const on_disk s;
    s.store->make_symbolic_link(at("/../secret"), at("/link")).value();
    s.store->make_symbolic_link(at("/../../secret"), at("/d/link")).value();
    CHECK(s.text_of("link") == "secret");
    CHECK(s.text_of("d/link") == "../secret");
    CHECK(error_of(s.store->open_read(at("/link"), 0)) == store_errc::not_found);
    CHECK(error_of(s.store->open_read(at("/d/link"), 0)) == store_errc::not_found);
}

TEST_CASE("A link that would lead out where it was moved to is not followed")
{
    const on_disk s;
    s.store->make_symbolic_link(at("/secret"), at("/d/link")).value();
    s.store->rename(at("/d/link"), at("/link")).value();
    CHECK(error_of(s.store->stat(at("/link"))) == store_errc::permission_denied);
    CHECK(error_of(s.store->open_read(at("/link"), 0)) == store_errc::permission_denied);
    CHECK(error_of(s.store->set_attributes(at("/link"), {.mode = 0777})) == store_errc::permission_denied);
    CHECK(s.folder.read("secret") == "secret");
}

TEST_CASE("A way that is too long for a link is refused")
{
    const on_disk s;
    std::string target;
    while (target.size() + 256 < store_path::max_bytes)
        target += "/" + std::string(255, 'x');
    std::string deep = "/d";
    for (int i = 0; i < 150; ++i) {
        deep += "/d";
        s.store->make_directory(at(deep), {}).value();
    }
    CHECK(error_of(s.store->make_symbolic_link(at(target), at(deep + "/link"))) == store_errc::name_not_allowed);
}
