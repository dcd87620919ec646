// Several tasks as one, which share the sessions of a client: many files that are no tree.
#pragma once

#include <libftp/session/client_task.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace libftp {

/// The tasks begin in the order in which they were added. One that fails does not end the others. The result is
/// protocol_errc::canceled unless all came to their end.
class task_group final : public client_task {
public:
    using value_type = void;

    /// At most so many tasks at the same time, at least one: as many as there are sessions, say.
    explicit task_group(std::size_t at_a_time = 1);
    ~task_group() override;
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;

    /// `begins`, if there is one, is called when the task's turn comes, and `ended` with its result, both on the thread
    /// that runs the group. Neither is called for a task that was canceled before its turn.
    template <class Task>
    void add(std::unique_ptr<Task> task, const std::function<void()>& begins,
             std::function<void(client_result<typename Task::value_type>)> ended)
    {
        auto end = [made = task.get(), ended = std::move(ended)] { ended(made->take_result()); };
        add_any(std::move(task), begins, std::move(end));
    }

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    /// Precondition: is_done(). Once.
    client_result<void> take_result();

private:
    void add_any(std::unique_ptr<client_task> task, std::function<void()> begins, std::function<void()> end);

    struct state;
    std::shared_ptr<state> state_; ///< Steps that run hold it too.
};

} // namespace libftp
