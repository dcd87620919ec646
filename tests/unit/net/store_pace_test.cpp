// Until when a store is taken for quick.
#include "net/store_pace.hpp"

#include <doctest/doctest.h>

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
