// Whole listings: mixed, damaged and hostile ones.
#include "listed_rows.hpp"

#include <algorithm>
#include <cstdint>

using namespace libftp;
using namespace listed_rows;
using namespace std::string_literals;

namespace {

/// Lines of all forms.
const std::vector<std::string> good_lines{
    "type=OS.unix=slink:x;size=1;modify=20240101000000.5;UNIX.mode=0644; name",
    "lrwxrwxrwx+  1 owner 8, 1234 Nov 20 11:30 a -> b",
    "-rw-r--r--   1 ann      staff        1234 Nov 20  2023 a file",
    "-rw-r--r--   1 root     sys          8473  4\x8c\x8e 18\x93\xfa 2003\x94\x4e x",
    "drwxr-xr-x   2 root     other      2235 26. Juli, 20:10 d",
    "0100644   500  101   12345    123456789       n",
    "d [R----F--] supervisor            512       Jan 16 18:53    netware",
    "-C--E-----FTP B ANN1       7670  1294495 Jan 13 07:42 c",
    "+i8388621.48594,m825718503,r,s280,up755\teplf",
    "04-27-00  12:09PM       <DIR>          dos",
    "04-06-00  03:47PM                  589 dos2",
    "                 0           DIR   08-08-11   01:47  os2",
    "INSTALL         <DIR>      Nov 16 1994 17:17",
    "A.TXT;17 4/6 5-MAR-2020 18:09 [STAFF,ANN] (RWED,RWED,RE,)",
    "LONG.TXT;1\n   4/6 5-MAR-2020 18:09",
    "WORK01 3390   2023/05/21  1  200  FB      80  8053  PS  ANN.FILE",
    "MEMBER1   01.03 2022/09/12 2022/10/11 09:37    11    11     0 ANN",
    "MODULE1   00B308   000009          00 FO             RN RU            31    ANY",
    "ANN2     JOB01908 ANN      OUTPUT A        RC=0000 3 spool files",
    "ANN             77824 02/23/20 15:09:55 *DIR       ibm/",
    "README   ANN      V         71         26          1 2020-04-02 12:33:20 ANN191",
    "FILE1 101 528 6-Apr-07 14:21:18 255, 0 \"oooo\"",
    "20.20 07/03/29 1026 d-ewrewr 2650 85920 os9",
    "2048    Feb-28-1998  05:23:30   vxworks <DIR>",
    "206876  Apr 04, 2000 21:06 vshell",
    "a.cfg       1014196  06/23/04  Thur.   10:20:03",
};

/// Whatever a text is, this holds for what is read in it.
void check_sound(std::string_view text, const parsed_listing& parsed)
{
    for (const auto& entry : parsed.entries) {
        CHECK_FALSE(entry.name.empty());
        CHECK(entry.name != ".");
        CHECK(entry.name != "..");
        CHECK(std::none_of(entry.name.begin(), entry.name.end(), [](char byte) {
            return byte == '/' || static_cast<unsigned char>(byte) < ' ' || byte == '\x7f';
        }));
        CHECK((entry.modified.has_value() == (entry.precision != time_precision::none)));
        CHECK(entry.type != file_type::current_directory);
        CHECK(entry.type != file_type::parent_directory);
    }
    // No line is told of twice, and each part of a line that is told is one of the text.
    std::size_t bytes = 0;
    const auto count = [&](std::string_view raw) {
        bytes += raw.size();
        CHECK(text.find(raw.substr(0, raw.find('\n'))) != std::string_view::npos);
    };
    for (const auto& entry : parsed.entries)
        count(entry.raw);
    for (const auto& line : parsed.refused)
        count(line.raw);
    CHECK(bytes <= text.size());
}

/// Numbers that look like chance, the same ones each time.
class dice {
public:
    std::size_t below(std::size_t limit)
    {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state_ >> 33) % limit;
    }

private:
    std::uint64_t state_ = 20241120;
};

} // namespace

