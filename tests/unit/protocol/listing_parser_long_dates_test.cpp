// Dates of all locales of `ls`, and of servers like it.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;
using namespace std::chrono_literals;

namespace {

/// The time of a line that shows this date, if its name is read whole; `refused` else.
std::string dated(std::string_view date, file_time when = now)
{
    const auto parsed = parse_listing("-rw-r--r-- 1 a b 1 " + std::string{date} + " a name\n", context_at(when));
    if (parsed.entries.empty())
        return "refused";
    return parsed.entries[0].name == "a name" ? time_of(parsed.entries[0]) : "a wrong name: " + parsed.entries[0].name;
}

} // namespace

TEST_CASE("A date with a year is that day")
{
    CHECK(dated("Nov 20  2023") == "20231120");
    CHECK(dated("feb 29 2020") == "20200229");
    CHECK(dated("JAN  1 1970") == "19700101");
    CHECK(dated("November 20 2023") == "20231120");
    CHECK(dated("20 Nov 2023") == "20231120");
    CHECK(dated("2.   Okt.  2003") == "20031002");
    CHECK(dated("01-jun-99") == "19990601");
    CHECK(dated("Jan  1  1601").empty()); // what Windows calls the beginning is before what we can hold
}

TEST_CASE("A date with a time of day is the latest one that is at most a day after now")
{
    CHECK(dated("Nov 20 11:30") == "202411201130");
    CHECK(dated("Nov 21 12:00") == "202411211200");
    CHECK(dated("Nov 21 12:01") == "202311211201");
    CHECK(dated("Dec 31 23:59") == "202312312359");
    CHECK(dated("Jan  1 0:07") == "202401010007");
    CHECK(dated("Jan  1 00:0") == "202401010000");
    CHECK(dated("26. Juli, 20:10") == "202407262010");
    CHECK(dated("Sun Nov  3 20:10") == "202411032010");
    CHECK(dated("Jan  1 00:30", at(2024, 12, 31, 23h)) == "202501010030");
    CHECK(dated("Dec 31 23:30", at(2025, 1, 1)) == "202412312330");
}

TEST_CASE("Midnight may be called 24:00 of the day before")
{
    CHECK(dated("Apr   4 24:00") == "202404050000");
    CHECK(dated("Apr   4 24:01") == "refused");
}

TEST_CASE("The zone of the server moves its times, and decides what is after now")
{
    auto context = context_at(at(2024, 11, 20, 12h));
    context.time_zone = 120min;
    const auto line = [](std::string_view date) { return "-rw-r--r-- 1 a b 1 " + std::string{date} + " x\n"; };
    CHECK(time_of(only_entry(line("Nov 20 11:30"), context)) == "202411200930");
    CHECK(time_of(only_entry(line("Nov 21 14:00"), context)) == "202411211200");
    CHECK(time_of(only_entry(line("Nov 21 14:01"), context)) == "202311211201");
    CHECK(time_of(only_entry(line("2024-01-01 01:00"), context)) == "202312312300");
    // A line that tells its own zone needs no other.
    CHECK(time_of(only_entry(line("2024-01-01 01:00:00.5 +0100"), context)) == "20240101000000.500000000");
}

TEST_CASE("The 29th of February is in the last year that had one")
{
    CHECK(dated("Feb 29 10:00", at(2024, 3, 1)) == "202402291000");
    CHECK(dated("Feb 29 10:00", at(2023, 3, 1)) == "202002291000");
    CHECK(dated("Feb 29 10:00", at(1903, 3, 1)) == "189602291000");
}

TEST_CASE("The styles of GNU's --time-style are read")
{
    CHECK(dated("2023-11-20 10:15") == "202311201015");
    CHECK(dated("2023-11-20 10:15:03.250000000 +0200") == "20231120081503.250000000");
    CHECK(dated("2023-11-20 10:15:03.250000000 -0130") == "20231120114503.250000000");
    CHECK(dated("11-19 10:15") == "202411191015");
    CHECK(dated("2023-11-20 ") == "20231120");
    CHECK(dated("1700000000") == "20231114221320");
    CHECK(dated("1700000000.0000000000") == "20231114221320");
    CHECK(dated("2023-11-20T10:15:03") == "20231120101503");
}

TEST_CASE("BSD and others tell the seconds and the year")
{
    CHECK(dated("Nov 20 10:15:03 2023") == "20231120101503");
    CHECK(dated("Mon Nov 20 10:15:03 2023") == "20231120101503");
    CHECK(dated("Nov 19 10:15:03") == "20241119101503");
    CHECK(dated("Oct 08, 2002 09:47") == "200210080947");
    CHECK(dated("Oct 08, 2002") == "20021008");
}

TEST_CASE("Dates of numbers have any separator")
{
    CHECK(dated("09-26 2000") == "20000926");
    CHECK(dated("26.09. 13:45") == "refused");
    CHECK(dated("3 29 03:26") == "202403290326");
    CHECK(dated("29 3 03:26") == "202403290326");
    CHECK(dated("1999/10/12 17:12") == "199910121712");
    CHECK(dated("24-04-2003 17:12") == "200304241712");
    CHECK(dated("15.07.2004") == "20040715");
    CHECK(dated("2004.07.15  ") == "20040715"); // in a wider column
}

