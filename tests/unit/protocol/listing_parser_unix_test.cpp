// The long listings of `ls` and of the servers that follow it.
#include "listed_rows.hpp"

#include <libftp/protocol/listing_format.hpp>

using namespace libftp;
using namespace listed_rows;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr auto file = file_type::file;
constexpr auto directory = file_type::directory;
constexpr auto symbolic_link = file_type::symbolic_link;
constexpr auto other = file_type::other;

listed_entry from_unix(std::string_view line)
{
    auto entry = only_entry(std::string{line} + "\n");
    CHECK(entry.style == listing_style::unix_ls);
    return entry;
}

std::optional<std::uint32_t> mode_of(std::string_view column)
{
    const auto parsed = parse_listing(std::string{column} + " 1 a b 1 Nov 20 11:30 x", context_at());
    return parsed.entries.empty() ? std::nullopt : parsed.entries[0].mode;
}

} // namespace

TEST_CASE("A Unix line has mode, links, owner, group, size, date and name")
{
    const auto entry = from_unix("-rw-r--r--   2 owner    group        1234 Nov 20 11:30 a file");
    CHECK(static_cast<const file_info&>(entry) == file_info{.name = "a file",
                                                            .type = file_type::file,
                                                            .size = 1234,
                                                            .modified = at(2024, 11, 20, 11h + 30min),
                                                            .mode = 0644,
                                                            .links = 2,
                                                            .owner = "owner",
                                                            .group = "group"});
    CHECK(entry.precision == time_precision::minute);
    CHECK(entry.confidence == confidence::medium); // the year is inferred
    CHECK(from_unix("-rw-r--r-- 2 a b 1 Nov 20  2023 x").confidence == confidence::high);
}

TEST_CASE("The first letter of a Unix line is the type")
{
    for (const char letter : {'-', 'a', 'f', 'C', 'm', 'M'})
        CHECK(from_unix(letter + "rw-r--r-- 1 0 0 0 Nov 20 11:30 x"s).type == file);
    CHECK(from_unix("drwxr-xr-x 2 0 0 4096 Nov 20 11:30 x").type == directory);
    CHECK(from_unix("lrwxrwxrwx 1 0 0 1 Nov 20 11:30 x").type == symbolic_link);
    for (const char letter : {'b', 'c', 'D', 'n', 'p', 'P', 's', 'w', '?'})
        CHECK(from_unix(letter + "rw-r--r-- 1 0 0 0 Nov 20 11:30 x"s).type == other);
    check_refused(refusal_reason::unknown_form, {"xrw-r--r-- 1 0 0 0 Nov 20 11:30 x"});
}

TEST_CASE("The nine letters of the mode are its bits, special ones included")
{
    CHECK(mode_of("----------") == 0);
    CHECK(mode_of("-rwxrwxrwx") == 0777);
    CHECK(mode_of("-rwsr-sr-t") == 07755);
    CHECK(mode_of("-rwSr-Sr-T") == 07644);
    CHECK(mode_of("-rw-r-lr--") == 02644); // mandatory locking
    CHECK(mode_of("-rw-rwx") == 0670);     // others are left out
    CHECK(mode_of("-rwlr--r--") == 0644);  // for one opener at a time, on Plan 9
    CHECK(mode_of("-rwx---AS-") == 0700);  // attributes of DOS in the place of others' bits
    CHECK(mode_of("-rwxr-lr-l") == std::nullopt);
    CHECK(mode_of("-rwxrwxrw") == 0776);
    for (const auto* column : {"-rwxrwxr", "-rwxrwxrwxx", "-wrxrwxrwx", "-rwtr-xr-x", "-rwxr-xr-s", "-RWXR-XR-X", "-",
                               "-sw-r--r--", "-rwxrwxrwx++", "-rwxrw-+", "-rwx---SA-"}) {
        CAPTURE(column);
        CHECK_FALSE(mode_of(column));
    }
}

TEST_CASE("A mark for an access control list may follow the mode")
{
    for (const auto* column : {"-rw-r--r--+", "-rw-r--r--.", "-rw-r--r--@"})
        CHECK(mode_of(column) == 0644);
}

