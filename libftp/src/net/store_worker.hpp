// Threads for what may wait for a device or burn time on purpose: store calls, file reads and writes; password hashes.
#pragma once

#include "store_pace.hpp"

#include <libftp/net/now.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/thread_pool.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace libftp::net {

class store_worker {
public:
    explicit store_worker(std::size_t threads) : pool_(std::make_unique<asio::thread_pool>(threads)) {}

    /// Runs `job` on one of the threads, and then `done(result of job)` on `home`, whose context is kept running until
    /// then. `done` is destroyed there too, or by stop(). A session has one job at a time and counts as long as that
    /// holds it, so the queue is bounded by the limit on sessions.
    template <class Job, class Done>
    void run(const asio::any_io_executor& home, Job job, Done done)
    {
        if (!pool_)
            return;
        auto kept = asio::prefer(home, asio::execution::outstanding_work.tracked);
        asio::post(*pool_, [kept = std::move(kept), job = std::move(job), done = std::move(done)]() mutable {
            asio::post(kept, [outcome = job(), done = std::move(done)]() mutable { done(std::move(outcome)); });
        });
    }

    /// Whether what seldom waits may be done by do_here() now. Any thread may ask.
    [[nodiscard]] bool may_be_spared() const noexcept { return pace_.is_quick(now()); }

    /// Does it on the caller's thread, which saves two changes of threads.
    template <class Job>
    auto do_here(Job&& job)
    {
        const auto began = now();
        auto outcome = job();
        const auto ended = now();
        pace_.took(ended - began, ended);
        return outcome;
    }

    /// Waits for the running jobs; those not begun are never run, nor any that come later. Not while run() may be
    /// called by another thread.
    void stop()
    {
        if (!pool_)
            return;
        pool_->stop();
        pool_->join();
        pool_.reset();
    }

private:
    store_pace pace_;
    std::unique_ptr<asio::thread_pool> pool_;
};

} // namespace libftp::net
