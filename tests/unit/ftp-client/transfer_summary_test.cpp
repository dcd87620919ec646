// What ftp-client says when a transfer is done.
#include "../../../apps/ftp-client/transfer_summary.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("A transfer is summed up as bytes, time and rate")
{
    CHECK(summarize_transfer("a.jpg", 12345, 20ms) == "a.jpg: 12 345 bytes in 0.020 s (617 kB/s)");
    CHECK(summarize_transfer("a.jpg", 1, 1s) == "a.jpg: 1 byte in 1.00 s (1.0 B/s)");
    CHECK(summarize_transfer("a.jpg", 0, 1s) == "a.jpg: 0 bytes in 1.00 s (0.0 B/s)");
    CHECK(summarize_transfer("a.jpg", 5'000'000'000'000, 20min) ==
          "a.jpg: 5 000 000 000 000 bytes in 1200.00 s (4.2 GB/s)");
}

TEST_CASE("The rate has two or three digits in the largest unit that fits")
{
    CHECK(summarize_transfer("f", 999, 1s).ends_with("(999 B/s)"));
    CHECK(summarize_transfer("f", 1000, 1s).ends_with("(1.0 kB/s)"));
    CHECK(summarize_transfer("f", 9'940, 1s).ends_with("(9.9 kB/s)"));
    CHECK(summarize_transfer("f", 9'960, 1s).ends_with("(10 kB/s)"));
    CHECK(summarize_transfer("f", 999'400, 1s).ends_with("(999 kB/s)"));
    CHECK(summarize_transfer("f", 999'600, 1s).ends_with("(1.0 MB/s)"));
    CHECK(summarize_transfer("f", 5'000'000'000'000, 1s).ends_with("(5000 GB/s)"));
}

TEST_CASE("A transfer that took no time has no rate")
{
    CHECK(summarize_transfer("f", 10, 0s) == "f: 10 bytes");
}

TEST_CASE("Control bytes in a name are shown, not sent to the terminal")
{
    CHECK(summarize_transfer("a\x1b[2J", 0, 0s) == "a\\x1b[2J: 0 bytes");
}

TEST_CASE("Many transfers are summed up as files, bytes, time, rate and failures")
{
    CHECK(summarize_batch({.files = 3, .bytes = 12345, .time = 20ms}) == "3 files: 12 345 bytes in 0.020 s (617 kB/s)");
    CHECK(summarize_batch({.files = 1, .bytes = 1, .failures = 2, .time = 1s}) ==
          "1 file: 1 byte in 1.00 s (1.0 B/s), 2 failed");
    CHECK(summarize_batch(
              {.files = 1, .bytes = 2, .time = 1s, .unchanged = 1000, .made = 1, .removed = 3, .skipped = 4}) ==
          "1 file: 2 bytes in 1.00 s (2.0 B/s), 1 directory made, 1 000 unchanged, 3 removed, 4 skipped");
    CHECK(summarize_batch({.files = 2, .bytes = 5000, .time = 1s, .removed = 1, .is_dry_run = true}) ==
          "Dry run: 2 files, 5 000 bytes, 1 removed");
    CHECK(summarize_batch({}) == "0 files: 0 bytes");
}

TEST_CASE("A file that was whole already is no transfer")
{
    CHECK(summarize_transfer("f", {.bytes = 0, .offset = 5}) == "f: nothing to do, the sizes are equal.");
    CHECK(summarize_transfer("f", {.bytes = 0, .offset = 0, .time = 1s}) == "f: 0 bytes in 1.00 s (0.0 B/s)");
    CHECK(summarize_transfer("f", {.bytes = 1, .offset = 5, .time = 1s}) == "f: 1 byte in 1.00 s (1.0 B/s)");
}
