// Runs worlds, counts, and makes a finding small.
#include "runner.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace libftp::simulation {

namespace {

std::optional<std::uint64_t> to_number(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool leave_out(std::string_view names, world_options& world)
{
    while (!names.empty()) {
        const auto name = names.substr(0, names.find(','));
        names.remove_prefix(std::min(name.size() + 1, names.size()));
        const auto known = world.left_out;
        for (const auto& each : world_parts)
            if (each.name == name)
                world.left_out |= static_cast<std::uint32_t>(each.part);
        if (known == world.left_out)
            return false;
    }
    return true;
}

void print_trace(const world_outcome& outcome)
{
    for (const auto& line : outcome.trace)
        fmt::print("{}\n", line);
}

void report(const world_options& failing, const finding& found)
{
    fmt::print("seed {} fails: {}: {}\n", failing.seed, found.who, found.what);
    auto least = shrink(failing, found);
    least.keeps = journal::keeps::everything;
    print_trace(run_world(least));
    fmt::print("replay: {}\n", replay_command(least));
}

} // namespace

std::string usage()
{
    std::string text =
        "usage: simulation [--sessions=N] [--first-seed=N] [--quiet]\n"
        "       simulation --seed=N [--trace] [--max-sessions=N] [--max-errands=N] [--without=PART,...]\n"
        "parts:";
    for (const auto& each : world_parts)
        text += fmt::format(" {}", each.name);
    return text + '\n';
}

result<run_options, std::string> parse_arguments(std::span<char* const> words)
{
    run_options asked;
    for (const std::string_view word : words) {
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        const auto value = equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
        const auto number = to_number(value);
        if (name == "--trace")
            asked.traces = true;
        else if (name == "--quiet")
            asked.is_quiet = true;
        else if (name == "--sessions" && number)
            asked.sessions = *number;
        else if (name == "--first-seed" && number)
            asked.first_seed = *number;
        else if (name == "--seed" && number)
            asked.seed = number;
        else if (name == "--max-sessions" && number)
            asked.world.max_sessions = static_cast<std::size_t>(*number);
        else if (name == "--max-errands" && number)
            asked.world.max_errands = static_cast<std::size_t>(*number);
        else if (name != "--without" || !leave_out(value, asked.world))
            return fmt::format("what is {}?", word);
    }
    return asked;
}

std::string replay_command(const world_options& options)
{
    const world_options usual;
    auto text = fmt::format("simulation --seed={} --trace", options.seed);
    if (options.max_sessions != usual.max_sessions)
        text += fmt::format(" --max-sessions={}", options.max_sessions);
    if (options.max_errands != usual.max_errands)
        text += fmt::format(" --max-errands={}", options.max_errands);
    std::string_view separator = " --without=";
    for (const auto& each : world_parts) {
        if (options.has(each.part))
            continue;
        text += separator;
        text += each.name;
        separator = ",";
    }
    return text;
}

world_options shrink(world_options failing, const finding& found)
{
    const auto try_with = [&](const world_options& less) {
        const auto outcome = run_world(less);
        if (outcome.has_failed && outcome.found.what == found.what)
            failing = less;
        return outcome.has_failed && outcome.found.what == found.what;
    };
    for (auto fewer = failing; fewer.max_sessions > 1;) {
        --fewer.max_sessions;
        if (!try_with(fewer))
            break;
    }
    for (auto fewer = failing; fewer.max_errands > 1;) {
        --fewer.max_errands;
        if (!try_with(fewer))
            break;
    }
    for (const auto& each : world_parts) {
        auto without = failing;
        without.left_out |= static_cast<std::uint32_t>(each.part);
        try_with(without);
    }
    return failing;
}

int run(const run_options& options)
{
    auto next = options.world;
    if (options.seed) {
        next.seed = *options.seed;
        next.keeps = options.traces ? journal::keeps::everything : journal::keeps::findings;
        const auto outcome = run_world(next);
        print_trace(outcome);
        if (outcome.has_failed)
            fmt::print("seed {} fails: {}: {}\n", next.seed, outcome.found.who, outcome.found.what);
        else
            fmt::print("seed {}: {} sessions, {} events, nothing found\n", next.seed, outcome.sessions, outcome.events);
        return outcome.has_failed ? 1 : 0;
    }
    const auto began = std::chrono::steady_clock::now();
    std::uint64_t sessions = 0;
    std::uint64_t events = 0;
    std::uint64_t fingerprint = 0;
    std::uint64_t told = 0;
    std::int64_t memory_peak = 0;
    const auto seconds = [&] {
        return std::chrono::duration<double>{std::chrono::steady_clock::now() - began}.count();
    };
    for (next.seed = options.first_seed; sessions < options.sessions; ++next.seed) {
        const auto outcome = run_world(next);
        if (outcome.has_failed) {
            report(next, outcome.found);
            return 1;
        }
        sessions += outcome.sessions;
        events += outcome.events;
        memory_peak = std::max(memory_peak, outcome.memory_peak);
        fingerprint = (fingerprint ^ outcome.fingerprint) * 0x100000001B3U;
        if (!options.is_quiet && sessions / 100'000 != told) {
            told = sessions / 100'000;
            fmt::print("{} sessions, {:.0f} a second, up to seed {}\n", sessions,
                       static_cast<double>(sessions) / seconds(), next.seed);
            std::fflush(stdout);
        }
    }
    fmt::print("{} sessions in {} worlds, {} events, at most {} KiB a world, {:.1f} s, {:.0f} sessions a second, "
               "fingerprint {:016x}: nothing found\n",
               sessions, next.seed - options.first_seed, events, memory_peak / 1024, seconds(),
               static_cast<double>(sessions) / seconds(), fingerprint);
    return 0;
}

} // namespace libftp::simulation
