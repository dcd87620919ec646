// Bytes taken for UTF-8 character by character, whatever they are (RFC 3629 4).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace libftp::utf8 {

/// How many bytes the well-formed character at the front takes; 0 if there is none. `text` is not empty.
constexpr std::size_t length_of_first(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    const bool out_of_range = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || surrogate || out_of_range ? 0 : length;
}

/// Takes one well-formed character or one stray byte from the front of `text`, which is not empty.
constexpr std::string_view take_character(std::string_view& text) noexcept
{
    const auto character = text.substr(0, std::max<std::size_t>(length_of_first(text), 1));
    text.remove_prefix(character.size());
    return character;
}

/// Whether it is a byte that no well-formed text has in this place.
constexpr bool is_stray(std::string_view character) noexcept
{
    return character.size() == 1 && static_cast<unsigned char>(character.front()) >= 0x80;
}

/// Whether a terminal could act on this: C0, DEL, C1, or a stray byte that is C1 in other character sets.
constexpr bool is_control(std::string_view character) noexcept
{
    const auto lead = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return lead < 0x20 || lead == 0x7f || (lead >= 0x80 && lead < 0xa0);
    return lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

/// Whether what follows is shown in another order or on another line (U+2028 to U+202E, U+2066 to U+2069), by which a
/// name can pass for another one.
constexpr bool is_reordering(std::string_view character) noexcept
{
    const auto is_of = [character](std::string_view block, unsigned char first, unsigned char last) {
        const auto end = static_cast<unsigned char>(character.back());
        return character.size() == 3 && character.starts_with(block) && end >= first && end <= last;
    };
    return is_of("\xe2\x80", 0xa8, 0xae) || is_of("\xe2\x81", 0xa6, 0xa9);
}

} // namespace libftp::utf8
