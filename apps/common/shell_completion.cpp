// Writes what CLI11 knows of an app as a table for the shell, with the few lines that look a word up in it.
#include "shell_completion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>
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
};

std::vector<choice> choices_of(const CLI::App& app)
{
    std::vector<choice> found;
    for (const auto* command : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
        found.push_back({command->get_name(), command->get_description()});
    for (const auto* option : app.get_options([](const CLI::Option* one) { return !one->get_group().empty(); }))
        for (const auto& name : option->get_lnames())
            found.push_back({"--" + name, option->get_description()});
    return found;
}

void collect(std::vector<command_choices>& all, const CLI::App& app, const std::string& command)
{
    all.push_back({command, choices_of(app)});
    for (const auto* below : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
        collect(all, *below, command + " " + below->get_name());
}

void append_quoted(std::string& out, std::string_view text)
{
    for (const char c : text)
        c == '\'' ? out += "'\\''" : out += c;
}

/// A table whose keys are commands and whose values have a choice in each line.
template <class Line>
std::string table_of(const CLI::App& app, std::string_view indent, Line line)
{
    std::vector<command_choices> all;
    collect(all, app, app.get_name());
    std::string out;
    for (const auto& [command, choices] : all) {
        ((out += indent) += "['") += command + "']='";
        for (const auto& one : choices) {
            append_quoted(out, line(one));
            out += one.word == choices.back().word ? "" : "\n";
        }
        out += "'\n";
    }
    return out;
}

std::string for_bash(const CLI::App& app)
{
    auto function = "_" + app.get_name();
    std::ranges::replace(function, '-', '_');
    return "# Completes the arguments of " + app.get_name() + " in bash.\n" + function + R"(() {
  local -A choices=(
)" + table_of(app, "    ", [](const choice& one) { return one.word; }) +
           R"(  )
  local command=)" +
           app.get_name() + R"( word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ -z ${choices["$command $word"]} ]] || command+=" $word"
  done
  mapfile -t COMPREPLY < <(compgen -W "${choices[$command]}" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F )" +
           function + " " + app.get_name() + "\n";
}

std::string for_zsh(const CLI::App& app)
{
    // A colon parts the word from its meaning.
    const auto described = [](const choice& one) { return one.word + ":" + one.meaning; };
    return "#compdef " + app.get_name() + "\nlocal -A choices=(\n" + table_of(app, "  ", described) + R"()
local command=)" +
           app.get_name() + R"( word
for word in ${words[2,CURRENT-1]}; do
  (( ! ${+choices[$command $word]} )) || command+=" $word"
done
local -a described=("${(@f)choices[$command]}")
[[ $PREFIX == -* ]] || described=(${described:#--*})
_describe argument described
[[ $PREFIX == -* ]] || _files
)";
}

} // namespace

std::string shell_completion(const CLI::App& app, std::string_view shell)
{
    if (shell == "bash")
        return for_bash(app);
    if (shell == "zsh")
        return for_zsh(app);
    throw CLI::ValidationError("completion", "the shells that can be served are bash and zsh");
}
