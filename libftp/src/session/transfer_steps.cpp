// Hands out the steps of a transfer and counts those that run.
#include "transfer_steps.hpp"

#include <libftp/error.hpp>

#include <algorithm>

namespace libftp {

namespace {

bool is_of_login(operation_step step)
{
    return step == operation_step::user || step == operation_step::password || step == operation_step::account;
}

} // namespace

clock::duration pause_before(unsigned attempt, const retry_options& retry)
{
    auto pause = std::min(retry.first_pause, retry.longest_pause);
    for (unsigned i = 2; i < attempt && pause.count() > 0 && pause < retry.longest_pause; ++i)
        pause += std::min(pause, retry.longest_pause - pause);
    return pause;
}

operation_error near_failure(std::error_code code)
{
    return {.code = code, .answer = {}, .step = operation_step::near_end};
}

operation_error mismatch(std::error_code code)
{
    return {.code = code, .answer = {}, .step = operation_step::verification};
}

bool refuses_restart(const operation_error& why)
{
    return why.step == operation_step::restart && why.session == session_state::usable &&
           why.code != failure::transient && why.code != protocol_errc::canceled;
}

bool may_pass(const operation_error& why)
{
    if (why.session == session_state::closed && why.code == protocol_errc::refused_permanently && is_of_login(why.step))
        return true;
    return why.code == failure::transient && why.step != operation_step::near_end;
}

bool has_left_at_address(const operation_error& why)
{
    return why.step == operation_step::data_address && why.session == session_state::closed &&
           why.code == failure::transient;
}

bool avoidable_failures::forgive(const operation_error& why) noexcept
{
    if (has_left_at_address(why))
        return !std::exchange(has_left_at_address_, true);
    const bool never_began = why.step == operation_step::arguments && why.session == session_state::closed;
    const bool is_one = why.code == protocol_errc::order_confused || (never_began && why.code == failure::transient);
    if (!is_one || left_ == 0)
        return false;
    --left_;
    return true;
}

std::optional<client_task_step> transfer_steps::next()
{
    if (!std::exchange(has_begun_, true) && !outcome_)
        begin();
    if (ready_.empty())
        return std::nullopt;
    auto step = std::move(ready_.front());
    ready_.pop_front();
    ++running_;
    return step;
}

void transfer_steps::cancel()
{
    is_canceled_ = true;
    ready_.clear();
    settle();
}

void transfer_steps::add(client_task_step step)
{
    if (is_canceled_)
        return fail({protocol_errc::canceled});
    if (!outcome_ && !new_course_)
        ready_.push_back(std::move(step));
}

void transfer_steps::change_course(std::function<void()> how)
{
    new_course_ = std::move(how);
    ready_.clear();
    stop();
}

void transfer_steps::settle()
{
    // Steps that were dropped may be waited for.
    if (is_canceled_ && running_ == 0)
        fail({protocol_errc::canceled});
    if (new_course_ && running_ == 0 && !outcome_)
        std::exchange(new_course_, nullptr)();
    if (is_done())
        release();
}

transfer_steps::progress_listener transfer_steps::listening(progress_listener progress)
{
    if (!progress)
        return {};
    return
        [self = shared_from_this(), progress = std::move(progress)](const transfer_progress& made) { progress(made); };
}

void transfer_steps::look_up(const std::string& path, unsigned& attempt,
                             std::function<void(client_result<listed_entry>)> then)
{
    operate(operation::stat{path}, [this, path, &attempt, then = std::move(then)](client_result<listed_entry> found) {
        if (found || found.error().session != session_state::closed)
            return then(std::move(found));
        try_again(attempt, std::move(found.error()), [this, path, &attempt, then] { look_up(path, attempt, then); });
    });
}

void transfer_steps::try_again(unsigned& attempt, operation_error why, std::function<void()> then)
{
    if (avoidable_failures_.forgive(why)) {
        ++result_.attempts;
        return then();
    }
    if (!may_pass(why) || attempt >= options_.retry.attempts)
        return fail(std::move(why));
    ++result_.attempts;
    add(client_step::pause{pause_before(++attempt, options_.retry), ending(std::move(then))});
}

void transfer_steps::add_up(const transfer_result& made)
{
    auto sum = made;
    sum.bytes += result_.bytes;
    sum.time += result_.time;
    sum.attempts = result_.attempts;
    result_ = std::move(sum);
}

void transfer_steps::succeed()
{
    if (!outcome_)
        outcome_.emplace(std::move(result_));
}

void transfer_steps::fail(operation_error why)
{
    if (outcome_ || (new_course_ && !is_canceled_))
        return;
    if (is_canceled_)
        why.code = protocol_errc::canceled;
    why.bytes = result_.bytes;
    outcome_.emplace(std::move(why));
    ready_.clear();
    stop();
}

} // namespace libftp
