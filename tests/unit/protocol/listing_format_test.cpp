// Listing lines as clients expect them.
#include <doctest/doctest.h>

#include <libftp/protocol/listing_format.hpp>

#include <string>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

constexpr file_time at(int year, unsigned month, unsigned day, std::chrono::nanoseconds time_of_day = 0ns)
{
    return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} +
           time_of_day;
}

constexpr file_time now = at(2024, 11, 20, 12h);

std::string unix_line(const file_info& info)
{
    std::string out;
    append_unix_line(out, info, now);
    return out;
}

std::string mode_of(file_type type, std::optional<std::uint32_t> mode)
{
    return unix_line({.name = "x", .type = type, .mode = mode}).substr(0, 10);
}

std::string date_of(file_time modified)
{
    return unix_line({.name = "x", .modified = modified}).substr(42, 12);
}

std::string facts(const file_info& info, fact_set chosen, permissions allowed = permissions::full())
{
    std::string out;
    append_facts(out, info, chosen, allowed, info.name);
    return out;
}

std::string type_of(const file_info& info)
{
    return facts(info, {fact::type});
}

std::string perm_of(file_type type, permissions allowed)
{
    return facts({.name = "x", .type = type}, {fact::perm}, allowed);
}

const file_info full_info{.name = "a file",
                          .type = file_type::file,
                          .size = 1234,
                          .modified = at(1998, 6, 15, 10h + 45s),
                          .created = at(1998, 1, 1),
                          .mode = 0644,
                          .links = 2,
                          .owner = "owner",
                          .group = "group",
                          .media_type = "text/plain",
                          .unique = "801U42"};

} // namespace

TEST_CASE("A Unix line has the columns of ls -l")
{
    CHECK(unix_line({.name = "name",
                     .size = 1234,
                     .modified = at(2024, 11, 20, 11h + 30min),
                     .mode = 0644,
                     .owner = "owner",
                     .group = "group"}) == "-rw-r--r--   1 owner    group        1234 Nov 20 11:30 name\r\n");
    CHECK(unix_line(full_info) == "-rw-r--r--   2 owner    group        1234 Jun 15  1998 a file\r\n");
}

TEST_CASE("A Unix line is appended to what is there")
{
    std::string out = "x";
    append_unix_line(out, {.name = "a"}, now);
    CHECK(out.starts_with("x-rw-r--r--"));
    CHECK(out.ends_with(" a\r\n"));
}

TEST_CASE("What is not known shows as a default")
{
    CHECK(unix_line({.name = "a"}) == "-rw-r--r--   1 ftp      ftp             0 Jan  1  1970 a\r\n");
    CHECK(mode_of(file_type::directory, {}) == "drwxr-xr-x");
    CHECK(mode_of(file_type::symbolic_link, {}) == "lrwxrwxrwx");
    CHECK(mode_of(file_type::other, {}) == "srw-r--r--");
}

TEST_CASE("Values wider than their columns push the line out and are not cut")
{
    CHECK(unix_line({.name = "a",
                     .size = UINT64_MAX,
                     .modified = at(2023, 1, 2),
                     .links = 4294967295,
                     .owner = "a_long_owner_name",
                     .group = "a_long_group_name"}) ==
          "-rw-r--r-- 4294967295 a_long_owner_name a_long_group_name 18446744073709551615 Jan  2  2023 a\r\n");
}

TEST_CASE("An owner or group that would add a column shows as the default")
{
    for (const auto* owner : {"two words", "tab\t", "line\r\nbreak", "\x7f", " "}) {
        CAPTURE(owner);
        CHECK(unix_line({.name = "a", .owner = owner, .group = owner}) == unix_line({.name = "a"}));
    }
}

TEST_CASE("The mode shows three letters for each of owner, group and others")
{
    CHECK(mode_of(file_type::file, 0) == "----------");
    CHECK(mode_of(file_type::file, 0777) == "-rwxrwxrwx");
    CHECK(mode_of(file_type::directory, 0421) == "dr---w---x");
    CHECK(mode_of(file_type::current_directory, 0124) == "d--x-w-r--");
    CHECK(mode_of(file_type::parent_directory, 0755) == "drwxr-xr-x");
}

