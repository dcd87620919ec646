// How commands use the account's store: paths, calls, and tasks that go on step by step.
#include <libftp/session/server_session.hpp>

#include "server_session_request.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

/// The path that an argument names, or nothing after a reply that says why not.
std::optional<store_path> server_session::resolve(std::string_view argument, permission needed)
{
    auto path = directory_.resolve(argument);
    if (!path) {
        reply(to_reply_code(path.error()), to_reply_text(path.error()));
        return std::nullopt;
    }
    if (!may(needed, *path))
        return std::nullopt;
    return std::move(*path);
}

/// Whether the account may do this there; if not, it has been told so.
bool server_session::may(permission needed, const store_path& path)
{
    if (account_->allowed.at(path).allows(needed))
        return true;
    reply(reply_code::file_unavailable, "Permission denied.");
    return false;
}

void server_session::call_store(store_request wanted, store_continuation then)
{
    then_ = then;
    enter(phase::calling_store);
    pending_ = request(action::call_store{op_id::none, account_->store, std::move(wanted)});
}

/// A call whose success is told by this reply, and to the observer.
void server_session::call_store(store_request wanted, reply_code code, std::string text,
                                std::optional<change_report> change)
{
    success_ = code;
    text_ = std::move(text);
    change_ = std::move(change);
    call_store(std::move(wanted), &server_session::answer_success);
}

void server_session::answer_success(store_answer& /*answer*/)
{
    if (change_)
        observer_.changed(facts_, *std::exchange(change_, std::nullopt));
    reply(success_, text_);
}

void server_session::store_call_ended(store_response response)
{
    enter(phase::ready);
    if (store_answer nothing; !response && std::exchange(takes_failure_, false))
        (this->*then_)(nothing);
    else if (response)
        (this->*then_)(*response);
    else
        reply(to_reply_code(response.error()), to_reply_text(response.error()));
}

void server_session::start_work(running_work work)
{
    work.command = std::move(hooked_);
    work.back_to = phase_;
    work_ = std::move(work);
    enter(phase::working);
}

/// Back to where the work began, and to whoever hears of its end.
void server_session::end_work()
{
    pending_ = op_id::none;
    hooked_ = std::move(work_.command);
    enter(work_.back_to);
    work_ = {};
}

/// ABOR during a task or a program's own command.
void server_session::abort_work()
{
    auto abor = std::move(hooked_);
    const bool lists = work_.lists;
    end_work();
    if (lists)
        end_status("The listing was aborted.");
    else
        reply(reply_code::transfer_aborted, "The command was aborted.");
    hooked_ = std::move(abor);
    reply(reply_code::closing_data_connection, "ABOR is done.");
}

void server_session::start_task(std::shared_ptr<store_task> task, task_continuation then)
{
    start_work({.task = std::move(task), .then = then});
    next_step();
}

void server_session::start_task(std::shared_ptr<store_task> task, reply_code code, std::string text,
                                std::optional<change_report> change)
{
    success_ = code;
    text_ = std::move(text);
    change_ = std::move(change);
    start_task(std::move(task), &server_session::answer_task_success);
}

void server_session::answer_task_success(const task_step& /*step*/)
{
    store_answer nothing;
    answer_success(nothing);
}

void server_session::next_step()
{
    work_.waits_for_room = false;
    phase_deadline_ = clock::time_point::max();
    pending_ = request(action::call_store{op_id::none, account_->store, store_call::run_task{work_.task}});
}

void server_session::task_stepped(store_response response)
{
    const bool lists = work_.lists;
    if (!response) {
        end_work();
        const auto why = to_reply_text(response.error());
        return lists ? end_status(fmt::format("The listing ends early: {}", why))
                     : reply(to_reply_code(response.error()), why);
    }
    const auto& step = std::get<task_step>(*response);
    if (lists)
        append_status(step.text);
    if (step.is_done) {
        const auto then = work_.then;
        end_work();
        return lists ? end_status("End.") : (this->*then)(step);
    }
    if (output().size() <= options_.max_output_bytes)
        return next_step();
    work_.waits_for_room = true;
    phase_deadline_ = facts_.now + options_.stall_limit;
}

} // namespace libftp
