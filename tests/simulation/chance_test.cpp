// The one source of chance.
#include "chance.hpp"

#include <doctest/doctest.h>

using libftp::simulation::chance;

TEST_CASE("The same seed gives the same numbers, here and on every other machine")
{
    chance luck{1};
    CHECK(luck.next() == 0x910A2DEC89025CC1U);
    CHECK(luck.next() == 0xBEEB8DA1658EEC67U);
    CHECK(chance{1}.next() != chance{2}.next());
}

TEST_CASE("What is drawn from a fork changes nothing in the source")
{
    chance one{7};
    chance other{7};
    auto fork = one.fork();
    static_cast<void>(other.fork());
    for (int i = 0; i < 10; ++i)
        static_cast<void>(fork.next());
    CHECK(one.next() == other.next());
}

TEST_CASE("Both ends of a range are drawn, and nothing outside")
{
    chance luck{3};
    bool saw_least = false;
    bool saw_most = false;
    for (int i = 0; i < 1000; ++i) {
        const auto drawn = luck.between(5, 7);
        CHECK(drawn >= 5);
        CHECK(drawn <= 7);
        saw_least = saw_least || drawn == 5;
        saw_most = saw_most || drawn == 7;
    }
    CHECK(saw_least);
    CHECK(saw_most);
}
