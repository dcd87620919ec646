// How an operation moves from step to step, and how it ends.
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace libftp {

bool running_operation::awaits(const reply& answer) const noexcept
{
    return awaits_reply() && (!answer.is_preliminary() || preliminary_left_ != 0);
}

void running_operation::answered(const reply& answer)
{
    last_answer_ = answer;
    const auto take = step_;
    if (answer.is_preliminary()) {
        // The command's own reply is still to come.
        --preliminary_left_;
        control_.wait(control_.options().reply_limit);
    } else {
        step_ = nullptr;
        control_.stop_waiting();
    }
    (this->*take)(answer);
}

void running_operation::disown_reply()
{
    if (awaits_reply())
        control_.disown_reply();
    step_ = nullptr;
}

void running_operation::stop(std::error_code why)
{
    disown_reply();
    fail({why});
}

void running_operation::timed_out()
{
    if (control_.count_ahead() != 0)
        control_.server().confuses_order = true;
    // A reply that comes late would be taken for the answer to the next command.
    control_.end_session({protocol_errc::timed_out});
}

void running_operation::succeed(operation_value value)
{
    done_.emplace(event::operation_done{id_, std::move(value), std::move(last_answer_)});
}

void running_operation::fail(operation_error why)
{
    auto answer = why.answer.code != 0 ? why.answer : std::move(last_answer_);
    why.step = where_;
    done_.emplace(event::operation_done{id_, std::move(why), std::move(answer)});
}

operation_step running_operation::step_of(std::string_view verb) noexcept
{
    struct row {
        std::string_view verb;
        operation_step step;
    };
    static constexpr std::array rows{
        row{"AUTH", operation_step::tls},          row{"PBSZ", operation_step::tls},
        row{"PROT", operation_step::tls},          row{"CCC", operation_step::tls},
        row{"USER", operation_step::user},         row{"PASS", operation_step::password},
        row{"ACCT", operation_step::account},      row{"TYPE", operation_step::type},
        row{"EPSV", operation_step::data_address}, row{"PASV", operation_step::data_address},
        row{"EPRT", operation_step::data_address}, row{"PORT", operation_step::data_address},
        row{"REST", operation_step::restart},      row{"RANG", operation_step::restart},
    };
    const auto found = std::ranges::find(rows, verb, &row::verb);
    return found == rows.end() ? operation_step::command : found->step;
}

} // namespace libftp
