// Lines that are known to be no entries.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

TEST_CASE("The total of all blocks is skipped in many languages")
{
    for (const std::string_view line : {"total 12",
                                        "total 395136991232",
                                        "total -9560322322989056",
                                        "total 4.0K",
                                        "TOTAL 1",
                                        "insgesamt 12",
                                        "Gesamt 4352",
                                        "totale 8",
                                        "totaal 8",
                                        "totalt 8",
                                        "yhteensä 8",
                                        "razem 4",
                                        "celkem 4",
                                        "összesen 8",
                                        "toplam 8",
                                        "итого 12",
                                        "всього 12",
                                        "σύνολο 12",
                                        "合計 12",
                                        "总用量 12",
                                        "總計 12",
                                        "합계 12"}) {
        CAPTURE(line);
        const auto parsed = parse_listing(line, context_at());
        CHECK(parsed.entries.empty());
        CHECK(parsed.refused.empty());
    }
    check_refused(refusal_reason::unknown_form,
                  {"total", "total x", "total 12 files too", "total12", "sum 12", "total -"});
}

TEST_CASE("What ls says in place of a listing is an error message")
{
    check_refused(refusal_reason::error_message,
                  {"/bin/ls: /d: Permission denied", "ls: cannot open directory '/d': Permission denied",
                   "ls: d: No such file or directory", "ls: reading directory '.': Input/output error",
                   "ls: 0653-341 The file d does not exist.", "ls: 0653-345 d: Permission denied.",
                   "d: No such file or directory", "/a b: Permission denied", "/bin/ls: d: not found"});
    check_refused(refusal_reason::unknown_form, {"ls: d", "also: d: Permission denied", "ls: Permission denied today"});
}

TEST_CASE("What the dir of DOS writes around its lines is skipped")
{
    const auto parsed = parse_listing(
        " Volume in drive C is SYSTEM\r\n Volume Serial Number is 1234-ABCD\r\n\r\n Directory of C:\\pub\r\n\r\n"
        "11/13/2023  10:15 AM    <DIR>          .\r\n11/13/2023  10:15 AM             1,234 a.txt\r\n"
        "               1 File(s)          1,234 bytes\r\n"
        "               1 Dir(s)   1,234,567,890 bytes free\r\n",
        context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"a.txt"});
    CHECK(parsed.refused.empty());
}

TEST_CASE("A heading of ls -R stands at the beginning or behind an empty line")
{
    CHECK(parse_listing("/pub:\n", context_at()).refused.empty());
    CHECK(parse_listing("\nsub/a b:\n", context_at()).refused.empty());
    check_refused(refusal_reason::unknown_form, {":"});
    CHECK(parse_listing("total 0\nsub:\n", context_at()).refused.size() == 1);
}

TEST_CASE("What other servers write around their lines is skipped, however far apart its words stand")
{
    for (const std::string_view line :
         {"    6 files        75,978,506,648 bytes", "    3 directories  22,198,362,112 bytes free", "  1 files",
          " File Name            Size    Date     Day       Time", " 33554432 bytes - Total size",
          " 25627726 bytes - Available free space", " Owner   Last modified  Attributes Sector Bytecount Name",
          "File  Code   EOF  Last Modification    Owner  RWEP"}) {
        CAPTURE(line);
        const auto parsed = parse_listing(std::string{line} + "\n", context_at());
        CHECK(parsed.entries.empty());
        CHECK(parsed.refused.empty());
    }
    check_refused(refusal_reason::unknown_form,
                  {"6 files 12 bytes more", "6 files 12 blocks", "x files 12 bytes", "3 directories of 12 bytes",
                   "12 bytes", "12 bytes - total", "File Name"});
}
