// Works on bytes, so that names in any encoding pass through.
#include "words.hpp"

#include <libftp/protocol/url.hpp>

#include <utility>

namespace {

/// Takes one word off the front of `line`, which does not begin with a blank.
std::optional<std::string> take_word(std::string_view& line)
{
    std::string word;
    quotation quotes;
    bool begins = true;
    while (!line.empty() && (quotes.is_open() || !is_blank(line.front()))) {
        const char byte = line.front();
        line.remove_prefix(1);
        if (quotes.changes_by(byte, std::exchange(begins, false)))
            continue;
        if (!quotes.escapes_by(byte)) {
            word.push_back(byte);
        } else if (!line.empty()) {
            word.push_back(line.front());
            line.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    if (quotes.is_open())
        return std::nullopt;
    return word;
}

} // namespace

std::optional<std::vector<std::string>> split_words(std::string_view line)
{
    std::vector<std::string> words;
    while (true) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos)
            return words;
        line.remove_prefix(begin);
        auto word = take_word(line);
        if (!word)
            return std::nullopt;
        words.push_back(std::move(*word));
    }
}

std::string unquote(std::string_view rest)
{
    const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
    if (is_quoted && rest.size() >= 2 && rest.back() == rest.front()) {
        auto words = split_words(rest);
        if (words && words->size() == 1)
            return std::move(words->front());
    }
    return std::string{rest};
}

std::optional<std::string> last_component(std::string_view path)
{
    const auto name = path.substr(path.rfind('/') + 1); // npos + 1 is 0
    if (name.empty() || name == "." || name == "..")
        return std::nullopt;
    return std::string{name};
}

std::string path_of_name(std::string_view name)
{
    return (name.starts_with('~') ? "./" : "") + std::string{name};
}

std::string without_url_password(std::string_view text)
{
    std::string shown{text};
    if (const auto password = libftp::find_url_password(text))
        shown.replace(static_cast<std::size_t>(password->data() - text.data()), password->size(), "***");
    return shown;
}