TEST_CASE("Servers in Go put letters for the type and for special bits before the nine of the mode")
{
    const auto check = [](const std::string& column, file_type type, std::uint32_t mode) {
        CAPTURE(column);
        const auto entry = from_unix(column + " 1 root root 4096 Nov 10 10:00 a b");
        CHECK(entry.name == "a b");
        CHECK(entry.type == type);
        CHECK(entry.mode == mode);
    };
    check("dtrwxrwxrwx", directory, 01777);
    check("dgrwxr-xr-x", directory, 02755);
    check("dugtrwxr-xr-x", directory, 07755);
    check("urwxr-xr-x", file, 04755);
    check("ugrwxr-xr-x", file, 06755);
    check("trw-r--r--", file, 01644);
    check("Lrwxrwxrwx", symbolic_link, 0777);
    check("Srwxr-xr-x", other, 0755);
    check("Drw-rw----", other, 0660);
    check("Dcrw--w----", other, 0620);
    check("prw-r--r--", other, 0644);
    CHECK(from_unix("Lrwxrwxrwx 1 root root 7 Nov 10 10:00 bin -> usr/bin").link_target == "usr/bin");
    for (const auto* column : {"tdrwxrwxrwx", "ddrwxrwxrwx", "drrwxrwxrwx", "dtrwxrwxrw", "dtrwxrwsrwx", "dtrwxrwxrwx+",
                               "-trwxrwxrwx", "dDpSurwxrwxrwx", "Lrwx", "L"}) {
        CAPTURE(column);
        CHECK_FALSE(mode_of(column));
    }
}

TEST_CASE("A name that ends in digits has taken up no size where a size of its own has a date behind it")
{
    const auto e = from_unix("-rw-r--r--   1 \xfa"
                             "6 9411\xb0"
                             "8\xff"
                             "2\xff       32 Aug 10  1970 a");
    CHECK(e.name == "a");
    CHECK(e.size == 32);
    CHECK(e.owner == "\xfa"
                     "6");
}

TEST_CASE("A group that could be a day is none where a size has a date behind it")
{
    const auto e = from_unix("---xrw--w-   1 2        1.2          1664 Sep  8  1849 a");
    CHECK(e.name == "a");
    CHECK(e.size == 1664);
    CHECK(e.group == "1.2");
    CHECK(from_unix("-rw-r--r-- 1 ann staff 123 20.11.2026 5 Nov 20").name == "5 Nov 20");
}

TEST_CASE("Columns that are too long run into the next")
{
    const auto links = from_unix("drwxr-x---+1464 ann      staff     41472 Nov 20 11:30 x");
    CHECK(links.links == 1464);
    CHECK(links.owner == "ann");
    CHECK(from_unix("drwxr-xr-x1 0 0 512 Nov 20 11:30 x").links == 1);
    const auto size = from_unix("-rw-r--r--    1 ann      administr8125435904 Apr  9  2008 x");
    CHECK(size.group == "administr");
    CHECK(size.size == 8125435904);
    CHECK(size.confidence == confidence::medium);
    check_refused(refusal_reason::unknown_form, {"-rw-rw-r--  1 poh  poh   6xx5 Feb 27 04:14 history.rst"});
}

TEST_CASE("Group, owner and links may be missing")
{
    const auto without_group = from_unix("-rw-r--r--  1 1000  1234 Nov 20 11:30 x");
    CHECK(without_group.owner == "1000");
    CHECK(without_group.group.empty());
    CHECK(without_group.size == 1234);
    const auto without_both = from_unix("-rw-r--r--  1 1234 Nov 20 11:30 x");
    CHECK(without_both.owner.empty());
    CHECK(without_both.size == 1234);
    const auto without_links = from_unix("-rw-r--r--  ann staff 1234 Nov 20 11:30 x");
    CHECK(without_links.owner == "ann");
    CHECK(without_links.group == "staff");
}

