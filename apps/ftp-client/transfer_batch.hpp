// Many transfers that belong together: what is known of them before, and what they came to.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

/// What is not known is empty.
struct batch_plan {
    std::optional<std::uint64_t> files{};
    std::optional<std::uint64_t> bytes{};
};

struct batch_result {
    std::uint64_t files = 0; ///< That were transferred.
    std::uint64_t bytes = 0;
    std::uint64_t failures = 0;
    std::chrono::nanoseconds time{};
    // Of trees:
    std::uint64_t unchanged = 0; ///< Files that were alike.
    std::uint64_t made = 0;      ///< Directories.
    std::uint64_t removed = 0;   ///< Files and directories.
    std::uint64_t skipped = 0;
    bool is_dry_run = false; ///< Nothing was done: it is what would be.

    /// There was nothing to do, or it could not be begun.
    [[nodiscard]] bool is_empty() const noexcept
    {
        return files + failures + unchanged + made + removed + skipped == 0;
    }
};
