// Limits that mean that there is none.
#include "later.hpp"

#include <doctest/doctest.h>

namespace libftp {

using namespace std::chrono_literals;

TEST_CASE("The longest limits that can be written are over in a century, of whatever unit they are")
{
    const clock::time_point in_2026{1'790'000'000s};
    const auto in_2125 = in_2026 + 24h * 365 * 99;
    CHECK(later(in_2026, 0s) == in_2026);
    CHECK(later(in_2026, 1500ms) == in_2026 + 1500ms);
    CHECK(later(in_2026, std::chrono::seconds::max()) > in_2125);
    CHECK(later(in_2026, clock::duration::max()) > in_2125);
    CHECK(later(in_2026, std::chrono::hours::max()) > in_2125);
    CHECK(bounded(std::chrono::minutes::max()) == bounded(std::chrono::seconds::max()));
}

} // namespace libftp
