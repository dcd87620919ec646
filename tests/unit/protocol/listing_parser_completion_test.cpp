// What the whole listing decides: the order of dates, blanks before names, a line cut short.
#include "listed_rows.hpp"

using namespace libftp;
using namespace listed_rows;
using namespace std::chrono_literals;

namespace {

std::string dos_lines(std::initializer_list<std::string_view> dates)
{
    std::string text;
    for (const auto date : dates)
        text.append(date).append("  10:15                    1 x\n");
    return text;
}

std::vector<std::string> days_of(const parsed_listing& parsed)
{
    std::vector<std::string> days;
    for (const auto& entry : parsed.entries)
        days.push_back(time_of(entry).substr(0, 8));
    return days;
}

using days = std::vector<std::string>;

} // namespace

TEST_CASE("Where the order of day and month stays open, the month comes first")
{
    const auto parsed = parse_listing(dos_lines({"02-03-20", "04-05-20"}), context_at());
    CHECK(days_of(parsed) == days{"20200203", "20200405"});
    CHECK(parsed.entries.at(0).confidence == confidence::medium);
}

TEST_CASE("One line that can have but one order decides for all")
{
    const auto parsed = parse_listing(dos_lines({"02-03-20", "25-05-20", "04-05-20"}), context_at());
    CHECK(days_of(parsed) == days{"20200302", "20200525", "20200504"});
    const auto american = parse_listing(dos_lines({"02-03-2020", "05-25-2020"}), context_at());
    CHECK(days_of(american) == days{"20200203", "20200525"});
    CHECK(american.entries.at(0).confidence == confidence::high);
    const auto japanese = parse_listing(dos_lines({"02-03-20", "99-05-20"}), context_at());
    CHECK(days_of(japanese) == days{"20020320", "19990520"});
}

TEST_CASE("An order that puts fewer files into the future is the better one")
{
    CHECK(days_of(parse_listing(dos_lines({"01-02-24", "12-11-24"}), context_at(at(2024, 11, 20)))) ==
          days{"20240201", "20241112"});
    CHECK(days_of(parse_listing(dos_lines({"01-02-24", "12-11-24"}), context_at(at(2025, 11, 20)))) ==
          days{"20240102", "20241211"});
}

TEST_CASE("A listing that contradicts itself has the order of most lines, and each line one that it can have")
{
    CHECK(days_of(parse_listing(dos_lines({"02-03-20", "25-05-20", "26-05-20", "05-27-20"}), context_at())) ==
          days{"20200302", "20200525", "20200526", "20200527"});
}

TEST_CASE("Dots say that the day comes first, and other separators say nothing of each other")
{
    CHECK(days_of(parse_listing(dos_lines({"02.03.20", "02-03-20", "2020-03-02"}), context_at())) ==
          days{"20200302", "20200203", "20200302"});
}

TEST_CASE("The year of two or three digits is between 1970 and 2099")
{
    CHECK(days_of(parse_listing(dos_lines({"11-13-69", "11-13-70", "11-13-99", "11-13-00", "11-13-103"}),
                                context_at(at(2090, 1, 1)))) ==
          days{"20691113", "19701113", "19991113", "20001113", "20031113"});
}

TEST_CASE("Orders without a year are inferred too")
{
    const auto parsed =
        parse_listing("-rw-r--r-- 1 a b 1 02-03 10:15 x\n-rw-r--r-- 1 a b 1 25-05 10:15 x\n", context_at());
    CHECK(days_of(parsed) == days{"20240302", "20240525"});
}

TEST_CASE("Blanks that stand before the dots are the form's")
{
    const auto parsed = parse_listing("drwxr-xr-x 1 a b 1 Nov 20 11:30   .\ndrwxr-xr-x 1 a b 1 Nov 20 11:30   ..\n"
                                      "-rw-r--r-- 1 a b 1 Nov 20 11:30   x\n-rw-r--r-- 1 a b 1 Nov 20 11:30    y\n",
                                      context_at());
    CHECK(names_of(parsed) == std::vector<std::string>{"x", " y"});
}

TEST_CASE("Blanks that all names have are the form's where they are more than one")
{
    const auto lines = [](std::string_view blanks) {
        std::string text;
        for (const auto* name : {"x", " y"})
            text.append("-rw-r--r-- 1 a b 1 Nov 20 11:30 ").append(blanks).append(name).append("\n");
        return parse_listing(text, context_at());
    };
    CHECK(names_of(lines("")) == std::vector<std::string>{"x", " y"});
    CHECK(names_of(lines(" ")) == std::vector<std::string>{" x", "  y"});
    CHECK(names_of(lines("  ")) == std::vector<std::string>{"x", " y"});
    CHECK(only_entry("-rw-r--r-- 1 a b 1 Nov 20 11:30    x").name == "   x");
}

TEST_CASE("A blank that brings the names of files to the column of directories is the form's")
{
    const auto names = [](std::string_view directory, std::string_view file) {
        return names_of(parse_listing(std::string{directory}.append("a\n").append(file).append("b\n"), context_at()));
    };
    using list = std::vector<std::string>;
    CHECK(names(" 9/23/2018   2:16 PM  <DIR>         ", "10/23/2018   2:16 PM     1,234,567  ") == list{"a", "b"});
    CHECK(names(" 9/23/2018   2:16 PM  <DIR>         ", "10/23/2018   2:16 PM    1,234,567  ") == list{"a", " b"});
    CHECK(names("01-20-97  03:48PM       <DIR>          ", "01-20-97  03:48PM                  681  ") ==
          list{"a", " b"});
    CHECK(names("01-20-97  03:48PM       <DIR>           ", "01-20-97  03:48PM                  681  ") ==
          list{" a", " b"});
    // Columns that are not IIS's own.
    CHECK(names("12-31-2014 10:10      1234  ", "12-31-2014 10:11        34  ") == list{"a", "b"});
    CHECK(names("12-31-2014 10:10      1234  ", "12-31-2014 10:11        34 ") == list{" a", "b"});
    CHECK(names("01-20-97  03:48PM                  681  ", "01-20-97  03:48PM                  682  ") ==
          list{" a", " b"});
    CHECK(names("01-20-1997  03:48PM                  681  ", "01-20-1997  03:48PM                  682  ") ==
          list{" a", " b"});
    // The dots tell the column as well.
    CHECK(names_of(parse_listing("9/23/2018  2:16 PM  <DIR>    .\n9/23/2018  2:16 PM       12  b\n", context_at())) ==
          list{"b"});
}

TEST_CASE("A last line without its end has a name only if it has a date, or strokes for one")
{
    const std::string text = "drwxr-xr-x 3 ann staff 512 Nov 20 11:30 a\ndrwxr-xr-x 3 ann staff 512 x";
    CHECK(names_of(parse_listing(text, context_at())) == std::vector<std::string>{"a"});
    CHECK(parse_listing(text, context_at()).refused.size() == 1);
    CHECK(names_of(parse_listing(text + "\n", context_at())) == std::vector<std::string>{"a", "x"});
    const std::string strokes = "drwxr-xr-x 3 ann staff 512 Nov 20 11:30 a\ndrwxr-xr-x 3 ann staff 512 --- -- --:-- x";
    CHECK(names_of(parse_listing(strokes, context_at())) == std::vector<std::string>{"a", "x"});
}
