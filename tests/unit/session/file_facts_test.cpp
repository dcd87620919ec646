// Whether a remote file is the one that it was.
#include "../../../libftp/src/session/file_facts.hpp"

#include <doctest/doctest.h>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

known_file file(std::optional<std::uint64_t> size, std::optional<std::chrono::seconds> modified = {},
                time_precision precision = time_precision::second)
{
    known_file known{.size = size, .precision = precision};
    if (modified)
        known.modified = file_time{*modified};
    return known;
}

} // namespace

TEST_CASE("A file is the same if its size is, and its time as far as that is known")
{
    CHECK(is_same_file(file(1), file(1)));
    CHECK(is_same_file(file(1, 10s), file(1, 10s)));
    CHECK(is_same_file(file(1, 10s), file(1)));
    CHECK(is_same_file(file(1), file(1, 10s)));
    CHECK_FALSE(is_same_file(file(1), file(2)));
    CHECK_FALSE(is_same_file(file(1, 10s), file(1, 11s)));
    CHECK_FALSE(is_same_file(file(1, 11s), file(1, 10s)));
}

TEST_CASE("Files of unknown size are not known to be the same")
{
    CHECK_FALSE(is_same_file(file({}), file({})));
    CHECK_FALSE(is_same_file(file({}), file(1)));
    CHECK_FALSE(is_same_file(file(1), file({})));
}

TEST_CASE("Times are compared as exactly as the less exact one is told")
{
    const auto exact = file(1, 150s);
    CHECK(is_same_file(exact, file(1, 120s, time_precision::minute)));
    CHECK_FALSE(is_same_file(exact, file(1, 60s, time_precision::minute)));
    CHECK(is_same_file(file(1, 0s, time_precision::day), file(1, 86'399s, time_precision::minute)));
    CHECK_FALSE(is_same_file(file(1, 0s, time_precision::fraction), file(1, 1s, time_precision::fraction)));
    CHECK(is_same_file(file(1, 5s, time_precision::fraction), file(1, 5s, time_precision::fraction)));
}

TEST_CASE("A file is newer than a time by more than its own is exact to")
{
    const file_time time{100s};
    CHECK_FALSE(is_newer(file(1, 100s), time));
    CHECK_FALSE(is_newer(file(1, 101s), time));
    CHECK(is_newer(file(1, 102s), time));
    CHECK_FALSE(is_newer(file(1, 160s, time_precision::minute), time));
    CHECK(is_newer(file(1, 161s, time_precision::minute), time));
    CHECK_FALSE(is_newer(file(1), time));
    CHECK_FALSE(is_newer(file(1, 200s), std::nullopt));
}

TEST_CASE("What a server says of a file tells who said it")
{
    listed_entry entry;
    CHECK(to_known(entry).by == size_source::none);
    entry.size = 5;
    CHECK(to_known(entry).by == size_source::size_command);
    entry.raw = "-rw-r--r-- 1 a b 5 Jan 1 2020 f";
    entry.style = listing_style::unix_ls;
    CHECK(to_known(entry).by == size_source::listing);
    entry.style = listing_style::facts;
    entry.modified = file_time{10s};
    entry.precision = time_precision::fraction;
    const auto known = to_known(entry);
    CHECK(known.by == size_source::facts);
    CHECK(known.size == 5);
    CHECK(known.modified == file_time{10s});
    CHECK(known.precision == time_precision::fraction);
}

TEST_CASE("A size that a listing has rounded is none to be compared with")
{
    listed_entry entry;
    entry.size = 1024;
    entry.raw = "A.TXT;1 2/4";
    entry.size_is_rounded = true;
    CHECK(!to_known(entry).size);
    CHECK(to_known(entry).by == size_source::none);
}
