// What the program simulation is asked to do, and doing it.
#pragma once

#include "world.hpp"

#include <libftp/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace libftp::simulation {

struct run_options {
    std::uint64_t sessions = 200'000;
    std::uint64_t first_seed = 1;
    std::optional<std::uint64_t> seed{}; ///< Only this world.
    bool traces = false;
    bool is_quiet = false;
    world_options world{};
};

/// Error: what cannot be understood.
result<run_options, std::string> parse_arguments(std::span<char* const> words);
std::string usage();

/// 0 if nothing was found.
int run(const run_options& options);

/// The same finding with less: without parts that it does not need, with fewer sessions and errands.
world_options shrink(world_options failing, const finding& found);
/// The command that replays this world.
std::string replay_command(const world_options& options);

} // namespace libftp::simulation
