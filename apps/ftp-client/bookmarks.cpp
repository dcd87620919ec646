// Keeps the lines of others, comments above all, when it changes one.
#include "bookmarks.hpp"

#include <algorithm>
#include <ranges>

namespace {

constexpr std::string_view separators = " \t\r";

/// The next line with its end.
std::string_view take_line(std::string_view& text)
{
    const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    return line;
}

std::string_view take_field(std::string_view& line)
{
    line.remove_prefix(std::min(line.find_first_not_of(separators), line.size()));
    const auto word = line.substr(0, line.find_first_of(separators));
    line.remove_prefix(word.size());
    return word;
}

std::optional<bookmark> read_line(std::string_view line)
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    const auto name = take_field(line);
    const auto url = take_field(line);
    if (!is_bookmark_name(name) || url.empty() || !take_field(line).empty())
        return std::nullopt;
    return bookmark{std::string{name}, std::string{url}};
}

} // namespace

bool is_bookmark_name(std::string_view name)
{
    const auto is_unfit = [](char byte) {
        return static_cast<unsigned char>(byte) <= ' ' || byte == '\x7f' || byte == '/' || byte == ':' || byte == '@' ||
               byte == '"' || byte == '\\';
    };
    return !name.empty() && name.front() != '#' && name.front() != '-' && std::ranges::none_of(name, is_unfit);
}

std::vector<bookmark> parse_bookmarks(std::string_view text)
{
    std::vector<bookmark> bookmarks;
    while (!text.empty()) {
        if (auto found = read_line(take_line(text)))
            bookmarks.push_back(std::move(*found));
    }
    return bookmarks;
}

std::optional<std::string> find_bookmark(std::string_view text, std::string_view name)
{
    auto bookmarks = parse_bookmarks(text);
    const auto found = std::ranges::find(bookmarks.rbegin(), bookmarks.rend(), name, &bookmark::name);
    return found == bookmarks.rend() ? std::nullopt : std::optional{std::move(found->url)};
}

std::string without_bookmark(std::string_view text, std::string_view name)
{
    std::string others;
    while (!text.empty()) {
        const auto line = take_line(text);
        const auto found = read_line(line);
        if (!found || found->name != name)
            others += line;
    }
    return others;
}

std::string with_bookmark(std::string_view text, const bookmark& added)
{
    auto changed = without_bookmark(text, added.name);
    if (!changed.empty() && !changed.ends_with('\n'))
        changed += '\n';
    return changed + added.name + ' ' + added.url + '\n';
}
