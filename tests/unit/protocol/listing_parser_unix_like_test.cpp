// Long listings of NetWare, of Connect:Enterprise, and of numbers only.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;

} // namespace

TEST_CASE("NetWare tells the rights in brackets, behind the type")
{
    check_rows(
        listing_style::netware,
        {{"d [RWCEAFMS] ann                               512 Mar 27 20:23 a b", "a b", directory, 512, "202403272023"},
         {"- [R----F--] ann                            666258 Oct 30  1992 C.PS", "C.PS", file, 666258, "19921030"},
         {"d[RWCEMFA]  1 ann           512 Jul 01 11:49 html", "html", directory, 512, "202407011149"},
         {"-[RWCEMFA]  1 *unknown    13312 May 27  1997 1.doc", "1.doc", file, 13312, "19970527"},
         {"d [----AF--]          0                        512 10-14-2001 _ADMIN", "_ADMIN", directory, 512,
          "20011014"}});
    CHECK(only_entry("d [RWCEAFMS] ann.lee.staff 512 Mar 27 20:23 x").owner == "ann.lee.staff");
    CHECK(only_entry("d[RWCEMFA]  1 ann           512 Jul 01 11:49 html").owner == "ann");
    check_refused(refusal_reason::unknown_form,
                  {"a [RWCEAFMS] ann 512 Mar 27 20:23 x", "d [RWCEAXMS] ann 512 Mar 27 20:23 x",
                   "d [RW] ann 512 Mar 27 20:23 x", "d [RWCEAFMS ann 512 Mar 27 20:23 x", "d [RWCEAFMS] ann 512 x",
                   "d [RWCEAFMS] ann 512 Mar 27 20:23 ", "d"});
}

TEST_CASE("NetWare of old writes all columns far apart, the name too")
{
    check_rows(listing_style::netware, {{"d [R----F--] supervisor            512       Jan 16 18:53    a b", "a b",
                                         directory, 512, "202401161853"}});
    CHECK(only_entry("d [R----F--] supervisor            512 Jan 16 18:53    a b").name == "   a b");
}

TEST_CASE("Connect:Enterprise has flags for a mode, and an owner behind one letter")
{
    check_rows(
        listing_style::other,
        {{"-C--E-----FTP B ANN1         7670  1294495 Jan 13 07:42 a b", "a b", file, 1294495, "202401130742"},
         {"-AR--M----TCP A ann         17570     2708 Mar 29  2014 c", "c", file, 2708, "20140329"},
         {"-SR--M------- A ann           1      369 Sep 02 13:47 <<LOG>>", "<<LOG>>", file, 369, "202409021347"}});
    CHECK(only_entry("-C--E-----FTP B ANN1  7670 1294495 Jan 13 07:42 x").owner == "ANN1");
    check_refused(refusal_reason::unknown_form,
                  {"-C--E-----FT B A 1 1 Jan 13 07:42 x", "-C--E-----ftp B A 1 1 Jan 13 07:42 x",
                   "-C--E-----F-P B A 1 1 Jan 13 07:42 x", "------------- B A 1 1 Jan 13 07:42 x"});
}

TEST_CASE("A mode of digits comes with seconds since 1970")
{
    check_rows(listing_style::unix_ls,
               {{"0100644   500  101   12345    1700000000       a b", "a b", file, 12345, "20231114221320"},
                {"040755   0  0   4096    0       d", "d", directory, 4096, "19700101000000"},
                {"0120777   0  0   1    1       l", "l", file_type::symbolic_link, 1, "19700101000001"},
                {"010644   0  0   1    1       p", "p", file_type::other, 1, "19700101000001"}});
    check_refused(refusal_reason::unknown_form,
                  {"0100648 500 101 1 1 a", "0170644 500 101 1 1 a", "0100644 a 101 1 1 a", "0100644 500 101 x 1 a",
                   "0100644 500 101 1 99999999999999999999 a", "0100644 500 101 1 1 ", "0100644 500 101 1"});
}
