// Work for a client that takes several operations, perhaps on several sessions at once: transfers that are tried again,
// trees, mirrors. Like a session it does no I/O: it says what is to be done next.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/session/client_operation.hpp>

#include <functional>
#include <optional>
#include <variant>

namespace libftp {

/// What a task asks of whoever runs it. `then` is to be called when the step has ended, exactly once, on the thread
/// that runs the task; more steps may be ready afterwards.
namespace client_step {

/// An operation, on any session of the same server and login that is free. One that was closed is opened again first;
/// where that fails, the step ends with its error.
struct operate {
    client_operation what;
    std::function<void(event::operation_done)> then;
    std::function<void(const transfer_progress&)> progress{}; ///< May be empty.
};

/// A call that may block, on whatever thread. The task does nothing else with what it touches until it has ended.
struct call {
    std::function<void()> job;
    std::function<void()> then;
};

/// Waiting, without holding a session.
struct pause {
    clock::duration time{};
    std::function<void()> then;
};

} // namespace client_step

using client_task_step = std::variant<client_step::operate, client_step::call, client_step::pause>;

/// One thread at a time. A derived class has a value_type and `client_result<value_type> take_result()`, to be called
/// once, when is_done().
class client_task {
public:
    virtual ~client_task() = default;

    /// A step that can begin now, next to those that have not ended; nothing if none can. A runner asks when it has a
    /// session free, until nothing comes; and again after each `then`.
    virtual std::optional<client_task_step> next_step() = 0;
    /// No more steps; those that run end first. The result is protocol_errc::canceled unless all is done.
    virtual void cancel() = 0;
    /// All steps have ended and none will come.
    [[nodiscard]] virtual bool is_done() const noexcept = 0;
};

} // namespace libftp
