// The listings of z/OS: data sets, members and jobs.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;
constexpr auto other = file_type::other;

} // namespace

TEST_CASE("A data set has ten columns, of which long numbers make fewer")
{
    check_rows(
        listing_style::mvs,
        {{"WORK01 3390   2023/05/21  1  200  FB      80  8053  PS  ANN.FILE", "ANN.FILE", file, {}, "20230521"},
         {"WORK01 3390   2023/05/21  1    3  FB      80  3125  PO  ANN.LIBRARY",
          "ANN.LIBRARY",
          directory,
          {},
          "20230521"},
         {"WORK01 3390   2023/05/21  1    3  U     6447  6447  PO-E  ANN.LOAD", "ANN.LOAD", directory, {}, "20230521"},
         {"WORK01 3390   **NONE**    1   15  NONE     0     0  PO  NEVER.USED", "NEVER.USED", directory, {}, ""},
         {"WORK01 3390   ***NONE***  1    2  F     4096  4096  PS  'NEVER.READ'", "'NEVER.READ'", file, {}, ""},
         {"WORK01 3390   2023/05/21104  200  FB      80  8053  PS  MANY.EXTENTS", "MANY.EXTENTS", file, {}, "20230521"},
         {"WORK01 3380   12/29/95  1   60  FB      80 23200  PO  OLD.SYSTEM", "OLD.SYSTEM", directory, {}, "19951229"},
         {"WORK01 3390   2023/05/21  115807  FB   29600 29600  PS  MANY.TRACKS", "MANY.TRACKS", file, {}, "20230521"},
         {"WORK01 3390   2023/05/21  1+++++  VBS  32767 27966  PS  MORE.TRACKS", "MORE.TRACKS", file, {}, "20230521"},
         {"WORK01 3390   2023/05/21  1 ????  FB      80  8053  PS  $.NO@TRACKS#", "$.NO@TRACKS#", file, {}, "20230521"},
         {"WORK01 3390   2023/06/06 213000 U 0 27998 PO ANN.OTHER", "ANN.OTHER", directory, {}, "20230606"},
         {"WORK01 3390   2023/05/21  1    1  VB   27994 27998  PS    'ANN.QUOTED'",
          "'ANN.QUOTED'",
          file,
          {},
          "20230521"},
         {"WORK01 3390                                        VSAM ANN.CLUSTER.DATA", "ANN.CLUSTER.DATA", file, {}, ""},
         {"                                                   VSAM ANN.CLUSTER", "ANN.CLUSTER", file, {}, ""},
         {"                                                   GDG  ANN.HISTORY", "ANN.HISTORY", other, {}, ""},
         {"V43525 Tape                                             ANN.TAPE", "ANN.TAPE", file, {}, ""}});
}

TEST_CASE("A phrase may stand in place of the columns")
{
    check_rows(listing_style::mvs,
               {{"Migrated                                                ANN.OLD", "ANN.OLD", file, {}, ""},
                {"Migrated\t\tANN.OLD2", "ANN.OLD2", file, {}, ""},
                {"MIGRAT    ANN.OLD3", "ANN.OLD3", file, {}, ""},
                {"ARCIVE Not Direct Access Device                         ANN.OLDER", "ANN.OLDER", file, {}, ""},
                {"WORK01 Error determining attributes                     ANN.BAD", "ANN.BAD", file, {}, ""},
                {"Pseudo Directory                                        ANN", "ANN", directory, {}, ""},
                {"User catalog connector                                  ANN.UCAT", "ANN.UCAT", other, {}, ""}});
    check_refused(refusal_reason::unknown_form,
                  {"MigratedANN.OLD", "Migrated", "Migrated ANN.OLD", "Migrated      ANN.OLD  ANN.OLDER",
                   "Red Tape everywhere", "WORK0133902023/05/211FB808053PSANN.FILE",
                   "WORK01 3390 2023/13/21 1 1 FB 80 80 PS A", "WORK01 3390 2023/05/21 1 1 FB 80 80 XX A",
                   "WORK01 3390 2023/05/21x 1 1 FB 80 80 PS A", "WORK01 3390 2023-05-21 1 1 FB 80 80 PS A",
                   "TOOLONGVOLUME 3390 2023/05/21 1 1 FB 80 80 PS A", "PS ANN.FILE"});
}

