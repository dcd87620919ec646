// Reads the listings of systems that few have: HP NonStop, OS-9, VxWorks, VShell, Nortel, /bin/dls, and bare names.
#include "listing_lines.hpp"

namespace libftp::listing {

namespace {

// Where /bin/dls ends its column of sizes.
constexpr std::size_t dls_size_end = 23;

/// `drwxr-xr-x`: a Unix listing may have numbers where /bin/dls has them.
bool is_mode(std::string_view word) noexcept
{
    return word.size() >= 10 && (word.front() == '-' || ascii::is_letter(word.front())) &&
           word.substr(1, 9).find_first_not_of("rwxsStTlL-") == npos;
}

/// Whether the text behind a size of /bin/dls is a link, a date, a description or nothing.
bool read_dls_rest(std::string_view text, row& r)
{
    if (ascii::trimmed(text).empty())
        return true;
    if (!text.starts_with("  "))
        return false;
    auto rest = text;
    listed_time time;
    if (take_date(rest, time)) {
        r.time = time;
        text = rest;
    }
    text = ascii::trimmed(text);
    static constexpr std::string_view arrow = "-> ";
    if (text.starts_with(arrow)) {
        r.entry.type = file_type::symbolic_link;
        r.entry.link_target = text.substr(arrow.size());
    }
    return true;
}

} // namespace

/// `FILE1  101  528 6-Apr-07 14:21:18 255, 0 "oooo"`
std::optional<row> read_nonstop(std::string_view line, const surroundings& /*around*/)
{
    const word_list words{line};
    const auto security = words.last();
    if (words.count < 7 || words.count > 8 || is_blank(line.front()))
        return std::nullopt;
    auto r = make_row(listing_style::nonstop, words[0]);
    r.entry.size = ascii::parse_number<std::uint64_t>(words[2]);
    r.entry.owner = words[5];
    if (words.count == 8)
        r.entry.owner.append(words[6]);
    const auto comma = r.entry.owner.find(',');
    if (!is_number(words[1]) || !r.entry.size || !read_named_date(words[3], r.time) ||
        !read_time_of_day(words[4], r.time) || comma == npos || security.size() < 3 || !security.starts_with('"') ||
        !security.ends_with('"'))
        return std::nullopt;
    r.entry.group = r.entry.owner.substr(0, comma);
    r.entry.owner.erase(0, comma + 1);
    return r;
}

/// `20.20 07/03/29 1026 d-ewrewr 2650 85920 name`
std::optional<row> read_os9(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    const auto owner = take_word(text);
    const auto dot = owner.find('.');
    if (dot == npos || !is_number(owner.substr(0, dot)) || !is_number(owner.substr(dot + 1)))
        return std::nullopt;
    auto r = make_row(listing_style::os9);
    const auto date = take_word(text);
    const auto time = take_word(text);
    if (!read_year_first_date(date, r.time) || time.size() != 4 || !is_number(time) ||
        !read_time_of_day(std::string{time}.insert(2, 1, ':'), r.time))
        return std::nullopt;
    const auto attributes = take_word(text);
    const auto sector = take_word(text);
    r.entry.size = ascii::parse_number<std::uint64_t>(take_word(text));
    if (attributes.size() != 8 || attributes.find_first_not_of("dsewr-") != npos || sector.size() > 8 ||
        !r.entry.size || text.size() < 2)
        return std::nullopt;
    if (attributes.front() == 'd')
        r.entry.type = file_type::directory;
    r.entry.owner = owner;
    r.entry.name = text.substr(1);
    return r;
}

/// `2048    Nov-20-2026  10:15:00   name   <DIR>`
std::optional<row> read_vxworks(std::string_view line, const surroundings& /*around*/)
{
    static constexpr std::string_view mark = "<DIR>";
    auto text = line;
    auto r = make_row(listing_style::vxworks);
    r.entry.size = ascii::parse_number<std::uint64_t>(take_word(text));
    const auto date = take_word(text);
    if (!r.entry.size || date.empty() || !ascii::is_letter(date.front()) || !read_named_date(date, r.time) ||
        !read_time_of_day(take_word(text), r.time))
        return std::nullopt;
    text = ascii::trimmed(text);
    if (text.ends_with(mark) && text.size() > mark.size() && is_blank(text[text.size() - mark.size() - 1])) {
        text = ascii::trimmed(text.substr(0, text.size() - mark.size()));
        r.entry.type = file_type::directory;
    }
    r.entry.name = text;
    return text.empty() ? std::nullopt : std::optional{std::move(r)};
}

/// `206876  Apr 04, 2000 21:06 name`, `0  Dec 12, 2002 02:13 name/`
std::optional<row> read_vshell(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    auto r = make_row(listing_style::other, {}, confidence::medium);
    r.entry.size = ascii::parse_number<std::uint64_t>(take_word(text));
    const auto month = take_word(text);
    const auto day = take_word(text);
    if (!r.entry.size || !day.ends_with(',') || !set_month_and_day(month, day, r.time) ||
        !set_year(take_word(text), r.time) || !read_time_of_day(take_word(text), r.time) || text.size() < 2)
        return std::nullopt;
    text.remove_prefix(1);
    if (text.ends_with('/') && text.size() > 1) {
        text.remove_suffix(1);
        r.entry.type = file_type::directory;
    }
    r.entry.name = text;
    return r;
}

/// `name  1014196  06/03/04  Thur.   10:20:03`
std::optional<row> read_nortel(std::string_view line, const surroundings& /*around*/)
{
    const word_list words{line};
    auto r = make_row(listing_style::other, words[0], confidence::low);
    r.entry.size = ascii::parse_number<std::uint64_t>(words[1]);
    if (words.count != 5 || is_blank(line.front()) || !r.entry.size || !read_number_date(words[2], r.time) ||
        !words[3].ends_with('.') || !is_all(words[3].substr(0, words[3].size() - 1), ascii::is_letter) ||
        !read_time_of_day(words[4], r.time))
        return std::nullopt;
    return r;
}

/// `README              763  Nov 20 10:15  Description`, `bin/                  -`
std::optional<row> read_dls(std::string_view line, const surroundings& around)
{
    if (line.size() < dls_size_end || is_blank(line.front()) ||
        !(around.in_descriptions || around.hint == listing_style::other))
        return std::nullopt;
    auto columns = line.substr(0, dls_size_end);
    const auto split = columns.find_last_of(" \t");
    if (split == npos || is_mode(columns.substr(0, find_blank(columns))))
        return std::nullopt;
    const auto size = columns.substr(split + 1);
    auto name = ascii::trimmed(columns.substr(0, split));
    auto r = make_row(listing_style::other, {}, confidence::low);
    const bool is_directory = name.size() > 1 && name.ends_with('/');
    if (is_directory)
        name.remove_suffix(1);
    r.entry.type = is_directory ? file_type::directory : file_type::file;
    r.entry.size = ascii::parse_number<std::uint64_t>(size);
    r.entry.name = name;
    if (!(is_directory ? size == "-" || size == "=" : r.entry.size.has_value()) ||
        !read_dls_rest(line.substr(dls_size_end), r))
        return std::nullopt;
    return r;
}

std::optional<row> read_wrapped_dls(std::string_view name, std::string_view columns, const surroundings& around)
{
    const auto size = columns.substr(0, dls_size_end);
    if (size.find_first_not_of(' ') < 3 || is_blank(name.front()))
        return std::nullopt;
    name = ascii::trimmed(name);
    // In place of the name, one that is short enough.
    std::string line{columns};
    const bool is_directory = name.ends_with('/');
    line.replace(0, 2, is_directory ? "d/" : "f ");
    auto r = read_dls(line, around);
    if (r)
        r->entry.name = name.substr(0, name.size() - (is_directory ? 1 : 0));
    return r;
}

/// ` name`, in a listing that begins with ` .` and ` ..`.
std::optional<row> read_bare_name(std::string_view line, const surroundings& around)
{
    if (!around.in_bare_names || line.size() < 2 || line.front() != ' ')
        return std::nullopt;
    auto r = make_row(listing_style::other, line.substr(1), confidence::low);
    return r;
}

} // namespace libftp::listing