TEST_CASE("A listing is read line by line, whatever ends the lines")
{
    const auto parsed = parse_listing("total 8\r\n"
                                      "-rw-r--r-- 1 a b 1 Nov 20 11:30 one\r\n"
                                      "\r\n"
                                      "drwxr-xr-x 2 a b 4096 Nov 20 11:30 two\n"
                                      "type=file;size=3; three\r\n"
                                      "-rw-r--r-- 1 a b 1 Nov 20 11:30 four\r\0\n"
                                      "-rw-r--r-- 1 a b 1 Nov 20 11:30 x=1; y"s,
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"one", "two", "three", "four", "x=1; y"});
    CHECK(parsed.entries.at(2).size == 3);
    CHECK(parsed.refused.empty());
}

TEST_CASE("A byte order mark in front of a listing is no part of its first line")
{
    const std::string mark = "\xef\xbb\xbf";
    for (const std::string line : {"drwxr-xr-x 1 ann staff 0 Nov 20  2023 notes",
                                   "11-20-23  10:15AM       <DIR>          notes", "type=dir;size=0; notes"}) {
        const auto entry = only_entry(mark + line + "\r\n");
        CHECK(entry.name == "notes");
        CHECK(entry.is_directory());
        CHECK(entry.raw == line);
    }
    const auto alone = parse_listing(mark, context_at());
    CHECK(alone.entries.empty());
    CHECK(alone.refused.empty());
    CHECK_FALSE(alone.is_cut_off);
}

TEST_CASE("An empty listing has no entries")
{
    for (const auto* text : {"", "\r\n", "\n\n", "   \n\t\n", "total 0\r\n"}) {
        CHECK(parse_listing(text, context_at()).entries.empty());
        CHECK(parse_listing(text, context_at()).refused.empty());
    }
}

TEST_CASE("Lines in no known form are refused as they came")
{
    const auto parsed =
        parse_listing("total x\r\nhello\x1b\r\n name\r\ntype=file; a\r\nftpd: .: Permission denied\n", context_at());
    CHECK(parsed.entries.size() == 1);
    REQUIRE(parsed.refused.size() == 4);
    CHECK(parsed.refused[0].raw == "total x");
    CHECK(parsed.refused[1].raw == "hello\x1b");
    CHECK(parsed.refused[2].raw == " name");
    CHECK(parsed.refused[3].raw == "ftpd: .: Permission denied");
}

TEST_CASE("Names that no directory can hold are refused: a name is one path component")
{
    for (const std::string& name :
         {"/"s, "a/b"s, "../a"s, "/etc/passwd"s, "a\tb"s, "\x1b[2J"s, "a\x7f"s, "a\0b"s, "a\rb"s}) {
        CAPTURE(name);
        for (const auto& line : {"type=file; " + name, "-rw-r--r-- 1 a b 1 Nov 20 11:30 " + name,
                                 "lrwxrwxrwx 1 a b 1 Nov 20 11:30 " + name + " -> target",
                                 "11-20-23  10:15AM       <DIR>          " + name, "+r,\t" + name,
                                 "206876  Apr 04, 2000 21:06 " + name + "x"}) {
            const auto parsed = parse_listing(line, context_at());
            CHECK(parsed.entries.empty());
            REQUIRE(parsed.refused.size() == 1);
            CHECK(parsed.refused[0].raw == line);
            CHECK(parsed.refused[0].reason == refusal_reason::name_unsafe);
        }
    }
}

TEST_CASE("The directory itself and the one above are skipped in every form")
{
    for (const auto* name : {".", ".."}) {
        for (const auto& line :
             {"type=dir; "s, "drwxr-xr-x 1 a b 1 Nov 20 11:30 "s, "lrwxrwxrwx 1 a b 1 Nov 20 11:30 "s,
              "11-20-23  10:15AM       <DIR>          "s, "+/,\t"s, "0  DIR  11-20-23   10:15  "s}) {
            const auto parsed = parse_listing(line + name, context_at());
            CHECK(parsed.entries.empty());
            CHECK(parsed.refused.empty());
        }
    }
}

