// When bytes may move under a shared limit.
#include <libftp/rate_limit.hpp>

#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

constexpr clock::time_point start{1'000'000s};
constexpr auto most = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_CASE("The first bytes move at once")
{
    rate_limit limit{1000};
    CHECK(limit.reserve(1'000'000, start) == start);
}

TEST_CASE("Whoever comes next waits for the bytes before his")
{
    rate_limit limit{1000};
    CHECK(limit.reserve(1100, start) == start); // A tenth of a second of it is the burst.
    CHECK(limit.reserve(500, start) == start + 1s);
    CHECK(limit.reserve(500, start + 200ms) == start + 1500ms);
    CHECK(limit.reserve(1, start + 2s) == start + 2s);
}

TEST_CASE("Bytes move at the rate in the long run")
{
    rate_limit limit{10'000};
    auto now = start;
    for (int i = 0; i < 200; ++i)
        now = std::max(now, limit.reserve(500, now));
    // 200 times 500 bytes take ten seconds; the last portion need not be over, and the burst came first.
    CHECK(now - start == 10s - 100ms - 50ms);
}

TEST_CASE("Time that nobody used is saved for a tenth of a second only")
{
    rate_limit limit{1000};
    CHECK(limit.reserve(1, start) == start);
    const auto later = start + 1h;
    CHECK(limit.reserve(100, later) == later);
    CHECK(limit.reserve(50, later) == later);
    CHECK(limit.reserve(50, later) == later + 50ms);
    CHECK(limit.reserve(50, later) == later + 100ms);
}

TEST_CASE("Three transfers that reserve portions in turn get equal shares")
{
    rate_limit limit{300'000};
    struct transfer {
        clock::time_point ready = start;
        std::uint64_t moved = 0;
    };
    std::array<transfer, 3> transfers{};
    const auto end = start + 10s;
    for (;;) {
        auto& next = *std::min_element(transfers.begin(), transfers.end(),
                                       [](const transfer& a, const transfer& b) { return a.ready < b.ready; });
        if (next.ready >= end)
            break;
        next.ready = limit.reserve(limit.portion(), next.ready + 1ns);
        next.moved += limit.portion();
    }
    const auto [least, greatest] = std::minmax({transfers[0].moved, transfers[1].moved, transfers[2].moved});
    CHECK(greatest - least <= limit.portion());
    CHECK(least >= 1'000'000 - limit.portion());
    CHECK(greatest <= 1'030'000 + limit.portion());
}

TEST_CASE("Many small reservations cost as much as a large one")
{
    rate_limit limit{1'000'000};
    for (int i = 0; i < 200'000; ++i)
        static_cast<void>(limit.reserve(1, start));
    CHECK(limit.reserve(1, start) == start + 100ms);
}

TEST_CASE("A byte is never free, however high the rate")
{
    rate_limit limit{most};
    for (int i = 0; i < 1000; ++i)
        static_cast<void>(limit.reserve(1, start));
    CHECK(limit.reserve(1'000'000'000'000'000'000, start + 1s) == start + 1s);
    CHECK(limit.reserve(1, start + 1s) < start + 1s + 1ms);
}

TEST_CASE("No number of bytes, no rate and no time overflows")
{
    for (const std::uint64_t rate : {std::uint64_t{1}, std::uint64_t{1'000'000'000}, most}) {
        for (const auto now : {clock::time_point::min(), clock::time_point{}, start, clock::time_point::max()}) {
            rate_limit limit{rate};
            auto last = now;
            for (int i = 0; i < 10; ++i) {
                const auto next = limit.reserve(most, now);
                CHECK(next >= last);
                last = next;
            }
        }
    }
    rate_limit slow{1};
    CHECK(slow.reserve(most, start) == start);
    CHECK(slow.reserve(1, start) == clock::time_point::max());
}

TEST_CASE("No bytes cost no time worth speaking of")
{
    rate_limit limit{1000};
    for (int i = 0; i < 1000; ++i)
        CHECK(limit.reserve(0, start) == start);
}

TEST_CASE("A portion is a twentieth of a second's worth, within 1 KiB and 1 MiB")
{
    CHECK(rate_limit{1}.portion() == 1024);
    CHECK(rate_limit{20 * 1024}.portion() == 1024);
    CHECK(rate_limit{1'000'000}.portion() == 50'000);
    CHECK(rate_limit{most}.portion() == 1024 * 1024);
}

TEST_CASE("Reservations from several threads lose nothing")
{
    rate_limit limit{1'000'000};
    libftp::testing::on_threads(4, [&limit](std::size_t) {
        for (int i = 0; i < 10'000; ++i)
            static_cast<void>(limit.reserve(100, start));
    });
    CHECK(limit.reserve(1, start) == start + 4s - 100ms);
}
