// Listing lines of many servers, and the lines of this library read back.
#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/protocol/listing_parser.hpp>

#include <string>

using namespace libftp;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr file_time at(int year, unsigned month, unsigned day, std::chrono::nanoseconds time_of_day = 0ns)
{
    return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} +
           time_of_day;
}

constexpr file_time now = at(2024, 11, 20, 12h);

file_info from_facts(std::string_view line)
{
    auto parsed = parse_facts_line(line);
    REQUIRE(parsed);
    return *parsed;
}

file_info from_unix(std::string_view line, file_time when = now)
{
    CAPTURE(line);
    auto parsed = parse_unix_line(line, when);
    REQUIRE(parsed);
    return *parsed;
}

/// The time in a line that shows this date.
std::string dated(std::string_view date, file_time when = now)
{
    const auto parsed = parse_unix_line("-rw-r--r-- 1 a b 1 " + std::string{date} + " x", when);
    return parsed ? format_timestamp(parsed->modified.value()) : "malformed";
}

std::optional<std::uint32_t> mode_of(std::string_view column)
{
    const auto parsed = parse_unix_line(std::string{column} + " 1 a b 1 Nov 20 11:30 x", now);
    return parsed ? parsed->mode : std::nullopt;
}

} // namespace

TEST_CASE("A facts line is facts, one space and the name")
{
    const auto info = from_facts("type=file;size=1234;modify=19980615100045;perm=r;unique=801U42;UNIX.mode=0644;UNIX."
                                 "owner=root;UNIX.group=wheel; a file");
    CHECK(info.name == "a file");
    CHECK(info.type == file_type::file);
    CHECK(info.size == 1234);
    CHECK(info.modified == at(1998, 6, 15, 10h + 45s));
    CHECK(info.unique == "801U42");
    CHECK(info.mode == 0644);
    CHECK(info.owner == "root");
    CHECK(info.group == "wheel");
}

TEST_CASE("A facts line may tell when a file was created, and its media type")
{
    const auto info = from_facts("Create=20240229120000.5;Media-Type=text/html; a");
    CHECK(info.created == at(2024, 2, 29, 12h + 500ms));
    CHECK(info.media_type == "text/html");
}

TEST_CASE("The names of facts, and of types, have no letter case")
{
    const auto info = from_facts("Type=DIR;SIZE=1;Unix.Mode=0755; x");
    CHECK(info.type == file_type::directory);
    CHECK(info.size == 1);
    CHECK(info.mode == 0755);
}

TEST_CASE("A facts line may have no facts")
{
    CHECK(from_facts(" name") == file_info{.name = "name"});
}

TEST_CASE("The name behind the facts keeps all its bytes")
{
    CHECK(from_facts("type=file;  a ; b=c; ").name == " a ; b=c; ");
    CHECK(from_facts("type=file; /pub/a\xff").name == "/pub/a\xff");
}

TEST_CASE("Facts that nobody knows are skipped, and so are values out of form")
{
    const auto info = from_facts("x.y=z;lang=en;size=-1;modify=yesterday;UNIX.mode=9;create=2024;charset=;size=; a");
    CHECK(info == file_info{.name = "a"});
    CHECK_FALSE(from_facts("size=18446744073709551616; a").size);
    CHECK(from_facts("size=18446744073709551615; a").size == UINT64_MAX);
}

TEST_CASE("The types of directories and links are told apart, all else is other")
{
    CHECK(from_facts("type=cdir; .").type == file_type::current_directory);
    CHECK(from_facts("type=pdir; ..").type == file_type::parent_directory);
    CHECK(from_facts("type=OS.unix=chr-1/2; a").type == file_type::other);
    CHECK(from_facts("type=; a").type == file_type::other);
    for (const auto* line : {"type=OS.unix=slink:/a=b:c; x", "type=OS.UNIX=symlink:/a=b:c; x"}) {
        CHECK(from_facts(line).type == file_type::symbolic_link);
        CHECK(from_facts(line).link_target == "/a=b:c");
    }
    CHECK(from_facts("type=OS.unix=slink; x").link_target.empty());
}

TEST_CASE("The target of a link may hold spaces, as some servers send it")
{
    const auto info = from_facts("type=OS.unix=slink:a b;size=1; name");
    CHECK(info.link_target == "a b");
    CHECK(info.size == 1);
    CHECK(info.name == "name");
}

