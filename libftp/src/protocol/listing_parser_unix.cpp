// Reads the long listings of `ls` and of the many servers that write something like it.
#include "listing_columns.hpp"

namespace libftp::listing {

namespace {

std::optional<file_type> type_of(char letter) noexcept
{
    switch (letter) {
    case '-':
    case 'a': // append only, on Plan 9
    case 'f':
    case 'C': // contiguous
    case 'm':
    case 'M': // migrated, offline
        return file_type::file;
    case 'd': return file_type::directory;
    case 'l': return file_type::symbolic_link;
    case 'b':
    case 'c':
    case 'D': // a door
    case 'e':
    case 'n':
    case 'p':
    case 'P':
    case 's':
    case 'w':
    case '?': return file_type::other;
    default: return std::nullopt;
    }
}

/// The bits of `rwxr-xr-x`, or of `rwxr-x` where a server leaves out others, or the last of them.
std::optional<std::uint32_t> parse_mode(std::string_view text) noexcept
{
    std::uint32_t mode = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto bit = 0400U >> i;
        const auto special_bit = 04000U >> i / 3;
        const bool is_last = i % 3 == 2;
        const char special = i == 8 ? 't' : 's';
        // No bits are `l`, for one opener at a time, on Plan 9, and DOS' attributes for archive and system.
        const bool is_other_mark =
            (i == 2 && text[i] == 'l') || (i == 6 && text[i] == 'A') || (i == 7 && text[i] == 'S');
        if (text[i] == '-' || is_other_mark)
            continue;
        if (text[i] == "rwx"[i % 3])
            mode |= bit;
        else if (is_last && text[i] == special)
            mode |= bit | special_bit;
        else if (is_last && (text[i] == ascii::to_upper(special) || (i == 5 && (text[i] == 'l' || text[i] == 'L'))))
            mode |= special_bit;
        else
            return std::nullopt;
    }
    return mode;
}

/// `dtrwxrwxrwx`, `Lrwxrwxrwx`, `ugrwxr-xr-x`: Go tells the type and the special bits in letters before nine others.
bool take_go_mode(std::string_view& text, file_info& info)
{
    static constexpr std::string_view marks = "dLDpSugct"; // in this order, each once at most
    const auto word = text.substr(0, find_blank(text));
    const auto count = word.size() - std::min<std::size_t>(word.size(), 9);
    if (count == 0 || count > 4)
        return false;
    auto type = file_type::file;
    std::uint32_t mode = 0;
    std::size_t next = 0;
    for (const char mark : word.substr(0, count)) {
        const auto position = marks.find(mark, next);
        if (position == npos)
            return false;
        next = position + 1;
        switch (mark) {
        case 'd': type = file_type::directory; break;
        case 'L': type = file_type::symbolic_link; break;
        case 'u': mode |= 04000U; break;
        case 'g': mode |= 02000U; break;
        case 't': mode |= 01000U; break;
        default: type = file_type::other; break;
        }
    }
    for (std::size_t i = 0; i < 9; ++i) {
        const char byte = word[count + i];
        if (byte == "rwx"[i % 3])
            mode |= 0400U >> i;
        else if (byte != '-')
            return false;
    }
    info.type = type;
    info.mode = mode;
    text.remove_prefix(word.size());
    return true;
}

/// Takes type and mode, and one mark for an access control list or the like behind them; the next column may follow at
/// once where it is a number.
bool take_mode(std::string_view& text, file_info& info)
{
    const auto word = text.substr(0, find_blank(text));
    const auto type = word.empty() ? std::nullopt : type_of(word.front());
    if (!type || word.size() < 7)
        return false;
    auto size = std::min<std::size_t>(word.size(), 10);
    info.mode = parse_mode(word.substr(1, size - 1));
    if (!info.mode || size == 8)
        return false;
    info.type = *type;
    if (word.size() > size && std::string_view{"+.@*"}.find(word[size]) != npos)
        ++size;
    if (word.size() > size && (size < 10 || !ascii::is_digit(word[size])))
        return false;
    text.remove_prefix(size);
    return true;
}

/// A date, or the strokes that a server puts where it knows none.
bool take_date_or_strokes(std::string_view& text, listed_time& time)
{
    static constexpr std::string_view strokes = "--- -- --:--";
    auto rest = text;
    take_blanks(rest);
    if (!rest.starts_with(strokes))
        return take_date(text, time);
    text = rest.substr(strokes.size());
    return true;
}

/// `ls --time-style=+%s`
bool take_epoch(std::string_view& text, listed_time& time)
{
    auto rest = text;
    const auto word = take_word(rest);
    const auto whole = word.substr(0, word.find('.'));
    time.moment = whole.size() < 9 ? std::nullopt : moment_of_epoch(whole);
    if (!time.moment)
        return false;
    time.precision = time_precision::second;
    text = rest;
    return true;
}

/// `Jan 00  1980`, `Jan 00 00:00`: the day that a device without a clock gives to files. It tells no time.
bool take_day_zero(std::string_view& text, listed_time& /*time*/)
{
    auto rest = text;
    const auto month = take_word(rest);
    const auto day = take_word(rest);
    const auto year_or_time = take_word(rest);
    listed_time unused;
    if (!month_of(month) || (day != "0" && day != "00") ||
        (short_number(year_or_time, 4).value_or(0) < 1900 && !read_time_of_day(year_or_time, unused)))
        return false;
    text = rest;
    return true;
}

/// AIX, VMS and others write the year at the left of its column: the blank behind it is none of the name's.
bool has_year_at_left(std::string_view date) noexcept
{
    return date.size() > 6 && is_number(date.substr(date.size() - 4)) && date[date.size() - 5] == ' ' &&
           date[date.size() - 6] != ' ';
}

void split_link(file_info& info)
{
    static constexpr std::string_view arrow = " -> ";
    const std::string_view text = info.name;
    auto position = text.find(arrow);
    // Where the size is that of the target, it tells which arrow parts the two.
    if (info.size && *info.size < text.size() && text.size() - *info.size > arrow.size()) {
        const auto exact = text.size() - static_cast<std::size_t>(*info.size) - arrow.size();
        if (*info.size != 0 && text.substr(exact, arrow.size()) == arrow)
            position = exact;
    }
    if (position == npos || position == 0 || position + arrow.size() == text.size())
        return;
    info.link_target = text.substr(position + arrow.size());
    info.name.resize(position);
}

/// `d????????? ? ? ? ? ? name`: what may be listed, but not looked at.
std::optional<row> read_unknown(std::string_view line)
{
    auto text = line;
    const auto mode = take_word(text);
    const auto type = type_of(mode.empty() ? ' ' : mode.front());
    if (!type || mode.size() < 10 || mode.substr(1, 9) != "?????????")
        return std::nullopt;
    for (int column = 0; column < 5; ++column) {
        if (take_word(text) != "?")
            return std::nullopt;
    }
    auto r = make_row(listing_style::unix_ls, {}, confidence::medium);
    r.entry.type = *type;
    return take_name(text, r) ? std::optional{std::move(r)} : std::nullopt;
}

/// `3 owner group 512 name`: the name has to be one word that is no part of a date.
bool take_columns_without_date(std::string_view text, row& r)
{
    const word_list words{text};
    const auto name = words.last();
    listed_time time;
    if (words.count != 5 || !is_number(words[0]) || !is_number(words[3]) || is_number(name) || month_of(name) ||
        name.find(':') != npos || read_number_date(name, time))
        return false;
    r.entry.confidence = confidence::low;
    r.entry.links = ascii::parse_number<std::uint32_t>(words[0]).value_or(1);
    r.entry.owner = words[1];
    r.entry.group = words[2];
    r.entry.size = ascii::parse_number<std::uint64_t>(words[3]);
    r.entry.name = name;
    return true;
}

/// Where servers of classic Mac OS differ from others: a directory has the number of its items in place of a size, a
/// file the sizes of both forks and their sum.
void read_as_macos(listed_entry& entry, const surroundings& around)
{
    const bool is_directory = entry.owner == "folder" && entry.group.empty() && entry.is_directory();
    const auto data_fork = ascii::parse_number<std::uint64_t>(entry.owner);
    const bool has_sum = entry.group.empty() && data_fork && entry.size && *data_fork <= *entry.size &&
                         *entry.size - *data_fork == entry.links;
    if (!is_directory && !(has_sum && around.hint == listing_style::macos))
        return;
    entry.owner.clear();
    entry.links = 1;
    if (is_directory)
        entry.size.reset();
    if (around.hint == listing_style::macos)
        entry.style = listing_style::macos;
}

} // namespace