TEST_CASE("Names that only look odd are kept")
{
    for (const std::string name : {"...", ".a", "..a", "-rf", "~", "|ls", "*", "a\\b", "\xff\x80", "a b"}) {
        CHECK(only_entry("type=file; " + name).name == name);
        CHECK(only_entry("-rw-r--r-- 1 a b 1 Nov 20 11:30 " + name).name == name);
    }
}

TEST_CASE("A listing may have lines of all forms")
{
    std::string text;
    for (const auto& line : good_lines)
        text.append(line).append("\r\n");
    const auto parsed = parse_listing(text, context_at());
    CHECK(parsed.refused.empty());
    CHECK(parsed.entries.size() == good_lines.size());
    check_sound(text, parsed);
}

TEST_CASE("A hint changes nothing of lines that are clear")
{
    std::string text;
    for (const auto& line : good_lines)
        text.append(line).append("\r\n");
    const auto expected_names = names_of(parse_listing(text, context_at()));
    for (int hint = 0; hint <= static_cast<int>(listing_style::other); ++hint) {
        CAPTURE(hint);
        CHECK(names_of(parse_listing(text, context_at(now, static_cast<listing_style>(hint)))) == expected_names);
    }
}

TEST_CASE("The headings of ls -R are skipped, and so is what is in other directories than the first")
{
    const auto parsed =
        parse_listing(".:\ntotal 8\n-rw-r--r-- 1 a b 1 Nov 20 11:30 a:\ndrwxr-xr-x 2 a b 4096 Nov 20 11:30 sub\n\n"
                      "./sub:\ntotal 4\n-rw-r--r-- 1 a b 1 Nov 20 11:30 deep\n",
                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"a:", "sub"});
    REQUIRE(parsed.refused.size() == 1);
    CHECK(parsed.refused[0].reason == refusal_reason::elsewhere);

    const auto headless = parse_listing(
        "-rw-r--r-- 1 a b 1 Nov 20 11:30 a\n\nsub:\n-rw-r--r-- 1 a b 1 Nov 20 11:30 deep\n", context_at());
    CHECK(names_of(headless) == std::vector<std::string>{"a"});
    CHECK(headless.refused.size() == 1);

    const auto messy = parse_listing("hello\n\n/pub:\n-rw-r--r-- 1 a b 1 Nov 20 11:30 a\n", context_at());
    CHECK(names_of(messy) == std::vector<std::string>{"a"});
}

TEST_CASE("A name that goes on in a line of its own, behind a blank, is refused")
{
    const auto parsed =
        parse_listing("-rw-r--r-- 1 a b 1 Nov 20 11:30 one\n-rw-r--r-- 1 a b 1 Nov 20 11:30 two\n  lines\n"
                      "-rw-r--r-- 1 a b 1 Nov 20 11:30 three\nhello\n",
                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"one", "three"});
    REQUIRE(parsed.refused.size() == 2);
    CHECK(parsed.refused[0].raw == "-rw-r--r-- 1 a b 1 Nov 20 11:30 two\n  lines");
    CHECK(parsed.refused[0].reason == refusal_reason::name_unsafe);
}

TEST_CASE("What is beyond the bound is left out, and said to be")
{
    auto context = context_at();
    context.max_entries = 2;
    const auto parsed = parse_listing("type=file; a\nhello\ntype=file; c\ntype=file; d\n", context);
    CHECK(names_of(parsed) == std::vector<std::string>{"a"});
    REQUIRE(parsed.refused.size() == 2);
    CHECK(parsed.refused[1].raw == "type=file; c");
    CHECK(parsed.refused[1].reason == refusal_reason::too_many_entries);
    CHECK(parse_listing("type=file; a\ntype=file; b\n", context).refused.empty());
}