TEST_CASE("A mode fact with the bits of the file's type keeps those of the mode")
{
    CHECK(from_facts("UNIX.mode=0100640; a").mode == 0640);
}

TEST_CASE("A line that is not facts is malformed")
{
    for (const std::string_view line :
         {"", " ", "name", "type=file;", "type=file; ", "type=file", "type=file;name", "type; a", "=file; a", ";; a",
          "type=file;; a", "type=file name", "-rw-r--r-- 1 a=b; c"}) {
        CAPTURE(line);
        const auto parsed = parse_facts_line(line);
        CHECK_FALSE(parsed);
        if (!parsed)
            CHECK(parsed.error() == protocol_errc::listing_malformed);
    }
}

TEST_CASE("A Unix line has mode, links, owner, group, size, date and name")
{
    const auto info = from_unix("-rw-r--r--   2 owner    group        1234 Nov 20 11:30 a file");
    CHECK(info == file_info{.name = "a file",
                            .type = file_type::file,
                            .size = 1234,
                            .modified = at(2024, 11, 20, 11h + 30min),
                            .mode = 0644,
                            .links = 2,
                            .owner = "owner",
                            .group = "group"});
}

TEST_CASE("The first letter of a Unix line is the type")
{
    CHECK(from_unix("drwxr-xr-x 2 0 0 4096 Nov 20 11:30 x").type == file_type::directory);
    CHECK(from_unix("lrwxrwxrwx 1 0 0 1 Nov 20 11:30 x").type == file_type::symbolic_link);
    for (const char letter : {'b', 'c', 'D', 'p', 's', '?'})
        CHECK(from_unix(letter + std::string{"rw-r--r-- 1 0 0 0 Nov 20 11:30 x"}).type == file_type::other);
    CHECK_FALSE(parse_unix_line("xrw-r--r-- 1 0 0 0 Nov 20 11:30 x", now));
}

TEST_CASE("The nine letters of the mode are its bits, special ones included")
{
    CHECK(mode_of("----------") == 0);
    CHECK(mode_of("-rwxrwxrwx") == 0777);
    CHECK(mode_of("-rwsr-sr-t") == 07755);
    CHECK(mode_of("-rwSr-Sr-T") == 07644);
    for (const auto* column :
         {"-rwxrwxrw", "-rwxrwxrwxx", "-wrxrwxrwx", "-rwtr-xr-x", "-rwxr-xr-s", "-RWXR-XR-X", "-", "-sw-r--r--"}) {
        CAPTURE(column);
        CHECK_FALSE(mode_of(column));
    }
}

TEST_CASE("A mark for an access control list may follow the mode")
{
    CHECK(mode_of("-rw-r--r--+") == 0644);
    CHECK(mode_of("-rw-r--r--.") == 0644);
    CHECK(mode_of("-rw-r--r--@") == 0644);
    CHECK_FALSE(mode_of("-rw-r--r--++"));
}

TEST_CASE("The group may be missing, and the owner too")
{
    const auto without_group = from_unix("-rw-r--r--  1 1000  1234 Nov 20 11:30 x");
    CHECK(without_group.owner == "1000");
    CHECK(without_group.group.empty());
    CHECK(without_group.size == 1234);
    const auto without_both = from_unix("-rw-r--r--  1 1234 Nov 20 11:30 x");
    CHECK(without_both.owner.empty());
    CHECK(without_both.size == 1234);
}

TEST_CASE("A device has two numbers and no size")
{
    for (const auto* line :
         {"crw-rw-rw- 1 root root 1, 3 Nov 20 11:30 null", "crw-rw-rw- 1 root root 1,   3 Nov 20 11:30 null",
          "crw-rw-rw- 1 root root 1,3 Nov 20 11:30 null"}) {
        const auto info = from_unix(line);
        CHECK(info.name == "null");
        CHECK(info.owner == "root");
        CHECK(info.group == "root");
        CHECK_FALSE(info.size);
    }
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
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30  ").name == " ");
}

