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
    CHECK(summarize_transfer("f", 10, 0s) == "f: 10 bytes in 0.000 s");
}

TEST_CASE("Control bytes in a name are shown, not sent to the terminal")
{
    CHECK(summarize_transfer("a\x1b[2J", 0, 0s) == "a\\x1b[2J: 0 bytes in 0.000 s");
}
