// Until when a store is taken for quick.
#include "net/store_pace.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using libftp::clock;
using libftp::net::store_pace;

namespace {

constexpr clock::time_point start{std::chrono::hours{1}};

} // namespace

TEST_CASE("A store is taken for quick until a call of it takes long")
{
    store_pace pace;
    CHECK(pace.is_quick(start));
    pace.took(store_pace::longest, start);
    CHECK(pace.is_quick(start));
    pace.took(store_pace::longest + clock::duration{1}, start);
    CHECK_FALSE(pace.is_quick(start));
}

TEST_CASE("A store that was slow is taken for quick again after a while")
{
    store_pace pace;
    pace.took(std::chrono::seconds{2}, start);
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
        pace.took(std::chrono::seconds{2}, now);
        CHECK_FALSE(pace.is_quick(now + pause - clock::duration{1}));
        CHECK(pace.is_quick(now + pause));
        now += pause;
        pause = std::min<clock::duration>(2 * pause, store_pace::longest_recovery);
    }
    now += store_pace::longest_recovery;
    pace.took(std::chrono::seconds{2}, now);
    CHECK(pace.is_quick(now + store_pace::recovery));
}

TEST_CASE("Slow calls that others make meanwhile do not put off the next try any longer than the first did")
{
    store_pace pace;
    for (int calls = 0; calls < 10; ++calls)
        pace.took(std::chrono::seconds{2}, start);
    CHECK(pace.is_quick(start + store_pace::recovery));
}