TEST_CASE("Behind its heading a listing of data sets needs no columns to be told by")
{
    const auto parsed = parse_listing(
        "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname\r\nMigrated A.B\r\n", context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"A.B"});
    CHECK(parsed.refused.empty());
}

TEST_CASE("A member has statistics, or none where a heading tells what it is")
{
    check_rows(
        listing_style::mvs_member,
        {{"MEMBER1   01.03 2022/09/12 2022/10/11 09:37    11    11     0 ANN", "MEMBER1", file, {}, "202210110937"},
         {"$2@#      01.01 2021/10/18 2021/10/18 11:58:01    29    29     0", "$2@#", file, {}, "20211018115801"}});
    CHECK(only_entry("MEMBER1   01.03 2022/09/12 2022/10/11 09:37    11    11     0 ANN").owner == "ANN");
    const auto parsed = parse_listing(" Name     VV.MM   Created       Changed      Size  Init   Mod   Id\n"
                                      "MEMBER1   01.03 2022/09/12 2022/10/11 09:37    11    11     0 ANN\n"
                                      "MEMBER2                                                              \n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"MEMBER1", "MEMBER2"});
    CHECK(parsed.refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"MEMBER2", "MEMBER1 01.03 2022/09/12 2022/10/11", "MEMBER1 01.03 2022/19/12 2022/10/11 09:37"});
}

TEST_CASE("A load module has its size in hexadecimal")
{
    check_rows(listing_style::mvs_member,
               {{"MODULE1   00B308   000009          00 FO             RN RU            31    ANY", "MODULE1", file,
                 45832, ""},
                {"MODULE2   005F48   000011 MODULE1  01 FO             RN RU            31    ANY", "MODULE2", file,
                 24392, ""}});
    CHECK(parse_listing(" Name      Size     TTR   Alias-of AC --------- Attributes --------- Amode Rmode\n", {})
              .refused.empty());
    check_refused(refusal_reason::unknown_form, {"MODULE1   00b308   000009  00 FO", "MODULE1   00B308   00009  00 FO",
                                                 "MODULE1   00B308   000009  0X FO", "MODULE1 00B308 000009 00"});
}

TEST_CASE("A hint makes words members, if they look like one")
{
    for (const auto hint : {listing_style::mvs, listing_style::mvs_member}) {
        CHECK(only_entry("MEMBER1\n", context_at(now, hint)).confidence == confidence::low);
        check_refused(refusal_reason::unknown_form, {"nothing", "A.B", "TWO WORDS"}, context_at(now, hint));
    }
}

TEST_CASE("A job is named by its number, at both levels of the interface")
{
    check_rows(listing_style::mvs_job,
               {{"ANN1      JOB01906  OUTPUT    3 Spool Files", "JOB01906", file, {}, ""},
                {"ANN1      JOB01907  INPUT", "JOB01907", file, {}, ""},
                {"ANN2     JOB01908 ANN      OUTPUT A        RC=0000 3 spool files", "JOB01908", file, {}, ""},
                {"ANN      TSU01830 ANN      OUTPUT TSU      ABEND=522 3 spool files", "TSU01830", file, {}, ""},
                {"ANN      T0886971 ANN      ACTIVE TSU", "T0886971", file, {}, ""}});
    CHECK(only_entry("ANN2     JOB01908 ANN      OUTPUT A        RC=0000").owner == "ANN");
    for (const std::string_view note :
         {"JOBNAME  JOBID    OWNER    STATUS CLASS", "No jobs found on Held queue", "--------", "4 spool files"})
        CHECK(parse_listing(note, {}).refused.empty());
    check_refused(refusal_reason::unknown_form,
                  {"ANN1 JOB01906", "ANN1 JOB01906 ANN RUNNING A", "ANN1 JOBS OUTPUT", "ANN1 JOB1x34 OUTPUT"});
}
