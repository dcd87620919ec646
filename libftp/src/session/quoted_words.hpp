// Names in quotes: words of an argument that are parted by spaces and may hold some, and paths in replies.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Takes the word at the front out of `text`, with the spaces behind it. In quotes, a quote stands doubled. Nothing for
/// an empty word, a quote that is not closed, or one that is followed by anything but a space.
inline std::optional<std::string> take_quoted_word(std::string_view& text)
{
    std::string word;
    if (text.starts_with('"')) {
        std::size_t at = 1;
        for (; at < text.size(); ++at) {
            if (text[at] == '"' && !text.substr(at + 1).starts_with('"'))
                break;
            if (text[at] == '"')
                ++at;
            word += text[at];
        }
        if (at >= text.size())
            return std::nullopt;
        text.remove_prefix(at + 1);
        if (!text.empty() && text.front() != ' ')
            return std::nullopt;
    } else {
        word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
    }
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (word.empty())
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
