// Counts what is allocated by operator new, in the programs that this is linked to.
#pragma once

#include <cstdint>

namespace libftp::bench {

/// Since the program began, in all threads.
std::uint64_t allocations() noexcept;

} // namespace libftp::bench
