// Prints what the rows say of themselves.
#include "help_command.hpp"

#include "vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace commands {

namespace {

std::string names_of(const vocabulary_row& row)
{
    const auto end = std::ranges::find(row.names, std::string_view{});
    return fmt::format("{}", fmt::join(row.names.begin(), end, ", "));
}

constexpr std::size_t usage_width = 30;
constexpr std::size_t line_width = 78;

/// A usage text in lines that are not too long, broken only between its pieces.
std::vector<std::string> usage_lines(std::string_view text)
{
    std::vector<std::string> lines{"  "};
    int depth = 0;
    std::string piece;
    for (const char byte : std::string{text} + ' ') {
        depth += byte == '[' ? 1 : byte == ']' ? -1 : 0;
        if (byte != ' ' || depth != 0) {
            piece.push_back(byte);
            continue;
        }
        if (lines.back().size() + piece.size() > line_width)
            lines.emplace_back("      ");
        lines.back() += std::exchange(piece, {}) + ' ';
    }
    return lines;
}

void print_row(session& s, const vocabulary_row& row)
{
    const auto how = usage(names_of(row), row);
    if (how.size() <= usage_width)
        return s.out.print(fmt::format("  {:<{}} {}", how, usage_width, row.help));
    for (const auto& line : usage_lines(how))
        s.out.print(line.substr(0, line.size() - 1));
    s.out.print(fmt::format("  {:<{}} {}", "", usage_width, row.help));
}

void print_group(session& s, const vocabulary_group& group)
{
    s.out.print(fmt::format("{}:", group.title));
    for (const auto& row : group.rows)
        print_row(s, row);
}

/// `transferring` is enough for "Transferring files".
const vocabulary_group* find_group(std::string_view name)
{
    const auto groups = vocabulary();
    const auto found = std::ranges::find_if(groups, [name](const vocabulary_group& group) {
        return equal_ignoring_case(group.title.substr(0, name.size()), name);
    });
    return name.size() < 4 || found == groups.end() ? nullptr : &*found;
}

outcome help_with_all(session& s)
{
    for (const auto& group : vocabulary())
        print_group(s, group);
    s.out.print("COMMAND | PROGRAM and COMMAND > FILE pass on what a command shows; COMMAND & runs in the background.");
    s.out.print("`help COMMAND` shows an example, `help transferring` and the like one of the groups above.");
    return outcome::done;
}

} // namespace

outcome help(session& s, const typed_command& typed)
{
    if (typed.arguments.empty())
        return help_with_all(s);
    const auto about = read_command(typed.arguments[0]);
    if (about.row != nullptr) {
        print_row(s, *about.row);
        s.out.print(fmt::format("  For example: {}", about.row->example));
        return outcome::done;
    }
    if (const auto* group = find_group(typed.arguments[0])) {
        print_group(s, *group);
        return outcome::done;
    }
    return s.refuse(cause::usage, about.fault);
}

} // namespace commands
