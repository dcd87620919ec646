// Whether a transfer knows that others flow beside it.
#include "net/counted_flow.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace libftp::net {

TEST_CASE("A transfer that flows is alone until another one does, and again when that has ended")
{
    const counted_flow first;
    CHECK(first.is_alone());
    std::optional<counted_flow> second{std::in_place};
    CHECK_FALSE(first.is_alone());
    CHECK_FALSE(second->is_alone());
    second.reset();
    CHECK(first.is_alone());
}

} // namespace libftp::net
