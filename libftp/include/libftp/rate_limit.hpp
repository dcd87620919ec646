// A limit on bytes per second that any number of transfers on any threads share.
#pragma once

#include <libftp/clock.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace libftp {

/// Whoever wants to move bytes reserves them first and waits until the time it is told; so all get their turn in the
/// order they asked, and each as much as it asked for. Time that nobody used is not saved up, but for a burst of a
/// tenth of a second.
class rate_limit {
public:
    /// Precondition: bytes_per_second > 0.
    explicit rate_limit(std::uint64_t bytes_per_second) noexcept : bytes_per_second_(bytes_per_second) {}

    /// When the next `bytes` may move: `now` or later. Any thread.
    clock::time_point reserve(std::uint64_t bytes, clock::time_point now) noexcept;
    /// How much to ask for at a time: a twentieth of a second's worth, at least 1 KiB and at most 1 MiB.
    [[nodiscard]] std::uint64_t portion() const noexcept;

private:
    std::uint64_t bytes_per_second_;
    std::atomic<clock::rep> taken_until_{0}; ///< All bytes reserved so far have moved by then.
};

/// For both directions; empty: no limit.
struct rate_limits {
    std::shared_ptr<rate_limit> download{};
    std::shared_ptr<rate_limit> upload{};
};

} // namespace libftp
