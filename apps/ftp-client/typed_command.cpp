// Reads a line by the usage text of its row, so that what help shows is what is taken.
#include "typed_command.hpp"

#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace {

struct known_option {
    std::string_view name{};
    bool has_value = false;
};

/// A usage text, taken apart.
struct signature {
    std::vector<known_option> options{};
    std::size_t least = 0;
    std::size_t most = 0;
    bool has_options_behind = false; ///< Behind the arguments, as well as before them.
};

/// Takes the first piece off a usage text: a word, or what is in brackets, with them.
std::string_view take_piece(std::string_view& text)
{
    std::size_t end = 0;
    for (int depth = 0; end < text.size() && (depth > 0 || text[end] != ' '); ++end) {
        if (text[end] == '[')
            ++depth;
        else if (text[end] == ']')
            --depth;
    }
    const auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return piece;
}

/// `HOST [PORT]`, in brackets or not, is as many arguments as it has words.
void count_words(signature& read, std::string_view piece)
{
    const auto words = static_cast<std::size_t>(std::ranges::count(piece, ' ')) + 1;
    if (piece.ends_with("..."))
        read.most = std::numeric_limits<std::size_t>::max();
    else if (read.most != std::numeric_limits<std::size_t>::max())
        read.most += words;
    if (!piece.starts_with('['))
        read.least += words;
}

signature read_signature(std::string_view text)
{
    signature read;
    while (!text.empty()) {
        const auto piece = take_piece(text);
        read.has_options_behind = piece.starts_with("[-") && read.most > 0;
        if (piece.starts_with("[-")) {
            const auto inner = piece.substr(1, piece.find(']') - 1);
            read.options.push_back({inner.substr(0, inner.find(' ')), inner.find(' ') != std::string_view::npos});
        } else {
            count_words(read, piece);
        }
    }
    return read;
}

bool has_no_word(std::string_view text)
{
    return text.find_first_not_of(" \t") == std::string_view::npos;
}

/// `-la` is `-l -a`, where the row has both. Returns whether it was that.
bool take_bundle(typed_command& typed, const signature& known, std::string_view word)
{
    std::vector<std::pair<std::string_view, std::string>> taken;
    for (const char letter : word.substr(1)) {
        const auto option = std::ranges::find_if(known.options, [letter](const known_option& one) {
            return !one.has_value && one.name.size() == 2 && one.name[1] == letter;
        });
        if (option == known.options.end())
            return false;
        taken.emplace_back(option->name, std::string{});
    }
    typed.options.insert(typed.options.end(), taken.begin(), taken.end());
    return true;
}

/// Moves the options to where they belong. Returns whether all are known and complete.
bool take_options(typed_command& typed, const signature& known)
{
    auto& words = typed.arguments;
    auto word = words.begin();
    auto arguments = word; // those that options follow
    while (word != words.end()) {
        if (*word == "--") {
            ++word;
            break;
        }
        if (word->size() < 2 || word->front() != '-') {
            if (!known.has_options_behind)
                break;
            std::swap(*arguments++, *word++);
            continue;
        }
        const auto option = std::ranges::find(known.options, *word, &known_option::name);
        if (option == known.options.end()) {
            if (!take_bundle(typed, known, *word))
                return false;
            ++word;
            continue;
        }
        ++word;
        if (option->has_value && word == words.end())
            return false;
        typed.options.emplace_back(option->name, option->has_value ? *word++ : std::string{});
    }
    words.erase(arguments, word);
    return true;
}

} // namespace

bool typed_command::has(std::string_view option) const
{
    return value_of(option).has_value();
}

std::optional<std::string> typed_command::value_of(std::string_view option) const
{
    const auto found =
        std::find_if(options.rbegin(), options.rend(), [option](const auto& given) { return given.first == option; });
    return found == options.rend() ? std::nullopt : std::optional{found->second};
}

bool takes_rest_of_line(const vocabulary_row& row, std::string_view name)
{
    // `ls -la images` is what fingers type.
    return name == "!" || name == "dir" ||
           (read_signature(row.arguments).most == 1 && name.front() >= 'A' && name.front() <= 'Z');
}

void read_arguments(typed_command& typed, std::string_view rest)
{
    const auto known = read_signature(typed.row->arguments);
    if (has_no_word(rest))
        rest = {};
    if (takes_rest_of_line(*typed.row, typed.name)) {
        const bool is_as_typed = typed.name == "PASS" || typed.name == "!";
        if (!rest.empty())
            typed.arguments.push_back(is_as_typed ? std::string{rest} : unquote(rest));
    } else if (auto words = split_words(rest)) {
        typed.arguments = std::move(*words);
    } else {
        typed.fault = "The line ends within a quotation.";
        return;
    }
    const bool options_are_right = known.options.empty() || take_options(typed, known);
    if (!options_are_right || typed.arguments.size() < known.least || typed.arguments.size() > known.most)
        typed.fault = fmt::format("Usage: {}", usage(typed.name, *typed.row));
}

std::string usage(std::string_view names, const vocabulary_row& row)
{
    return fmt::format("{}{}{}", names, row.arguments.empty() ? "" : " ", row.arguments);
}

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    const auto to_upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return std::ranges::equal(left, right, {}, to_upper, to_upper);
}

std::string without_passwords(const typed_command& typed, std::string_view line)
{
    if (typed.name == "PASS" || typed.name == "ACCT")
        return fmt::format("{}{}", typed.name, typed.arguments.empty() ? "" : " ***");
    if (typed.name == "user" && !typed.fault.empty())
        return "user ***";
    if (typed.name == "user" && typed.arguments.size() == 2)
        return fmt::format("user {} ***", typed.arguments[0]);
    if (typed.name == "quote" || typed.name == "literal") {
        const auto verb = typed.argument(0).substr(0, 4);
        if (!typed.fault.empty() || equal_ignoring_case(verb, "PASS") || equal_ignoring_case(verb, "ACCT"))
            return fmt::format("{} ***", typed.name);
    }
    return without_url_password(line);
}
