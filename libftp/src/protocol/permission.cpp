// The words for permissions in options and user tables.
#include <libftp/protocol/permission.hpp>

#include <algorithm>
#include <array>

namespace libftp {

namespace {

struct named_permission {
    std::string_view name{};
    permission value{};
};

constexpr std::array<named_permission, 11> names{{
    {"list", permission::list},
    {"read", permission::read},
    {"write", permission::write},
    {"append", permission::append},
    {"delete", permission::delete_file},
    {"remove", permission::remove_directory},
    {"rename", permission::rename},
    {"make", permission::make},
    {"times", permission::times},
    {"mode", permission::mode},
    {"admin", permission::administer},
}};

} // namespace

std::optional<permissions> permissions::parse(std::string_view text)
{
    if (text == "full")
        return full();
    if (text == "read-only")
        return read_only();
    permissions parsed;
    if (text == "none")
        return parsed;
    while (true) {
        const auto comma = text.find(',');
        const auto word = text.substr(0, comma);
        const auto known =
            std::find_if(names.begin(), names.end(), [word](const named_permission& n) { return n.name == word; });
        if (known == names.end())
            return std::nullopt;
        parsed.bits_ |= bit(known->value);
        if (comma == std::string_view::npos)
            return parsed;
        text.remove_prefix(comma + 1);
    }
}

std::string permissions::to_string() const
{
    if (*this == full())
        return "full";
    if (*this == read_only())
        return "read-only";
    std::string text;
    for (const auto& [name, value] : names) {
        if (!allows(value))
            continue;
        if (!text.empty())
            text += ',';
        text += name;
    }
    return text.empty() ? "none" : text;
}

} // namespace libftp