TEST_CASE("East Asian dates have letters behind their numbers, in whatever charset")
{
    CHECK(dated("11月 20日 2023年") == "20231120");
    CHECK(dated("11月 19 10:15") == "202411191015");
    CHECK(dated("11月19日 10:15") == "202411191015");
    CHECK(dated("11월 19 10:15") == "202411191015");
    CHECK(dated("2023년 11월 20일") == "20231120");
    CHECK(dated("11\x8c\x8e 20\x93\xfa 2023\x94\x4e") == "20231120"); // Shift-JIS
    CHECK(dated("11\xd4\xc2 19 10:15") == "202411191015");            // GBK
    CHECK(dated("2023 11\xbf\xf9 20") == "20231120");                 // EUC-KR
    CHECK(dated("13月 20日 2023年") == "refused");
    CHECK(dated("20 11月 2023") == "20231120");
    CHECK(dated("19  1\xd4\xc2 10:15") == "202401191015");
    CHECK(dated("20 11é 2023") == "refused");
    CHECK(dated("31 11月 2023") == "refused");
    CHECK(dated("20 11月 20") == "refused");
    CHECK(only_entry("-rw-r--r-- 1 0 0 12 11月 19 10:15 x").size == 12);
    // A number before month, day and time is the size.
    CHECK(only_entry("-rw-r--r-- 1 0 0 2020 11月 19 10:15 x").size == 2020);
}

TEST_CASE("A size of four digits before an East Asian month, a day and a year is a size, also behind numbers alone")
{
    for (const auto* date : {"8月  15 2025", "8월 15 2025", " 8月 15  2025", "8\xd4\xc2 15 2025"}) {
        const auto entry =
            only_entry(std::string{"-rw-r--r-- 2 1000 1000 2048 "} + date + " x", context_at(at(2026, 11, 22)));
        CHECK(entry.name == "x");
        CHECK(entry.size == 2048);
        CHECK(time_of(entry) == "20250815");
    }
    const auto entry = only_entry("drwxr-xr-x 2 0 0 4096 8月 15 2025 x", context_at(at(2026, 11, 22)));
    CHECK(entry.name == "x");
    CHECK(entry.size == 4096);
    CHECK(only_entry("-rw-r--r-- 2 ann staff 531 2005 8월 15 x").size == 531);
}

TEST_CASE("A group that looks like a month and a day does not make a year of the size behind it")
{
    const auto entry = only_entry("drwxr-xr-x 1 41 1\xb0"
                                  "02\xff 1024 May  4  2020 x");
    CHECK(entry.name == "x");
    CHECK(entry.size == 1024);
}

TEST_CASE("Dates that no calendar has, and times that no clock shows, are no dates")
{
    for (const auto* date :
         {"Nov 32 2023", "Nov 0 202",        "0 Feb. 202",      "Feb 40 11:30",   "Nov 20 25:00",   "Nov 20 11:60",
          "Nov 20 11:",  "Nov 20 :30",       "Nov 20 11:30:61", "Nov 20 23",      "Nov 20 202",     "Nov 20 20245",
          "Nov 20 0000", "Nov 20 9999",      "Nov x 2023",      "Nov -1 2023",    "Nov 256 2023",   "Novembre 20 2O23",
          "Xyz 20 2023", "2023-13-01 10:15", "2023-02-30",      "99-99 10:15",    "40-jun-99",      "11-20",
          "Nov 20",      "11/20-2023 10:15", "2023--20 10:15",  "2023-11- 10:15", "170000000000000"}) {
        CAPTURE(date);
        CHECK(dated(date) == "refused");
    }
}

TEST_CASE("An entry whose month has no such day is listed without a time")
{
    for (const auto* date : {"Nov 31 2023", "31 Nov 2023", "Feb 29 2023", "Feb 30 11:30", "Feb 31 2010"}) {
        CAPTURE(date);
        CHECK(dated(date).empty());
    }
}

TEST_CASE("A zone is one only behind seconds, and a year only behind those")
{
    CHECK(only_entry("-rw-r--r-- 1 a b 1 2023-11-20 10:15 +0200 x").name == "+0200 x");
    CHECK(only_entry("-rw-r--r-- 1 a b 1 Nov 20 10:15 2023 x").name == "2023 x");
    CHECK(only_entry("-rw-r--r-- 1 a b 1 2023-11-20 10:15:03 +9900 x").name == "+9900 x");
}

TEST_CASE("A name and a size that look like a month, a day and a year of East Asia are none")
{
    const auto entry = only_entry("lr-Srw-rw- 1 41 4\xFF"
                                  "1 1844 May  4  1844 name -> target");
    CHECK(entry.name == "name");
    CHECK(entry.group == "4\xFF"
                         "1");
    CHECK(entry.size == 1844);
}

TEST_CASE("A time that is joined to a day of East Asia makes both of them a name")
{
    const auto entry = only_entry("-rw-r--r-- 1 1 8月8日0:00 32 Jul 28 05:07 x");
    CHECK(entry.name == "x");
    CHECK(entry.group == "8月8日0:00");
    CHECK(entry.size == 32);
}
