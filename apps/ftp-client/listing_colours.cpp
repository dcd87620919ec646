// Reads LS_COLORS, of which only plain numbers reach a terminal.
#include "listing_colours.hpp"

#include <algorithm>

using libftp::file_type;

namespace {

bool is_colour(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789;") == std::string_view::npos;
}

} // namespace

listing_colours::listing_colours(std::string_view ls_colours)
    : types_{.directory = "01;34", .link = "01;36", .executable = "01;32", .other = "01;33"}
{
    while (!ls_colours.empty()) {
        const auto rule = ls_colours.substr(0, ls_colours.find(':'));
        ls_colours.remove_prefix(std::min(rule.size() + 1, ls_colours.size()));
        const auto middle = rule.find('=');
        if (middle == std::string_view::npos || !is_colour(rule.substr(middle + 1)))
            continue;
        const auto what = rule.substr(0, middle);
        const auto colour = rule.substr(middle + 1);
        if (what == "di")
            types_.directory = colour;
        else if (what == "ln")
            types_.link = colour;
        else if (what == "ex")
            types_.executable = colour;
        else if (what == "so")
            types_.other = colour;
        else if (what.size() > 1 && what.starts_with('*'))
            endings_.emplace_back(what.substr(1), colour);
    }
}

std::string_view listing_colours::of(const libftp::file_info& file) const
{
    if (file.is_directory())
        return types_.directory;
    if (file.type == file_type::symbolic_link)
        return types_.link;
    if (file.type == file_type::other)
        return types_.other;
    if ((file.mode.value_or(0) & 0111U) != 0)
        return types_.executable;
    const auto ending = std::find_if(endings_.rbegin(), endings_.rend(),
                                     [&file](const auto& rule) { return file.name.ends_with(rule.first); });
    return ending == endings_.rend() ? std::string_view{} : std::string_view{ending->second};
}
