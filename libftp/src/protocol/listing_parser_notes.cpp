// Knows the lines of listings that are no entries: totals, headings, summaries.
#include "listing_lines.hpp"

#include <algorithm>
#include <array>

namespace libftp::listing {

namespace {

/// What `ls` calls the sum of all blocks.
constexpr std::string_view total_words[] = {
    "total", "insgesamt", "gesamt",  "totale", "totaal",  "totalt",        "totalt:",  "sammanlagt", "yhteensä",
    "razem", "suma",      "celkem",  "spolu",  "skupaj",  "ukupno",        "összesen", "toplam",     "kokku",
    "итого", "всього",    "всього:", "всего",  "загалом", "общо",          "σύνολο",   "合計",       "总用量",
    "总计",  "總計",      "합계",    "총계",   "tổng",    "eildarblokkir", "guztira",  "сума",
};

/// `total 12`, `total 4.0K`, `総計 12`
bool is_total(std::string_view line)
{
    auto text = line;
    auto word = take_word(text);
    auto number = ascii::trimmed(text);
    if (number.starts_with('-'))
        number.remove_prefix(1);
    while (!number.empty() && ascii::is_letter(number.back()) && number.size() > 1)
        number.remove_suffix(1);
    if (number.empty() || !ascii::is_digit(number.front()) || number.find_first_not_of("0123456789.,") != npos)
        return false;
    return std::any_of(std::begin(total_words), std::end(total_words),
                       [word](std::string_view known) { return ascii::equal_ignoring_case(word, known); });
}

/// The words that a heading begins with, each once.
constexpr std::string_view heading_beginnings[] = {
    "Volume Unit",          // z/OS data sets
    "JOBNAME ",             // z/OS jobs
    "No jobs found",        //
    "Filename FileType",    // z/VM
    "Directory of ",        // OS-9 and DOS
    "Volume in drive ",     // DOS
    "Volume Serial Number", //
    "Total of ",            // VMS
    "Grand total of ",      //
};

/// The words that the heading of a table begins with, however far apart they stand.
constexpr std::array<std::string_view, 3> heading_words[] = {
    {"size", "date", "time"},      // VxWorks
    {"File", "Code", "EOF"},       // NonStop
    {"Owner", "Last", "modified"}, // OS-9
    {"File", "Name", "Size"},      // Nortel
};

/// `- Total size`, `- Available free space`, `- Contiguous free space`: Nortel.
bool is_space(std::string_view text)
{
    return take_word(text) == "-" && (text.ends_with(" size") || text.ends_with(" free space"));
}

/// `3 spool files`, `2 File(s)  1,234 bytes`, `Total 14 files`, `3 files  1,234 bytes`, `2 directories  1,234 bytes
/// free`
bool is_summary(std::string_view line)
{
    auto text = line;
    auto count = take_word(text);
    if (ascii::equal_ignoring_case(count, "total"))
        count = take_word(text);
    const auto what = take_word(text);
    if (!read_grouped_size(count))
        return false;
    if (what == "File(s)" || what == "Dir(s)")
        return true;
    if (what == "bytes")
        return is_space(text);
    const auto behind = ascii::trimmed(text);
    if (ascii::equal_ignoring_case(what, "spool"))
        return ascii::equal_ignoring_case(behind, "files");
    if (!ascii::equal_ignoring_case(what, "files") && what != "directories")
        return false;
    const word_list sum{behind};
    return sum.count == 0 ||
           (read_grouped_size(sum[0]) && sum[1] == "bytes" && (sum.count == 2 || (sum.count == 3 && sum[2] == "free")));
}

} // namespace

bool is_ls_error(std::string_view line)
{
    constexpr std::string_view reasons[] = {
        ": Permission denied", ": No such file or directory", ": Not a directory",     ": Input/output error",
        ": Stale file handle", ": Operation not permitted",   ": Too many open files", " does not exist",
        ": not found",
    };
    if (line.ends_with('.')) // as on AIX
        line.remove_suffix(1);
    const auto* const reason =
        std::ranges::find_if(reasons, [line](std::string_view each) { return line.ends_with(each); });
    if (reason == std::end(reasons))
        return false;
    auto text = line;
    const auto program = take_word(text);
    const bool is_ls = program == "ls:" || program.ends_with("/ls:");
    return is_ls || line.find(": ") == line.size() - reason->size(); // Solaris does not say who speaks
}

bool is_note(std::string_view line)
{
    const auto text = ascii::trimmed(line);
    if (is_total(text) || is_summary(text) || is_member_heading(text))
        return true;
    if (is_all(text, [](char byte) { return byte == '-' || byte == '=' || is_blank(byte); }))
        return true;
    const word_list words{text};
    if (std::any_of(std::begin(heading_words), std::end(heading_words),
                    [&words](const auto& known) { return std::equal(known.begin(), known.end(), words.at.begin()); }))
        return true;
    return std::any_of(std::begin(heading_beginnings), std::end(heading_beginnings),
                       [text](std::string_view known) { return text.starts_with(known); });
}

bool is_data_set_heading(std::string_view line)
{
    return ascii::trimmed(line).starts_with("Volume Unit");
}

bool is_member_heading(std::string_view line)
{
    const word_list words{line.substr(0, 80)};
    return words[0] == "Name" && (words[1] == "VV.MM" || (words[1] == "Size" && words[2] == "TTR"));
}

} // namespace libftp::listing
