// What others say, with a full stop.
#include "../../../apps/common/sentence.hpp"

#include <doctest/doctest.h>

TEST_CASE("A sentence ends with one full stop, whether its text had one or not")
{
    CHECK(as_sentence("Permission denied") == "Permission denied.");
    CHECK(as_sentence("Permission denied.") == "Permission denied.");
}
