// What the protocol's texts need to know of ASCII, whatever the locale.
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace libftp::ascii {

constexpr bool is_digit(char byte) noexcept
{
    return byte >= '0' && byte <= '9';
}

constexpr bool is_control(char byte) noexcept
{
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

constexpr char to_upper(char byte) noexcept
{
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}

constexpr bool is_letter(char byte) noexcept
{
    return to_upper(byte) >= 'A' && to_upper(byte) <= 'Z';
}

constexpr char to_lower(char byte) noexcept
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

inline std::string in_upper_case(std::string_view text)
{
    std::string upper{text};
    std::ranges::transform(upper, upper.begin(), [](char byte) { return to_upper(byte); });
    return upper;
}

inline std::string in_lower_case(std::string_view text)
{
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), [](char byte) { return to_lower(byte); });
    return lower;
}

constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return to_upper(a) == to_upper(b); });
}

/// The order of texts in capital letters, whatever letters these two have.
constexpr bool comes_before_ignoring_case(std::string_view left, std::string_view right) noexcept
{
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [](char a, char b) { return to_upper(a) < to_upper(b); });
}

constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept
{
    return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

constexpr bool ends_with_ignoring_case(std::string_view text, std::string_view suffix) noexcept
{
    return text.size() >= suffix.size() && equal_ignoring_case(text.substr(text.size() - suffix.size()), suffix);
}

/// The number that the whole text is: digits only, and within the type.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) noexcept
{
    Number number{};
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number, base);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        return std::nullopt;
    return number;
}

/// Two lower-case digits a byte.
inline std::string to_hexadecimal(std::span<const unsigned char> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned byte : bytes)
        text.append({digits[byte >> 4U], digits[byte & 0xfU]});
    return text;
}

/// The text without these at its ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Takes the part of the text in front of the separator, and the separator with it; all of the text if there is none.
constexpr std::string_view take_until(std::string_view& text, char separator) noexcept
{
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

} // namespace libftp::ascii
