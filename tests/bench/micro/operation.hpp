// The table of what is measured: the benchmarks in time and the counts under valgrind run the same operations.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace libftp::bench {

/// Something that is done over and over, on one thread and without I/O.
struct operation {
    std::string_view name;
    /// Sets up what it works on; what comes back does it once, leaves all as it was before, and can be copied.
    std::function<std::function<void()>()> prepare;
    std::size_t bytes = 0; ///< Of the file that one run moves; 0: it is not one whose speed is told by bytes.
};

/// All of them, in the order in which they are shown.
std::vector<operation> all_operations();

std::vector<operation> protocol_operations();
std::vector<operation> session_operations();
std::vector<operation> listing_operations();
std::vector<operation> coding_operations();

/// Lets the compiler not leave out the work that `value` comes from.
template <class T>
inline void keep(const T& value)
{
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace libftp::bench
