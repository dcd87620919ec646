// Reads the listings of DOS, Windows and OS/2 servers, whose names can hold no backslash.
#include "listing_lines.hpp"

namespace libftp::listing {

namespace {

// Where IIS, and many that follow it, put the columns.
constexpr std::size_t iis_mark_column = 24;

std::size_t column_of(std::string_view word, std::string_view line) noexcept
{
    return static_cast<std::size_t>(word.data() - line.data());
}

/// `10:15AM`, `10:15`, `10:15 AM`
bool take_dos_time(std::string_view& text, listed_time& time)
{
    const auto word = take_word(text);
    if (!read_time_of_day(word, time, clock_form::hours_12_or_24))
        return false;
    auto behind = text;
    const auto half = take_word(behind);
    if (half.size() == 2 && ascii::is_digit(word.back()) &&
        (ascii::equal_ignoring_case(half, "AM") || ascii::equal_ignoring_case(half, "PM"))) {
        if (!read_time_of_day(std::string{word}.append(half), time, clock_form::hours_12_or_24))
            return false;
        text = behind;
    }
    return true;
}

/// The name and the target of a link: `name -> target`, `name => target`, `name [target]`.
void split_link(file_info& info, std::string_view mark)
{
    const std::string_view text = info.name;
    for (const std::string_view arrow : {" -> ", " => "}) {
        if (const auto position = text.find(arrow); position != npos && position != 0) {
            info.link_target = text.substr(position + arrow.size());
            info.name.resize(position);
            return;
        }
    }
    const auto bracket = text.find(" [");
    if (bracket == npos || bracket == 0 || !text.ends_with(']'))
        return;
    const auto target = text.substr(bracket + 2, text.size() - bracket - 3);
    // A junction leads to a whole path; else the brackets are the name's.
    if (mark == "<JUNCTION>" && target.find('\\') == npos)
        return;
    info.link_target = target;
    info.name.resize(bracket);
}

/// `<DIR>`, `<JUNCTION>` and others.
std::optional<file_type> type_of_mark(std::string_view word) noexcept
{
    if (word == "<DIR>")
        return file_type::directory;
    for (const std::string_view link : {"<JUNCTION>", "<SYMLINK>", "<SYMLINKD>"}) {
        if (word == link)
            return file_type::symbolic_link;
    }
    return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> read_grouped_size(std::string_view word)
{
    if (is_number(word))
        return ascii::parse_number<std::uint64_t>(word);
    const auto separator = word.find_first_not_of("0123456789");
    if (separator == npos || separator == 0 || separator > 3 || word.size() > 27)
        return std::nullopt;
    // A comma, a dot, an apostrophe, or a space that does not break the line, in UTF-8 or not.
    auto mark = word.substr(separator);
    mark = mark.substr(0, std::min(mark.find_first_of("0123456789"), mark.size()));
    if (mark != "," && mark != "." && mark != "'" && mark != "\xa0" && mark != "\xc2\xa0" && mark != "\xe2\x80\xaf")
        return std::nullopt;
    std::string digits{word.substr(0, separator)};
    for (auto rest = word.substr(separator); !rest.empty(); rest.remove_prefix(mark.size() + 3)) {
        const auto group = rest.starts_with(mark) ? rest.substr(mark.size(), 3) : std::string_view{};
        if (group.size() != 3 || !is_number(group))
            return std::nullopt;
        digits.append(group);
    }
    return ascii::parse_number<std::uint64_t>(digits);
}

/// `11-20-26  10:15AM       <DIR>          name`, `20.11.2026  10:15        1.234.567 name`
std::optional<row> read_dos(std::string_view line, const surroundings& /*around*/)
{
    const auto* const beginning = line.data();
    take_blanks(line);
    if (line.empty() || !ascii::is_digit(line.front()))
        return std::nullopt;
    auto text = line;
    auto r = make_row(listing_style::dos);
    if (!read_number_date(take_word(text), r.time) || !take_dos_time(text, r.time))
        return std::nullopt;

    auto rest = text;
    const auto mark = take_word(rest);
    if (const auto type = type_of_mark(mark)) {
        r.entry.type = *type;
        const auto at_iis_column = line.substr(std::min(iis_name_column, line.size()));
        if (column_of(mark, line) == iis_mark_column && at_iis_column.size() <= rest.size() && !at_iis_column.empty() &&
            is_all(rest.substr(0, rest.size() - at_iis_column.size()), is_blank)) {
            rest = at_iis_column;
        } else {
            take_blanks(rest);
        }
        r.entry.name = rest;
        r.name_column = static_cast<std::size_t>(rest.data() - beginning);
        if (r.entry.type == file_type::symbolic_link)
            split_link(r.entry, mark);
    } else {
        r.entry.size = read_grouped_size(take_word(text));
        if (!r.entry.size || text.size() < 2)
            return std::nullopt;
        text.remove_prefix(1);
        // More than one blank that could be the name's own is a gap between columns.
        r.may_be_padded = column_of(text, line) == iis_name_column || find_nonblank(text) < 2;
        if (!r.may_be_padded)
            take_blanks(text);
        r.entry.name = text;
        r.name_column = static_cast<std::size_t>(text.data() - beginning);
    }
    return find_nonblank(r.entry.name) == npos ? std::nullopt : std::optional{std::move(r)};
}

/// `0  DIR   11-20-26   10:15  name`, `612  RHA   11-20-126   10:15  name`
std::optional<row> read_os2(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    auto r = make_row(listing_style::os2);
    const auto size = ascii::parse_number<std::uint64_t>(take_word(text));
    if (!size)
        return std::nullopt;
    auto word = take_word(text);
    for (int attributes = 0; attributes < 3 && is_all(word, is_upper); ++attributes) {
        if (word == "DIR")
            r.entry.type = file_type::directory;
        else if (word.find_first_not_of("ADHRS") != npos)
            return std::nullopt;
        word = take_word(text);
    }
    if (!read_number_date(word, r.time) || r.time.separator != '-' || !read_time_of_day(take_word(text), r.time) ||
        text.size() < 2)
        return std::nullopt;
    if (r.entry.type == file_type::file)
        r.entry.size = size;
    take_blanks(text);
    r.entry.name = text;
    return text.empty() ? std::nullopt : std::optional{std::move(r)};
}

/// `NAME.EXT  11264  Nov 20 1994 14:20  RHA`, `NAME.EXT  <DIR>  11-20-94  17:16`: SuperTCP and Chameleon, Windows 3.1.
std::optional<row> read_sixteen_bit_windows(std::string_view line, const surroundings& /*around*/)
{
    if (line.empty() || is_blank(line.front()))
        return std::nullopt;
    const word_list words{line};
    auto r = make_row(listing_style::other, words[0], confidence::low);
    const bool has_month = words.count == 6 || words.count == 7;
    if (words[0].size() > 12 || !(has_month || words.count == 4))
        return std::nullopt;
    if (words[1] == "<DIR>")
        r.entry.type = file_type::directory;
    else if (!(r.entry.size = ascii::parse_number<std::uint64_t>(words[1])))
        return std::nullopt;
    const bool has_date =
        has_month ? set_month_and_day(words[2], words[3], r.time) && words[4].size() == 4 && set_year(words[4], r.time)
                  : read_number_date(words[2], r.time);
    if (!has_date || !read_time_of_day(words[has_month ? 5 : 3], r.time) || words[6].find_first_not_of("ADHRS") != npos)
        return std::nullopt;
    return r;
}

} // namespace libftp::listing