TEST_CASE("A link's name and target are parted by an arrow")
{
    const auto link = from_unix("lrwxrwxrwx 1 a b 1 Nov 20 11:30 a b -> ../c -> d");
    CHECK(link.name == "a b");
    CHECK(link.link_target == "../c -> d");
    CHECK(from_unix("lrwxrwxrwx 1 a b 1 Nov 20 11:30 alone").name == "alone");
    CHECK(from_unix("lrwxrwxrwx 1 a b 1 Nov 20 11:30 a -> ").name == "a -> ");
    CHECK(from_unix("-rw-r--r-- 1 a b 1 Nov 20 11:30 a -> b").name == "a -> b");
}

TEST_CASE("A date with a year is that day")
{
    CHECK(dated("Nov 20  2023") == "20231120000000");
    CHECK(dated("feb 29 2020") == "20200229000000");
    CHECK(dated("JAN  1 1970") == "19700101000000");
}

TEST_CASE("A date with a time of day is the latest one that is at most a day after now")
{
    CHECK(dated("Nov 20 11:30") == "20241120113000");
    CHECK(dated("Nov 21 12:00") == "20241121120000");
    CHECK(dated("Nov 21 12:01") == "20231121120100");
    CHECK(dated("Dec 31 23:59") == "20231231235900");
    CHECK(dated("Jan  1 0:07") == "20240101000700");
    CHECK(dated("Jan  1 00:30", at(2024, 12, 31, 23h)) == "20250101003000");
    CHECK(dated("Dec 31 23:30", at(2025, 1, 1)) == "20241231233000");
}

TEST_CASE("The 29th of February is in the last year that had one")
{
    CHECK(dated("Feb 29 10:00", at(2024, 3, 1)) == "20240229100000");
    CHECK(dated("Feb 29 10:00", at(2023, 3, 1)) == "20200229100000");
    CHECK(dated("Feb 29 10:00", at(1903, 3, 1)) == "18960229100000");
}

TEST_CASE("Dates that no calendar has, and times that no clock shows, are malformed")
{
    for (const auto* date :
         {"Nov 31 2023", "Nov 0 2023", "Feb 29 2023", "Feb 30 11:30", "Nov 20 24:00", "Nov 20 11:60",
          "Nov 20 11:", "Nov 20 :30", "Nov 20 11:30:15", "Nov 20 23", "Nov 20 20245", "Nov 20 0000", "Nov 20 9999",
          "Nov x 2023", "Nov -1 2023", "Nov 256 2023", "November 20 2023", "20 Nov 2023", "Xyz 20 2023"}) {
        CAPTURE(date);
        CHECK(dated(date) == "malformed");
    }
}

TEST_CASE("A line that is not of a Unix listing is malformed")
{
    for (const std::string_view line :
         {"", " ", "total 12", "name", "-rw-r--r--", "-rw-r--r-- 1 a b 1 Nov 20 11:30",
          "-rw-r--r-- 1 a b 1 Nov 20 11:30 ", "-rw-r--r-- 1 a b x Nov 20 11:30 name",
          "-rw-r--r-- x a b 1 Nov 20 11:30 name", "-rw-r--r-- 1 a b c d 1 Nov 20 11:30 x",
          "-rw-r--r-- 1 a b c 1 Nov 20 11:30 x", "-rw-r--r-- 1, 2 Nov 20 11:30 x", "-rw-r--r-- 1 Nov 20 11:30 x",
          "-rw-r--r-- Nov 20 11:30 x", "-rw-r--r-- -1 a b 1 Nov 20 11:30 x", "-rw-r--r-- 1 a b -1 Nov 20 11:30 x",
          "01-01-24 10:00AM <DIR> x"}) {
        CAPTURE(line);
        const auto parsed = parse_unix_line(line, now);
        CHECK_FALSE(parsed);
        if (!parsed)
            CHECK(parsed.error() == protocol_errc::listing_malformed);
    }
}

TEST_CASE("A listing is read line by line, whatever ends the lines")
{
    const auto listing = parse_listing("total 8\r\n"
                                       "-rw-r--r-- 1 a b 1 Nov 20 11:30 one\r\n"
                                       "\r\n"
                                       "drwxr-xr-x 2 a b 4096 Nov 20 11:30 two\n"
                                       "type=file;size=3; three\r\n"
                                       "-rw-r--r-- 1 a b 1 Nov 20 11:30 x=1; y",
                                       now);
    REQUIRE(listing.entries.size() == 4);
    CHECK(listing.entries[0].name == "one");
    CHECK(listing.entries[1].name == "two");
    CHECK(listing.entries[2].name == "three");
    CHECK(listing.entries[2].size == 3);
    CHECK(listing.entries[3].name == "x=1; y");
    CHECK(listing.refused.empty());
}

