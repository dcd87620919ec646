// A transfer from its command to its last reply, and how it is given up half-way.
#include "client_transfer.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/error.hpp>
#include <libftp/session/transfer_coding.hpp>

#include <string_view>
#include <utility>

namespace libftp {

namespace {

/// Replies that an aborted transfer may cause: up to two each for the transfer and ABOR, and one for NOOP.
constexpr unsigned max_abort_replies = 5;

/// What the host gets to write to. It cannot commit: that waits for the server's word. Whoever of host and session lets
/// go last destroys the sink, so that it never goes while it is written to.
class lent_writer final : public file_writer {
public:
    explicit lent_writer(std::shared_ptr<std::unique_ptr<file_writer>> sink) : sink_(std::move(sink)) {}

    result<void> write(std::string_view bytes) override { return (*sink_)->write(bytes); }
    result<void> commit() override { return {}; }
    [[nodiscard]] std::optional<native_file> native() const override { return (*sink_)->native(); }
    void skip(std::uint64_t bytes) override { (*sink_)->skip(bytes); }

private:
    std::shared_ptr<std::unique_ptr<file_writer>> sink_;
};

/// The size in `Opening BINARY mode data connection for a.txt (1234 bytes).` It stands at the end: a name may hold
/// anything.
std::optional<std::uint64_t> announced_size(const reply& answer)
{
    if (answer.lines.empty())
        return std::nullopt;
    std::string_view text = answer.lines.back();
    text = text.substr(0, text.find_last_not_of(" .") + 1);
    constexpr std::string_view unit = " bytes)";
    const auto open = text.rfind('(');
    if (open == std::string_view::npos || !text.ends_with(unit))
        return std::nullopt;
    text.remove_suffix(unit.size());
    return ascii::parse_number<std::uint64_t>(text.substr(open + 1));
}

} // namespace

transfer::transfer(client_control& control, op_id id, transfer_plan plan)
    : data_operation(control, id), plan_(std::move(plan))
{
    const transfer_coding coding{.type = plan_.type};
    if (plan_.source)
        plan_.source = make_coding_reader(std::move(plan_.source), coding, plan_.offset);
    if (plan_.sink)
        sink_ = std::make_shared<std::unique_ptr<file_writer>>(
            make_decoding_writer(std::move(plan_.sink), coding, plan_.offset));
}

void transfer::data_agreed()
{
    if (plan_.offset == 0)
        send_command();
    else
        ask("REST", std::to_string(plan_.offset), &transfer::restart_answered);
}

void transfer::restart_answered(const reply& answer)
{
    if (answer.is_intermediate())
        send_command();
    else
        give_up(refusal(answer));
}

void transfer::send_command()
{
    sent_at_ = control().now();
    ask(plan_.verb, plan_.argument, &transfer::command_answered, preliminary::once);
}

void transfer::command_answered(const reply& answer)
{
    if (answer.is_preliminary()) {
        begun_ = true;
        if (plan_.verb == "RETR")
            result_.announced = announced_size(answer);
        return failure_ ? send_abort() : move_data();
    }
    result_.time = control().now() - sent_at_;
    if (!answer.is_completion())
        return give_up(refusal(answer));
    // Some servers leave the preliminary reply out.
    begun_ = true;
    move_data();
    settle();
}

void transfer::move_data()
{
    if (!begun_ || failure_ || data_ == data_phase::ended)
        return;
    if (!has_data())
        return control().wait(control().options().data_connect_limit);
    control().wait(control().options().stall_limit);
    if (data_ == data_phase::moving)
        return;

    data_ = data_phase::moving;
    result_.data_peer = data_peer();
    transfer_id_ = control().next_id();
    if (plan_.source)
        control().request(action::send_data{.id = transfer_id_, .source = std::move(plan_.source), .may_block = true});
    else
        control().request(
            action::receive_data{.id = transfer_id_, .sink = std::make_unique<lent_writer>(sink_), .may_block = true});
}

void transfer::transfer_progressed(op_id id, std::uint64_t bytes)
{
    if (id != transfer_id_ || failure_ || bytes <= result_.bytes)
        return;
    result_.bytes = bytes;
    control().report_progress(this->id(), bytes);
    control().wait(control().options().stall_limit);
}

void transfer::transfer_finished(op_id id, const transfer_outcome& outcome)
{
    if (id != transfer_id_)
        return;
    transfer_id_ = op_id::none;
    data_ = data_phase::ended;
    result_.bytes = outcome.bytes;
    if (failure_)
        return settle();

    const auto error = outcome.error ? outcome.error : make_error_code(protocol_errc::transfer_incomplete);
    switch (outcome.fault) {
    case transfer_fault::none: break;
    case transfer_fault::store: return give_up({error});
    case transfer_fault::connection:
    case transfer_fault::canceled: failure_ = operation_error{error}; break;
    }
    forget_data();
    if (awaits_reply())
        control().wait(control().options().reply_limit);
    settle();
}

void transfer::settle()
{
    if (awaits_reply() || data_ == data_phase::moving)
        return;
    if (failure_)
        fail(std::move(*failure_));
    else if (data_ == data_phase::ended)
        complete();
}

void transfer::complete()
{
    control().stop_waiting();
    // After REST some servers announce the whole file, others what is left of it. In TYPE A the size says nothing of
    // what is sent.
    const auto& announced = result_.announced;
    if (announced && plan_.type == representation_type::image && *announced != result_.bytes &&
        *announced != result_.bytes + plan_.offset)
        return fail({protocol_errc::transfer_incomplete});
    if (!sink_)
        return succeed(std::move(result_));
    commit_id_ = control().next_id();
    control().request(action::commit{commit_id_, std::move(*sink_)});
}

void transfer::committed(op_id id, const result<void>& outcome)
{
    if (id != commit_id_)
        return;
    if (outcome)
        succeed(std::move(result_));
    else
        fail({outcome.error()});
}

void transfer::give_up(operation_error why)
{
    if (!failure_)
        failure_ = std::move(why);
    close_data();
    if (awaits_reply() && begun_)
        return send_abort();
    settle();
}

void transfer::send_abort()
{
    // How many replies an aborted transfer gets differs from server to server: 426 and 226, two times 226, or one reply
    // for both commands. NOOP is answered after all of them, and with 200 like no other command here.
    control().send("ABOR");
    ask("NOOP", {}, &transfer::abort_answered);
    // The transfer's own reply may have been received already.
    control().forget_sending();
}

void transfer::abort_answered(const reply& answer)
{
    ++abort_replies_;
    // A server without NOOP says so when the transfer and ABOR have been answered.
    const bool ends_abort =
        answer.code == to_int(reply_code::ok) || (answer.is_permanent_failure() && abort_replies_ > 2);
    if (ends_abort)
        settle();
    else if (abort_replies_ == max_abort_replies)
        control().end_session({protocol_errc::reply_unexpected, answer});
    else
        expect(&transfer::abort_answered);
}

void transfer::cancel()
{
    // While the sink is being committed it is too late: the file may be there already.
    if (failure_ || commit_id_ != op_id::none)
        return;
    if (waits_to_begin())
        running_operation::cancel();
    else
        give_up({protocol_errc::canceled});
}

void transfer::timed_out()
{
    const bool waits_for_reply = waits_to_begin() || failure_ || data_ == data_phase::ended;
    if (waits_for_reply)
        running_operation::timed_out();
    else if (!retries_opening())
        give_up({protocol_errc::timed_out});
}

void transfer::session_ended(const operation_error& why)
{
    // The server has confirmed the transfer: its last bytes may still come, and whether the file is there is for the
    // host to say.
    const bool is_confirmed = begun_ && !awaits_reply() && !failure_;
    if (is_confirmed && (data_ == data_phase::moving || commit_id_ != op_id::none))
        return;
    close_data();
    fail(failure_.value_or(why));
}

} // namespace libftp
