// Writes what CLI11 knows of an app as a table for the shell, with the few lines that look a word up in it.
#include "shell_completion.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace {

struct choice {
    std::string word{};
    std::string meaning{};
};

/// What can stand behind a command, as in `ftp-server user`.
struct command_choices {
    std::string command{};
    std::vector<choice> choices{};
    std::string valued{}; ///< The options behind which a value comes, each with spaces around it.
};

/// An option or a command.
constexpr auto is_shown = [](const auto* one) { return !one->get_group().empty(); };

command_choices choices_of(const CLI::App& app, const std::string& command)
{
    command_choices found{.command = command, .valued = " "};
    for (const auto* below : app.get_subcommands(is_shown))
        found.choices.push_back({below->get_name(), below->get_description()});
    for (const auto* option : app.get_options(is_shown)) {
        std::vector<std::string> names;
        for (const auto& name : option->get_lnames())
            names.push_back("--" + name);
        const bool has_long_name = !names.empty();
        for (const auto& name : option->get_snames())
            names.push_back("-" + name);
        for (const auto& name : names) {
            if (!has_long_name || name.starts_with("--"))
                found.choices.push_back({name, option->get_description()});
            if (option->get_expected_max() > 0)
                found.valued += name + " ";
        }
    }
    return found;
}

void collect(std::vector<command_choices>& all, const CLI::App& app, const std::string& command)
{
    all.push_back(choices_of(app, command));
    for (const auto* below : app.get_subcommands(is_shown))
        collect(all, *below, command + " " + below->get_name());
}

void append_quoted(std::string& out, std::string_view text)
{
    for (const char c : text)
        c == '\'' ? out += "'\\''" : out += c;
}

/// A table whose keys are commands.
template <class Value>
std::string table_of(std::string_view name, const std::vector<command_choices>& all, std::string_view indent,
                     Value value)
{
    std::string out = fmt::format("{}local -A {}=(\n", indent, name);
    for (const auto& one : all) {
        out += fmt::format("{}  ['{}']='", indent, one.command);
        append_quoted(out, value(one));
        out += "'\n";
    }
    return out.append(indent) + ")\n";
}

/// A choice in each line.
template <class Line>
std::string table_of_choices(const std::vector<command_choices>& all, std::string_view indent, Line line)
{
    return table_of("choices", all, indent, [line](const command_choices& of) {
        std::string lines;
        for (const auto& one : of.choices)
            lines += (lines.empty() ? "" : "\n") + line(one);
        return lines;
    });
}

std::string table_of_valued(const std::vector<command_choices>& all, std::string_view indent)
{
    return table_of("valued", all, indent, [](const command_choices& of) { return of.valued; });
}

/// Where it offers nothing, bash offers files.
std::string for_bash(const std::string& name, const std::vector<command_choices>& all)
{
    auto function = "_" + name;
    std::ranges::replace(function, '-', '_');
    return "# Completes the arguments of " + name + " in bash.\n" + function + "() {\n" +
           table_of_choices(all, "  ", [](const choice& one) { return one.word; }) + table_of_valued(all, "  ") +
           "  local command=" + name + R"( current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} word
  local -a words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ -z ${choices["$command $word"]-} ]] || command+=" $word"
  done
  COMPREPLY=()
  [[ $before != '=' && ${valued[$command]} != *" $before "* ]] || return 0
  for word in ${choices[$command]}; do
    [[ $word == -* && $current != -* ]] || words+=("$word")
  done
  mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$current")
}
complete -o default -F )" +
           function + " " + name + "\n";
}

std::string for_zsh(const std::string& name, const std::vector<command_choices>& all)
{
    // A colon parts the word from its meaning.
    const auto described = [](const choice& one) { return one.word + ":" + one.meaning; };
    return "#compdef " + name + "\n" + table_of_choices(all, "", described) + table_of_valued(all, "") +
           "local command=" + name + R"( word
for word in ${words[2,CURRENT-1]}; do
  (( ! ${+choices[$command $word]} )) || command+=" $word"
done
[[ ${valued[$command]} != *" ${words[CURRENT-1]} "* ]] || { _files; return }
local -a described=("${(@f)choices[$command]}")
[[ $PREFIX == -* ]] || described=(${described:#-*})
_describe argument described
[[ $PREFIX == -* ]] || _files
)";
}

} // namespace

std::string shell_completion(const CLI::App& app, std::string_view shell)
{
    std::vector<command_choices> all;
    collect(all, app, app.get_name());
    if (shell == "bash")
        return for_bash(app.get_name(), all);
    if (shell == "zsh")
        return for_zsh(app.get_name(), all);
    throw CLI::ValidationError("completion", "the shells that can be served are bash and zsh");
}
