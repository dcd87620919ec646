// Matches names by going back to the last star only, which is enough: an earlier star can take nothing that it could
// not.
#include <libftp/protocol/glob.hpp>

#include <optional>

namespace libftp {

namespace {

/// Takes the byte in front, without the backslash that may stand before it. Precondition: there is one.
unsigned char take_byte(std::string_view& pattern) noexcept
{
    if (pattern.size() > 1 && pattern.front() == '\\')
        pattern.remove_prefix(1);
    const auto byte = static_cast<unsigned char>(pattern.front());
    pattern.remove_prefix(1);
    return byte;
}

/// Takes a set, whose `[` has been taken, with its `]`: whether it has the byte. Nothing is taken if there is no `]`.
std::optional<bool> take_set(std::string_view& pattern, unsigned char byte) noexcept
{
    auto rest = pattern;
    const bool is_inverted = rest.starts_with('!') || rest.starts_with('^');
    if (is_inverted)
        rest.remove_prefix(1);
    bool has_byte = false;
    for (bool is_first = true; !rest.empty(); is_first = false) {
        if (rest.front() == ']' && !is_first) {
            pattern = rest.substr(1);
            return has_byte != is_inverted;
        }
        const auto low = take_byte(rest);
        auto high = low;
        if (rest.size() > 1 && rest[0] == '-' && rest[1] != ']') {
            rest.remove_prefix(1);
            high = take_byte(rest);
        }
        has_byte = has_byte || (low <= byte && byte <= high);
    }
    return std::nullopt;
}

} // namespace

bool is_glob(std::string_view text) noexcept
{
    return text.find_first_of("*?[") != std::string_view::npos;
}

bool glob_matches(std::string_view pattern, std::string_view name) noexcept
{
    // Behind a `[` without its `]` no other has one, so that the search for it is made once only.
    std::size_t bytes_without_sets = 0;
    const auto take_if_fits = [&](std::string_view& from, unsigned char byte) {
        if (from.front() == '?') {
            from.remove_prefix(1);
            return true;
        }
        if (from.front() == '[' && from.size() > bytes_without_sets) {
            auto rest = from.substr(1);
            if (const auto has_byte = take_set(rest, byte)) {
                from = rest;
                return *has_byte;
            }
            bytes_without_sets = from.size();
        }
        return take_byte(from) == byte;
    };

    bool has_star = false;
    std::string_view behind_star;
    std::string_view rest_of_name; // What the last star has not taken yet.
    while (!pattern.empty() || !name.empty()) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            has_star = true;
            behind_star = pattern;
            rest_of_name = name;
        } else if (!pattern.empty() && !name.empty() &&
                   take_if_fits(pattern, static_cast<unsigned char>(name.front()))) {
            name.remove_prefix(1);
        } else if (has_star && !rest_of_name.empty()) {
            rest_of_name.remove_prefix(1);
            pattern = behind_star;
            name = rest_of_name;
        } else {
            return false;
        }
    }
    return true;
}

} // namespace libftp
