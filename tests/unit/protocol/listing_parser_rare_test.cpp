// The listings of systems that few have.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;
constexpr auto symbolic_link = file_type::symbolic_link;

} // namespace

TEST_CASE("HP NonStop tells code, size, time, owner and security")
{
    check_rows(listing_style::nonstop,
               {{"FILE1        101            16354 14-Mar-14 15:09:12 244, 10 \"nunu\"", "FILE1", file, 16354,
                 "20140314150912"},
                {"FILE2 101 528 6-Apr-07 14:21:18 255,255 \"oooo\"", "FILE2", file, 528, "20070406142118"}});
    CHECK(only_entry("FILE1 101 528 6-Apr-07 14:21:18 255, 10 \"oooo\"").owner == "10");
    CHECK(parse_listing("File         Code             EOF  Last Modification    Owner  RWEP\n", {}).refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"FILE1 101 528 6-Apr-07 14:21:18 255 \"oooo\"", "FILE1 101 528 6-Apr-07 14:21:18 255,10 oooo",
                   "FILE1 x 528 6-Apr-07 14:21:18 255,10 \"oooo\"", " FILE1 101 528 6-Apr-07 14:21:18 255,10 \"oooo\"",
                   "FILE1 101 528 6-Apr-07 25:21:18 255,10 \"oooo\""});
}

TEST_CASE("OS-9 has the year first, and the time without a colon")
{
    check_rows(listing_style::os9,
               {{"20.20 07/03/29 1026 d-ewrewr 2650 85920 a b", "a b", directory, 85920, "200703291026"},
                {"   0.0    99/12/31 2359   ------wr    1A2F       512 c", "c", file, 512, "199912312359"}});
    CHECK(parse_listing("                            Directory of . 14:22:15\n"
                        " Owner    Last modified  Attributes Sector Bytecount Name\n"
                        "-------   -------------  ---------- ------ --------- ----\n",
                        {})
              .refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"20.20 07/13/29 1026 d-ewrewr 2650 85920 a", "20.20 07/03/29 2626 d-ewrewr 2650 85920 a",
                   "2020 07/03/29 1026 d-ewrewr 1 1 a", "20.20 07/03/29 1026 d-ewxewr 2650 85920 a",
                   "20.20 07/03/29 1026 d-ewrewr 2650 85920"});
}

TEST_CASE("VxWorks puts its mark behind the name")
{
    check_rows(listing_style::vxworks,
               {{"2048    Feb-28-1998  05:23:30   a b   <DIR>", "a b", directory, 2048, "19980228052330"},
                {"     12    Feb-28-1998  05:23:30   c.txt", "c.txt", file, 12, "19980228052330"}});
    CHECK(
        parse_listing("  size          date       time       name\n--------       ------     ------    --------\n", {})
            .refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"12 28-Feb-1998 05:23:30 a", "12 Feb-28-1998 05:23:30", "12 Feb-28-1998 a b"});
}

TEST_CASE("VShell has a comma behind the day, and a slash behind a directory")
{
    check_rows(listing_style::other, {{"206876  Apr 04, 2000 21:06 a b", "a b", file, 206876, "200004042106"},
                                      {"0  Dec 12, 2002 02:13 c/", "c", directory, 0, "200212120213"}});
    check_refused(refusal_reason::unknown_form,
                  {"0  Dec 12 2002 02:13 c", "0  Dec 12, 2002 02:13", "x  Dec 12, 2002 02:13 c"});
}

TEST_CASE("Nortel tells the day of the week between date and time")
{
    check_rows(listing_style::other,
               {{"a.cfg       1014196  06/23/04  Thur.   10:20:03", "a.cfg", file, 1014196, "20040623102003"}});
    check_refused(refusal_reason::unknown_form,
                  {"a.cfg 1014196 06/23/04 Thur 10:20:03", "a.cfg 1 06/23/04 Thur. 10:20:03 b",
                   "a b.cfg 1 06/23/04 Thur. 10:20:03"});
}

TEST_CASE("A listing of /bin/dls is known by its first two lines")
{
    const auto parsed = parse_listing("README              763  Nov 13 10:15  What there is\n"
                                      "bin/                  -\n"
                                      "pub/                  =  Public area\n"
                                      "link                 14  -> ../real/morgan\n"
                                      "A.name.longer.than.its.column\n"
                                      "                  79215  Jan  4  6:45\n"
                                      "a.directory.longer.than.its.column/\n"
                                      "                      -\n"
                                      "this is no entry\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"README", "bin", "pub", "link", "A.name.longer.than.its.column",
                                                       "a.directory.longer.than.its.column"});
    REQUIRE(parsed.entries.size() == 6);
    CHECK(time_of(parsed.entries[0]) == "202411131015");
    CHECK(parsed.entries[1].type == directory);
    CHECK(parsed.entries[3].type == symbolic_link);
    CHECK(parsed.entries[3].link_target == "../real/morgan");
    CHECK(parsed.entries[4].size == 79215);
    CHECK(time_of(parsed.entries[4]) == "202401040645");
    CHECK(parsed.entries[5].type == directory);
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].raw == "this is no entry");
    check_refused(refusal_reason::unknown_form, {"README              763  What there is"});
}

TEST_CASE("A Unix listing with numbers in the columns of /bin/dls is none of that")
{
    const auto parsed =
        parse_listing("drwxr-xr-x            1            0            0              0 --- -- --:-- folder\n"
                      "-rw-r--r--            1            0            0           1024 Jan 03 23:21 a b.txt\n"
                      "Lrwxrwxrwx            1  in no form\n",
                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"folder", "a b.txt"});
    REQUIRE(parsed.entries.size() == 2);
    CHECK(parsed.entries[0].type == directory);
    CHECK(parsed.entries[0].style == listing_style::unix_ls);
    CHECK(parsed.entries[1].size == 1024);
    CHECK(parsed.refused.size() == 1);
}

TEST_CASE("A listing that begins with dots behind one space is one of bare names")
{
    const auto parsed = parse_listing(" .\n ..\n .welcome\n  a b \nnot one\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{".welcome", " a b "});
    CHECK(parsed.entries[0].confidence == confidence::low);
    CHECK(parsed.refused.size() == 1);
    check_refused(refusal_reason::unknown_form, {" name"});
}
