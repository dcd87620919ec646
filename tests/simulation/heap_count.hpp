// Counts the memory that this program has, to the byte: what is left behind by a world is a leak.
#pragma once

#include <cstdint>

namespace libftp::simulation {

/// In use now.
std::int64_t heap_bytes() noexcept;
/// The most that was in use since forget_heap_peak().
std::int64_t heap_peak_bytes() noexcept;
void forget_heap_peak() noexcept;

} // namespace libftp::simulation
