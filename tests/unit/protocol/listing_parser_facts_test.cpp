// The lines of MLSD and MLST, and those of EPLF.
#include "listed_rows.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/listing_format.hpp>

using namespace libftp;
using namespace listed_rows;
using namespace std::chrono_literals;

namespace {

file_info from_facts(std::string_view line)
{
    CAPTURE(line);
    auto parsed = parse_facts_line(line);
    REQUIRE(parsed);
    CHECK(parsed->raw == line);
    CHECK(parsed->style == listing_style::facts);
    return static_cast<const file_info&>(*parsed);
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

TEST_CASE("A fact tells its time as exactly as it is")
{
    CHECK(parse_facts_line("modify=20240229120000; a")->precision == time_precision::second);
    CHECK(parse_facts_line("modify=20240229120000.5; a")->precision == time_precision::fraction);
    CHECK(parse_facts_line("type=file; a")->precision == time_precision::none);
}

TEST_CASE("Facts tell owner and group by name rather than by number")
{
    const auto info = from_facts("UNIX.owner=1000;UNIX.ownername=ann;UNIX.groupname=staff;UNIX.group=50;UNIX.gid=7; a");
    CHECK(info.owner == "ann");
    CHECK(info.group == "staff");
}

TEST_CASE("A listing has facts lines, in UTC whatever the server's zone")
{
    auto context = context_at();
    context.time_zone = 120min;
    check_rows(listing_style::facts,
               {{"type=file;size=3;modify=20200102030405; a=1; b", "a=1; b", file_type::file, 3, "20200102030405"},
                {"Type=dir;Modify=19681105165215.25; before 1970",
                 "before 1970",
                 file_type::directory,
                 {},
                 "19681105165215.250000000"},
                {"TYPE=OS.unix=slink:/x; link", "link", file_type::symbolic_link, {}, ""}},
               context);
}

TEST_CASE("The listed directory itself and the one above are skipped, whatever their names")
{
    const auto parsed = parse_listing("type=cdir; /pub\ntype=pdir; /\ntype=cdir; .\ntype=dir; ..\ntype=file; .\n", {});
    CHECK(parsed.entries.empty());
    CHECK(parsed.refused.empty());
}

TEST_CASE("Facts may end in a tab, and as in early drafts in a space")
{
    check_rows(listing_style::facts, {{"size=1;type=file;\ta b", "a b", file_type::file, 1, ""},
                                      {"type=file a; b", "a; b", file_type::file, {}, ""},
                                      {"Type=Dir a b", "a b", file_type::directory, {}, ""}});
    check_refused(refusal_reason::unknown_form, {"size=1 a b", "type=x a", "type=file", "type=file;a", "type=file "});
}

TEST_CASE("Facts without end are read in passing")
{
    static constexpr std::size_t size = 1 << 21; // squared, minutes
    for (const std::string_view fact : {"a=b;", "type=x;", "type=file;"}) {
        std::string line;
        while (line.size() < size)
            line += fact;
        CHECK_FALSE(parse_facts_line(line));
        CHECK(parse_facts_line(line + " name")->name == "name");
        check_refused(refusal_reason::unknown_form, {line});
    }
}

TEST_CASE("Blanks before the facts of a listing are none of a name")
{
    const auto entry = only_entry("   type=dir;size=3; a b");
    CHECK(entry.name == "a b");
    CHECK(entry.type == file_type::directory);
    CHECK(entry.raw == "   type=dir;size=3; a b");
    CHECK(entry.confidence == confidence::medium);
    check_refused(refusal_reason::unknown_form, {" type=dir a b", " a b", " type=dir;a; b"});
    CHECK(names_of(parse_listing(" .\n ..\n type=dir; a\n", context_at())) == std::vector<std::string>{"type=dir; a"});
}

TEST_CASE("In the answer to MLSD a name may come without facts")
{
    auto context = context_at();
    context.hint = listing_style::facts;
    const auto parsed = parse_listing("type=file;size=3; a\r\n b c\r\n  d\r\n ..\r\n a/b\r\n", context);
    CHECK(names_of(parsed) == std::vector<std::string>{"a", "b c"});
    CHECK(parsed.entries[1].confidence == confidence::medium);
    CHECK(parsed.refused.size() == 2);
    CHECK(parse_listing("-rw-r--r-- 1 a b 1 Nov 20 2023 a\n b\n", context).entries.empty());
    check_refused(refusal_reason::unknown_form, {" a b"});
}

TEST_CASE("EPLF tells facts in letters and the name behind a tab")
{
    check_rows(listing_style::eplf,
               {{"+i8388621.48594,m825718503,r,s280,up644,\ta b", "a b", file_type::file, 280, "19960301221503"},
                {"+m825718503,/,\t a\\b", " a\\b", file_type::directory, {}, "19960301221503"},
                {"+r,x99\tname", "name", file_type::file, {}, ""},
                {"+s1,m99999999999999,\tnot to be read", "not to be read", file_type::other, 1, ""}});
    const auto entry = only_entry("+i8388621.48594,up755,r,\tx");
    CHECK(entry.unique == "8388621.48594");
    CHECK(entry.mode == 0755);
    check_refused(refusal_reason::unknown_form, {"+r,", "+r,\t", "+1 apple\ta", "+?,\ta"});
    check_refused(refusal_reason::name_unsafe, {"+r,\ta/b", "+r,\ta\tb"});
}
