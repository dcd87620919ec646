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

constexpr std::array<named_permission, 11> permission_names{{
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
    permissions parsed;
    if (text == "none")
        return parsed;
    while (true) {
        const auto comma = text.find(',');
        const auto word = text.substr(0, comma);
        const auto known = std::find_if(permission_names.begin(), permission_names.end(),
                                        [word](const named_permission& n) { return n.name == word; });
        if (known != permission_names.end())
            parsed.bits_ |= bit(known->value);
        else if (word == "full")
            parsed.bits_ |= full().bits_;
        else if (word == "read-only")
            parsed.bits_ |= read_only().bits_;
        else
            return std::nullopt;
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
    const bool has_all = (bits_ & full().bits_) == full().bits_;
    std::string text{has_all ? "full" : ""};
    for (const auto& [name, value] : permission_names) {
        if (!allows(value) || (has_all && full().allows(value)))
            continue;
        if (!text.empty())
            text += ',';
        text += name;
    }
    return text.empty() ? "none" : text;
}

} // namespace libftp
