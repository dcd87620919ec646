// Makes and knows names of the form `.libftp-` and 16 hexadecimal digits.
#include "disk_hidden_name.hpp"

#include <fmt/format.h>

namespace libftp::disk {
namespace {

constexpr std::string_view hidden_prefix = ".libftp-";
constexpr std::size_t hidden_digits = 16;

} // namespace

bool is_hidden_name(std::string_view name) noexcept
{
    return name.size() == hidden_prefix.size() + hidden_digits && name.starts_with(hidden_prefix) &&
           name.find_first_not_of("0123456789abcdef", hidden_prefix.size()) == std::string_view::npos;
}

std::string hidden_name(std::uint64_t number)
{
    return fmt::format("{}{:0{}x}", hidden_prefix, number, hidden_digits);
}

} // namespace libftp::disk