TEST_CASE("Owner and group may be several words, parted by more blanks than their words")
{
    const auto owner = from_unix("drwxr-xr-x   2 ann lee     staff         4096 Nov 20 11:30 x");
    CHECK(owner.owner == "ann lee");
    CHECK(owner.group == "staff");
    const auto gaps = from_unix("-rwxrwxr-x    1 Domain  Use       33                3065 May  4 11:01 xmlrpc.php");
    CHECK(gaps.owner == "Domain  Use");
    CHECK(gaps.group == "33");
    CHECK(gaps.size == 3065);
    CHECK(from_unix("-rwxrwxr-x 1 a  b c  d 3065 May  4 11:01 x").owner == "a");
    const auto group = from_unix("drwx------ 4 ann Domain Users 512 Oct 2 10:59 x");
    CHECK(group.owner == "ann");
    CHECK(group.group == "Domain Users");
    CHECK(from_unix("-rw-r--r--   1 a      a group 1 of 2 or more words   83853 Jan 22  2001 x").group ==
          "a group 1 of 2 or more words");
    CHECK(from_unix("-rw-r--r-- 1 root root system_u:object_r:etc_t:s0 9 Nov 20 11:30 x").size == 9);
}

TEST_CASE("A comma behind a file's group makes no device of it")
{
    for (const std::string group : {"staff,", "3,"}) {
        const auto entry = from_unix("-rw-r--r-- 1 ann " + group + " 1234 Nov 20  2023 x");
        CHECK(entry.group == group);
        CHECK(entry.size == 1234);
    }
}

TEST_CASE("A device has two numbers and no size")
{
    for (const auto* line :
         {"crw-rw-rw- 1 root root 1, 3 Nov 20 11:30 null", "crw-rw-rw- 1 root root 1,   3 Nov 20 11:30 null",
          "crw-rw-rw- 1 root root 1,3 Nov 20 11:30 null", "crw-rw-rw- 1 root root 109,767 Nov 20 11:30 null"}) {
        const auto entry = from_unix(line);
        CHECK(entry.name == "null");
        CHECK(entry.owner == "root");
        CHECK(entry.group == "root");
        CHECK_FALSE(entry.size);
    }
}

TEST_CASE("A size may be scaled, grouped, or beyond what the server can count")
{
    const auto scaled = from_unix("-rw-r--r-- 1 a b 33.5k Nov 20 11:30 x");
    CHECK(scaled.size == 34304);
    CHECK(scaled.size_is_rounded);
    CHECK(from_unix("-rw-r--r-- 1 a b 2G Nov 20 11:30 x").size == 2147483648);
    CHECK(from_unix("-rw-r--r-- 1 a b 1,234,567 Nov 20 11:30 x").size == 1234567);
    CHECK_FALSE(from_unix("-rw-r--r-- 1 a b -1294967296 Nov 20 11:30 x").size);
    CHECK_FALSE(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30 x").size_is_rounded);
}

TEST_CASE("An owner or a group with the name of a month is not the date")
{
    const auto owner = from_unix("-rw-r--r-- 1 May 12 2024 Nov 20 11:30 x");
    CHECK(owner.owner == "May");
    CHECK(owner.group == "12");
    CHECK(owner.size == 2024);
    const auto both = from_unix("-rw-r--r-- 1 May Jun 5 Nov 20 11:30 x");
    CHECK(both.group == "Jun");
    CHECK(both.size == 5);
}

TEST_CASE("The name keeps all its spaces, behind the one that ends the date")
{
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30  two  spaces ").name == " two  spaces ");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20  2023 Nov 20 11:30 x").name == "Nov 20 11:30 x");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 20 Nov 11:30 2014 x").name == "2014 x");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30  ").name == " ");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20  2023  ").name == " ");
}

