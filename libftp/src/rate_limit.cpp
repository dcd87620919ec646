// Limits a rate by virtual scheduling: one number says until when the bytes reserved so far take, at that rate.
#include <libftp/rate_limit.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace libftp {
namespace {

using time = clock::rep;

constexpr time nanoseconds_per_second = 1'000'000'000;
constexpr time burst = nanoseconds_per_second / 10;
constexpr time latest = std::numeric_limits<time>::max();
constexpr time earliest = std::numeric_limits<time>::min();

/// At least a nanosecond, so that no number of small reservations is free.
time time_for(std::uint64_t bytes, std::uint64_t bytes_per_second) noexcept
{
    const auto seconds = static_cast<double>(bytes) / static_cast<double>(bytes_per_second);
    const auto nanoseconds = std::ceil(seconds * static_cast<double>(nanoseconds_per_second));
    return nanoseconds < static_cast<double>(latest) ? static_cast<time>(nanoseconds) : latest;
}

time later(time point, time duration) noexcept
{
    return point < latest - duration ? point + duration : latest;
}

} // namespace

clock::time_point rate_limit::reserve(std::uint64_t bytes, clock::time_point now) noexcept
{
    const auto now_at = now.time_since_epoch().count();
    const auto oldest_unused = now_at > earliest + burst ? now_at - burst : earliest;
    const auto duration = time_for(bytes, bytes_per_second_);

    // The number stands for itself alone, so no order of other memory hangs on it.
    auto taken_until = taken_until_.load(std::memory_order_relaxed);
    time start{};
    do
        start = std::max(taken_until, oldest_unused);
    while (!taken_until_.compare_exchange_weak(taken_until, later(start, duration), std::memory_order_relaxed));
    return clock::time_point{clock::duration{std::max(start, now_at)}};
}

std::uint64_t rate_limit::portion() const noexcept
{
    return std::clamp<std::uint64_t>(bytes_per_second_ / 20, 1024, 1024 * 1024);
}

} // namespace libftp
