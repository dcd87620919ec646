// Reading a file at once, and replacing it.
#include "net/small_file.hpp"

#include "support/scratch_folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <sys/stat.h>

using namespace libftp;
using net::read_small_file;
using net::replace_small_file;

TEST_CASE("A file is read as a whole, an empty one too")
{
    const testing::scratch_folder folder;
    folder.write("f", std::string{"a\0b\n", 4});
    folder.write("empty", "");
    CHECK(read_small_file(folder.path("f")).value().reveal() == std::string_view{"a\0b\n", 4});
    CHECK(read_small_file(folder.path("empty")).value().reveal().empty());
}

TEST_CASE("A file that is not there, is a folder, or has no end is an error")
{
    const testing::scratch_folder folder;
    CHECK(read_small_file(folder.path("f")).error() == std::errc::no_such_file_or_directory);
    CHECK(read_small_file(folder.path("")).error() == std::errc::is_a_directory);
    CHECK(read_small_file("/dev/zero").error() == std::errc::file_too_large);
}

TEST_CASE("A file is replaced for its owner only, and nothing is left beside it")
{
    const testing::scratch_folder folder;
    for (const std::string content : {"one", "two"}) {
        replace_small_file(folder.path("f"), content).value();
        CHECK(folder.read("f") == content);
    }
    struct ::stat status {};
    REQUIRE(::stat(folder.path("f").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    CHECK(folder.names() == std::vector<std::string>{"f"});
}

TEST_CASE("A replacement that fails leaves nothing behind")
{
    const testing::scratch_folder folder;
    CHECK(replace_small_file(folder.path("none/f"), "text").error() == std::errc::no_such_file_or_directory);
    folder.write("f", "old");
    REQUIRE(::mkdir(folder.path("folder").c_str(), 0700) == 0);
    CHECK(replace_small_file(folder.path("folder"), "text").error() == std::errc::is_a_directory);
    CHECK(folder.names() == std::vector<std::string>{"f", "folder"});
}
