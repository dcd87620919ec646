// Reads the beginning of a line as read_arguments() will read the whole.
#include "completion.hpp"

#include "words.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace {

struct partial_word {
    std::string text{};
    quotation quotes{};
    char first = '\0'; ///< As typed.
};

/// The words, the last of which may be unfinished, or empty behind a blank.
std::vector<partial_word> split_partially(std::string_view line)
{
    std::vector<partial_word> words(1);
    bool is_begun = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        auto& word = words.back();
        if (!word.quotes.is_open() && is_blank(line[i])) {
            if (is_begun)
                words.emplace_back();
            is_begun = false;
            continue;
        }
        if (!is_begun)
            word.first = line[i];
        if (word.quotes.changes_by(line[i], !std::exchange(is_begun, true)))
            continue;
        if (word.quotes.escapes_by(line[i]) && ++i == line.size())
            break;
        word.text.push_back(line[i]);
    }
    return words;
}

completed_kind kind_of(std::string_view usage_word)
{
    const auto begins = usage_word.find_first_not_of('[');
    const auto ends = usage_word.find_last_not_of("].");
    if (begins == std::string_view::npos || ends == std::string_view::npos)
        return completed_kind::nothing;
    const auto word = usage_word.substr(begins, ends + 1 - begins);
    if (word == "LOCAL" || word.starts_with("LOCAL-"))
        return completed_kind::local_name;
    if (word == "COMMAND")
        return completed_kind::command;
    if (word == "HOST")
        return completed_kind::host;
    const bool is_remote =
        word == "FILE" || word == "DIRECTORY" || word == "PATH" || word == "REMOTE" || word == "FROM" || word == "TO";
    return is_remote ? completed_kind::remote_name : completed_kind::nothing;
}

/// What the usage text says of the argument behind `before` others.
completed_kind kind_of_argument(std::string_view usage, std::size_t before)
{
    std::string_view repeated;
    while (!usage.empty()) {
        const bool is_option = usage.starts_with("[-");
        const auto word = usage.substr(0, is_option ? usage.find(']') + 1 : usage.find(' '));
        usage.remove_prefix(std::min(word.size() + 1, usage.size()));
        if (is_option)
            continue;
        if (before == 0)
            return kind_of(word);
        --before;
        if (word.find("...") != std::string_view::npos)
            repeated = word;
    }
    return kind_of(repeated);
}

/// How many of the words are arguments; options are not, nor are their values.
std::size_t count_arguments(std::span<const partial_word> words, std::string_view usage)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (count != 0 || words[i].first != '-')
            ++count;
        else if (usage.find("[" + words[i].text + " ") != std::string_view::npos)
            ++i;
    }
    return count;
}

bool takes_options(std::span<const partial_word> before, std::string_view usage)
{
    return usage.find("[-") != std::string_view::npos &&
           std::ranges::find(before, "--", &partial_word::text) == before.end();
}

std::string quoted(std::string_view text, const completion_place& place)
{
    if (place.is_rest_of_line)
        return std::string{text};
    const std::string_view special = place.quote == '\'' ? "" : place.quote == '"' ? "\"\\" : "\"\\ \t";
    // Else it would be an option, or a home directory.
    const bool means_something_else = text.starts_with('-') || text.starts_with('~');
    std::string typed{place.word.empty() && means_something_else ? "./" : ""};
    for (const char byte : text) {
        // At the beginning of a word these would be something else.
        const bool is_operator =
            typed.empty() && place.word.empty() && std::string_view{"|>&#!'"}.find(byte) != std::string_view::npos;
        if (special.find(byte) != std::string_view::npos || (is_operator && place.quote == '\0'))
            typed.push_back('\\');
        typed.push_back(byte);
    }
    return typed;
}

bool continues_letter(char byte) noexcept
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// In whole letters of UTF-8.
std::string_view common_beginning(std::span<const candidate> candidates)
{
    std::string_view common = candidates.front().text;
    for (const auto& each : candidates) {
        const auto [end, ignored] = std::ranges::mismatch(common, each.text);
        auto size = static_cast<std::size_t>(end - common.begin());
        while (size > 0 && size < common.size() && continues_letter(common[size]))
            --size;
        common = common.substr(0, size);
    }
    return common;
}

} // namespace

completion_place place_to_complete(std::string_view line, command_finder find_command)
{
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const auto name = line.substr(0, line.find_first_of(blanks));
    if (name.size() == line.size())
        return {.kind = completed_kind::command, .word = std::string{name}};
    const auto* row = find_command(name);
    if (row == nullptr || name.starts_with('!'))
        return {};
    if (takes_rest_of_line(*row, name))
        return {.kind = kind_of_argument(row->arguments, 0),
                .word = std::string{line.substr(name.size() + 1)},
                .is_rest_of_line = true};

    const auto words = split_partially(line.substr(name.size()));
    auto& last = words.back();
    const auto is_operator = [](const partial_word& word) { return word.first == '|' || word.first == '>'; };
    const auto before = std::span{words}.first(words.size() - 1);
    if (std::ranges::any_of(words, is_operator)) {
        const bool names_a_file = !before.empty() && before.back().first == '>';
        return {.kind = names_a_file ? completed_kind::local_name : completed_kind::nothing,
                .word = last.text,
                .quote = last.quotes.quote()};
    }
    const auto arguments = count_arguments(before, row->arguments);
    if (arguments == 0 && last.text.starts_with('-') && takes_options(before, row->arguments))
        return {}; // a name that begins like that would be read as an option
    return {.kind = kind_of_argument(row->arguments, arguments), .word = last.text, .quote = last.quotes.quote()};
}

std::string text_to_insert(const completion_place& place, std::span<const candidate> candidates)
{
    if (candidates.empty())
        return {};
    const auto common = common_beginning(candidates);
    if (place.quote == '\'' && common.find('\'') != std::string_view::npos)
        return {}; // it would end the quotation
    auto typed = quoted(common.substr(std::min(place.word.size(), common.size())), place);
    if (candidates.size() > 1)
        return typed;
    if (candidates.front().is_directory)
        return typed + "/";
    if (place.quote != '\0')
        typed.push_back(place.quote);
    return place.is_rest_of_line ? typed : typed + " ";
}

std::string_view directory_part(std::string_view path) noexcept
{
    return path.substr(0, path.rfind('/') + 1); // npos + 1 is 0
}
