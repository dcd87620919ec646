// Runs operations a fixed number of times each and prints what they allocate: `count_operations [NAME...]`, all of them
// unless told. check_counts.py runs it under callgrind, which counts the instructions of run_counted().
#include "allocations.hpp"
#include "operation.hpp"

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

namespace {
constexpr unsigned repetitions = 32;
} // namespace

/// Named as C does it, so that valgrind can be told of it in one word.
extern "C" [[gnu::noinline]] void run_counted(const std::function<void()>& run)
{
    for (unsigned i = 0; i < repetitions; ++i)
        run();
}

int main(int count, char** arguments)
{
    const std::span wanted{arguments + 1, arguments + count};
    for (const auto& counted : libftp::bench::all_operations()) {
        if (!wanted.empty() && std::ranges::find(wanted, counted.name, [](const char* name) {
                                   return std::string_view{name};
                               }) == wanted.end())
            continue;
        const auto run = counted.prepare();
        // What the first run allocates and the later ones use again does not count.
        run();
        const auto before = libftp::bench::allocations();
        run_counted(run);
        const auto allocated = libftp::bench::allocations() - before;
        std::printf("%s %u %llu\n", std::string{counted.name}.c_str(), repetitions,
                    static_cast<unsigned long long>(allocated));
    }
}
