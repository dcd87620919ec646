// The listings of IBM i and z/VM.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;
constexpr auto other = file_type::other;

} // namespace

TEST_CASE("IBM i tells owner, size, time, type and name")
{
    check_rows(listing_style::os400,
               {{"ANN             77824 02/23/20 15:09:55 *DIR       a b/", "a b", directory, 77824, "20200223150955"},
                {"ANN             36864 02/18/20 14:21:26 *FILE      A.FILE", "A.FILE", file, 36864, "20200218142126"},
                {"ANN        5000000000 02/24/20 14:06:29 *STMF      build.xml", "build.xml", file, 5000000000,
                 "20200224140629"},
                {"                 9069 02/24/20 14:06:29 *STMF       two ", " two ", file, 9069, "20200224140629"},
                {"ANN             36864 02/24/20 14:06:29 *LIB       QGPL", "QGPL", directory, 36864, "20200224140629"},
                {"ANN             36864 02/24/20 14:06:29 *PGM       A.PGM", "A.PGM", other, 36864, "20200224140629"},
                {"ANN                                     *MEM       A.MBR", "A.MBR", file, {}, ""}});
    CHECK(only_entry("ANN             77824 02/23/20 15:09:55 *DIR x/").owner == "ANN");
}

TEST_CASE("The separators of date and time are those of the server's job")
{
    check_rows(listing_style::os400, {{"ANN 1 18.09.20 14.21.26 *STMF x", "x", file, 1, "20200918142126"}});
    check_rows(listing_style::os400, {{"ANN 1 18-09-20 14:21:26 *STMF x", "x", file, 1, "20200918142126"}});
    check_rows(listing_style::os400, {{"ANN 1 2020-09-18 14,21,26 *STMF x", "x", file, 1, "20200918142126"}});
}

TEST_CASE("A path before all names is that of the listed directory")
{
    const auto parsed = parse_listing(
        "ANN 1 02/23/20 15:09:55 *STMF /home/ann/a\nANN 1 02/23/20 15:09:55 *DIR /home/ann/b/\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"a", "b"});
    CHECK(parsed.refused.empty());
}

TEST_CASE("A path before some names leads to the members of a file, which are listed there")
{
    const auto parsed =
        parse_listing("ANN 45056 02/23/20 15:09:55 *FILE A.FILE\nANN *MEM A.FILE/A.MBR\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"A.FILE"});
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].reason == refusal_reason::elsewhere);
}

TEST_CASE("Paths of IBM i hide no unsafe names")
{
    check_refused(refusal_reason::name_unsafe,
                  {"ANN *MEM A.FILE/..", "ANN *MEM A.FILE/.", "ANN *MEM A//", "ANN *MEM a\x01/b"});
    CHECK(parse_listing("ANN 1 02/23/20 15:09:55 *DIR ./\n", context_at()).entries.empty());
}

TEST_CASE("Lines of IBM i that are not in form are refused")
{
    check_refused(refusal_reason::unknown_form,
                  {"ANN          135168 04/03/18 13:18:19 *FILE", "ANN          135168    03/24 13:18:19 *FILE A",
                   "ANN          135168 04/03/18 30:06:29 *FILE A", "ANN 04/03/18 13:18:19 *FILE A", "ANN *MEM       ",
                   "ANN 135168 *MEM A", "ANN 4019 04/03/18 18:58:16 STMF a", "ANN LEE X 36864 04/03/24 14:06:34 *DIR a",
                   "ANN 3686404/03/24 14:06:47 *DIR a", "ANN 1 04/03/24 14:06:47 *Dir a", "* a",
                   "ANN 1 04/03/24 1406 *DIR a"});
}

TEST_CASE("z/VM tells file name and file type apart, in two ways")
{
    check_rows(listing_style::zvm, {{"README   ANN      V         71         26          1 2020-04-02 12:33:20 ANN191",
                                     "README.ANN", file, 1846, "20200402123320"},
                                    {"WELCOME  TEXT     F         80         21          1 2020-12-27 16:19:00 -",
                                     "WELCOME.TEXT", file, 1680, "20201227161900"},
                                    {"PICS              DIR        -          -          - 2020-10-12 15:43:23 -",
                                     "PICS",
                                     directory,
                                     {},
                                     "20201012154323"},
                                    {"LASTING  GLOBALV   A1 V      41     21     1       9/16/91   15:10:32",
                                     "LASTING.GLOBALV", file, 861, "19910916151032"},
                                    {"AUTHORS            A1 DIR    -      -      -       9/20/99   10:31:11",
                                     "AUTHORS",
                                     directory,
                                     {},
                                     "19990920103111"},
                                    {"A        DATE      A0 V      1      1      1       1/13/100  10:11:12", "A.DATE",
                                     file, 1, "20000113101112"},
                                    {"LETTER   PLAN     V         60         20          1  6/26/19  9:33:21 -",
                                     "LETTER.PLAN", file, 1200, "20190626093321"},
                                    {"SHARED            DIR        -          -          -  5/30/19 18:44:17 -",
                                     "SHARED",
                                     directory,
                                     {},
                                     "20190530184417"}});
    CHECK(only_entry("A B F 80 21 1 2020-12-27 16:19:00 -").size_is_rounded == false);
    CHECK(only_entry("A B V 80 21 1 2020-12-27 16:19:00 -").size_is_rounded);
    CHECK(only_entry("README ANN V 71 26 1 2020-04-02 12:33:20 ANN191").owner == "ANN191");
    CHECK(parse_listing("Filename FileType  Fm Format Lrecl  Records Blocks Date      Time\n", {}).refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"A B F 80 21 1 2020-12-27", "A B X 80 21 1 2020-12-27 16:19:00 -",
                   "A B F 80 21 x 2020-12-27 16:19:00 -", "A F 80 21 1 2020-12-27 16:19:00 -",
                   "A B C F 80 21 1 2020-12-27 16:19:00 -", "A B 1C F 80 21 1 9/16/91 15:10:32",
                   "A B F 80 21 1 2020-12-27 16:19:00 - -", "A B DIR - - - 2020-12-27 16:19:00 -"});
}
