// Sets up who says what to whom, connects, and runs the commands from wherever they come.
#include "run_session.hpp"

#include "interruption.hpp"
#include "jobs.hpp"
#include "json_reporter.hpp"
#include "local_names.hpp"
#include "shell.hpp"
#include "terminal.hpp"
#include "text_reporter.hpp"

#include <libftp/net/now.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>

namespace {

bool has_script(const shell_options& options)
{
    return options.commands || !terminal::is_interactive();
}

/// The directory of all local names.
std::error_code enter_local_directory(const shell_options& options)
{
    std::error_code error;
    if (!options.local_directory.empty())
        std::filesystem::current_path(to_path(options.local_directory), error);
    return error;
}

text_settings to_settings(const shell_options& options)
{
    const bool is_quiet = options.says == talk::quiet;
    return {.colours = options.colours,
            .echoes = has_script(options) && !options.is_one_shot && !is_quiet,
            .talk = is_quiet              ? text_talk::results
                    : options.is_one_shot ? text_talk::transfers
                                          : text_talk::all};
}

libftp::clock::time_point now()
{
    return libftp::net::now();
}

line_source lines_of(const shell_options& options)
{
    if (!options.commands)
        return [] { return terminal::read_line(""); };
    return [lines = *options.commands, next = std::size_t{0}]() mutable -> terminal::input_line {
        if (next == lines.size())
            return terminal::no_line::end_of_input;
        return lines[next++];
    };
}

/// Whether the script can go on.
cause connect_first(session& s, shell_options& options)
{
    if (!options.server)
        return cause::none;
    const interruption stop{[&s] { s.interrupt(); }};
    const auto result = connect(s, std::move(*options.server));
    if (s.is_interrupted())
        return cause::interrupted;
    return result == outcome::failed ? s.out.first_failure() : cause::none;
}

/// A script has not ended before its jobs have; one that was ended ends them.
cause wait_for_jobs(session& s, cause failure)
{
    if (failure == cause::interrupted)
        return failure;
    const interruption stop{[&s] { s.jobs->stop_waiting(); }};
    for (const auto number : s.jobs->numbers()) {
        s.out.forget_failures();
        const auto ended = s.jobs->wait_for(number, s.out);
        if (!ended)
            return cause::interrupted;
        if (*ended == outcome::failed && failure == cause::none)
            failure = s.out.first_failure();
    }
    return failure;
}

cause run(reporter& out, shell_options options)
{
    session s{out, options.data_mode, std::move(options.tls)};
    job_list jobs;
    s.jobs = &jobs;
    s.has_input = options.commands.has_value();
    s.active = options.active;
    s.logins = std::move(options.logins);
    s.time_limit = options.time_limit;
    s.attempts = options.attempts;
    if (options.says == talk::dialogue || options.says == talk::all)
        s.show_protocol(options.says == talk::all ? trace_detail::all : trace_detail::dialogue);
    auto failure = connect_first(s, options);
    if (has_script(options)) {
        const auto then = options.keeps_going ? on_failure::go_on : on_failure::stop;
        failure = wait_for_jobs(s, run_script(s, lines_of(options), failure, then));
    } else {
        converse(s);
        failure = cause::none;
    }
    disconnect(s);
    return failure;
}

/// Standard input becomes the script's file. Returns whether it could be opened.
bool read_from(const std::string& script)
{
    return script.empty() || std::freopen(script.c_str(), "rb", stdin) != nullptr;
}

} // namespace

int run_session(shell_options options)
{
    if (!read_from(options.script)) {
        terminal::complain(fmt::format("The script {} cannot be read.", options.script));
        return static_cast<int>(cause::local);
    }
    if (const auto error = enter_local_directory(options)) {
        terminal::complain(fmt::format("The local directory {}: {}", options.local_directory, error.message()));
        return static_cast<int>(cause::local);
    }
    if (options.form == said_in::json) {
        json_reporter out{[](std::string_view line) { terminal::say(line); },
                          [](std::string_view line) { terminal::say_aside(line); }, now};
        const auto failure = run(out, std::move(options));
        out.ended(failure);
        return static_cast<int>(failure);
    }
    text_reporter out{to_settings(options)};
    return static_cast<int>(run(out, std::move(options)));
}
