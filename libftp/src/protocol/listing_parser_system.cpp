// What servers say of their listings, and the names of what listing_parser tells.
#include "listing_lines.hpp"

namespace libftp {

namespace {

struct system_word {
    std::string_view word; ///< In capital letters.
    listing_style style;
};

/// In the order in which they are looked for: some words are part of others.
constexpr system_word system_words[] = {
    {"WINDOWS", listing_style::dos},      {"WIN32", listing_style::dos},      {"OS/400", listing_style::os400},
    {"OS400", listing_style::os400},      {"AS/400", listing_style::os400},   {"IBM I", listing_style::os400},
    {"MVS", listing_style::mvs},          {"Z/OS", listing_style::mvs},       {"OS/390", listing_style::mvs},
    {"VMS", listing_style::vms},          {"Z/VM", listing_style::zvm},       {"VM/ESA", listing_style::zvm},
    {"VM/CMS", listing_style::zvm},       {"VM", listing_style::zvm},         {"NONSTOP", listing_style::nonstop},
    {"GUARDIAN", listing_style::nonstop}, {"TANDEM", listing_style::nonstop}, {"NETWARE", listing_style::netware},
    {"MACOS", listing_style::macos},      {"MAC OS", listing_style::macos},   {"OS/2", listing_style::os2},
    {"OS-9", listing_style::os9},         {"OS9", listing_style::os9},        {"VXWORKS", listing_style::vxworks},
    {"UNIX", listing_style::unix_ls},
};

/// Whether the text has the word, with no letter or digit at its ends.
bool has_word(std::string_view text, std::string_view word) noexcept
{
    const auto is_of_word = [](char byte) { return ascii::is_letter(byte) || ascii::is_digit(byte); };
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
        const auto end = i + word.size();
        if (ascii::equal_ignoring_case(text.substr(i, word.size()), word) && (i == 0 || !is_of_word(text[i - 1])) &&
            (end == text.size() || !ascii::is_letter(text[end])))
            return true;
    }
    return false;
}

} // namespace

std::optional<listing_style> listing_style_of_system(std::string_view system) noexcept
{
    // `UNIX Type: L8 Version: NetWare` lists as Unix does, whatever it is.
    listing::take_blanks(system);
    if (ascii::starts_with_ignoring_case(system, "UNIX"))
        return listing_style::unix_ls;
    for (const auto& [word, style] : system_words) {
        if (has_word(system, word) || (style == listing_style::vms && has_word(system, "OPENVMS")))
            return style;
    }
    return std::nullopt;
}

std::string_view to_string(listing_style style) noexcept
{
    switch (style) {
    case listing_style::facts: return "facts";
    case listing_style::unix_ls: return "unix";
    case listing_style::dos: return "dos";
    case listing_style::eplf: return "eplf";
    case listing_style::vms: return "vms";
    case listing_style::mvs: return "mvs";
    case listing_style::mvs_member: return "mvs_member";
    case listing_style::mvs_job: return "mvs_job";
    case listing_style::os400: return "os400";
    case listing_style::zvm: return "zvm";
    case listing_style::nonstop: return "nonstop";
    case listing_style::netware: return "netware";
    case listing_style::os2: return "os2";
    case listing_style::os9: return "os9";
    case listing_style::vxworks: return "vxworks";
    case listing_style::macos: return "macos";
    case listing_style::other: break;
    }
    return "other";
}

std::string_view to_string(time_precision precision) noexcept
{
    switch (precision) {
    case time_precision::day: return "day";
    case time_precision::minute: return "minute";
    case time_precision::second: return "second";
    case time_precision::fraction: return "fraction";
    case time_precision::none: break;
    }
    return "none";
}

std::string_view to_string(confidence surely) noexcept
{
    switch (surely) {
    case confidence::medium: return "medium";
    case confidence::high: return "high";
    case confidence::low: break;
    }
    return "low";
}

std::string_view to_string(refusal_reason reason) noexcept
{
    switch (reason) {
    case refusal_reason::name_unsafe: return "name_unsafe";
    case refusal_reason::error_message: return "error_message";
    case refusal_reason::elsewhere: return "elsewhere";
    case refusal_reason::too_many_entries: return "too_many_entries";
    case refusal_reason::unknown_form: break;
    }
    return "unknown_form";
}

} // namespace libftp
