// simulation: runs worlds one after the other until so many sessions were simulated, or replays one.
#include "runner.hpp"

#include <fmt/format.h>

#include <cstdio>

int main(int count, char** words)
{
    const auto asked = libftp::simulation::parse_arguments({words + 1, words + count});
    if (!asked) {
        fmt::print(stderr, "{}\n{}", asked.error(), libftp::simulation::usage());
        return 2;
    }
    return libftp::simulation::run(*asked);
}
