// How a transfer is given up half-way, and what servers answer then (RFC 959 4.1.3, ABOR).
#include "client_transfer.hpp"

#include "lent_sink.hpp"

#include <libftp/error.hpp>

#include <utility>

namespace libftp {

namespace {

/// Replies that an aborted transfer may cause: up to two each for the transfer and ABOR, and one for PWD.
constexpr unsigned usual_abort_replies = 5;

bool is_directory_told(const reply& answer) noexcept
{
    return answer.code == to_int(reply_code::pathname_created);
}

} // namespace

operation_error transfer::at(operation_step place, operation_error why) const
{
    why.step = place;
    why.bytes = result_.bytes;
    return why;
}

void transfer::end_with(operation_error why)
{
    if (sink_ && data_ != data_phase::moving)
        sink_->discard(why.code);
    come_to(why.step);
    failed(std::move(why));
}

void transfer::begin_anew()
{
    close_data();
    open_data(type_to_set(), is_to_share());
}

void transfer::give_up(operation_error why)
{
    if (!failure_)
        failure_ = at(where(), std::move(why));
    close_data();
    if (begun_ && (awaits_reply() || failure_->code == protocol_errc::order_confused))
        return call_off();
    settle();
}

/// The server sees the end of the data connection, and answers.
void transfer::data_not_secured(std::error_code why)
{
    const bool is_silent = why == protocol_errc::timed_out; // the connection itself is there
    failure_ = at(is_silent ? operation_step::tls : operation_step::data_connection, {why});
    close_data();
    if (awaits_reply())
        control().wait(control().options().reply_limit);
    settle();
}

/// A server that refuses a transfer, or this TLS session for it, or cannot go on with it (a full disk), closes the data
/// connection too, even while an upload is on its way already. Which of the two is seen first is chance, and the reply
/// tells more.
void transfer::explain_failure(const reply& answer)
{
    if (is_broken_off())
        failure_.reset();
    else if (failure_ && failure_->code.category() == tls_category() && failure_->answer.code == 0)
        failure_->answer = answer;
}

/// Whether the server may be what has ended the data connection, or prevented it.
bool transfer::is_broken_off() const noexcept
{
    if (!failure_)
        return false;
    const auto& code = failure_->code;
    const bool is_of_this_side = code.category() == tls_category() || code.category() == protocol_category();
    const bool is_of_connection =
        failure_->step == operation_step::data_connection || failure_->step == operation_step::transfer;
    return is_of_connection &&
           (!is_of_this_side || code == tls_errc::handshake_failed || code == protocol_errc::data_connection_refused);
}

/// Whether the connection was there, so that the server knows of its end.
bool transfer::is_broken_off_by_server() const noexcept
{
    return is_broken_off() && failure_->code != protocol_errc::data_connection_refused;
}

/// Whoever knows the size can tell whether something is missing, and then needs to know whether the server has
/// confirmed the transfer. For TLS see has_all_announced().
bool transfer::is_reset_in_clear() const noexcept
{
    return !result_.tls && failure_ && failure_->step == operation_step::transfer && is_broken_off_by_server();
}

void transfer::call_off()
{
    close_data();
    const bool is_confused = failure_->code == protocol_errc::order_confused;
    if (control().count_ahead() != 0 && !is_confused) {
        // ABOR would come behind them, and abort the next transfer. The end of the data connection has to do.
        expect(&transfer::cut_answered);
        return control().wait(control().options().abort_limit);
    }
    const auto ahead = control().take_ahead();
    max_abort_replies_ = usual_abort_replies + syncs_to_come_;
    for (const auto& line : ahead) {
        max_abort_replies_ += 2;
        syncs_to_come_ += line.verb == "MKD" ? 1U : 0U;
    }
    control().send("ABOR");
    expect(&transfer::abort_answered, preliminary::allowed);
    control().wait(control().options().abort_limit);
    // The transfer's own reply may have been received already.
    control().forget_sending();
}

/// Some servers answer a transfer that was cut with a second preliminary reply only (Pure-FTPd), others with 426 and a
/// while later 226. PWD was sent after the first reply: the reply to it tells that no other will come.
void transfer::cut_followed(const reply& answer)
{
    if (!is_directory_told(answer) && !answer.is_permanent_failure()) {
        if (++abort_replies_ == usual_abort_replies)
            return control().end_session({protocol_errc::reply_unexpected, answer});
        return expect(&transfer::cut_followed);
    }
    abort_replies_ = 0;
    --syncs_to_come_;
    settle();
}

void transfer::cut_answered(const reply& /*answer*/)
{
    settle();
}

/// An aborted transfer gets different replies from different servers: 426 and 226, 226 twice, or one reply for both
/// commands. PWD is answered after them all, and by 257, as no other command here is except MKD; the 200 of NOOP would
/// not do, since many servers say that to ABOR. PWD goes out after the first reply: Pure-FTPd drops what comes together
/// with ABOR.
void transfer::abort_answered(const reply& answer)
{
    ++abort_replies_;
    if (is_directory_told(answer) && syncs_to_come_ != 0)
        --syncs_to_come_;
    // A server without PWD says so when the transfer and ABOR have been answered.
    const bool refuses_pwd =
        answer.is_permanent_failure() && abort_replies_ > 2 && max_abort_replies_ == usual_abort_replies;
    if (abort_is_synced_ && (syncs_to_come_ == 0 || refuses_pwd))
        return settle();
    if (abort_replies_ == max_abort_replies_)
        return control().end_session({protocol_errc::reply_unexpected, answer});
    if (!answer.is_preliminary() && !std::exchange(abort_is_synced_, true)) {
        ++syncs_to_come_;
        control().send("PWD");
        control().forget_sending();
    }
    expect(&transfer::abort_answered, preliminary::allowed);
    control().wait(control().options().abort_limit);
}

void transfer::stop(std::error_code why)
{
    // While the sink is being committed it is too late: the file may already be there.
    if (failure_ || commit_id_ != op_id::none)
        return;
    const bool is_ahead = control().has_ahead(id()) || (is_command_out() && is_connecting());
    if (is_ahead) {
        // The server has the transfer command and waits for the connection: once that is there, it is called off.
        failure_ = at(where(), {why});
    } else if (!is_command_out()) {
        // The command whose reply is awaited only changes how the next transfer begins.
        if (where() == operation_step::type)
            control().server().type.reset();
        disown_reply();
        give_up({why});
    } else if (is_all_sent() && awaits_reply()) {
        // What others have sent behind it stays: the server's word is awaited.
        failure_ = at(where(), {why});
        control().wait(control().options().abort_limit);
    } else {
        give_up({why});
        if (awaits_reply())
            control().wait(control().options().abort_limit);
    }
}

void transfer::timed_out()
{
    if (is_to_begin_again_)
        return data_operation::timed_out();
    if (is_securing_data())
        return data_not_secured(protocol_errc::timed_out);
    const bool waits_for_reply = !is_connecting() && (waits_to_begin() || failure_ || data_ == data_phase::ended);
    if (waits_for_reply) {
        data_operation::timed_out();
    } else if (!retries_opening()) {
        give_up({protocol_errc::timed_out});
        if (!is_done())
            control().wait(control().options().abort_limit);
    }
}

void transfer::session_ended(const operation_error& why)
{
    note_end();
    is_session_over_ = true;
    // Everything has come: some servers leave at the end of the data connection instead of answering.
    const bool has_left = why.code == protocol_errc::connection_closed || why.code == protocol_errc::service_closing;
    if (is_cut_ && !failure_ && has_left && commit_id_ == op_id::none)
        return complete();
    // The server has confirmed the transfer: its last bytes may still come, and the host will tell whether the file is
    // there.
    const bool is_confirmed = begun_ && !awaits_reply() && !failure_;
    if ((is_confirmed && data_ == data_phase::moving) || commit_id_ != op_id::none)
        return;
    close_data();
    end_with(failure_ ? *failure_ : at(where(), why));
}

} // namespace libftp