TEST_CASE("A listing that ends within a line says so")
{
    CHECK_FALSE(parse_listing("", context_at()).is_cut_off);
    CHECK_FALSE(parse_listing("type=file; a\r\n", context_at()).is_cut_off);
    const auto cut = parse_listing("type=file; a\r\ntype=file; b", context_at());
    CHECK(cut.is_cut_off);
    CHECK(names_of(cut) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("A wrapped name that nothing follows counts for the bound, before the line behind it")
{
    auto context = context_at();
    context.max_entries = 2;
    const auto parsed = parse_listing("type=file; a\nA-LONG-NAME.TXT;1\ntype=file; b\ntype=file; c\n", context);
    CHECK(names_of(parsed) == std::vector<std::string>{"a"});
    REQUIRE(parsed.refused.size() == 2);
    CHECK(parsed.refused[0].raw == "A-LONG-NAME.TXT;1");
    CHECK(parsed.refused[1].raw == "type=file; b");
    CHECK(parsed.refused[1].reason == refusal_reason::too_many_entries);
}

TEST_CASE("No damage to a line does harm")
{
    for (const auto& line : good_lines) {
        for (std::size_t position = 0; position < line.size(); ++position) {
            for (const int value : {0,  9,  10, 13, 32, 35, 42, 44, 45,  46,  47,  48, 57,
                                    58, 59, 60, 61, 65, 91, 93, 97, 127, 128, 160, 255}) {
                auto damaged = line;
                damaged[position] = static_cast<char>(value);
                check_sound(damaged, parse_listing(damaged, context_at()));
            }
            check_sound(line, parse_listing(std::string_view{line}.substr(0, position), context_at()));
            check_sound(line, parse_listing(std::string_view{line}.substr(position), context_at()));
        }
    }
}

TEST_CASE("No mixture of pieces of lines does harm")
{
    dice chance;
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto pieces = chance.below(6) + 1; pieces > 0; --pieces) {
            const std::string& line = good_lines[chance.below(good_lines.size())];
            auto piece = line.substr(chance.below(2) == 0 ? 0 : chance.below(line.size()));
            if (chance.below(3) == 0)
                piece.resize(chance.below(piece.size() + 1));
            if (!piece.empty() && chance.below(3) == 0)
                piece[chance.below(piece.size())] = static_cast<char>(chance.below(256));
            text += piece;
            text += chance.below(4) == 0 ? " " : "\n";
        }
        CAPTURE(text);
        auto context = context_at();
        if (chance.below(2) == 0)
            context.hint = static_cast<listing_style>(chance.below(17));
        check_sound(text, parse_listing(text, context));
    }
}

TEST_CASE("Endless lines and words are read in passing")
{
    static constexpr std::size_t size = 1 << 18; // squared, minutes
    const auto repeated = [](std::string_view piece) {
        std::string text;
        while (text.size() < size)
            text += piece;
        return text;
    };
    for (const auto& text :
         {std::string(size, 'a'), std::string(size, ' '), std::string(size, '1'), std::string(size, '\0'),
          repeated("1 "), repeated("[a "), repeated("a=b;"), repeated("A;1 "), repeated(" -> "), repeated("1\xff"),
          "drwxr-xr-x " + repeated("1 Nov "), "-rw-r--r-- 1 a b 1 " + std::string(size, '1'),
          "-rw-r--r-- 1 a b 1 Nov 20 11:30 " + repeated(" -> "), "+" + std::string(size, ','), repeated("a\n")})
        check_sound(text, parse_listing(text, context_at()));
}

TEST_CASE("No moment and no zone that a host may name does harm")
{
    for (const auto when : {file_time::min(), file_time::max(), file_time{}}) {
        for (const auto zone : {std::chrono::minutes::min(), std::chrono::minutes::max(), std::chrono::minutes{-90}}) {
            auto context = context_at(when);
            context.time_zone = zone;
            const auto parsed = parse_listing("-rw-r--r-- 1 a b 1 Nov 20 11:30 x\n-rw-r--r-- 1 a b 1 Feb 29 11:30 x\n"
                                              "-rw-r--r-- 1 a b 1 Nov 20 2261 x\n11-20-26 10:15AM 1 x\n",
                                              context);
            CHECK(parsed.entries.size() == 4);
        }
    }
}
