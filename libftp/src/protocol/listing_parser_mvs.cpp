// Reads the listings of z/OS: data sets, members of partitioned data sets, and jobs.
#include "listing_lines.hpp"

namespace libftp::listing {

namespace {

bool is_of_name(char byte) noexcept
{
    return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '@' || byte == '#' || byte == '$' ||
           byte == '-' || byte == '.' || byte == '_';
}

bool is_volume(std::string_view word) noexcept
{
    return word.size() <= 6 && is_all(word, is_of_name);
}

/// The file type of a data set organization; nothing if it is none.
std::optional<file_type> type_of_organization(std::string_view word) noexcept
{
    for (const std::string_view partitioned : {"PO", "PO-E", "POU", "POE"}) {
        if (word == partitioned)
            return file_type::directory;
    }
    for (const std::string_view file : {"PS", "PS-E", "PSE", "PSU", "PS-L", "DA", "DAU", "IS", "VS", "VSAM"}) {
        if (word == file)
            return file_type::file;
    }
    for (const std::string_view other : {"GDG", "PATH", "AIX", "NONE", "?", "**"}) {
        if (word == other)
            return file_type::other;
    }
    return std::nullopt;
}

/// What may stand in place of a data set's columns.
struct state_phrase {
    std::string_view text;
    file_type type;
};
constexpr state_phrase state_phrases[] = {
    {"Migrated", file_type::file},
    {"MIGRAT", file_type::file},
    {"Not Direct Access Device", file_type::file},
    {"Not a DASD device", file_type::file},
    {"Not Mounted", file_type::file},
    {"File not on volume", file_type::file},
    {"Error determining attributes", file_type::file},
    {"Pseudo Directory", file_type::directory},
    {"User catalog connector", file_type::other},
};

row data_set(std::string_view name, file_type type)
{
    auto r = make_row(listing_style::mvs, name);
    r.entry.type = type;
    return r;
}

/// Whether the words of a line are data sets' columns and no sentence.
bool is_in_columns(std::string_view line, const surroundings& around) noexcept
{
    return around.in_data_sets || around.hint == listing_style::mvs || line.find('\t') != npos ||
           line.find("    ") != npos;
}

/// `ARCIVE Not Direct Access Device   NAME`, `Migrated   NAME`
std::optional<row> read_state(std::string_view line, const surroundings& around)
{
    static constexpr std::size_t widest_phrase_column = 20;
    for (const auto& phrase : state_phrases) {
        const auto position = line.substr(0, widest_phrase_column + phrase.text.size()).find(phrase.text);
        if (position == npos)
            continue;
        auto rest = line.substr(position + phrase.text.size());
        const word_list before{line.substr(0, position)};
        const bool has_gap = take_blanks(rest) > 0;
        const auto name = take_word(rest);
        if (!has_gap || name.empty() || !ascii::trimmed(rest).empty() || before.count > 2 ||
            (position != 0 && !is_volume(before[0])) || !is_in_columns(line, around))
            return std::nullopt;
        return data_set(name, phrase.type);
    }
    return std::nullopt;
}

/// The day that a data set was last used, which is the latest that it can have been changed.
bool read_referred(std::string_view word, row& r)
{
    // More extents than the next column has room for run into the date.
    static constexpr std::size_t longest_date = 10;
    const auto extents = word.substr(std::min(word.size(), longest_date));
    return word == "**NONE**" || word == "***NONE***" ||
           ((extents.empty() || is_number(extents)) && read_number_date(word.substr(0, longest_date), r.time) &&
            r.time.separator == '/');
}

bool read_day_and_time(std::string_view day, std::string_view time_of_day, listed_time& time)
{
    return read_year_first_date(day, time) && read_time_of_day(time_of_day, time);
}

bool is_hexadecimal(std::string_view word, std::size_t digits) noexcept
{
    return word.size() == digits &&
           is_all(word, [](char byte) { return ascii::is_digit(byte) || (byte >= 'A' && byte <= 'F'); });
}

bool is_job(std::string_view word) noexcept
{
    const auto digits = word.find_first_of("0123456789");
    if (digits == npos || word.size() - digits < 4 || !is_number(word.substr(digits)))
        return false;
    for (const std::string_view kind : {"JOB", "STC", "TSU", "J", "S", "T"}) {
        if (word.substr(0, digits) == kind)
            return true;
    }
    return false;
}

bool is_job_status(std::string_view word) noexcept
{
    for (const std::string_view status : {"INPUT", "ACTIVE", "OUTPUT", "HELD", "-INPUT-"}) {
        if (word == status)
            return true;
    }
    return false;
}

} // namespace

/// `WYOSPT 3420   2003/05/21  1  200  FB      80  8053  PS  NAME`
std::optional<row> read_mvs(std::string_view line, const surroundings& around)
{
    if (auto r = read_state(line, around))
        return r;
    const word_list words{line};
    const auto name = words.last();
    if (words.count < 2)
        return std::nullopt;
    const auto type = type_of_organization(words[words.count - 2]);
    if (words.count == 2) {
        // What has no volume has but two words, far to the right.
        static constexpr std::size_t organization_column = 40;
        const auto column = find_nonblank(line);
        return type && column != npos && column >= organization_column ? std::optional{data_set(name, *type)}
                                                                       : std::nullopt;
    }
    if (!is_volume(words[0]))
        return std::nullopt;
    if (words.count == 3)
        return ascii::equal_ignoring_case(words[1], "Tape") && is_in_columns(line, around)
                   ? std::optional{data_set(name, file_type::file)}
                   : std::nullopt;
    if (!type || !is_all(words[1], is_of_name) || words[1].size() > 8)
        return std::nullopt;
    auto r = data_set(name, *type);
    if (words.count == 4)
        return ascii::is_digit(words[1].front()) ? std::optional{std::move(r)} : std::nullopt;
    // Where numbers are long, two columns run into one.
    if (words.count < 8 || words.count > 10 || !read_referred(words[2], r))
        return std::nullopt;
    r.entry.confidence = confidence::high;
    return r;
}

/// `NAME  01.03 2002/09/12 2002/10/11 09:37  11  11  0 USER`, `NAME  00B308 000411 ALIAS 00 FO  31 ANY`, `NAME`
std::optional<row> read_mvs_member(std::string_view line, const surroundings& around)
{
    const word_list words{line};
    auto r = make_row(listing_style::mvs_member, words[0]);
    if (words.count == 1) {
        const bool is_hinted = around.hint == listing_style::mvs_member || around.hint == listing_style::mvs;
        const bool has_form = words[0].size() <= 44 && is_all(words[0], [](char byte) {
                                  return is_of_name(byte) && byte != '.' && byte == ascii::to_upper(byte);
                              });
        if (!has_form || !(around.in_members || is_hinted))
            return std::nullopt;
        if (!around.in_members || words[0].size() > 8)
            r.entry.confidence = confidence::low;
        return r;
    }

    // The size is a number of lines.
    if (words[1].size() == 5 && words[1][2] == '.' && words.count >= 5) {
        listed_time created;
        if (!read_year_first_date(words[2], created) || !read_day_and_time(words[3], words[4], r.time))
            return std::nullopt;
        if (words.count > 8)
            r.entry.owner = words[8];
        return r;
    }
    const bool has_alias = !is_hexadecimal(words[3], 2);
    if (!is_hexadecimal(words[1], 6) || !is_hexadecimal(words[2], 6) || !is_hexadecimal(words[has_alias ? 4 : 3], 2) ||
        words.count < 5)
        return std::nullopt;
    r.entry.size = ascii::parse_number<std::uint64_t>(words[1], 16);
    return r;
}

/// `USER1  JOB01906  OUTPUT    3 Spool Files`, `USER1 JOB01906 USER  OUTPUT A  RC=0000 3 spool files`: GET takes the
/// number of the job.
std::optional<row> read_mvs_job(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    const auto job_name = take_word(text);
    const auto job = take_word(text);
    const auto owner_or_status = take_word(text);
    const auto status = take_word(text);
    if (!is_all(job_name, is_of_name) || job_name.size() > 8 || !is_job(job))
        return std::nullopt;
    auto r = make_row(listing_style::mvs_job, job);
    if (is_job_status(owner_or_status))
        return r;
    if (!is_job_status(status) || owner_or_status.size() > 8)
        return std::nullopt;
    r.entry.owner = owner_or_status;
    return r;
}

} // namespace libftp::listing
