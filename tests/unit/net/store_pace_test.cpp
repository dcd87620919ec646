// Until when a store is taken for quick.
#include "net/store_pace.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using libftp::clock;
using libftp::net::store_pace;

namespace {

constexpr clock::time_point start{std::chrono::hours{1}};

} // namespace

TEST_CASE("A store is taken for quick until a call of it waits for long")
{
    store_pace pace;
    CHECK(pace.is_quick(start));
    pace.took(store_pace::longest, start, 1);
    CHECK(pace.is_quick(start));
    pace.took(store_pace::longest + clock::duration{1}, start, 1);
    CHECK_FALSE(pace.is_quick(start));
}

TEST_CASE(
    "A store is not slow because the thread was kept from running; whether it was is asked from the first time on")
{
    store_pace pace;
    pace.took(store_pace::longest, start, 0);
    CHECK_FALSE(pace.counts_waits());
    for (int calls = 0; calls < 3; ++calls) {
        pace.took(std::chrono::seconds{2}, start, 0);
        CHECK(pace.counts_waits());
        CHECK(pace.is_quick(start));
    }
}

TEST_CASE("A store that was slow is taken for quick again after a while")
{
    store_pace pace;
    pace.took(std::chrono::seconds{2}, start, 1);
    CHECK_FALSE(pace.is_quick(start + store_pace::recovery - clock::duration{1}));
    CHECK(pace.is_quick(start + store_pace::recovery));
}

TEST_CASE(
    "A store that is slow each time it is tried is tried less and less often, and anew when it was quick for long")
{
    store_pace pace;
    auto now = start;
    clock::duration pause = store_pace::recovery;
    for (int tries = 0; tries < 10; ++tries) {
        pace.took(std::chrono::seconds{2}, now, 1);
        CHECK_FALSE(pace.is_quick(now + pause - clock::duration{1}));
        CHECK(pace.is_quick(now + pause));
        now += pause;
        pause = std::min<clock::duration>(2 * pause, store_pace::longest_recovery);
    }
    now += store_pace::longest_recovery;
    pace.took(std::chrono::seconds{2}, now, 1);
    CHECK(pace.is_quick(now + store_pace::recovery));
}

TEST_CASE("Slow calls that others make meanwhile do not put off the next try any longer than the first did")
{
    store_pace pace;
    for (int calls = 0; calls < 10; ++calls)
        pace.took(std::chrono::seconds{2}, start, 1);
    CHECK(pace.is_quick(start + store_pace::recovery));
}
