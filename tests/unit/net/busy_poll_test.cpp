// When a thread stays awake for an answer.
#include "net/busy_poll.hpp"

#include <doctest/doctest.h>

#include <chrono>

using libftp::clock;
using libftp::net::busy_poll;
using std::chrono::microseconds;

namespace {

constexpr clock::time_point start{std::chrono::hours{1}};
constexpr microseconds limit{50};
constexpr std::uint64_t one = 1;
constexpr std::uint64_t another = 2;

/// One that has told a session something before: the first reply to each is not waited for.
busy_poll begun(microseconds longest = limit)
{
    busy_poll pace{longest};
    pace.sent(one, start);
    return pace;
}

/// Whether it waits awake for the answer to a reply, which comes too late.
bool waits_in_vain(busy_poll& pace)
{
    pace.sent(one, start);
    if (!pace.is_awake())
        return false;
    pace.found_nothing(start + limit);
    return true;
}

} // namespace

TEST_CASE("A thread stays awake after a reply until its time is over, whatever comes meanwhile")
{
    auto pace = begun();
    CHECK_FALSE(pace.is_awake());
    pace.sent(one, start);
    CHECK(pace.is_awake());
    pace.found_nothing(start + limit - clock::duration{1});
    CHECK(pace.is_awake());
    pace.found_nothing(start + limit);
    CHECK_FALSE(pace.is_awake());
}

TEST_CASE("A thread stays awake after each reply as long as all are answered in time")
{
    auto pace = begun();
    for (int replies = 0; replies < 1000; ++replies) {
        pace.sent(one, start);
        CHECK(pace.is_awake());
        pace.found_nothing(start);
    }
}

TEST_CASE("A thread stays awake less and less often for answers that come too late, but never gives it up")
{
    auto pace = begun();
    unsigned pause = 0;
    for (int tries = 0; tries < 12; ++tries) {
        for (unsigned replies = 0; replies < pause; ++replies)
            CHECK_FALSE(waits_in_vain(pace));
        CHECK(waits_in_vain(pace));
        pause = std::min(2 * pause + 1, busy_poll::longest_pause);
    }
    CHECK(pause == busy_poll::longest_pause);
}

TEST_CASE("A thread that has waited in vain for long soon stays awake after each reply again when answers are quick")
{
    auto pace = begun();
    for (int replies = 0; replies < 10'000; ++replies)
        waits_in_vain(pace);
    int awake = 0;
    for (int replies = 0; replies < 1000; ++replies) {
        pace.sent(one, start);
        if (pace.is_awake())
            pace.found_nothing(start);
        awake += pace.is_awake() ? 1 : 0;
    }
    CHECK(awake > 400); // pauses of 255, 127, 63, 31, 15, 7, 3 and 1
    pace.sent(one, start);
    CHECK(pace.is_awake());
}

TEST_CASE("An answer that was there without any wait says nothing about the next")
{
    auto pace = begun();
    CHECK(waits_in_vain(pace));
    CHECK_FALSE(waits_in_vain(pace));
    pace.sent(one, start);
    CHECK(pace.is_awake());
    pace.sent(one, start); // without a poll that found nothing
    CHECK_FALSE(pace.is_awake());
}

TEST_CASE("A thread does not stay awake while several sessions are busy")
{
    auto pace = begun();
    for (int replies = 0; replies < 10; ++replies) {
        pace.sent(another, start);
        CHECK_FALSE(pace.is_awake());
        pace.sent(one, start);
        CHECK_FALSE(pace.is_awake());
    }
    pace.sent(one, start);
    CHECK(pace.is_awake());
}

TEST_CASE("A thread that may not stay awake never does")
{
    auto pace = begun(microseconds{0});
    for (int replies = 0; replies < 10; ++replies)
        CHECK_FALSE(waits_in_vain(pace));
}
