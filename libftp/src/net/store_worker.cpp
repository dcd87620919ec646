// Begins threads as jobs come, and ends them.
#include "store_worker.hpp"

#include <algorithm>
#include <system_error>

namespace libftp::net {

store_worker::store_worker(std::size_t most_threads) : most_threads_(most_threads) {}

store_worker::~store_worker()
{
    stop();
}

/// Counts one job more, and has as many threads as there are jobs, if it may.
bool store_worker::expect_job()
{
    const auto wanted = std::min(unfinished_.fetch_add(1) + 1, most_threads_);
    if (begun_.load(std::memory_order_acquire) >= wanted)
        return true;
    const std::lock_guard lock{mutex_};
    if (threads_.size() < wanted) {
        try {
            threads_.emplace_back([jobs = jobs_.get()] { jobs->run(); });
            begun_.store(threads_.size(), std::memory_order_release);
        } catch (const std::system_error&) {
            // those that there are have to do
        }
    }
    return !threads_.empty();
}

void store_worker::stop()
{
    if (!jobs_)
        return;
    jobs_->stop();
    for (auto& thread : threads_)
        thread.join();
    until_stopped_.reset();
    jobs_.reset();
}

} // namespace libftp::net
