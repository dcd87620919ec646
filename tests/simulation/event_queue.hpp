// The virtual clock: what is to happen, in the order of its time.
#pragma once

#include <libftp/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace libftp::simulation {

/// Time passes only from one event to the next. Events of the same time happen in the order they were asked for.
class event_queue {
public:
    [[nodiscard]] clock::time_point now() const noexcept { return now_; }
    [[nodiscard]] std::uint64_t happened() const noexcept { return happened_; }

    void at(clock::time_point when, std::function<void()> what);
    void after(clock::duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

    /// Nothing is to happen any more. What an event was the last to hold may ask for others when it goes.
    void end()
    {
        while (!waiting_.empty())
            std::vector<event>{}.swap(waiting_);
    }

    /// False: nothing is left to happen.
    bool run_next();

private:
    struct event {
        clock::time_point when;
        std::uint64_t number;
        std::function<void()> what;

        friend bool operator>(const event& a, const event& b) noexcept
        {
            return a.when != b.when ? a.when > b.when : a.number > b.number;
        }
    };

    clock::time_point now_{std::chrono::hours{24 * 365 * 30}};
    std::uint64_t happened_ = 0;
    std::uint64_t asked_ = 0;
    std::vector<event> waiting_; ///< A heap, the next one in front.
};

/// Has one job run soon, however often it is asked for.
class wake_up {
public:
    wake_up(event_queue& events, std::function<void()> job) : events_(events), job_(std::move(job)) {}
    wake_up(const wake_up&) = delete;
    wake_up& operator=(const wake_up&) = delete;

    void soon(clock::duration delay = {})
    {
        if (std::exchange(is_due_, true))
            return;
        events_.after(delay, [this] {
            is_due_ = false;
            job_();
        });
    }

private:
    event_queue& events_;
    std::function<void()> job_;
    bool is_due_ = false;
};

} // namespace libftp::simulation
