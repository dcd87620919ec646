// What the stores that share a quota know of each other's unfinished work.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>

namespace libftp {

/// Whoever finds out a file's size to give it back and then removes or replaces the file holds the mutex meanwhile:
/// otherwise two could give back the same file.
struct quota_ledger {
    std::mutex mutex;
    std::set<std::string> changing;      ///< Files that are written in place, and so have no size to rely on.
    std::uint64_t moved_directories = 0; ///< After a move, the path of an unfinished upload may name another file.
};

} // namespace libftp
