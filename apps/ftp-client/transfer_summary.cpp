// Puts bytes, time and rate into words.
#include "transfer_summary.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <array>

namespace {

/// 1234567 as `1 234 567`.
std::string group_digits(std::uint64_t number)
{
    auto digits = std::to_string(number);
    for (auto i = digits.size(); i > 3; i -= 3)
        digits.insert(i - 3, 1, ' ');
    return digits;
}

std::string format_rate(double bytes_per_second)
{
    static constexpr std::array units{"B/s", "kB/s", "MB/s", "GB/s"};
    std::size_t unit = 0;
    for (; bytes_per_second >= 999.5 && unit + 1 < units.size(); ++unit)
        bytes_per_second /= 1000;
    return fmt::format("{:.{}f} {}", bytes_per_second, bytes_per_second < 9.95 ? 1 : 0, units[unit]);
}

} // namespace

std::string summarize_transfer(std::string_view name, std::uint64_t bytes, std::chrono::nanoseconds time)
{
    const auto seconds = std::chrono::duration<double>(time).count();
    auto line = fmt::format("{}: {} {} in {:.{}f} s", libftp::escape_controls(name), group_digits(bytes),
                            bytes == 1 ? "byte" : "bytes", seconds, seconds < 1 ? 3 : 2);
    if (seconds > 0)
        line += fmt::format(" ({})", format_rate(static_cast<double>(bytes) / seconds));
    return line;
}
