// The history on disk.
#include "../../../apps/ftp-client/history_file.hpp"

#include "../../support/scratch_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;

TEST_CASE("Lines come back in their order, from a file that only its owner reads")
{
    const libftp::testing::scratch_folder folder;
    const auto path = folder.path() / "state" / "libftp" / "history";
    const history_file file{path.string()};
    CHECK(file.load().empty());
    file.append("ls");
    file.append("get a");
    file.append("two\nlines");
    CHECK(file.load() == std::vector<std::string>{"ls", "get a"});
    CHECK((fs::status(path).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("A file that has grown is cut to its newest lines")
{
    const libftp::testing::scratch_folder folder;
    const auto path = (folder.path() / "history").string();
    const history_file file{path};
    for (std::size_t i = 0; i <= 2 * history_file::most_lines; ++i)
        file.append(std::to_string(i));
    const auto lines = file.load();
    CHECK(lines.size() == history_file::most_lines);
    CHECK(lines.back() == std::to_string(2 * history_file::most_lines));
    const auto size = fs::file_size(path);
    CHECK(size < 5 * (history_file::most_lines + 1));
    CHECK(file.load() == lines);
}

TEST_CASE("Where nothing can be kept nothing is, and nothing fails")
{
    history_file{""}.append("ls");
    CHECK(history_file{""}.load().empty());
    history_file{"/proc/none/history"}.append("ls");
    CHECK(history_file{"/proc/none/history"}.load().empty());
}
