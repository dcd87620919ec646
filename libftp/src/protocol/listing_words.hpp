// How the lines of listings are taken apart: words, the blanks between them, and what a word is made of.
#pragma once

#include "ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace libftp::listing {

constexpr auto npos = std::string_view::npos;

constexpr bool is_blank(char byte) noexcept
{
    return byte == ' ' || byte == '\t';
}

constexpr bool is_upper(char byte) noexcept
{
    return byte >= 'A' && byte <= 'Z';
}

constexpr bool is_high(char byte) noexcept
{
    return static_cast<unsigned char>(byte) >= 0x80;
}

/// Whether a word is there and made of these bytes only.
template <class Test>
constexpr bool is_all(std::string_view word, Test test) noexcept
{
    return !word.empty() && std::all_of(word.begin(), word.end(), test);
}

constexpr bool is_number(std::string_view word) noexcept
{
    return is_all(word, ascii::is_digit);
}

/// Where the first blank from this index on is, or npos. Unlike the standard's search for several bytes, this calls no
/// function for each byte: lines are mostly taken apart by it.
constexpr std::size_t find_blank(std::string_view text, std::size_t from = 0) noexcept
{
    for (; from < text.size(); ++from) {
        if (is_blank(text[from]))
            return from;
    }
    return npos;
}

/// Where the first byte that is no blank is, or npos; see find_blank().
constexpr std::size_t find_nonblank(std::string_view text, std::size_t from = 0) noexcept
{
    for (; from < text.size(); ++from) {
        if (!is_blank(text[from]))
            return from;
    }
    return npos;
}

/// Takes the blanks off the front, and tells how many they were.
constexpr std::size_t take_blanks(std::string_view& text) noexcept
{
    const auto count = std::min(find_nonblank(text), text.size());
    text.remove_prefix(count);
    return count;
}

/// The word that the text begins with, behind any blanks; empty at the end of the text.
constexpr std::string_view take_word(std::string_view& text) noexcept
{
    take_blanks(text);
    const auto word = text.substr(0, find_blank(text));
    text.remove_prefix(word.size());
    return word;
}

/// A number of so many digits at most.
constexpr std::optional<unsigned> short_number(std::string_view word, std::size_t max_digits) noexcept
{
    if (!is_number(word) || word.size() > max_digits)
        return std::nullopt;
    return ascii::parse_number<unsigned>(word);
}

/// The words of a line that has few: those of a form in which a name holds no blanks.
struct word_list {
    static constexpr std::size_t max_words = 12;

    explicit constexpr word_list(std::string_view line) noexcept
    {
        for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
            if (count == max_words) {
                count = 0; // too many for any such form
                return;
            }
            at[count++] = word;
        }
    }
    constexpr std::string_view operator[](std::size_t i) const noexcept { return i < count ? at[i] : ""; }
    constexpr std::string_view last() const noexcept { return count == 0 ? "" : at[count - 1]; }

    std::array<std::string_view, max_words> at{};
    std::size_t count = 0;
};

} // namespace libftp::listing
