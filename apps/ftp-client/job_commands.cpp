// Jobs are known by their numbers, as shells have them.
#include "job_commands.hpp"

#include "../common/quantities.hpp"
#include "interruption.hpp"
#include "jobs.hpp"
#include "terminal.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace commands {

namespace {

/// Nothing: there is none of that number, and the sentence was said.
std::optional<unsigned> read_number(session& s, std::string text)
{
    if (text.starts_with('%'))
        text.erase(0, 1);
    const auto number = parse_number<unsigned>(text);
    const auto known = s.jobs->numbers();
    if (number && std::ranges::find(known, *number) != known.end())
        return number;
    s.refuse(cause::usage, fmt::format("There is no job {}; jobs shows those there are.", text));
    return std::nullopt;
}

bool has_jobs(session& s)
{
    return s.jobs != nullptr && !s.jobs->numbers().empty();
}

outcome refuse_without_jobs(session& s)
{
    return s.refuse(cause::usage, "There are no jobs; a line that ends with & becomes one.");
}

} // namespace

outcome start_job(session& s, const typed_command& typed, const std::string& line)
{
    const bool uses_terminal = std::ranges::find(typed.arguments, "-") != typed.arguments.end();
    if (s.jobs == nullptr || typed.row->as_job == job_use::no || uses_terminal)
        return s.refuse(cause::usage, fmt::format("{} cannot run in the background.", typed.name));
    remote_directory(s); // where it begins
    const auto number = s.jobs->start(s, typed, libftp::escape_controls(line));
    if (!number)
        return s.refuse(cause::local,
                        fmt::format("{} cannot run in the background: {}.", typed.name, number.error().message()));
    s.out.say(fmt::format("[{}] {}", *number, libftp::escape_controls(line)));
    return outcome::done;
}

outcome jobs(session& s, const typed_command&)
{
    if (s.jobs == nullptr)
        return outcome::done;
    s.jobs->tell_ended(s.out);
    s.jobs->show(s.out, terminal::output_width().value_or(80));
    return outcome::done;
}

outcome foreground(session& s, const typed_command& typed)
{
    if (!has_jobs(s))
        return refuse_without_jobs(s);
    const auto number = typed.arguments.empty() ? s.jobs->numbers().back() : read_number(s, typed.arguments[0]);
    if (!number)
        return outcome::failed;
    const interruption stop{[&s, number] { s.jobs->interrupt(*number); }};
    return s.jobs->wait_for(*number, s.out).value_or(outcome::failed);
}

outcome wait(session& s, const typed_command& typed)
{
    if (!has_jobs(s))
        return typed.arguments.empty() ? outcome::done : refuse_without_jobs(s);
    auto numbers = s.jobs->numbers();
    if (!typed.arguments.empty()) {
        const auto number = read_number(s, typed.arguments[0]);
        if (!number)
            return outcome::failed;
        numbers = {*number};
    }
    const interruption stop{[&s] { s.jobs->stop_waiting(); }};
    auto result = outcome::done;
    for (const auto number : numbers) {
        const auto ended = s.jobs->wait_for(number, s.out);
        if (!ended || s.is_interrupted())
            return s.refuse(cause::interrupted, "Nobody waits any more; the jobs go on.");
        if (*ended != outcome::done)
            result = *ended;
    }
    return result;
}

outcome kill(session& s, const typed_command& typed)
{
    if (!has_jobs(s))
        return refuse_without_jobs(s);
    const auto number = read_number(s, typed.arguments[0]);
    if (!number)
        return outcome::failed;
    s.jobs->interrupt(*number);
    static_cast<void>(s.jobs->wait_for(*number, s.out));
    return outcome::done;
}

} // namespace commands
