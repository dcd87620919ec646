// Threads for what may wait for a device or burn time on purpose: store calls, file reads and writes; password hashes.
#pragma once

#include "store_pace.hpp"
#include "system_calls.hpp"

#include <libftp/net/now.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace libftp::net {

/// The threads begin one by one, when there are more jobs than they can do.
class store_worker {
public:
    explicit store_worker(std::size_t most_threads);
    ~store_worker();
    store_worker(const store_worker&) = delete;
    store_worker& operator=(const store_worker&) = delete;

    /// Runs `job` on one of the threads, or here if the system has none at all, and then `done(result of job)` on
    /// `home`, whose context is kept running until then. `done` is destroyed there too, or by stop(). A session has one
    /// job at a time and counts as long as that holds it, so the queue is bounded by the limit on sessions. Any thread
    /// may ask.
    template <class Job, class Done>
    void run(const asio::any_io_executor& home, Job job, Done done)
    {
        if (!jobs_)
            return;
        auto kept = asio::prefer(home, asio::execution::outstanding_work.tracked);
        auto whole = [this, kept = std::move(kept), job = std::move(job), done = std::move(done)]() mutable {
            auto outcome = job();
            --unfinished_; // first: who hears of the end may have another job
            asio::post(kept,
                       [outcome = std::move(outcome), done = std::move(done)]() mutable { done(std::move(outcome)); });
        };
        if (expect_job())
            asio::post(*jobs_, std::move(whole));
        else
            whole();
    }

    /// Whether what seldom waits may be done on the caller's thread now, which saves two changes of threads. Any thread
    /// may ask.
    [[nodiscard]] bool may_be_spared() const noexcept { return pace_.is_quick(now()); }

    /// Does it, and takes into account how long that took.
    template <class Job>
    auto timed(Job&& job)
    {
        const bool counts_waits = pace_.counts_waits();
        const auto waits = counts_waits ? waits_of_thread() : 0;
        const auto began = now();
        auto outcome = job();
        const auto ended = now();
        const bool is_long = ended - began > store_pace::longest;
        pace_.took(ended - began, ended, counts_waits && is_long ? waits_of_thread() - waits : 0);
        return outcome;
    }

    /// Waits for the running jobs; those not begun are never run, nor any that come later. Not while run() may be
    /// called by another thread.
    void stop();

private:
    bool expect_job();

    store_pace pace_;
    std::unique_ptr<asio::io_context> jobs_ = std::make_unique<asio::io_context>();
    asio::executor_work_guard<asio::io_context::executor_type> until_stopped_ = asio::make_work_guard(*jobs_);
    const std::size_t most_threads_;
    std::atomic<std::size_t> unfinished_ = 0; ///< Jobs.
    std::atomic<std::size_t> begun_ = 0;      ///< Threads, which are under the mutex.
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

} // namespace libftp::net
