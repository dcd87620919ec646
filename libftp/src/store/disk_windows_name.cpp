// Knows the names that Windows reserves or reads in its own way ("Naming Files, Paths, and Namespaces").
#include "disk_windows_name.hpp"

#include "../protocol/ascii.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace libftp::disk {
namespace {

/// A device has this name whatever stands behind the first dot.
bool is_device(std::string_view name)
{
    constexpr std::array<std::string_view, 6> devices{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    // Superscript digits in UTF-8 count as digits.
    constexpr std::array<std::string_view, 13> numbers{"0", "1", "2", "3",        "4",        "5",       "6",
                                                       "7", "8", "9", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3"};
    name = name.substr(0, name.find('.'));
    name = name.substr(0, name.find_last_not_of(' ') + 1);
    const auto upper = ascii::in_upper_case(name);
    if (std::ranges::find(devices, upper) != devices.end())
        return true;
    const bool is_port = upper.starts_with("COM") || upper.starts_with("LPT");
    return is_port && std::ranges::find(numbers, std::string_view{upper}.substr(3)) != numbers.end();
}

/// Separators, streams (`:`), and the wildcards, some of which only the kernel knows.
bool is_special(char byte) noexcept
{
    return static_cast<unsigned char>(byte) < 0x20 ||
           std::string_view{"<>:\"/\\|?*"}.find(byte) != std::string_view::npos;
}

} // namespace

bool is_plain_windows_name(std::string_view name) noexcept
{
    // Programs drop dots and spaces at the end, and then mean another file.
    return !name.empty() && name.back() != '.' && name.back() != ' ' && std::ranges::none_of(name, is_special) &&
           !is_device(name);
}

} // namespace libftp::disk
