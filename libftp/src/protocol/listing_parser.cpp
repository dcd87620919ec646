// Reads listing lines column by column and fact by fact; what a listing gives beyond a name is taken where it is in
// form and left out where it is not.
#include <libftp/protocol/listing_parser.hpp>

#include "ascii.hpp"
#include "civil_time.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace libftp {

namespace {

constexpr auto npos = std::string_view::npos;

/// Whether a line begins with a fact. A Unix line always has a space before any equals sign.
bool begins_with_fact(std::string_view line) noexcept
{
    const auto end = line.find_first_of("= ;");
    return end != npos && end != 0 && line[end] == '=';
}

void take_type(file_info& info, std::string_view value)
{
    using ascii::equal_ignoring_case;
    const auto colon = value.find(':');
    const auto kind = value.substr(0, colon);
    if (equal_ignoring_case(value, "file"))
        info.type = file_type::file;
    else if (equal_ignoring_case(value, "dir"))
        info.type = file_type::directory;
    else if (equal_ignoring_case(value, "cdir"))
        info.type = file_type::current_directory;
    else if (equal_ignoring_case(value, "pdir"))
        info.type = file_type::parent_directory;
    else if (equal_ignoring_case(kind, "OS.unix=slink") || equal_ignoring_case(kind, "OS.unix=symlink")) {
        info.type = file_type::symbolic_link;
        if (colon != npos)
            info.link_target = value.substr(colon + 1);
    } else {
        info.type = file_type::other;
    }
}

void take_fact(file_info& info, std::string_view name, std::string_view value)
{
    using ascii::equal_ignoring_case;
    if (equal_ignoring_case(name, "type")) {
        take_type(info, value);
    } else if (equal_ignoring_case(name, "size")) {
        info.size = ascii::parse_number<std::uint64_t>(value);
    } else if (equal_ignoring_case(name, "modify")) {
        if (const auto time = parse_timestamp(value))
            info.modified = *time;
    } else if (equal_ignoring_case(name, "create")) {
        if (const auto time = parse_timestamp(value))
            info.created = *time;
    } else if (equal_ignoring_case(name, "unique")) {
        info.unique = value;
    } else if (equal_ignoring_case(name, "media-type")) {
        info.media_type = value;
    } else if (equal_ignoring_case(name, "UNIX.mode")) {
        // Some servers add the bits of the file's type.
        if (const auto mode = ascii::parse_number<std::uint32_t>(value, 8))
            info.mode = *mode & 07777U;
    } else if (equal_ignoring_case(name, "UNIX.owner")) {
        info.owner = value;
    } else if (equal_ignoring_case(name, "UNIX.group")) {
        info.group = value;
    }
}

/// The word that the text begins with, behind any spaces; empty at the end of the text.
std::string_view take_word(std::string_view& text) noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

std::optional<file_type> type_of(char letter) noexcept
{
    switch (letter) {
    case '-': return file_type::file;
    case 'd': return file_type::directory;
    case 'l': return file_type::symbolic_link;
    case 'b':
    case 'c':
    case 'D':
    case 'p':
    case 's':
    case '?': return file_type::other;
    default: return std::nullopt;
    }
}

/// The bits of `rwxr-xr-x`, behind which one mark for an access control list or the like may stand.
std::optional<std::uint32_t> parse_mode(std::string_view text) noexcept
{
    if (text.size() == 10 && (text.back() == '+' || text.back() == '.' || text.back() == '@'))
        text.remove_suffix(1);
    if (text.size() != 9)
        return std::nullopt;

    std::uint32_t mode = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto bit = 0400U >> i;
        const auto special_bit = 04000U >> i / 3;
        const char special = i == 8 ? 't' : 's';
        const char special_alone = i == 8 ? 'T' : 'S';
        if (text[i] == '-')
            continue;
        if (text[i] == "rwx"[i % 3])
            mode |= bit;
        else if (i % 3 == 2 && text[i] == special)
            mode |= bit | special_bit;
        else if (i % 3 == 2 && text[i] == special_alone)
            mode |= special_bit;
        else
            return std::nullopt;
    }
    return mode;
}

std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text) noexcept
{
    const auto colon = text.find(':');
    if (colon == npos)
        return std::nullopt;
    const auto hour = ascii::parse_number<std::uint8_t>(text.substr(0, colon));
    const auto minute = ascii::parse_number<std::uint8_t>(text.substr(colon + 1));
    if (!hour || !minute || *hour > 23 || *minute > 59)
        return std::nullopt;
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute};
}

/// The latest such moment that is at most a day after now: a server's clock may run ahead.
std::optional<file_time> latest_until(file_time now, std::chrono::month_day date, std::chrono::seconds time_of_day)
{
    using namespace std::chrono;
    // In seconds, which cannot overflow where file_time could.
    const sys_seconds limit = floor<seconds>(now) + days{1};
    const year this_year = year_month_day{floor<days>(limit)}.year();
    // The 29th of February can be eight years back.
    for (auto y = this_year; y >= this_year - years{8}; --y) {
        const auto time = make_file_time(y / date, time_of_day);
        if (time && floor<seconds>(*time) <= limit)
            return time;
    }
    return std::nullopt;
}

