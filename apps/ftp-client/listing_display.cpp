// Lays entries out by what is known of them: servers leave out much.
#include "listing_display.hpp"

#include "../common/quantities.hpp"
#include "text_width.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <numeric>

using namespace libftp;

namespace {

constexpr std::size_t gap = 2;
constexpr auto half_a_year = std::chrono::hours{24 * 365 / 2};

std::string_view mark_of(const file_info& file)
{
    if (file.is_directory())
        return "/";
    return file.type == file_type::symbolic_link ? "@" : "";
}

std::string painted(std::string_view text, std::string_view colour)
{
    return colour.empty() ? std::string{text} : fmt::format("\x1b[{}m{}\x1b[0m", colour, text);
}

char type_letter(const file_info& file)
{
    if (file.is_directory())
        return 'd';
    if (file.type == file_type::symbolic_link)
        return 'l';
    return file.type == file_type::file ? '-' : '?';
}

std::string mode_text(const file_info& file)
{
    std::string text(1, type_letter(file));
    if (!file.mode)
        return text + "?????????";
    static constexpr std::string_view letters = "rwxrwxrwx";
    for (std::size_t i = 0; i < letters.size(); ++i)
        text.push_back((*file.mode >> (8 - i) & 1U) != 0 ? letters[i] : '-');

    // The special bits share a letter with the x of their class; a capital says that there is no x.
    static constexpr std::string_view with_x = "sst";
    static constexpr std::string_view without_x = "SST";
    for (std::size_t i = 0; i < with_x.size(); ++i) {
        auto& letter = text[3 + 3 * i];
        if ((*file.mode >> (11 - i) & 1U) != 0)
            letter = letter == 'x' ? with_x[i] : without_x[i];
    }
    return text;
}

std::string size_text(const listed_entry& entry)
{
    if (!entry.size || entry.is_directory())
        return "-";
    return (entry.size_is_rounded ? "~" : "") + format_size(*entry.size);
}

/// In the time zone of this side, but for a day, which has none.
std::string time_text(const listed_entry& entry, file_time now)
{
    if (!entry.modified)
        return "-";
    const auto seconds = std::chrono::floor<std::chrono::seconds>(entry.modified->time_since_epoch()).count();
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    if (entry.precision == time_precision::day ? gmtime_r(&time, &parts) == nullptr
                                               : localtime_r(&time, &parts) == nullptr)
        return "-";
    const bool is_recent = *entry.modified > now - half_a_year && *entry.modified < now + std::chrono::hours{24};
    const bool shows_time = is_recent && entry.precision != time_precision::day;
    return shows_time ? fmt::format("{:%b %d %H:%M}", parts) : fmt::format("{:%b %d  %Y}", parts);
}

/// What stands before the name in the long form.
struct long_line {
    std::string mode{};
    std::string owner{};
    std::string group{};
    std::string size{};
    std::string time{};
};

std::size_t widest(const std::vector<long_line>& lines, std::string long_line::*column)
{
    std::size_t width = 0;
    for (const auto& line : lines)
        width = std::max(width, columns_of(line.*column));
    return width;
}

std::string padded(const std::string& text, std::size_t width)
{
    return text + std::string(width - columns_of(text), ' ');
}

std::string padded_left(const std::string& text, std::size_t width)
{
    return std::string(width - columns_of(text), ' ') + text;
}

std::string long_name(const listed_entry& entry, const listing_colours& colours)
{
    const auto name = painted(escape_controls(entry.name), colours.of(entry));
    if (entry.link_target.empty())
        return fmt::format("{}{}", name, mark_of(entry));
    return fmt::format("{} -> {}", name, escape_controls(entry.link_target));
}

/// Of columns with as many rows each.
std::vector<std::size_t> widest_of_each(std::span<const std::size_t> widths, std::size_t rows)
{
    std::vector<std::size_t> columns;
    for (; !widths.empty(); widths = widths.subspan(std::min(rows, widths.size())))
        columns.push_back(std::ranges::max(widths.first(std::min(rows, widths.size()))));
    return columns;
}

std::vector<std::string> long_form(std::span<const listed_entry> entries, file_time now, const listing_colours& colours)
{
    std::vector<long_line> lines;
    for (const auto& entry : entries)
        lines.push_back({mode_text(entry), escape_controls(entry.owner), escape_controls(entry.group), size_text(entry),
                         time_text(entry, now)});
    const auto owner = widest(lines, &long_line::owner);
    const auto group = widest(lines, &long_line::group);
    const auto size = widest(lines, &long_line::size);
    const auto time = widest(lines, &long_line::time);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto text = lines[i].mode;
        if (owner != 0)
            text += "  " + padded(lines[i].owner, owner);
        if (group != 0)
            text += "  " + padded(lines[i].group, group);
        text += fmt::format("  {}  {}  {}", padded_left(lines[i].size, size), padded(lines[i].time, time),
                            long_name(entries[i], colours));
        out.push_back(std::move(text));
    }
    return out;
}

} // namespace

std::vector<std::string> in_columns(std::span<const std::string> texts, std::span<const std::string> painted_texts,
                                    std::size_t width)
{
    const auto count = texts.size();
    std::vector<std::size_t> widths(count);
    std::ranges::transform(texts, widths.begin(), columns_of);
    std::vector<std::size_t> columns;
    std::size_t rows = count;
    for (auto wanted = std::min(count, width / (gap + 1)); wanted > 1; --wanted) {
        rows = (count + wanted - 1) / wanted;
        columns = widest_of_each(widths, rows);
        if (std::accumulate(columns.begin(), columns.end(), (columns.size() - 1) * gap) <= width)
            break;
        rows = count;
    }
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < rows; ++row) {
        std::string line;
        for (std::size_t i = row, column = 0; i < count; i += rows, ++column) {
            line += painted_texts[i];
            if (i + rows < count)
                line.append(columns[column] - widths[i] + gap, ' ');
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> lay_out(std::span<const listed_entry> entries, const listing_layout& layout,
                                 const listing_colours& colours)
{
    if (layout.look == listing_look::long_form)
        return long_form(entries, layout.now, colours);
    std::vector<std::string> names;
    std::vector<std::string> painted_names;
    if (layout.look == listing_look::one_a_line) {
        for (const auto& entry : entries)
            painted_names.push_back(painted(escape_controls(entry.name), colours.of(entry)));
        return painted_names;
    }
    for (const auto& entry : entries) {
        const auto name = escape_controls(entry.name);
        names.push_back(fmt::format("{}{}", name, mark_of(entry)));
        painted_names.push_back(fmt::format("{}{}", painted(name, colours.of(entry)), mark_of(entry)));
    }
    return in_columns(names, painted_names, layout.width);
}
