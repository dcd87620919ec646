// What the two trees of a mirror have in common: names, and what is kept of a listing.
#include "mirror_task_sides.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

/// Names come from outside, so they are checked here too, whatever has made the listing.
bool is_path_component(std::string_view name) noexcept
{
    const auto is_forbidden = [](char byte) { return ascii::is_control(byte) || byte == '/'; };
    return !name.empty() && name != "." && name != ".." && std::none_of(name.begin(), name.end(), is_forbidden);
}

} // namespace

operation_error why_refused(const refused_line& line)
{
    operation_error why{.code = protocol_errc::listing_malformed, .answer = {}, .step = operation_step::transfer};
    switch (line.reason) {
    case refusal_reason::name_unsafe: why.code = protocol_errc::name_refused; break;
    case refusal_reason::too_many_entries: why.code = protocol_errc::limit_exceeded; break;
    case refusal_reason::error_message:
        why.code = protocol_errc::refused_permanently;
        why.answer.lines = {line.raw};
        break;
    case refusal_reason::unknown_form:
    case refusal_reason::elsewhere: break;
    }
    return why;
}

void tree_listing::add(tree_entry entry)
{
    if (is_path_component(entry.name))
        entries.push_back(std::move(entry));
    else
        refuse({std::move(entry.name), refusal_reason::name_unsafe});
}

void tree_listing::add_near(tree_entry entry)
{
    if (is_path_component(entry.name)) {
        entries.push_back(std::move(entry));
        return;
    }
    if (!doubt)
        doubt = store_errc::name_not_allowed;
    unusable.push_back(std::move(entry));
}

void tree_listing::refuse(refused_line line)
{
    if (!doubt)
        doubt = why_refused(line).code;
    refused.push_back(std::move(line));
}

std::string path_within(const std::string& directory, std::string_view name)
{
    std::string path = directory;
    if (!path.empty())
        path += '/';
    return path.append(name);
}

} // namespace libftp
