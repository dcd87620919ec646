// The steps that a task over trees has ready; what fails for a while is tried again after a pause.
#pragma once

#include "transfer_steps.hpp"

#include <libftp/session/client_task.hpp>
#include <libftp/session/transfer_options.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace libftp {

class task_steps {
public:
    template <class T>
    using outcome_handler = std::function<void(client_result<T>)>;

    explicit task_steps(const retry_options& retry) noexcept : retry_(retry) {}

    template <class Operation>
    void operate(Operation what, outcome_handler<typename Operation::value_type> then)
    {
        attempt(std::move(what), std::move(then), 1);
    }

    /// `job` runs on whatever thread and must own what it touches.
    template <class T>
    void call(std::function<result<T>()> job, outcome_handler<T> then)
    {
        const auto outcome = std::make_shared<std::optional<result<T>>>();
        queue_.push_back(client_step::call{[outcome, job = std::move(job)] { outcome->emplace(job()); },
                                           [outcome, then = std::move(then)] {
                                               if (!**outcome)
                                                   then(near_failure((*outcome)->error()));
                                               else if constexpr (std::is_void_v<T>)
                                                   then({});
                                               else
                                                   then(*std::move(**outcome));
                                           }});
    }

    /// Does it as the attempt of this number, after a pause.
    void try_again(unsigned number, std::function<void()> then)
    {
        queue_.push_back(client_step::pause{pause_before(number, retry_), std::move(then)});
    }

    [[nodiscard]] const retry_options& retry() const noexcept { return retry_; }
    void set_attempts(unsigned attempts) noexcept { retry_.attempts = attempts; }

    std::optional<client_task_step> take()
    {
        if (queue_.empty())
            return std::nullopt;
        auto first = std::move(queue_.front());
        queue_.pop_front();
        return first;
    }

    [[nodiscard]] bool is_empty() const noexcept { return queue_.empty(); }
    void clear() noexcept { queue_.clear(); }

private:
    template <class Operation>
    void attempt(Operation what, outcome_handler<typename Operation::value_type> then, unsigned number)
    {
        auto ended = [this, what, then = std::move(then), number](event::operation_done done) {
            if (!done.outcome && avoidable_failures_.forgive(done.outcome.error()))
                return attempt(what, then, number);
            if (done.outcome || !may_pass(done.outcome.error()) || number >= retry_.attempts) {
                then(take_value<Operation>(std::move(done)));
                return;
            }
            try_again(number + 1, [this, what, then, number] { attempt(what, then, number + 1); });
        };
        queue_.push_back(client_step::operate{std::move(what), std::move(ended)});
    }

    retry_options retry_;
    avoidable_failures avoidable_failures_;
    std::deque<client_task_step> queue_;
};

} // namespace libftp
