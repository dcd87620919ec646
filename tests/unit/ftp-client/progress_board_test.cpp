// What ftp-client shows while files are on their way.
#include "../../../apps/ftp-client/progress_board.hpp"

#include "../../../apps/ftp-client/text_width.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

constexpr libftp::clock::time_point start{1'000'000s};

lines one_transfer(const libftp::transfer_progress& made, std::size_t width, libftp::clock::duration since_start = 1s)
{
    progress_board board;
    board.began("big.iso", start);
    board.progressed("big.iso", made, start + 1s);
    return board.lines(width, 10, start + since_start);
}

} // namespace

TEST_CASE("A transfer has a line with name, bar, percent, bytes, rate and the time that is left")
{
    CHECK(one_transfer({.bytes = 45'000'000, .total = 100'000'000, .bytes_per_second = 5'000'000}, 79) ==
          lines{"big.iso               [========>          ]  45%   45 MB  5.0 MB/s    0:11 left"});
}

TEST_CASE("A resumed transfer counts from the file's beginning")
{
    CHECK(one_transfer({.bytes = 10, .offset = 80, .total = 100, .bytes_per_second = 10}, 79) ==
          lines{"big.iso               [=================> ]  90%    90 B    10 B/s    0:01 left"});
}

TEST_CASE("Without a known size there is neither percent nor bar, and the time is what has passed")
{
    CHECK(one_transfer({.bytes = 1000, .bytes_per_second = 100}, 60, 3s) ==
          lines{"big.iso                        1.0 kB   100 B/s         0:03"});
}

TEST_CASE("A transfer in which nothing moves is marked as stalled")
{
    const libftp::transfer_progress made{.bytes = 50, .total = 100, .bytes_per_second = 10};
    CHECK(one_transfer(made, 79, 5999ms)[0].find("stalled") == std::string::npos);
    CHECK(one_transfer(made, 79, 6s) ==
          lines{"big.iso               [=========>         ]  50%    50 B   stalled         -:--"});
}

TEST_CASE("A stalled transfer that moves again is not marked any more")
{
    progress_board board;
    board.began("f", start);
    CHECK(board.lines(79, 10, start + 10s)[0].find("stalled") != std::string::npos);
    board.progressed("f", {.bytes = 0}, start + 10s);
    CHECK(board.lines(79, 10, start + 10s)[0].find("stalled") != std::string::npos);
    board.progressed("f", {.bytes = 1}, start + 10s);
    CHECK(board.lines(79, 10, start + 10s)[0].find("stalled") == std::string::npos);
}

TEST_CASE("A line never is wider than the terminal")
{
    for (std::size_t width = 0; width < 200; ++width)
        for (const auto& made : {libftp::transfer_progress{.bytes = 45, .total = 100, .bytes_per_second = 999'999},
                                 libftp::transfer_progress{.bytes = ~std::uint64_t{0}, .total = 0},
                                 libftp::transfer_progress{.bytes = 1000}})
            CHECK(columns_of(one_transfer(made, width)[0]) <= width);
}

TEST_CASE("A narrow terminal goes without the bar, and a very narrow one without the numbers")
{
    const libftp::transfer_progress made{.bytes = 45, .total = 100, .bytes_per_second = 10};
    CHECK(one_transfer(made, 50) == lines{"big.iso         45%    45 B    10 B/s    0:06 left"});
    CHECK(one_transfer(made, 20) == lines{"big.iso 45%"});
}

TEST_CASE("Without the numbers a name has all the room, so that many are told apart")
{
    progress_board board;
    board.progressed("pictures/2026/beach.jpg", {.bytes = 45, .total = 100, .bytes_per_second = 10}, start);
    CHECK(board.lines(30, 10, start) == lines{"pictures/2026/beach.jpg 45%"});
    CHECK(board.lines(24, 10, start)[0].size() == 24);
}

TEST_CASE("A file that grew is not more than whole")
{
    CHECK(one_transfer({.bytes = 300, .total = 100, .bytes_per_second = 10}, 60)[0].find(" 100% ") !=
          std::string::npos);
    CHECK(one_transfer({.bytes = 0, .total = 0}, 60)[0].find(" 100% ") != std::string::npos);
}

TEST_CASE("A name's control bytes are shown, not sent to the terminal")
{
    progress_board board;
    board.began("a\x1b[2J", start);
    CHECK(board.lines(79, 10, start)[0].starts_with("a\\x1b[2J "));
}

TEST_CASE("Many files have a line for all of them below those that run")
{
    progress_board board;
    board.plan({.files = 4, .bytes = 400}, start);
    board.began("b", start);
    board.progressed("b", {.bytes = 100, .total = 100, .bytes_per_second = 100}, start + 1s);
    board.done("b", 100);
    board.began("c", start + 1s);
    board.began("a", start + 1s);
    board.progressed("c", {.bytes = 50, .total = 100, .bytes_per_second = 50}, start + 2s);
    board.progressed("a", {.bytes = 50, .total = 100, .bytes_per_second = 50}, start + 2s);
    CHECK(board.lines(79, 10, start + 2s) ==
          lines{"c                     [=========>         ]  50%    50 B    50 B/s    0:01 left",
                "a                     [=========>         ]  50%    50 B    50 B/s    0:01 left",
                "1 of 4 files          [=========>         ]  50%   200 B   100 B/s    0:02 left"});
    board.stopped("c");
    CHECK(board.lines(79, 10, start + 2s).size() == 2);
    board.clear();
    CHECK(board.is_empty());
    CHECK(board.lines(79, 10, start + 2s).empty());
}

TEST_CASE("A tree whose size is not known counts what is done")
{
    progress_board board;
    board.plan({}, start);
    CHECK(board.lines(60, 10, start) == lines{"0 files                           0 B   0.0 B/s         0:00"});
    board.done("a", 1000);
    CHECK(board.lines(60, 10, start + 2s) == lines{"1 file                         1.0 kB   500 B/s         0:02"});
}

TEST_CASE("A low terminal shows the oldest transfers and the line for all")
{
    progress_board board;
    board.plan({.files = 9}, start);
    for (const auto* name : {"z", "y", "x"})
        board.began(name, start);
    CHECK(board.lines(79, 2, start).size() == 2);
    CHECK(board.lines(79, 2, start)[0].starts_with("z "));
    CHECK(board.lines(79, 2, start)[1].starts_with("0 of 9 files "));
    CHECK(board.lines(79, 1, start)[0].starts_with("0 of 9 files "));
    CHECK(board.lines(79, 0, start).empty());
}