TEST_CASE("The special bits share the letter of the x, a capital without one")
{
    CHECK(mode_of(file_type::file, 04755) == "-rwsr-xr-x");
    CHECK(mode_of(file_type::file, 02755) == "-rwxr-sr-x");
    CHECK(mode_of(file_type::directory, 01777) == "drwxrwxrwt");
    CHECK(mode_of(file_type::file, 07000) == "---S--S--T");
    CHECK(mode_of(file_type::file, 07777) == "-rwsrwsrwt");
}

TEST_CASE("The last half year shows the time of day, all else the year")
{
    CHECK(date_of(now) == "Nov 20 12:00");
    CHECK(date_of(now - 1s) == "Nov 20 11:59");
    CHECK(date_of(at(2024, 6, 1, 7h + 5min)) == "Jun  1 07:05");
    CHECK(date_of(at(2024, 5, 1, 7h + 5min)) == "May  1  2024");
    CHECK(date_of(now + 1min) == "Nov 20  2024");
    CHECK(date_of(at(2025, 2, 3)) == "Feb  3  2025");
    CHECK(date_of(at(1969, 12, 31, 23h)) == "Dec 31  1969");
}

TEST_CASE("Every file_time has a date")
{
    CHECK(date_of(file_time::min()) == "Sep 21  1677");
    CHECK(date_of(file_time::max()) == "Apr 11  2262");
}

TEST_CASE("A link shows its target, if one line can hold it")
{
    const file_info link{.name = "a", .type = file_type::symbolic_link, .link_target = "../b c"};
    CHECK(unix_line(link).ends_with(" a -> ../b c\r\n"));
    CHECK(unix_line({.name = "a", .type = file_type::symbolic_link}).ends_with(" a\r\n"));
    CHECK(unix_line({.name = "a", .type = file_type::symbolic_link, .link_target = "b\nc"}).ends_with(" a\r\n"));
    CHECK(unix_line({.name = "a", .link_target = "b"}).ends_with(" a\r\n"));
}

TEST_CASE("A mark tells directories, links and programs from other files")
{
    CHECK(type_mark({.name = "x", .type = file_type::directory}) == "/");
    CHECK(type_mark({.name = "..", .type = file_type::parent_directory}) == "/");
    CHECK(type_mark({.name = "x", .type = file_type::symbolic_link, .mode = 0777}) == "@");
    for (const std::uint32_t mode : {0100U, 0010U, 0001U, 0755U})
        CHECK(type_mark({.name = "x", .mode = mode}) == "*");
    CHECK(type_mark({.name = "x", .mode = 0644}).empty());
    CHECK(type_mark({.name = "x"}).empty());
    CHECK(type_mark({.name = "x", .type = file_type::other, .mode = 0777}).empty());
}

TEST_CASE("A mark stands behind the name, but not where a link shows its target")
{
    const auto marked = [](const file_info& info) {
        std::string out;
        append_unix_line(out, info, now, type_mark(info));
        return out;
    };
    CHECK(marked({.name = "a", .type = file_type::directory}).ends_with(" a/\r\n"));
    CHECK(marked({.name = "a", .mode = 0755}).ends_with(" a*\r\n"));
    CHECK(marked({.name = "a", .type = file_type::symbolic_link}).ends_with(" a@\r\n"));
    CHECK(marked({.name = "a", .type = file_type::symbolic_link, .link_target = "b"}).ends_with(" a -> b\r\n"));
}

TEST_CASE("A name with CR, LF or NUL, or without bytes, cannot be listed")
{
    using namespace std::string_view_literals;
    CHECK(is_listable_name(" a\t\x1b\xff/ "));
    for (const auto name : {""sv, "\r"sv, "\n"sv, "\0"sv, "a\nb"sv, "a\r"sv, "a\0b"sv})
        CHECK_FALSE(is_listable_name(name));
}

