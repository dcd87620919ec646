// Knows the lines of listings that are no entries: totals, headings, summaries.
#include "listing_lines.hpp"

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
    auto number = without_blanks_around(text);
    if (number.starts_with('-'))
        number.remove_prefix(1);
    while (!number.empty() && is_letter(number.back()) && number.size() > 1)
        number.remove_suffix(1);
    if (number.empty() || !ascii::is_digit(number.front()) || number.find_first_not_of("0123456789.,") != npos)
        return false;
    return std::any_of(std::begin(total_words), std::end(total_words),
                       [word](std::string_view known) { return ascii::equal_ignoring_case(word, known); });
}

/// The words that a heading begins with, each once.
constexpr std::string_view heading_beginnings[] = {
    "Volume Unit",            // z/OS data sets
    "JOBNAME ",               // z/OS jobs
    "No jobs found",          //
    "Filename FileType",      // z/VM
    "File         Code",      // NonStop
    "Owner    Last modified", // OS-9
    "Directory of ",          // OS-9 and DOS
    "Volume in drive ",       // DOS
    "Volume Serial Number",   //
    "Total of ",              // VMS
    "Grand total of ",        //
};

/// `3 spool files`, `2 File(s)  1,234 bytes`, `Total 14 files`
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
    return (ascii::equal_ignoring_case(what, "spool") && ascii::equal_ignoring_case(take_word(text), "files") &&
            without_blanks_around(text).empty()) ||
           (ascii::equal_ignoring_case(what, "files") && without_blanks_around(text).empty());
}

} // namespace

bool is_note(std::string_view line)
{
    const auto text = without_blanks_around(line);
    if (is_total(text) || is_summary(text) || is_member_heading(text))
        return true;
    if (is_all(text, [](char byte) { return byte == '-' || byte == '=' || is_blank(byte); }))
        return true;
    const word_list words{text};
    if (words[0] == "size" && words[1] == "date" && words[2] == "time" && words[3] == "name") // VxWorks
        return true;
    if (words[0] == "File" && words[1] == "Code" && words[2] == "EOF") // NonStop
        return true;
    return std::any_of(std::begin(heading_beginnings), std::end(heading_beginnings),
                       [text](std::string_view known) { return text.starts_with(known); });
}

bool is_data_set_heading(std::string_view line)
{
    return without_blanks_around(line).starts_with("Volume Unit");
}

bool is_member_heading(std::string_view line)
{
    const word_list words{line.substr(0, 80)};
    return words[0] == "Name" && (words[1] == "VV.MM" || (words[1] == "Size" && words[2] == "TTR"));
}

} // namespace libftp::listing
