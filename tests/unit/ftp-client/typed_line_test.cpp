// Pipes, redirections and the background in a typed line.
#include "../../../apps/ftp-client/typed_line.hpp"

#include <doctest/doctest.h>

TEST_CASE("A line without pipe, redirection and & is the command as it is")
{
    for (const auto* line :
         {"ls", "  get a b ", "get \"a | b\"", "get 'a | b' it's", "get a \\> \\| b", "get a|b>c&d", ""}) {
        const auto read = split_line(line);
        CHECK(read.command == line);
        CHECK(read.program.empty());
        CHECK(read.file.empty());
        CHECK_FALSE(read.is_background);
    }
}

TEST_CASE("Behind a | stands a line for the system's shell")
{
    const auto read = split_line("ls -l images | sort -k 5 | head > x");
    CHECK(read.command == "ls -l images");
    CHECK(read.program == "sort -k 5 | head > x");
    CHECK(split_line("ls |less").program == "less");
    CHECK(split_line("ls | ").fault == "There is no program behind the |.");
}

TEST_CASE("A line with a | is refused in the background, where its program would get nothing")
{
    CHECK(split_line("get a | gzip > a.gz & ").fault == "A line with a | cannot run in the background.");
    CHECK_FALSE(split_line("get a | gzip&").fault.empty());
    CHECK(split_line("ls | grep \\&").fault.empty());
    CHECK(split_line("ls | grep '&'").fault.empty());
}

TEST_CASE("Behind a > stands one file")
{
    const auto read = split_line("ls > \"my list\"");
    CHECK(read.command == "ls");
    CHECK(read.file == "my list");
    CHECK_FALSE(read.appends);
    CHECK(split_line("ls >>list").file == "list");
    CHECK(split_line("ls >>list").appends);
    CHECK_FALSE(split_line("ls > ").fault.empty());
    CHECK_FALSE(split_line("ls > a b").fault.empty());
    CHECK_FALSE(split_line("ls > \"a").fault.empty());
}

TEST_CASE("An & at the end, and only there, sends the command into the background")
{
    const auto read = split_line("get big & ");
    CHECK(read.command == "get big");
    CHECK(read.is_background);
    CHECK(split_line("get a & b").command == "get a & b");
    CHECK_FALSE(split_line("get a & b").is_background);
    CHECK_FALSE(split_line("get a&").is_background);
}
