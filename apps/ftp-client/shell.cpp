// Reads lines and runs them; a failure never ends the loop.
#include "shell.hpp"

#include "session.hpp"
#include "terminal.hpp"
#include "vocabulary.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace {

constexpr std::string_view prompt = "ftp> ";

bool holds_command(std::string_view line)
{
    const auto begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && line[begin] != '#';
}

outcome run_line(session& s, std::string_view line)
{
    auto typed = read_command(line);
    terminal::echo(prompt, without_passwords(typed, line));
    if (!typed.fault.empty())
        return refuse(typed.fault);
    if (typed.row->before != needs::nothing && !s.client.is_connected()) {
        if (const auto last_words = std::exchange(s.farewell, std::nullopt))
            return refuse(fmt::format("The server has closed the connection: {}", last_words->to_string()));
        return refuse("There is no connection; open or CONN makes one.");
    }
    auto result = typed.row->before == needs::login ? log_in_if_needed(s) : outcome::done;
    if (result == outcome::done)
        result = typed.row->run(s, typed);
    for (auto& argument : typed.arguments)
        libftp::wipe(argument.data(), argument.size());
    return result;
}

} // namespace

int run_shell(shell_options options)
{
    std::error_code error;
    std::filesystem::current_path(options.local_directory, error);
    if (error) {
        terminal::complain(fmt::format("--local-dir {}: {}", options.local_directory, error.message()));
        return 2;
    }

    session s{options.data_mode, std::move(options.tls)};
    s.given_password = std::move(options.password);
    auto result = options.server ? connect(s, std::move(*options.server)) : outcome::done;
    bool all_went_well = result != outcome::failed;
    while (result != outcome::leave) {
        auto line = terminal::read_line(prompt);
        if (!line)
            break;
        if (!holds_command(*line))
            continue;
        result = run_line(s, *line);
        libftp::wipe(line->data(), line->size());
        all_went_well = all_went_well && result != outcome::failed;
    }
    disconnect(s);
    return all_went_well || terminal::is_interactive() ? 0 : 1;
}