std::optional<row> read_unix(std::string_view line, const surroundings& around)
{
    auto text = line;
    take_blanks(text);
    // `ls -i` and `ls -s` put numbers in front.
    for (int prefix = 0; prefix < 2 && !text.empty() && ascii::is_digit(text.front()); ++prefix) {
        if (!is_number(take_word(text)))
            return std::nullopt;
        take_blanks(text);
    }
    auto r = make_row(listing_style::unix_ls);
    if (!take_mode(text, r.entry) && !take_go_mode(text, r.entry))
        return read_unknown(text);

    const auto columns = text;
    std::optional<std::string_view> date;
    for (const auto take : {take_date_or_strokes, take_epoch, take_day_zero}) {
        text = columns;
        date = take_columns_and_date(text, r, take);
        if (date)
            break;
    }
    if (!date)
        return take_columns_without_date(columns, r) ? std::optional{std::move(r)} : std::nullopt;
    if (has_year_at_left(*date) && text.starts_with("  ") && text.find_first_not_of(' ') != npos)
        text.remove_prefix(1);
    if (!take_name(text, r))
        return std::nullopt;

    read_as_macos(r.entry, around);
    if (r.entry.type == file_type::symbolic_link)
        split_link(r.entry);
    // `ls -p` and `ls -F` mark directories.
    if (r.entry.type == file_type::directory && r.entry.name.size() > 1 && r.entry.name.ends_with('/'))
        r.entry.name.pop_back();
    return r;
}

} // namespace libftp::listing
