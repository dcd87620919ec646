// Widths by ranges of code points, so that they do not depend on the locale.
#include "text_width.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace {

struct code_range {
    char32_t first;
    char32_t last;
};

constexpr std::array combining{code_range{0x0300, 0x036F}, code_range{0x0483, 0x0489}, code_range{0x0591, 0x05BD},
                               code_range{0x064B, 0x065F}, code_range{0x1AB0, 0x1AFF}, code_range{0x1DC0, 0x1DFF},
                               code_range{0x200B, 0x200F}, code_range{0x20D0, 0x20FF}, code_range{0x3099, 0x309A},
                               code_range{0xFE00, 0xFE0F}, code_range{0xFE20, 0xFE2F}};
constexpr std::array wide{code_range{0x1100, 0x115F},   code_range{0x2E80, 0x303E},   code_range{0x3041, 0x33FF},
                          code_range{0x3400, 0x4DBF},   code_range{0x4E00, 0x9FFF},   code_range{0xA000, 0xA4CF},
                          code_range{0xAC00, 0xD7A3},   code_range{0xF900, 0xFAFF},   code_range{0xFE30, 0xFE6F},
                          code_range{0xFF00, 0xFF60},   code_range{0xFFE0, 0xFFE6},   code_range{0x1F300, 0x1F64F},
                          code_range{0x1F680, 0x1F6FF}, code_range{0x1F900, 0x1F9FF}, code_range{0x20000, 0x3FFFD}};

template <std::size_t Count>
bool is_in(const std::array<code_range, Count>& ranges, char32_t code) noexcept
{
    return std::ranges::any_of(ranges,
                               [code](const code_range& range) { return code >= range.first && code <= range.last; });
}

/// One letter of a text.
struct glyph {
    std::size_t bytes = 1;
    std::size_t columns = 1;
};

glyph first_glyph(std::string_view text) noexcept
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
    if (length == 1 || text.size() < length)
        return {};
    char32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80U)
            return {};
        code = (code << 6U) | (next & 0x3FU);
    }
    if (is_in(combining, code))
        return {length, 0};
    return {length, is_in(wide, code) ? 2U : 1U};
}

std::vector<glyph> glyphs_of(std::string_view text)
{
    std::vector<glyph> glyphs;
    while (!text.empty()) {
        glyphs.push_back(first_glyph(text));
        text.remove_prefix(glyphs.back().bytes);
    }
    return glyphs;
}

/// How many bytes of the glyphs, from the first on, fit.
template <class Iterator>
std::size_t bytes_that_fit(Iterator first, Iterator last, std::size_t columns)
{
    std::size_t bytes = 0;
    for (; first != last && first->columns <= columns; ++first) {
        columns -= first->columns;
        bytes += first->bytes;
    }
    return bytes;
}

} // namespace

std::size_t columns_of(std::string_view text) noexcept
{
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto next = first_glyph(text);
        columns += next.columns;
        text.remove_prefix(next.bytes);
    }
    return columns;
}

std::string shorten(std::string_view text, std::size_t columns)
{
    static constexpr std::string_view dots = "...";
    if (columns_of(text) <= columns)
        return std::string{text};
    const auto glyphs = glyphs_of(text);
    if (columns <= dots.size() + 1)
        return std::string{text.substr(0, bytes_that_fit(glyphs.begin(), glyphs.end(), columns))};
    const auto kept = columns - dots.size();
    const auto tail = bytes_that_fit(glyphs.rbegin(), glyphs.rend(), kept / 2);
    const auto head = bytes_that_fit(glyphs.begin(), glyphs.end(), kept - kept / 2);
    return std::string{text.substr(0, head)}.append(dots).append(text.substr(text.size() - tail));
}

std::string fit(std::string_view text, std::size_t columns)
{
    auto shown = shorten(text, columns);
    shown.append(columns - std::min(columns, columns_of(shown)), ' ');
    return shown;
}
