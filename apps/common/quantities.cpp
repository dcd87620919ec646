// Rounds to what fits a column.
#include "quantities.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace {

constexpr std::array<std::string_view, 6> units{"B", "kB", "MB", "GB", "TB", "PB"};

std::string format_in_units(double amount, std::size_t most)
{
    std::size_t unit = 0;
    for (; amount >= 999.5 && unit < most; ++unit)
        amount /= 1000;
    return fmt::format("{:.{}f} {}", amount, amount < 9.95 ? 1 : 0, units[unit]);
}

/// What a letter behind a number multiplies it by; 0: it is none.
double factor_of(std::string_view letter)
{
    static constexpr std::string_view letters = "kmgt";
    if (letter.empty())
        return 1;
    const auto found = letters.find(static_cast<char>(letter.front() | 0x20));
    if (letter.size() != 1 || found == std::string_view::npos)
        return 0;
    return std::pow(1000.0, static_cast<double>(found + 1));
}

} // namespace

std::string group_digits(std::uint64_t number)
{
    auto digits = std::to_string(number);
    for (auto i = digits.size(); i > 3; i -= 3)
        digits.insert(i - 3, 1, ' ');
    return digits;
}

std::string format_size(std::uint64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    return format_in_units(static_cast<double>(bytes), units.size() - 1);
}

std::string format_rate(double bytes_per_second)
{
    return format_in_units(bytes_per_second, 3) + "/s";
}

std::string format_duration(std::chrono::seconds time)
{
    const auto seconds = time.count();
    if (seconds < 3600)
        return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    double number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (read.ec != std::errc{})
        return std::nullopt;
    auto unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
    if (unit.ends_with('B') || unit.ends_with('b'))
        unit.remove_suffix(1);
    const auto bytes = number * factor_of(unit);
    if (!(bytes >= 1 && bytes <= 1e18))
        return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

std::optional<libftp::port_range> parse_port_range(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    const auto first = parse_number<std::uint16_t>(text.substr(0, dash));
    const auto last = parse_number<std::uint16_t>(text.substr(dash + 1));
    if (!first || !last || *first == 0 || *first > *last)
        return std::nullopt;
    return libftp::port_range{*first, *last};
}
