// Names in quotes: words of an argument that are parted by spaces and may hold some, and paths in replies.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Takes the quotes at the front of `text` with what they enclose, where a quote is doubled. Nothing if they are not
/// closed.
inline std::optional<std::string> take_quoted(std::string_view& text)
{
    std::string inner;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '"') {
            if (!text.substr(at + 1).starts_with('"')) {
                text.remove_prefix(at + 1);
                return inner;
            }
            ++at;
        }
        inner += text[at];
    }
    return std::nullopt;
}

/// Takes the word at the front of `text`, in quotes or not, and the spaces behind it. Nothing for an empty word, quotes
/// that are not closed, or quotes followed by anything but a space.
inline std::optional<std::string> take_quoted_word(std::string_view& text)
{
    std::optional<std::string> word;
    if (text.starts_with('"')) {
        word = take_quoted(text);
        if (!text.empty() && text.front() != ' ')
            return std::nullopt;
    } else {
        word = text.substr(0, text.find(' '));
        text.remove_prefix(word->size());
    }
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (word && word->empty())
        return std::nullopt;
    return word;
}

/// All words; nothing if one is malformed.
inline std::optional<std::vector<std::string>> split_quoted_words(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        auto word = take_quoted_word(text);
        if (!word)
            return std::nullopt;
        words.push_back(std::move(*word));
    }
    return words;
}

/// `"/a ""b"""`: quotes around, quotes inside doubled (RFC 959 appendix II).
inline std::string quoted_path(std::string_view path)
{
    std::string text{'"'};
    for (const char byte : path)
        text.append(byte == '"' ? 2 : 1, byte);
    return text += '"';
}

} // namespace libftp
