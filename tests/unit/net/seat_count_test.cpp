// How many sessions there may be beside those that have ended.
#include "net/seat_count.hpp"

#include <doctest/doctest.h>

namespace libftp::net {

TEST_CASE("A session that has ended takes no seat, but no more may linger than there are seats, and one")
{
    seat_count seats{.taken = 2};
    CHECK(seats.is_full(2));
    CHECK_FALSE(seats.is_full(3));
    seats.end_session();
    CHECK_FALSE(seats.is_full(2));
    CHECK_FALSE(seats.is_empty());
    seats = {.taken = 0, .lingering = 2};
    CHECK_FALSE(seats.is_full(2));
    seats.lingering = 3;
    CHECK(seats.is_full(2));
    CHECK(seat_count{}.is_empty());
    CHECK(seat_count{}.is_full(0));
}

} // namespace libftp::net