/// Takes `Nov 20 11:30` or `Nov 20 2024`, whose first word has been read already.
std::optional<file_time> take_date(std::string_view month_name, std::string_view& rest, file_time now)
{
    const auto name = std::find_if(month_names.begin(), month_names.end(), [month_name](std::string_view known) {
        return ascii::equal_ignoring_case(known, month_name);
    });
    if (name == month_names.end())
        return std::nullopt;
    const std::chrono::month month{static_cast<unsigned>(name - month_names.begin() + 1)};

    auto behind = rest;
    const auto day = ascii::parse_number<std::uint8_t>(take_word(behind));
    const auto year_or_time = take_word(behind);
    if (!day)
        return std::nullopt;
    const auto date = month / std::chrono::day{*day};
    std::optional<file_time> time;
    if (const auto time_of_day = parse_time_of_day(year_or_time))
        time = latest_until(now, date, *time_of_day);
    else if (const auto year = ascii::parse_number<std::uint16_t>(year_or_time); year && year_or_time.size() == 4)
        time = make_file_time(std::chrono::year{*year} / date, std::chrono::seconds{0});
    if (time)
        rest = behind;
    return time;
}

/// The columns between mode and date (precondition: two at least): links, owner and group where the server shows them,
/// and size.
bool take_columns(file_info& info, std::span<const std::string_view> columns)
{
    // A device has two numbers in place of a size: `8, 0`, or `8,0` where they are long.
    const bool apart = columns[columns.size() - 2].ends_with(',');
    const bool joined = columns.back().find(',') != npos;
    if (!apart && !joined) {
        info.size = ascii::parse_number<std::uint64_t>(columns.back());
        if (!info.size)
            return false;
    }
    columns = columns.first(columns.size() - (apart ? 2 : 1));

    const auto links = columns.empty() ? std::nullopt : ascii::parse_number<std::uint32_t>(columns.front());
    if (!links || columns.size() > 3)
        return false;
    info.links = *links;
    if (columns.size() > 1)
        info.owner = columns[1];
    if (columns.size() > 2)
        info.group = columns[2];
    return true;
}

void split_link(file_info& info)
{
    static constexpr std::string_view arrow = " -> ";
    const auto position = info.name.find(arrow);
    if (position == npos || position == 0 || position + arrow.size() == info.name.size())
        return;
    info.link_target = info.name.substr(position + arrow.size());
    info.name.resize(position);
}

bool is_total(std::string_view line) noexcept
{
    static constexpr std::string_view word = "total ";
    return line.starts_with(word) && line.find_first_not_of("0123456789", word.size()) == npos;
}

bool is_safe_component(std::string_view name) noexcept
{
    const auto is_unsafe = [](char byte) {
        return byte == '/' || static_cast<unsigned char>(byte) < ' ' || byte == '\x7f';
    };
    return name != "." && name != ".." && std::none_of(name.begin(), name.end(), is_unsafe);
}

} // namespace

result<file_info> parse_facts_line(std::string_view line)
{
    file_info info;
    while (!line.starts_with(' ')) {
        // A value has no space, but some servers put a link's target there as it is: only `; ` ends the facts.
        const auto equals = line.find('=');
        const auto end = line.find(';');
        if (!begins_with_fact(line) || end == npos)
            return protocol_errc::listing_malformed;
        take_fact(info, line.substr(0, equals), line.substr(equals + 1, end - equals - 1));
        line.remove_prefix(end + 1);
    }
    info.name = line.substr(1);
    if (info.name.empty())
        return protocol_errc::listing_malformed;
    return info;
}

result<file_info> parse_unix_line(std::string_view line, file_time now)
{
    const auto mode_word = take_word(line);
    const auto type = mode_word.empty() ? std::nullopt : type_of(mode_word.front());
    if (!type)
        return protocol_errc::listing_malformed;
    file_info info;
    info.type = *type;
    info.mode = parse_mode(mode_word.substr(1));
    if (!info.mode)
        return protocol_errc::listing_malformed;

    // The date is the fixed point: how many columns stand before it depends on the server. Two at least do, and so an
    // owner called May is none.
    std::array<std::string_view, 5> columns{};
    std::size_t count = 0;
    while (true) {
        const auto word = take_word(line);
        if (count >= 2)
            info.modified = take_date(word, line, now);
        if (info.modified)
            break;
        if (word.empty() || count == columns.size())
            return protocol_errc::listing_malformed;
        columns[count++] = word;
    }
    if (!take_columns(info, std::span{columns}.first(count)) || line.size() < 2)
        return protocol_errc::listing_malformed;

    info.name = line.substr(1);
    if (info.type == file_type::symbolic_link)
        split_link(info);
    return info;
}

parsed_listing parse_listing(std::string_view text, file_time now)
{
    parsed_listing listing;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty() || is_total(line))
            continue;
        auto entry = begins_with_fact(line) ? parse_facts_line(line) : parse_unix_line(line, now);
        if (entry && is_safe_component(entry->name))
            listing.entries.push_back(std::move(*entry));
        else
            listing.refused.emplace_back(line);
    }
    return listing;
}

} // namespace libftp