TEST_CASE("A year at the left of its column is followed by a blank of the column's")
{
    const auto parsed = parse_listing("-rw-rw----    1 a        b                0 Mar 11 2007  *\n"
                                      "-rw-rw----    1 a        b             6624 Jun 26 10:21 x y\n"
                                      "-rw-rw----    1 a        b             6624 Jun 26 2007   z\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"*", "x y", " z"});
}

TEST_CASE("A link's name and target are parted by an arrow, that one whose target has the size of the link")
{
    const auto link = from_unix("lrwxrwxrwx 1 a b 9 Nov 20 11:30 a b -> ../c -> d");
    CHECK(link.name == "a b");
    CHECK(link.link_target == "../c -> d");
    CHECK(from_unix("lrwxrwxrwx 1 a b 3 Nov 20 11:30 a -> b -> c/d").name == "a -> b");
    CHECK(from_unix("lrwxrwxrwx 1 a b 1 Nov 20 11:30 alone").name == "alone");
    CHECK(from_unix("lrwxrwxrwx 1 a b 1 Nov 20 11:30 a -> ").name == "a -> ");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30 a -> b").name == "a -> b");
}

TEST_CASE("Numbers of inodes and blocks may stand in front, and a slash behind a directory")
{
    CHECK(from_unix("  131 -rw-r--r-- 1 a b 5 Nov 20 11:30 x").size == 5);
    CHECK(from_unix("131077   4 drwxr-xr-x 1 a b 4096 Nov 20 11:30 x y/").name == "x y");
    check_refused(refusal_reason::name_unsafe, {"-rw-r--r-- 1 a b 5 Nov 20 11:30 x/"});
}

TEST_CASE("What `ls` may not look at has question marks for columns")
{
    const auto entry = from_unix("d????????? ? ?    ?       ?            ? a b");
    CHECK(entry.name == "a b");
    CHECK(entry.type == directory);
    CHECK_FALSE(entry.mode);
    check_refused(refusal_reason::unknown_form, {"d????????? ? ? ? ? a", "d????????? ? ? ? ? ?", "d???? ? ? ? ? ? a"});
}

TEST_CASE("Strokes may stand where the server knows no time")
{
    const auto entry = from_unix("drwxr-xr-x 1 0 7 4096 --- -- --:-- 5 Nov 20  2023 a");
    CHECK(entry.name == "5 Nov 20  2023 a");
    CHECK(entry.size == 4096);
    CHECK(entry.group == "7");
    CHECK(time_of(entry).empty());
    check_refused(refusal_reason::unknown_form,
                  {"drwxr-xr-x 1 0 7 4096 --- -- --:--", "drwxr-xr-x 1 0 7 4096 -- -- --:-- a b"});
}

TEST_CASE("The day 0 of a server without a clock tells no time")
{
    check_rows(listing_style::unix_ls, {{"-rw-rw-rw-   1 user     ftp          131 Jan 00  1980 a b", "a b", file, 131},
                                        {"drw-rw-rw-   1 user     ftp            0 Jan 00  1900 c", "c", directory, 0},
                                        {"-rw-rw-rw-   1 user     ftp          132 Jan 00 00:00 d", "d", file, 132},
                                        {"-rw-rw-rw-   1 user     ftp          133 Dec  0  2099 e", "e", file, 133}});
    // It counts only where nothing behind it is a date.
    const auto entry = from_unix("-rw-r--r-- 1 jan 0 2000 Nov 20  2023 a");
    CHECK(entry.owner == "jan");
    CHECK(time_of(entry) == "20231120");
    check_refused(refusal_reason::unknown_form,
                  {"-rw-r--r-- 1 a b 1 Jan 00", "-rw-r--r-- 1 a b 1 Jan 00 1980", "-rw-r--r-- 1 a b 1 Xyz 00 1980 x",
                   "-rw-r--r-- 1 a b 1 Jan 000 1980 x", "-rw-r--r-- 1 a b 1 Jan 00 y x",
                   "-rw-r--r-- 1 a b 1 Jan 00 25:00 x"});
}

TEST_CASE("A line without a date has a name of one word, which is no part of a date")
{
    const auto entry = from_unix("drwxr-xr-x 3 ann staff 512 notes");
    CHECK(entry.name == "notes");
    CHECK(entry.confidence == confidence::low);
    check_refused(refusal_reason::unknown_form,
                  {"drwxr-xr-x 3 ann staff 512 Nov", "drwxr-xr-x 3 ann staff 512 2024",
                   "drwxr-xr-x 3 ann staff 512 10:15", "drwxr-xr-x 3 ann staff 512 2024-11-20",
                   "drwxr-xr-x 3 ann staff 512 my notes", "drwxr-xr-x 3 ann staff 512",
                   "drwxr-xr-x ann staff 512 notes", "drwxr-xr-x 3 ann staff x notes"});
}

TEST_CASE("Servers of classic Mac OS call a directory a folder, and tell the sizes of both forks")
{
    check_rows(listing_style::macos,
               {{"drwxr-xr-x               folder        5 Mar 22 10:06 a b", "a b", directory, {}, "202403221006"},
                {"-------r--         326  1391972  1392298 Nov 22  1995 c", "c", file, 1392298, "19951122"}},
               context_at(now, listing_style::macos));
    const auto entry = from_unix("drwxr-xr-x               folder        5 Mar 22 10:06 a b");
    CHECK(entry.name == "a b");
    CHECK(entry.owner.empty());
}

TEST_CASE("Columns may be apart by tabs, the name too")
{
    check_rows(listing_style::unix_ls,
               {{"-rw-r--r--\t1\tann\tstaff\t12345\tFeb 12\t12:12\tx", "x", file, 12345, "202402121212"},
                {"-rw-r--r--\t1\tann\t209\tNov 12 12:12\t x y", " x y", file, 209, "202411121212"},
                {"drwxrwsr-x\t2\tann\t4096\tMay 17  2019\t.x", ".x", directory, 4096, "20190517"}});
}

TEST_CASE("A line that is not of a Unix listing is refused")
{
    check_refused(refusal_reason::unknown_form,
                  {"name", "-rw-r--r--", "-rw-r--r-- 1 a b 1 Nov 20 11:30", "-rw-r--r-- 1 a b 1 Nov 20 11:30 ",
                   "-rw-r--r-- 1 a b x Nov 20 11:30 name", "-rw-r--r-- 1 a b 11:9 Nov 20 11:30 name",
                   "-rw-r--r-- 1 Nov 20 11:30 x", "-rw-r--r-- Nov 20 11:30 x", "-rw-r--r-- 1 a b 1Nov 20 11:30 x",
                   "-rw-r--r-- 1 a b 18446744073709551616 Nov 20 11:30 x"});
}

TEST_CASE("Whatever a Unix line can hold reads back as it was written")
{
    for (const auto type : {file_type::file, file_type::directory, file_type::symbolic_link, file_type::other}) {
        for (const auto modified :
             {at(2024, 11, 20, 11h + 30min), at(2024, 6, 1, 1min), at(2023, 2, 3), at(1970, 1, 1)}) {
            for (const std::uint32_t mode : {0U, 0644U, 0755U, 07777U, 07000U, 0124U}) {
                file_info info{.name = "  a  b ",
                               .type = type,
                               .size = 1234567890123,
                               .modified = modified,
                               .mode = mode,
                               .links = 12345,
                               .owner = "a_long_owner",
                               .group = "g"};
                if (type == file_type::symbolic_link)
                    info.link_target = "../x -> y ";
                std::string line;
                append_unix_line(line, info, now);
                REQUIRE(line.ends_with("\r\n"));
                CAPTURE(line);
                const auto entry = from_unix(line.substr(0, line.size() - 2));
                CHECK(static_cast<const file_info&>(entry) == info);
            }
        }
    }
}

TEST_CASE("A link without a size is written with its target's, so that arrows in its name and target read back")
{
    for (const std::string name : {"a", "a -> b", " -> a", "a -> b -> c"}) {
        for (const std::string target : {"x", "x -> y", "../x/a -> b -> c"}) {
            const file_info info{.name = name, .type = file_type::symbolic_link, .link_target = target};
            std::string line;
            append_unix_line(line, info, now);
            CAPTURE(line);
            const auto entry = from_unix(line.substr(0, line.size() - 2));
            CHECK(entry.name == name);
            CHECK(entry.link_target == target);
            CHECK(entry.size == target.size());
        }
    }
}

TEST_CASE("Lines of well-known servers are written again as they were read")
{
    for (const std::string_view line : {"-rw-r--r--   1 owner    group        1234 Nov 20 11:30 name",
                                        "drwxr-xr-x   2 1000     1000         4096 Jan  1  2023 a b",
                                        "lrwxrwxrwx   1 ftp      ftp             7 Jun 15 00:00 link -> target"}) {
        std::string again;
        append_unix_line(again, from_unix(line), now);
        CHECK(again == std::string{line} + "\r\n");
    }
}
