// Reads lines and runs them; a failure ends a script, but not a person's session.
#include "shell.hpp"

#include "interruption.hpp"
#include "job_commands.hpp"
#include "jobs.hpp"
#include "line_editor.hpp"
#include "pipeline.hpp"
#include "terminal.hpp"
#include "typed_line.hpp"
#include "vocabulary.hpp"

#include <fmt/format.h>

#include <utility>

using terminal::no_line;

namespace {

bool holds_command(std::string_view line)
{
    const auto begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && line[begin] != '#';
}

/// Whether the session is as far as the command needs it to be.
outcome prepare(session& s, needs before)
{
    if (before == needs::nothing)
        return outcome::done;
    if (const auto kept = keep_connection(s); kept != outcome::done)
        return kept;
    return before == needs::login ? log_in_if_needed(s) : outcome::done;
}

outcome run_command(session& s, const typed_command& typed)
{
    const auto ready = prepare(s, typed.row->before);
    if (ready == outcome::done && s.is_interrupted())
        return s.refuse(cause::interrupted, fmt::format("{}: interrupted before it was sent.", typed.name));
    return ready == outcome::done ? typed.row->run(s, typed) : ready;
}

/// Leaving ends the jobs: that takes two wishes.
bool may_leave(session& s, bool was_warned)
{
    const auto running = s.jobs == nullptr ? 0 : s.jobs->running();
    if (running == 0 || was_warned)
        return true;
    s.out.say(fmt::format("{} in the background: wait for the end, or leave once more to end {}.",
                          running == 1 ? "One job runs" : fmt::format("{} jobs run", running),
                          running == 1 ? "it" : "them"));
    return false;
}

typed_line take_apart(std::string_view line)
{
    return keeps_whole_line(line) ? typed_line{.command = line} : split_line(line);
}

void wipe_arguments(typed_command& typed)
{
    for (auto& argument : typed.arguments)
        libftp::wipe(argument.data(), argument.size());
}

} // namespace

outcome run_line(session& s, std::string_view line)
{
    const auto parts = take_apart(line);
    auto typed = read_command(parts.command);
    s.out.command(without_passwords(typed, line));
    if (!parts.fault.empty() || !typed.fault.empty())
        return s.refuse(cause::usage, parts.fault.empty() ? typed.fault : parts.fault);
    const bool is_redirected = !parts.program.empty() || !parts.file.empty();
    if (is_redirected && typed.row->names.front() == "get" && typed.arguments.size() == 1)
        typed.arguments.emplace_back("-");

    s.forget_interrupt();
    const interruption stop{[&s] { s.interrupt(); }};
    if (parts.is_background) {
        const auto ready = prepare(s, typed.row->before);
        return ready == outcome::done ? commands::start_job(s, typed, std::string{parts.command}) : ready;
    }
    const auto result = run_with_output(s, parts, [&s, &typed] { return run_command(s, typed); });
    wipe_arguments(typed);
    return result;
}

cause run_script(session& s, const line_source& next_line, cause before, on_failure then)
{
    auto first_failure = before;
    auto result = outcome::done;
    const auto goes_on = [&] {
        return result != outcome::leave && first_failure != cause::interrupted &&
               (first_failure == cause::none || then == on_failure::go_on);
    };
    while (goes_on()) {
        auto line = next_line();
        if (!line)
            return line.error() == no_line::interrupted ? cause::interrupted : first_failure;
        if (!holds_command(*line))
            continue;
        s.out.forget_failures();
        result = run_line(s, *line);
        libftp::wipe(line->data(), line->size());
        if (s.is_interrupted())
            first_failure = cause::interrupted;
        else if (result == outcome::failed && first_failure == cause::none)
            first_failure = s.out.first_failure();
    }
    return first_failure;
}

void converse(session& s)
{
    line_editor editor{s};
    const interruption between_lines{[] {}}; // not the end of the program, just because a command was done already
    auto result = outcome::done;
    bool was_warned = false;
    while (true) {
        if (result == outcome::leave && may_leave(s, was_warned))
            return;
        was_warned = std::exchange(result, outcome::done) == outcome::leave;
        if (s.jobs != nullptr)
            s.jobs->tell_ended(s.out);
        auto line = editor.read(prompt_of(s));
        if (!line && line.error() == no_line::end_of_input) {
            result = outcome::leave;
            continue;
        }
        if (!line || !holds_command(*line))
            continue;
        const auto typed = read_command(take_apart(*line).command);
        if (without_passwords(typed, *line) == *line)
            editor.remember(*line);
        result = run_line(s, *line);
        libftp::wipe(line->data(), line->size());
    }
}

std::string prompt_of(session& s)
{
    if (!s.client.is_connected() || !s.server)
        return "ftp> ";
    const auto& user = s.server->user;
    const auto directory = s.is_logged_in ? remote_directory(s) : std::string{};
    const auto place = fmt::format("{}{}{}{}{}", user, user.empty() ? "" : "@", s.server->host,
                                   directory.empty() ? "" : ":", directory);
    return fmt::format("{} ftp> ", libftp::escape_controls(place));
}
