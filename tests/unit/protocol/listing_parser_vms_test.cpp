// The listings of VMS servers, wrapped or not.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;

} // namespace

TEST_CASE("A VMS line tells name and version, and its columns in the order that the server likes")
{
    check_rows(
        listing_style::vms,
        {{"LOGIN.COM;2                 1   4-NOV-2020 04:09 [ANN] (RWE,RWE,,)", "LOGIN.COM", file, 512, "202011040409"},
         {"A_FILE.TEX;1  213/216  29-JAN-2020 03:33:12  [ANN,STAFF] (RWED,RWED,,)", "A_FILE.TEX", file, 109056,
          "20200129033312"},
         {"PUB.DIR;1 1/3 5-MAR-2020 18:09", "PUB", directory, 512, "202003051809"},
         {"x.dir;1 1/3 5-mar-2020 18:09", "x", directory, 512, "202003051809"},
         {"FOO.BAR;17 4 5-MAR-2020 18:09:01.12", "FOO.BAR", file, 2048, "20200305180901.120000000"},
         {"A;1   [ANN]    1/3     2-AUG-2020 13:05  (RWE,RWE,RE,)", "A", file, 512, "202008021305"},
         {"B.;1       17-JUN-2020 17:25:37     6308/13     (RWED,RWED,R,)", "B.", file, 3229696, "20200617172537"},
         {"$C.TPU$JOURNAL;1    2/8    7-JAN-2020    [A_B]   (RWED,RWED,RE,)", "$C.TPU$JOURNAL", file, 1024, "20200107"},
         {"D;1    6/8    15-JUI-2020    ANN   (RWED,RWED,RE,)", "D", file, 3072, "20200715"},
         {"E;1 2KB 23-SEP-2020 14:57", "E", file, 2048, "202009231457"},
         {"F.ISO;2        ******  6-MAY-2020 09:29 [ANN] (RE,RWED,RE,RE)", "F.ISO", file, {}, "202005060929"},
         {".WELCOME;1 2 13-FEB-2020 23:32", ".WELCOME", file, 1024, "202002132332"},
         {"[A.B]G.TXT;3 2 13-FEB-2020 23:32", "G.TXT", file, 1024, "202002132332"},
         {"H.DIR;1  27/36  16-FEB-2020 10:01  [AP_HTTPD,APACHE$WWW      (RWE,RWE,RE,RE)", "H", directory, 13824,
          "202002161001"},
         {"NOVERSION.TXT  1 16-FEB-2020 10:01  [ANN]  (RWE,RWE,RE,RE)", "NOVERSION.TXT", file, 512, "202002161001"}});
}

TEST_CASE("Version, owner and group are told; a size in blocks is about right")
{
    const auto entry = only_entry("A.TXT;17 4/6 5-MAR-2020 18:09 [STAFF,ANN] (RWED,RWED,RE,)");
    CHECK(entry.version == 17);
    CHECK(entry.group == "STAFF");
    CHECK(entry.owner == "ANN");
    CHECK(entry.size_is_rounded);
    CHECK(entry.confidence == confidence::high);
    CHECK(only_entry("A.TXT;17 4/6 5-MAR-2020 18:09 [STAFF, ANN LEE] (RWED,RWED,RE,)").owner == " ANN LEE");
    CHECK(only_entry("D;1    6/8    15-JUI-2020    ANN   (RWED,RWED,RE,)").owner == "ANN");
}

