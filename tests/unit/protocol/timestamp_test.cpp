// Times on the wire.
#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/protocol/timestamp.hpp>

#include <string>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

constexpr file_time june_15 = std::chrono::sys_days{std::chrono::year{1998} / 6 / 15} + 10h + 0min + 45s;

std::string rewritten(std::string_view text)
{
    const auto time = parse_timestamp(text);
    if (time)
        return format_timestamp(*time);
    return time.error() == protocol_errc::time_malformed ? "malformed" : "another error";
}

} // namespace

TEST_CASE("A time is year, month, day, hour, minute and second in UTC")
{
    const auto time = parse_timestamp("19980615100045");
    REQUIRE(time);
    CHECK(*time == june_15);
    CHECK(format_timestamp(june_15) == "19980615100045");
    CHECK(*parse_timestamp("19700101000000") == file_time{});
}

TEST_CASE("A time may have any number of fraction digits, and those past nanoseconds are dropped")
{
    CHECK(*parse_timestamp("19980615100045.5") == june_15 + 500ms);
    CHECK(*parse_timestamp("19980615100045.000") == june_15);
    CHECK(*parse_timestamp("19980615100045.014") == june_15 + 14ms);
    CHECK(*parse_timestamp("19980615100045.123456789") == june_15 + 123456789ns);
    CHECK(*parse_timestamp("19980615100045.1234567899") == june_15 + 123456789ns);
    CHECK(*parse_timestamp("19980615100045." + std::string(1000, '9')) == june_15 + 999999999ns);
}

TEST_CASE("A leap second is the next second")
{
    CHECK(rewritten("19981231235960") == "19990101000000");
    CHECK(rewritten("19981231235961") == "malformed");
}

TEST_CASE("Days that no calendar has are malformed")
{
    CHECK(rewritten("20240229000000") == "20240229000000");
    CHECK(rewritten("20230229000000") == "malformed");
    CHECK(rewritten("19000229000000") == "malformed");
    CHECK(rewritten("20000229000000") == "20000229000000");
    CHECK(rewritten("20240431000000") == "malformed");
    CHECK(rewritten("20240100000000") == "malformed");
    CHECK(rewritten("20240001000000") == "malformed");
    CHECK(rewritten("20241301000000") == "malformed");
}

TEST_CASE("Hours, minutes and seconds have their limits")
{
    CHECK(rewritten("20240101235959") == "20240101235959");
    CHECK(rewritten("20240101240000") == "malformed");
    CHECK(rewritten("20240101006000") == "malformed");
    CHECK(rewritten("20240101000099") == "malformed");
}

TEST_CASE("Years that a file_time cannot hold are malformed")
{
    CHECK(rewritten("16780101000000") == "16780101000000");
    CHECK(rewritten("22611231235959.999999999") == "22611231235959");
    CHECK(rewritten("16770101000000") == "malformed");
    CHECK(rewritten("22630101000000") == "malformed");
    CHECK(rewritten("00000101000000") == "malformed");
    CHECK(rewritten("99991231235959") == "malformed");
}

TEST_CASE("Text in any other form is malformed")
{
    for (const std::string_view text :
         {"", "1998061510004", "199806151000455", "19980615100045.", "19980615100045.x", "19980615100045.1x",
          "19980615100045,5", "19980615100045 ", " 19980615100045", "1998061510004x", "+1998061510004",
          "-1998061510004", "1998-06-15 10:00", "19980615T100045",
          "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
        CAPTURE(text);
        CHECK(rewritten(text) == "malformed");
    }
}

TEST_CASE("Writing drops the fraction and rounds down, before 1970 too")
{
    CHECK(format_timestamp(june_15 + 999999999ns) == "19980615100045");
    CHECK(format_timestamp(file_time{} - 1ns) == "19691231235959");
}

TEST_CASE("Every file_time can be written")
{
    CHECK(format_timestamp(file_time::min()) == "16770921001243");
    CHECK(format_timestamp(file_time::max()) == "22620411234716");
}

TEST_CASE("A time reads back as it was written")
{
    for (auto time = file_time{} - 24h * 20000; time < file_time{} + 24h * 40000; time += 7919h + 61min + 7s)
        CHECK(*parse_timestamp(format_timestamp(time)) == time);
}
