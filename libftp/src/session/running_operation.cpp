// How an operation moves from step to step, and how it ends.
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <utility>

namespace libftp {

bool running_operation::awaits(const reply& answer) const noexcept
{
    return awaits_reply() && (!answer.is_preliminary() || preliminary_ == preliminary::once);
}

void running_operation::answered(const reply& answer)
{
    last_answer_ = answer;
    const auto take = step_;
    if (answer.is_preliminary()) {
        // The command's own reply is still to come.
        preliminary_ = preliminary::refused;
        control_.wait(control_.options().reply_limit);
    } else {
        step_ = nullptr;
        control_.stop_waiting();
    }
    (this->*take)(answer);
}

void running_operation::cancel()
{
    control_.end_session({protocol_errc::canceled});
}

void running_operation::timed_out()
{
    // A reply that comes late would be taken for the answer to the next command.
    control_.end_session({protocol_errc::timed_out});
}

void running_operation::succeed(transfer_result transferred)
{
    done_.emplace(event::operation_done{id_, std::move(transferred), std::move(last_answer_)});
}

void running_operation::fail(operation_error why)
{
    auto answer = why.answer.code != 0 ? why.answer : std::move(last_answer_);
    done_.emplace(event::operation_done{id_, std::move(why), std::move(answer)});
}

} // namespace libftp