TEST_CASE("A long name is alone in its line, and the columns are in the next")
{
    for (const std::string line : {"A-VERY-LONG-NAME.OF-A-FILE;11400\n      2  19-DEC-2020 15:40 [ANN] (RWED,RWED,,)",
                                   "A-VERY-LONG-NAME.OF-A-FILE;11400\n2/3     19-DEC-2020 15:40"}) {
        const auto entry = only_entry(line);
        CHECK(entry.name == "A-VERY-LONG-NAME.OF-A-FILE");
        CHECK(entry.version == 11400);
        CHECK(entry.size == 1024);
        CHECK(entry.raw == line);
    }
    check_refused(refusal_reason::unknown_form, {"A-VERY-LONG-NAME.OF-A-FILE;11400"});
    const auto parsed = parse_listing("LONG.TXT;1\nB.TXT;1 1 19-DEC-2020 15:40\nC.TXT;2\n\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"B.TXT"});
    CHECK(parsed.refused.size() == 2);
}

TEST_CASE("Headings and sums are skipped")
{
    const auto parsed = parse_listing("\r\nDirectory DISK$A:[ANN.WORK]\r\n\r\n"
                                      "A.TXT;1                 1   4-NOV-2020 04:09 [ANN] (RWE,RWE,,)\r\n"
                                      "A.TXT;2                 1   5-NOV-2020 04:09 [ANN] (RWE,RWE,,)\r\n"
                                      "\r\nTotal of 2 files, 2 blocks.\r\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"A.TXT", "A.TXT"});
    CHECK(parsed.refused.empty());
    for (const std::string_view note :
         {"SYS:[ANON]", "SYS$ANON:", "Directory A_B:[000000]", "Total of 0 blocks in 0 files in 0 directories.",
          "Total of 6 Files, 12 Blocks.", "Total 14 files", "Grand total of 2 directories, 3 files."}) {
        CAPTURE(note);
        CHECK(parse_listing(note, context_at()).refused.empty());
    }
}

TEST_CASE("Files of another directory than the first are refused")
{
    const auto parsed = parse_listing("Directory A:[B]\n\nX.TXT;1 1 4-NOV-2020 04:09\n\nDirectory A:[B.C]\n\n"
                                      "Y.TXT;1 1 4-NOV-2020 04:09\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"X.TXT"});
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].reason == refusal_reason::elsewhere);
}

TEST_CASE("Of several headings with no files between them the last is that of the listed directory")
{
    const auto parsed = parse_listing("Directory DISK$A:[B]\n\nSYS$ANON:\nA_B:[000000]\n\n"
                                      "X.TXT;1 1 4-NOV-2020 04:09\nA_B:[000000]\nY.TXT;1 1 4-NOV-2020 04:09\n"
                                      "A:[C]\nA:[D]\nZ.TXT;1 1 4-NOV-2020 04:09\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"X.TXT", "Y.TXT"});
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].reason == refusal_reason::elsewhere);
    const auto noted =
        parse_listing("A:[B]\nTotal of 0 files, 0 blocks.\nA:[C]\nA:[D]\nZ.TXT;1 1 4-NOV-2020 04:09\n", context_at());
    CHECK(noted.entries.empty());
}

TEST_CASE("What the server may not look at is refused with its words, in one line or two")
{
    check_refused(refusal_reason::error_message,
                  {"README.FTP;1        %RMS-E-PRV, insufficient privilege or file protection violation",
                   "README.FTP;1   insufficient privilege or object protection violation", "%SYSTEM-F-NOPRIV, no",
                   "README.FTP;1   No privilege for attempted operation"});
    const std::string wrapped = "EK-A01.PDF;1\n                   <%SYSTEM-F-NOPRIV, insufficient privilege>";
    const auto parsed = parse_listing(wrapped + "\nB.TXT;1 1 19-DEC-2020 15:40\n", context_at());
    CHECK(parsed.entries.size() == 1);
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].raw == wrapped);
    CHECK(parsed.refused[0].reason == refusal_reason::error_message);
}

TEST_CASE("That there are no files is no entry")
{
    for (const std::string_view text : {"*.*;0              <%RMS-E-FNF, file not found>", "%RMS-E-FNF, file not found",
                                        "A:[B]\n\n*.*;*\n   <%RMS-E-FNF, file not found>\n"}) {
        const auto parsed = parse_listing(text, context_at());
        CHECK(parsed.entries.empty());
        CHECK(parsed.refused.size() <= 1); // `*.*;*` has no version, and so is no name
    }
}

TEST_CASE("A brief listing has names alone, where it is known to be of VMS")
{
    const auto parsed = parse_listing("Directory A:[B]\n\nX.TXT;1\nY.DIR;1\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"X.TXT", "Y"});
    CHECK(parsed.entries[0].confidence == confidence::low);
    CHECK(only_entry("X.TXT;1\n", context_at(now, listing_style::vms)).version == 1);
}

TEST_CASE("Columns that are not in form are refused")
{
    check_refused(refusal_reason::unknown_form,
                  {"A.LIS;2   a/9   2-JUN-2020 07:32  [G,O] (RWED,RWED,RWED,)",
                   "A.DIR; 1  1/9  2-JUN-2020 07:32  [G,O] (,RWED,RWED,RE)",
                   "A.TXT;1  118/126  14-APR-2020 12:45:27 PM  [G,O]  (RWED,,RWED,RE)",
                   "A.;2 18/18 1-JUL-2020 08:43 [G,O] (RWED2,RWED)", "AA.;2  152/153  13-FED-2020 08:13:43",
                   "A.TXT;1 5-MAR-2020", "README.TXT;1 2 18-APR-2000 10", "A.TXT;1 2 18-APR-2000 10 (RW,)",
                   "A.TXT;1 2 18-APR-2000 10:15 _", "A.TXT;1 5", "A.TXT;x 5 5-MAR-2020",
                   "A.TXT;99999999999 5 5-MAR-2020", ";1 5 5-MAR-2020", "A B;1 5 5-MAR-2020",
                   "[A.B 5 5-MAR-2020 10:15 (RW,)", "NOVERSION.TXT  1 16-FEB-2020 10:01", " A.TXT;1 5 5-MAR-2020"});
}
