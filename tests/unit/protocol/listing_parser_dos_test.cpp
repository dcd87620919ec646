// The listings of DOS, Windows and OS/2 servers.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;
using namespace std::chrono_literals;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;
constexpr auto symbolic_link = file_type::symbolic_link;

} // namespace

TEST_CASE("IIS tells date, time, a mark or a size, and the name, in columns")
{
    check_rows(listing_style::dos,
               {{"11-13-23  10:15AM       <DIR>          a b", "a b", directory, {}, "202311131015"},
                {"11-13-23  12:09PM                  589 c.txt", "c.txt", file, 589, "202311131209"},
                {"11-13-23  12:09AM           3403603000 d", "d", file, 3403603000, "202311130009"},
                {"11-13-2023  10:15PM       <DIR>        four digits", "four digits", directory, {}, "202311132215"},
                {"11-13-23  22:15       <DIR>          CE", "CE", directory, {}, "202311132215"},
                {"11-13-23  08:08                    828 E.BAK", "E.BAK", file, 828, "202311130808"},
                {"2023-11-13  19:06                9,730 f", "f", file, 9730, "202311131906"}});
}

TEST_CASE("AM and PM may stand beside an hour of 24")
{
    check_rows(listing_style::dos,
               {{"01-01-2000  00:00AM <DIR> System Volume", "System Volume", directory, {}, "200001010000"},
                {"01-01-2000  00:00AM 1234 a b.txt", "a b.txt", file, 1234, "200001010000"},
                {"01-01-2000  00:15PM 1 c", "c", file, 1, "200001011215"},
                {"01-01-2000  13:15AM 1 d", "d", file, 1, "200001011315"},
                {"01-01-2000  23:15PM 1 e", "e", file, 1, "200001012315"}});
}

TEST_CASE("Blanks that a name begins with are kept where the columns tell where it begins")
{
    check_rows(listing_style::dos,
               {{"11-13-23  10:15AM       <DIR>             three", "   three", directory, {}, "202311131015"},
                {"11-13-23  10:15AM                  589  one ", " one ", file, 589, "202311131015"},
                {"11-13-23 10:15AM <DIR> x", "x", directory, {}, "202311131015"},
                {"11-13-23  10:15AM      <DIR>             else", "else", directory, {}, "202311131015"}});
}

TEST_CASE("A gap behind the size is none of the name's, where the columns are not those of IIS")
{
    check_rows(listing_style::dos,
               {{"11-02-17   01:23       1      12", "12", file, 1, "201711020123"},
                {"11-02-17   01:23       1234   a b", "a b", file, 1234, "201711020123"},
                {"11-02-17   01:23       12345 c", "c", file, 12345, "201711020123"},
                {"11-02-17  01:23AM                  589    d", "   d", file, 589, "201711020123"}});
}

TEST_CASE("Links have a mark of their own, and perhaps a target")
{
    const auto link = only_entry("10-23-00  01:27PM       <JUNCTION>     a b -> c d");
    CHECK(link.type == symbolic_link);
    CHECK(link.name == "a b");
    CHECK(link.link_target == "c d");
    CHECK(only_entry("10-23-00  01:27PM       <JUNCTION>     a => c").link_target == "c");
    CHECK(only_entry("10-23-00  01:27PM       <JUNCTION>     a [C:\\c d]").link_target == "C:\\c d");
    CHECK(only_entry("10-23-00  01:27PM       <JUNCTION>     a [1]").name == "a [1]");
    CHECK(only_entry("10-23-00  01:27PM       <SYMLINKD>     a [c]").link_target == "c");
    CHECK(only_entry("10-23-00  01:27PM    <SYMLINK>     a").name == "a");
}

TEST_CASE("The output of dir in other countries is read too")
{
    check_rows(listing_style::dos,
               {{"13.11.2023  10:15         1.234.567 a", "a", file, 1234567, "202311131015"},
                {"13/11/2023  10:15 PM    <DIR>          b c", "b c", directory, {}, "202311132215"},
                {"13.11.2023  10:15         1'234'567 d", "d", file, 1234567, "202311131015"},
                {"13.11.2023  10:15         1\302\240234 e", "e", file, 1234, "202311131015"}});
}

