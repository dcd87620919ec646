// The same work on several threads at once.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

namespace libftp::testing {

/// Calls `work(number)` on each of so many threads, and returns when all are through.
template <class Work>
void on_threads(std::size_t count, const Work& work)
{
    std::vector<std::thread> threads;
    threads.reserve(count);
    for (std::size_t number = 0; number < count; ++number)
        threads.emplace_back([&work, number] { work(number); });
    for (auto& thread : threads)
        thread.join();
}

} // namespace libftp::testing
