// How fast a transfer has been of late.
#pragma once

#include <libftp/clock.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace libftp {

/// The average since the beginning, and later one in which what is a few seconds old counts little.
class transfer_meter {
public:
    void begin(clock::time_point now) noexcept { begun_at_ = measured_at_ = now; }

    /// `bytes` have moved in all. Fewer than before: some turned out not to be of the file.
    void take(std::uint64_t bytes, clock::time_point now) noexcept
    {
        const std::chrono::duration<double> time = now - measured_at_;
        if (time < shortest)
            return;
        const auto latest = static_cast<double>(bytes - std::min(bytes, measured_)) / time.count();
        const std::chrono::duration<double> in_all = now - begun_at_;
        const auto weight = std::max(1.0 - std::exp(-time / memory), time / in_all);
        rate_ += (latest - rate_) * weight;
        measured_at_ = now;
        measured_ = bytes;
    }

    [[nodiscard]] std::uint64_t bytes_per_second() const noexcept { return static_cast<std::uint64_t>(rate_); }

private:
    static constexpr std::chrono::duration<double> shortest{0.1}; ///< Less says nothing of a rate.
    static constexpr std::chrono::duration<double> memory{3.0};

    clock::time_point begun_at_{};
    clock::time_point measured_at_{};
    std::uint64_t measured_ = 0;
    double rate_ = 0;
};

} // namespace libftp