TEST_CASE("What is not in form is refused")
{
    check_refused(refusal_reason::unknown_form,
                  {"11-13-23  10:15AM       <DIR>", "11-13-23  10:15AM       <DIR>   ", "11-13-23  10:15AM  589",
                   "11-13-23  10:15AM  589 ", "12-07-10  12:05AM       1234    ",
                   "12-07-10  12:05AM                 1234    ", "12-07-10  12:05AM       <DIR>              ",
                   "11-13-23  24:00AM  589 a", "11-13-23  24:15PM  589 a", "11-13-23  10:15XM  589 a",
                   "11-13-23  10:75AM  589 a", "11-43-23  10:15AM  589 a", "11-13  10:15AM  589 a",
                   "11-13-23  10:15AM  <FILE> a", "11-13-23  10:15AM  5a a", "11-13-23  10:15AM  1,23 a",
                   "11-13-23  10:15AM  1,234.567 a", "11-13-23  10:15AM  1234,567 a", "11-13-23  10:15AM  1\377234 a"});
    check_refused(refusal_reason::name_unsafe, {"11-13-23  10:15AM  589 a\\b", "11-13-23  10:15AM  589 a/b",
                                                "11-13-23  10:15AM  <DIR>  a\tb", "0  DIR  11-13-23   10:15  a\\b"});
}

TEST_CASE("OS/2 tells the size first, then attributes")
{
    check_rows(
        listing_style::os2,
        {{"                 0           DIR   11-13-23   10:15  a b", "a b", directory, {}, "202311131015"},
         {"             65201      A          11-13-23   10:15  c.exe", "c.exe", file, 65201, "202311131015"},
         {"587823    RSA    DIR   11-13-97   13:58  D", "D", directory, {}, "199711131358"},
         {" 1123 DIR  A    11-13-100  23:38   e", "e", directory, {}, "200011132338"},
         {"                 0           DIR   11-02-09  17:32       NT", "NT", directory, {}, "200911021732"},
         {"             12345  H              11-13-23   15:10  ADIR DIR X", "ADIR DIR X", file, 12345, "202311131510"},
         {"            310992                 11-13-2023 09:56  F", "F", file, 310992, "202311130956"}});
    check_refused(refusal_reason::unknown_form,
                  {"     DIR   12-30-97   12:32  a", "0    rsa    DIR   11-25-97   09:42  a",
                   "0   dir   05-12-97   16:44  a", "0   DIR   13-05-97   25:49  a", "0   DIR   Jan-08-97   13:58  a",
                   "0   DIR   11-13-97   13:58", "0   DIR   11-13-97   13:58   ", "0   DIR   11/13/97   13:58  a",
                   "0 A A A A 11-13-97 13:58 a"});
}

TEST_CASE("Servers of 16-bit Windows put the name first")
{
    check_rows(listing_style::other,
               {{"README.TXT       1045      Nov 13 1994 17:16", "README.TXT", file, 1045, "199411131716"},
                {"WORK            <DIR>      Nov 13 1994 17:16", "WORK", directory, {}, "199411131716"},
                {"A.EXE         960338      Nov 13 1994 17:16   RHA", "A.EXE", file, 960338, "199411131716"},
                {"WORK            <DIR>           11-13-94        17:16", "WORK", directory, {}, "199411131716"},
                {"B.CSV                  0      11/13/94        17:16", "B.CSV", file, 0, "199411131716"}});
    check_refused(refusal_reason::unknown_form,
                  {"README.TXT 1045 Nov 13 1994 17:16 XY", "README.TXT 1045 Nov 13 94 17:16", "A.EXE x 11-13-94 17:16",
                   " A.EXE 1 11-13-94 17:16", "LONGFILENAME.TXT 1 11-13-94 17:16", "A.EXE 1 11-13-94 17:16 A"});
}
