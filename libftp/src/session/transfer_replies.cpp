// Reads sizes and names out of the texts of 150 and 226.
#include "transfer_replies.hpp"

#include "../protocol/ascii.hpp"

#include <string_view>

namespace libftp {

std::optional<std::uint64_t> announced_size(const reply& answer)
{
    if (answer.lines.empty())
        return std::nullopt;
    std::string_view text = answer.lines.back();
    text = text.substr(0, text.find_last_not_of(" .") + 1);
    constexpr std::string_view unit = " bytes)";
    const auto open = text.rfind('(');
    if (open == std::string_view::npos || !text.ends_with(unit))
        return std::nullopt;
    text.remove_suffix(unit.size());
    return ascii::parse_number<std::uint64_t>(text.substr(open + 1));
}

std::optional<std::string> announced_name(const reply& answer)
{
    constexpr std::string_view label = "FILE:";
    constexpr std::string_view remark = "(unique file name:";
    for (const std::string_view line : answer.lines) {
        auto name = std::string_view{};
        if (ascii::equal_ignoring_case(line.substr(0, label.size()), label)) {
            name = line.substr(label.size());
        } else if (const auto begin = line.find(remark); begin != std::string_view::npos) {
            name = line.substr(begin + remark.size());
            name = name.substr(0, name.rfind(')'));
        }
        if (name.starts_with(' '))
            name.remove_prefix(1);
        if (!name.empty())
            return std::string{name};
    }
    return std::nullopt;
}

} // namespace libftp
