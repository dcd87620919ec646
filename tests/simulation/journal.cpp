// Keeps findings and traces.
#include "journal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace libftp::simulation {

void journal::note(std::string_view who, std::string_view what)
{
    if (!is_traced())
        return;
    const auto since_epoch = std::chrono::duration_cast<std::chrono::microseconds>(events_.now().time_since_epoch());
    const auto passed = since_epoch - std::chrono::hours{24 * 365 * 30};
    lines_.push_back(fmt::format("{:>12.6f}  {:<12} {}", static_cast<double>(passed.count()) / 1e6, who, what));
}

void journal::fail(std::string_view who, std::string_view what)
{
    note(who, fmt::format("WRONG: {}", what));
    if (std::exchange(has_failed_, true))
        return;
    first_ = {std::string{who}, std::string{what}};
}

void journal::mark(std::uint64_t fact) noexcept
{
    fingerprint_ = (fingerprint_ ^ fact) * 0x100000001B3U;
    fingerprint_ ^= fingerprint_ >> 29U;
}

std::string readable(std::string_view bytes)
{
    constexpr std::size_t longest = 96;
    std::string text;
    for (const char c : bytes.substr(0, longest)) {
        if (c == '\r')
            text += "\\r";
        else if (c == '\n')
            text += "\\n";
        else if (c < ' ' || c > '~')
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            text += c;
    }
    if (bytes.size() > longest)
        text += fmt::format("... ({} bytes)", bytes.size());
    return text;
}

} // namespace libftp::simulation
