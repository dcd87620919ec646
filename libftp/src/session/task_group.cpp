// Takes the steps of the tasks whose turn it is, the first of them first.
#include <libftp/session/task_group.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <variant>

namespace libftp {

namespace {

struct member {
    std::unique_ptr<client_task> task;
    std::function<void()> begins;
    std::function<void()> end;
};

} // namespace

struct task_group::state {
    std::size_t at_a_time = 1;
    std::deque<member> waiting{};
    std::list<member> begun{};
    bool is_cut_short = false;

    void begin_next()
    {
        begun.push_back(std::move(waiting.front()));
        waiting.pop_front();
        if (const auto& begins = begun.back().begins)
            begins();
    }

    void end_if_done(std::list<member>::iterator one)
    {
        if (!one->task->is_done())
            return;
        const auto done = std::move(*one);
        begun.erase(one);
        done.end();
    }
};

task_group::task_group(std::size_t at_a_time) : state_(std::make_shared<state>())
{
    state_->at_a_time = std::max<std::size_t>(at_a_time, 1);
}

task_group::~task_group()
{
    for (auto& each : state_->begun)
        each.end = [] {}; // what it would tell may be gone
    cancel();
}

void task_group::add_any(std::unique_ptr<client_task> task, std::function<void()> begins, std::function<void()> end)
{
    state_->waiting.push_back({std::move(task), std::move(begins), std::move(end)});
}

std::optional<client_task_step> task_group::next_step()
{
    auto& all = *state_;
    for (auto next = all.begun.begin();;) {
        if (next == all.begun.end()) {
            if (all.waiting.empty() || all.begun.size() >= all.at_a_time)
                return std::nullopt;
            all.begin_next();
            next = std::prev(all.begun.end());
        }
        const auto one = next++;
        auto step = one->task->next_step();
        if (!step) {
            all.end_if_done(one);
            continue;
        }
        const auto add_end = [&](auto& what) {
            what.then = [self = state_, one, then = std::move(what.then)](auto... outcome) {
                then(std::move(outcome)...);
                self->end_if_done(one);
            };
        };
        std::visit(add_end, *step);
        return step;
    }
}

void task_group::cancel()
{
    state_->is_cut_short = state_->is_cut_short || !is_done();
    state_->waiting.clear();
    for (auto next = state_->begun.begin(); next != state_->begun.end();) {
        const auto one = next++;
        one->task->cancel();
        state_->end_if_done(one);
    }
}

bool task_group::is_done() const noexcept
{
    return state_->waiting.empty() && state_->begun.empty();
}

client_result<void> task_group::take_result()
{
    if (state_->is_cut_short)
        return operation_error{.code = protocol_errc::canceled};
    return {};
}

} // namespace libftp