TEST_CASE("A set of facts holds what is inserted")
{
    fact_set some{fact::size};
    CHECK(some.has(fact::size));
    CHECK_FALSE(some.has(fact::type));
    some.insert(fact::unix_group);
    CHECK(some == fact_set{fact::unix_group, fact::size});
    CHECK(fact_set::standard() != fact_set::all());
}

TEST_CASE("FEAT shows every fact, a star behind each chosen one")
{
    CHECK(format_fact_choices(fact_set::standard()) ==
          "type*;size*;modify*;create;perm*;unique*;media-type;UNIX.mode*;UNIX.owner;UNIX.group;");
    CHECK(format_fact_choices({}) == "type;size;modify;create;perm;unique;media-type;UNIX.mode;UNIX.owner;UNIX.group;");
    CHECK(format_fact_choices(fact_set::all()) ==
          "type*;size*;modify*;create*;perm*;unique*;media-type*;UNIX.mode*;UNIX.owner*;UNIX.group*;");
}

TEST_CASE("OPTS MLST chooses facts by name, in any letter case and order")
{
    CHECK(parse_fact_choices("type;size;") == fact_set{fact::type, fact::size});
    CHECK(parse_fact_choices("SIZE;unix.MODE;Type;") == fact_set{fact::type, fact::size, fact::unix_mode});
    CHECK(parse_fact_choices("modify") == fact_set{fact::modify});
    CHECK(parse_fact_choices("perm;unique;unix.owner;unix.group;modify;type;size;unix.mode;Create;Media-Type;") ==
          fact_set::all());
}

TEST_CASE("OPTS MLST ignores facts that nobody knows")
{
    CHECK(parse_fact_choices("lang;type;x-y.z;;;") == fact_set{fact::type});
    CHECK(parse_fact_choices("") == fact_set{});
    CHECK(parse_fact_choices(";") == fact_set{});
    CHECK(parse_fact_choices("type ; size;typ;types") == fact_set{});
}

TEST_CASE("OPTS MLST answers with the names of the chosen facts")
{
    CHECK(format_fact_names({fact::size, fact::type}) == "type;size;");
    CHECK(format_fact_names({}) == "");
    CHECK(parse_fact_choices(format_fact_names(fact_set::all())) == fact_set::all());
    CHECK(parse_fact_choices(format_fact_names(fact_set::standard())) == fact_set::standard());
}

TEST_CASE("A facts line has the chosen facts in order, a space and the name")
{
    CHECK(facts(full_info, fact_set::all()) ==
          "type=file;size=1234;modify=19980615100045;create=19980101000000;perm=adfrw;unique=801U42;"
          "media-type=text/plain;UNIX.mode=0644;UNIX.owner=owner;UNIX.group=group; a file");
    CHECK(facts(full_info, {fact::modify, fact::type}) == "type=file;modify=19980615100045; a file");
    CHECK(facts(full_info, {}) == " a file");
}

TEST_CASE("Facts that are not known are left out")
{
    CHECK(facts({.name = "a", .type = file_type::directory}, fact_set::all(), {}) == "type=dir;perm=e; a");
}

TEST_CASE("The name of a facts line is the one given: MLST shows a path")
{
    std::string out = "x";
    append_facts(out, {.name = "a"}, {fact::type}, {}, "/pub/a");
    CHECK(out == "xtype=file; /pub/a");
}

TEST_CASE("The type fact names what the RFC names, and Unix's other types in its way")
{
    CHECK(type_of({.name = "x", .type = file_type::directory}) == "type=dir; x");
    CHECK(type_of({.name = "x", .type = file_type::current_directory}) == "type=cdir; x");
    CHECK(type_of({.name = "x", .type = file_type::parent_directory}) == "type=pdir; x");
    CHECK(type_of({.name = "x", .type = file_type::other}) == "type=OS.unix=other; x");
    CHECK(type_of({.name = "x", .type = file_type::symbolic_link}) == "type=OS.unix=slink; x");
    CHECK(type_of({.name = "x", .type = file_type::symbolic_link, .link_target = "/a=b"}) ==
          "type=OS.unix=slink:/a=b; x");
}

