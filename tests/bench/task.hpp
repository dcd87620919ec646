// A coroutine that begins when it is awaited, and at whose end its awaiter goes on.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace bench {

template <class Result = void>
class task;

struct task_promise_base {
    /// Goes on with the awaiter, without a deeper stack.
    struct hand_over {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept
        {
            return ended.promise().awaiter;
        }
        void await_resume() const noexcept {}
    };

    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] hand_over final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
    void rethrow() const
    {
        if (error)
            std::rethrow_exception(error);
    }

    std::coroutine_handle<> awaiter = std::noop_coroutine();
    std::exception_ptr error{};
};

template <class Result>
struct task_promise : task_promise_base {
    task<Result> get_return_object();
    void return_value(Result given) { result.emplace(std::move(given)); }
    Result take()
    {
        rethrow();
        return std::move(*result);
    }

    std::optional<Result> result{};
};

template <>
struct task_promise<void> : task_promise_base {
    task<void> get_return_object();
    void return_void() const noexcept {}
    void take() const { rethrow(); }
};

/// Owns the coroutine, wherever that waits.
template <class Result>
class [[nodiscard]] task {
public:
    using promise_type = task_promise<Result>;

    explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    task& operator=(task&&) = delete;
    ~task()
    {
        if (coroutine_)
            coroutine_.destroy();
    }

    /// For the outermost one, which nobody awaits.
    void begin() const { coroutine_.resume(); }
    [[nodiscard]] bool ended() const noexcept { return coroutine_.done(); }
    /// After the end: what came of it.
    Result take() const { return coroutine_.promise().take(); }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) const noexcept
    {
        coroutine_.promise().awaiter = awaiter;
        return coroutine_;
    }
    Result await_resume() const { return take(); }

private:
    std::coroutine_handle<promise_type> coroutine_;
};

template <class Result>
task<Result> task_promise<Result>::get_return_object()
{
    return task<Result>{std::coroutine_handle<task_promise>::from_promise(*this)};
}

inline task<void> task_promise<void>::get_return_object()
{
    return task<void>{std::coroutine_handle<task_promise>::from_promise(*this)};
}

} // namespace bench
