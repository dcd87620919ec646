// One seed's world: a tree, its sessions, a network and all that goes wrong in it, from the beginning to the end.
#pragma once

#include "journal.hpp"

#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::simulation {

/// What can be left out of a world, to see what a finding needs.
enum class world_part : std::uint32_t {
    storms = 1U << 0U,       ///< Connections break, fall silent, or never come about.
    store_faults = 1U << 1U, ///< The server's store fails.
    login_faults = 1U << 2U,
    near_faults = 1U << 3U, ///< The client's files fail.
    cancels = 1U << 4U,
    vanishing = 1U << 5U, ///< Clients end without a word.
    pauses = 1U << 6U,
    pipelining = 1U << 7U,
    slowness = 1U << 8U, ///< The store and the logins take their time.
    raw_clients = 1U << 9U,
    odd_servers = 1U << 10U,
};

struct world_part_name {
    world_part part;
    std::string_view name;
};
extern const std::vector<world_part_name> world_parts;

struct world_options {
    std::uint64_t seed = 0;
    std::uint32_t left_out = 0; ///< world_part, joined by `|`.
    std::size_t max_sessions = 4;
    std::size_t max_errands = 12;
    journal::keeps keeps = journal::keeps::findings;
    /// Makes of good files worse ones: to see that the oracle notices.
    std::function<std::shared_ptr<file_store>(std::shared_ptr<file_store>)> files{};

    [[nodiscard]] bool has(world_part part) const noexcept
    {
        return (left_out & static_cast<std::uint32_t>(part)) == 0;
    }
};

struct world_outcome {
    bool has_failed = false;
    finding found{};
    std::size_t sessions = 0; ///< Control connections.
    std::uint64_t events = 0;
    std::int64_t memory_peak = 0;  ///< Bytes, of all that is in the world.
    std::uint64_t fingerprint = 0; ///< The same for equal runs.
    std::vector<std::string> trace{};
};

/// The same options give the same outcome.
world_outcome run_world(const world_options& options);

} // namespace libftp::simulation
