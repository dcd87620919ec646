// How commands use the account's store: paths, calls, and tasks that go on step by step.
#include <libftp/session/server_session.hpp>

#include "../later.hpp"
#include "server_session_request.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

/// The reply to a name that no file can have: 553 belongs to the commands that store or rename files, and MKD is none
/// of them (RFC 959 5.4).
reply_code refusal_of_name(permission needed) noexcept
{
    const bool is_to_be = needed == permission::write || needed == permission::append || needed == permission::rename;
    return is_to_be ? reply_code::name_not_allowed : reply_code::file_unavailable;
}

/// Whether what needs this permission can be done to a file alone.
bool is_for_files(permission needed) noexcept
{
    return needed == permission::read || needed == permission::write || needed == permission::append ||
           needed == permission::delete_file;
}

} // namespace

/// The path that an argument names, or nothing after a reply that says why not.
std::optional<store_path> server_session::resolve(std::string_view argument, permission needed)
{
    auto path = facts_.directory.resolve(argument);
    if (!path) {
        reply(refusal_of_name(needed), to_reply_text(path.error()));
        return std::nullopt;
    }
    // The client takes it for a directory: a file of that name is not where it would look, or what it means.
    if (argument.ends_with('/') && is_for_files(needed)) {
        reply(reply_code::file_unavailable, "A name with a slash at its end is a directory's.");
        return std::nullopt;
    }
    if (!may(needed, *path))
        return std::nullopt;
    return std::move(*path);
}

/// Whether the account may do this there; if not, the client has been told.
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

/// Sets what the running command is answered if it succeeds, and what the observer hears then.
void server_session::promise(reply_code code, std::string text, std::optional<change_report> change)
{
    success_ = code;
    text_ = std::move(text);
    change_ = change ? std::make_unique<change_report>(*std::move(change)) : nullptr;
}

void server_session::answer_promised()
{
    if (const auto change = std::move(change_))
        observer_.changed(facts_, *change);
    reply(success_, text_);
}

void server_session::call_store(store_request wanted, reply_code code, std::string text,
                                std::optional<change_report> change)
{
    promise(code, std::move(text), std::move(change));
    call_store(std::move(wanted), &server_session::answer_success);
}

void server_session::answer_success(store_answer& /*answer*/)
{
    answer_promised();
}

void server_session::store_call_ended(store_response response)
{
    enter(phase::ready);
    if (response)
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

/// Back to where the work began. Its reply is to be given next, and then that of the ABOR which ended it.
server_session::running_work server_session::end_work()
{
    pending_ = op_id::none;
    auto ended = std::exchange(work_, {});
    hooked_ = std::move(ended.command);
    enter(ended.back_to);
    return ended;
}

/// Waits for the step that the host is at: it may be the last one, and the host never gets two at a time.
void server_session::give_up_work()
{
    work_.is_given_up = true;
    if (work_.waits_for_room)
        finish_task(store_answer{task_step{}});
}

/// ABOR during a task or a program's own command.
void server_session::abort_work()
{
    work_.is_aborted = true;
    work_.abor = std::move(hooked_);
    give_up_work();
}

void server_session::answer_abor_of(running_work& ended)
{
    if (!ended.is_aborted)
        return;
    hooked_ = std::move(ended.abor);
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
    promise(code, std::move(text), std::move(change));
    start_task(std::move(task), &server_session::answer_task_success);
}

void server_session::answer_task_success(const task_step& /*step*/)
{
    answer_promised();
}

void server_session::next_step()
{
    work_.waits_for_room = false;
    phase_deadline_ = clock::time_point::max();
    pending_ = request(action::call_store{op_id::none, account_->store, store_call::run_task{work_.task}});
}

void server_session::task_stepped(store_response response)
{
    const auto* const step = response ? &std::get<task_step>(*response) : nullptr;
    if (step != nullptr && work_.lists)
        append_status(step->text);
    if (step == nullptr || step->is_done || (work_.is_given_up && !step->must_go_on))
        return finish_task(response);
    if (!work_.lists || output().size() <= options_.max_output_bytes) // only listings add to it
        return next_step();
    work_.waits_for_room = true;
    phase_deadline_ = later(facts_.now, options_.stall_limit);
}

/// `last` is what the last step gave; if the task was aborted, it is not done.
void server_session::finish_task(const store_response& last)
{
    auto ended = end_work();
    const auto* const step = last ? &std::get<task_step>(*last) : nullptr;
    const bool is_done = step != nullptr && step->is_done;
    const auto why = last ? std::string_view{"It was aborted."} : to_reply_text(last.error());
    if (ended.lists)
        end_status(is_done ? "End." : fmt::format("The listing ends early: {}", why));
    else if (is_done)
        (this->*ended.then)(*step);
    else
        reply(last ? reply_code::transfer_aborted : to_reply_code(last.error()), why);
    answer_abor_of(ended);
}

} // namespace libftp