TEST_CASE("A value that would end its fact is left out")
{
    for (const auto* value : {"a;b", "a b", "a\r\nb", "\t"}) {
        CAPTURE(value);
        CHECK(type_of({.name = "x", .type = file_type::symbolic_link, .link_target = value}) ==
              "type=OS.unix=slink; x");
        CHECK(facts({.name = "x", .owner = value, .group = value, .unique = value},
                    {fact::unique, fact::unix_owner, fact::unix_group}) == " x");
    }
}

TEST_CASE("A directory has no size")
{
    CHECK(facts({.name = "x", .type = file_type::directory, .size = 4096}, {fact::size}) == " x");
    CHECK(facts({.name = "x", .size = 0}, {fact::size}) == "size=0; x");
}

TEST_CASE("Only files have a media type, guessed by the name where it is not known")
{
    const fact_set chosen{fact::media_type};
    CHECK(facts({.name = "x.txt", .media_type = "text/html"}, chosen) == "media-type=text/html; x.txt");
    CHECK(facts({.name = "x.txt"}, chosen) == "media-type=text/plain; x.txt");
    CHECK(facts({.name = "x"}, chosen) == "media-type=application/octet-stream; x");
    CHECK(facts({.name = "x.txt", .media_type = "a/b; c=d"}, chosen) == "media-type=text/plain; x.txt");
    CHECK(facts({.name = "x.txt", .type = file_type::directory, .media_type = "text/html"}, chosen) == " x.txt");
    CHECK(facts({.name = "x.txt", .type = file_type::symbolic_link}, chosen) == " x.txt");
    CHECK_FALSE(fact_set::standard().has(fact::media_type));
}

TEST_CASE("The mode fact is four octal digits")
{
    CHECK(facts({.name = "x", .mode = 0}, {fact::unix_mode}) == "UNIX.mode=0000; x");
    CHECK(facts({.name = "x", .mode = 0644}, {fact::unix_mode}) == "UNIX.mode=0644; x");
    CHECK(facts({.name = "x", .mode = 04755}, {fact::unix_mode}) == "UNIX.mode=4755; x");
    CHECK(facts({.name = "x", .mode = 0100644}, {fact::unix_mode}) == "UNIX.mode=0644; x");
}

TEST_CASE("The perm fact of a file says what the account may do with it")
{
    CHECK(perm_of(file_type::file, permissions::full()) == "perm=adfrw; x");
    CHECK(perm_of(file_type::file, permissions::read_only()) == "perm=r; x");
    CHECK(perm_of(file_type::file, {permission::append}) == "perm=a; x");
    CHECK(perm_of(file_type::file, {permission::delete_file}) == "perm=d; x");
    CHECK(perm_of(file_type::file, {permission::remove_directory}) == "perm=; x");
    CHECK(perm_of(file_type::file, {permission::rename}) == "perm=f; x");
    CHECK(perm_of(file_type::file, {permission::write}) == "perm=w; x");
    CHECK(perm_of(file_type::symbolic_link, permissions::read_only()) == "perm=r; x");
    CHECK(perm_of(file_type::other, permissions::full()) == "perm=df; x");
}

TEST_CASE("The perm fact of a directory says what the account may do with and in it")
{
    CHECK(perm_of(file_type::directory, permissions::full()) == "perm=cdeflmp; x");
    CHECK(perm_of(file_type::directory, permissions::read_only()) == "perm=el; x");
    CHECK(perm_of(file_type::directory, {}) == "perm=e; x");
    CHECK(perm_of(file_type::current_directory, {permission::write}) == "perm=ce; x");
    CHECK(perm_of(file_type::parent_directory, {permission::make}) == "perm=em; x");
    CHECK(perm_of(file_type::directory, {permission::remove_directory}) == "perm=de; x");
    CHECK(perm_of(file_type::directory, {permission::delete_file}) == "perm=ep; x");
    CHECK(perm_of(file_type::directory, {permission::rename}) == "perm=ef; x");
}

TEST_CASE("The perm fact of the root lets nobody remove or rename it")
{
    CHECK(facts({.type = file_type::directory}, {fact::perm}, permissions::full()) == "perm=celmp; ");
}
