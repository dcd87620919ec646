// Numbers as people read and type them: bytes, rates, times, ports.
#pragma once

#include <libftp/port_range.hpp>

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

/// The number that the whole text is: digits only, and within the type.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) noexcept
{
    Number number{};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, base);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

/// 1234567 as `1 234 567`.
std::string group_digits(std::uint64_t number);

/// Two or three digits in the largest unit that fits, each of which is a thousand of the one before: `617 B`, `1.2 MB`.
std::string format_size(std::uint64_t bytes);
/// As format_size(), for a second: `617 kB/s`.
std::string format_rate(double bytes_per_second);
/// `0:07`, `12:07`, `3:12:07`.
std::string format_duration(std::chrono::seconds time);

/// `500`, `500k`, `1.5M`, `2G`, with or without a `B` behind, in any letter case. Nothing for anything else, and for
/// what is less than one.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// `50000-50100`.
std::optional<libftp::port_range> parse_port_range(std::string_view text);
