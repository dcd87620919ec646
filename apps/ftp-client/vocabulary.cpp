// How typed names find their rows.
#include "vocabulary.hpp"

#include "nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

namespace {

/// Puts row and name in.
template <class SameName>
bool find(typed_command& typed, std::string_view name, SameName same_name)
{
    for (const auto& group : vocabulary()) {
        for (const auto& row : group.rows) {
            for (const auto& known : row.names) {
                if (!known.empty() && same_name(known, name)) {
                    typed.row = &row;
                    typed.name = known;
                    return true;
                }
            }
        }
    }
    return false;
}

bool find(typed_command& typed, std::string_view name)
{
    return find(typed, name, std::equal_to<>{}) || find(typed, name, equal_ignoring_case);
}

/// And one blank behind it.
std::string_view take_name(std::string_view& line)
{
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const auto name = line.starts_with('!') ? line.substr(0, 1) : line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(name.size());
    if (line.starts_with(' ') || line.starts_with('\t'))
        line.remove_prefix(1);
    return name;
}

std::string unknown(std::string_view name)
{
    std::vector<std::string_view> names;
    for (const auto& group : vocabulary()) {
        for (const auto& row : group.rows)
            std::ranges::copy_if(row.names, std::back_inserter(names), [](auto known) { return !known.empty(); });
    }
    if (const auto near = nearest_word(name, names); !near.empty())
        return fmt::format("There is no command {}; did you mean {}? HELP shows those there are.", name, near);
    return fmt::format("There is no command {}; HELP shows those there are.", name);
}

} // namespace

typed_command read_command(std::string_view line)
{
    typed_command typed;
    auto rest = line;
    const auto name = take_name(rest);
    if (find(typed, name))
        read_arguments(typed, rest);
    else
        typed.fault = unknown(name);
    return typed;
}

bool keeps_whole_line(std::string_view line)
{
    typed_command typed;
    if (!find(typed, take_name(line)))
        return false;
    // A password may begin with anything.
    return typed.name == "user" || (typed.name != "dir" && takes_rest_of_line(*typed.row, typed.name));
}
