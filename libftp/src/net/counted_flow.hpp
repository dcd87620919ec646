// Knows how many transfers of the process send as fast as they can.
#pragma once

#include <atomic>
#include <cstddef>

namespace libftp::net {

/// Counts as one of them as long as it lives. Any thread may ask.
class counted_flow {
public:
    counted_flow() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
    ~counted_flow() { count_.fetch_sub(1, std::memory_order_relaxed); }
    counted_flow(const counted_flow&) = delete;
    counted_flow& operator=(const counted_flow&) = delete;

    [[nodiscard]] bool is_alone() const noexcept { return count_.load(std::memory_order_relaxed) == 1; }

private:
    static inline std::atomic<std::size_t> count_ = 0;
};

} // namespace libftp::net