TEST_CASE("An empty listing has no entries")
{
    for (const auto* text : {"", "\r\n", "\n\n", "total 0\r\n"}) {
        CHECK(parse_listing(text, now).entries.empty());
        CHECK(parse_listing(text, now).refused.empty());
    }
}

TEST_CASE("Lines in no known form are refused as they came")
{
    const auto listing = parse_listing("total x\r\nhello\x1b\r\n name\r\ntype=file; a\r\n", now);
    CHECK(listing.refused == std::vector<std::string>{"total x", "hello\x1b", " name"});
    CHECK(listing.entries.size() == 1);
}

TEST_CASE("Names that no directory can hold are refused: a name is one path component")
{
    for (const std::string& name :
         {"."s, ".."s, "/"s, "a/b"s, "../a"s, "/etc/passwd"s, "a\tb"s, "\x1b[2J"s, "a\x7f"s, "a\0b"s}) {
        CAPTURE(name);
        for (const auto& line : {"type=file; " + name, "-rw-r--r-- 1 a b 1 Nov 20 11:30 " + name,
                                 "lrwxrwxrwx 1 a b 1 Nov 20 11:30 " + name + " -> target"}) {
            const auto listing = parse_listing(line, now);
            CHECK(listing.entries.empty());
            CHECK(listing.refused == std::vector<std::string>{line});
        }
    }
}

TEST_CASE("Names that only look odd are kept")
{
    for (const std::string name : {"...", ".a", "..a", "-rf", "~", "|ls", "*", "a\\b", "\xff\x80", "a b"})
        CHECK(parse_listing("type=file; " + name, now).entries.at(0).name == name);
}

TEST_CASE("Whatever a facts line can hold reads back as it was written")
{
    const file_info full{.name = " a;b=c; d ",
                         .type = file_type::file,
                         .size = UINT64_MAX,
                         .modified = at(1998, 6, 15, 10h + 45s),
                         .created = at(1998, 1, 2, 3h),
                         .mode = 04755,
                         .owner = "root",
                         .group = "wheel",
                         .media_type = "text/plain",
                         .unique = "801U42"};
    for (const auto type : {file_type::file, file_type::directory, file_type::current_directory,
                            file_type::parent_directory, file_type::symbolic_link, file_type::other}) {
        auto info = full;
        info.type = type;
        if (info.is_directory())
            info.size.reset();
        if (type != file_type::file)
            info.media_type.clear();
        if (type == file_type::symbolic_link)
            info.link_target = "/a=b:c";
        std::string line;
        append_facts(line, info, fact_set::all(), permissions::full(), info.name);
        CAPTURE(line);
        CHECK(from_facts(line) == info);

        std::string again;
        append_facts(again, from_facts(line), fact_set::all(), permissions::full(), info.name);
        CHECK(again == line);
    }
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
                CHECK(from_unix(line.substr(0, line.size() - 2)) == info);
            }
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

TEST_CASE("No damage to a line does more than get it refused")
{
    for (const std::string line : {"lrwxrwxrwx+  1 owner 8, 1234 Nov 20 11:30 a -> b",
                                   "type=OS.unix=slink:x;size=1;modify=20240101000000.5;UNIX.mode=0644; name"}) {
        for (std::size_t position = 0; position < line.size(); ++position) {
            for (int value = 0; value < 256; ++value) {
                auto damaged = line;
                damaged[position] = static_cast<char>(value);
                const auto listing = parse_listing(damaged, now);
                CHECK(listing.entries.size() + listing.refused.size() <= 2);
            }
            const auto cut = parse_listing(line.substr(0, position), now);
            CHECK(cut.entries.size() + cut.refused.size() <= 1);
        }
    }
}

TEST_CASE("No moment that a host may call now does harm")
{
    for (const auto when : {file_time::min(), file_time::max(), file_time{}})
        CHECK(parse_listing("-rw-r--r-- 1 a b 1 Nov 20 11:30 x\n-rw-r--r-- 1 a b 1 Feb 29 11:30 x\n", when)
                  .refused.size() <= 2);
}
