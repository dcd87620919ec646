// A transfer from its command to its last reply.
#include "client_transfer.hpp"

#include "client_replies.hpp"
#include "lent_sink.hpp"
#include "transfer_replies.hpp"

#include <libftp/error.hpp>
#include <libftp/session/transfer_coding.hpp>

#include <utility>

namespace libftp {

namespace {

/// Of what a writer says: it may have decoded what it got.
operation_step place_of(const std::error_code& error)
{
    const bool is_of_coding = error == protocol_errc::transfer_malformed || error == protocol_errc::transfer_incomplete;
    return is_of_coding ? operation_step::transfer : operation_step::near_end;
}

} // namespace

transfer::transfer(client_control& control, op_id id, transfer_plan plan)
    : data_operation(control, id), plan_(std::move(plan))
{
    result_.offset = plan_.offset;
    if (plan_.source) {
        if (plan_.type == representation_type::image)
            result_.announced = plan_.source->remaining();
        if (result_.announced)
            result_.announced_by = size_source::near_end;
    }
    if (plan_.sink)
        sink_ = std::make_shared<lent_sink>(std::move(plan_.sink), plan_.length);
}

transfer::~transfer() = default;

void transfer::set_command(std::string verb, std::string argument)
{
    plan_.verb = std::move(verb);
    plan_.argument = std::move(argument);
}

void transfer::begin()
{
    const bool is_shared = is_to_share();
    const bool is_sent = control().is_first_ahead(id(), plan_.verb);
    if (failure_ && !is_sent)
        return settle();
    // Its command was sent for a data connection that has not been kept.
    if (is_shared && is_sent && !control().has_kept_data()) {
        forget_data();
        return ask(plan_.verb, plan_.argument, &transfer::unkept_answered, preliminary::allowed);
    }
    is_ahead_ = false;
    if (data_ != data_phase::waiting && !is_sent)
        return open_another();
    open_data(type_to_set(), is_shared);
}

std::optional<command_line> transfer::restart_command() const
{
    const auto& server = control().server();
    if (is_range_asked())
        return command_line{"RANG",
                            std::to_string(plan_.offset) + ' ' + std::to_string(plan_.offset + *plan_.length - 1)};
    if (plan_.offset != 0 || server.has_restart_point)
        return command_line{"REST", std::to_string(plan_.offset)};
    return std::nullopt;
}

std::vector<command_line> transfer::commands_ahead()
{
    if (!is_way_known())
        return {};
    follows_ = shares_data();
    auto lines = opening_ahead(type_to_set(), is_to_share());
    if (auto restart = restart_command()) {
        lines.push_back(std::move(*restart));
        // If the restart is refused, the upload would replace the file.
        if (!sink_ && plan_.offset != 0)
            return lines;
    }
    lines.push_back({plan_.verb, plan_.argument});
    return lines;
}

/// Where it is not known yet whether a data connection will come about, the transfer command is kept back.
std::vector<command_line> transfer::commands_at_once()
{
    const bool may_open = control().options().data_mode == data_mode::passive && !control().protection().awaits_login;
    if (!is_way_known() && may_open)
        return opening_ahead(type_to_set(), is_to_share());
    return commands_ahead();
}

/// A server that keeps the order can be sent the next commands as soon as this transfer's own are on their way.
bool transfer::lets_next_ahead() const noexcept
{
    if (failure_ || is_cut_ || may_send_more())
        return false;
    switch (control().may_go_ahead()) {
    case commands_ahead_of::everything:
        return is_command_out() || (where() == operation_step::data_address && control().has_ahead(id()));
    case commands_ahead_of::one_begun_transfer: return begun_ && awaits_reply();
    default: return false;
    }
}

void transfer::data_agreed()
{
    const auto restart = restart_command();
    if (!restart)
        return send_command();
    // Whether it is accepted or not, the next transfer must not begin there by accident.
    control().server().has_restart_point = true;
    ask(restart->verb, restart->argument, &transfer::restart_answered);
}

void transfer::restart_answered(const reply& answer)
{
    if (answer.is_intermediate() && is_range_asked())
        sink_->demand_end();
    // REST 0 may be refused: it only makes a server forget an offset that was never used.
    if (answer.is_intermediate() || (plan_.offset == 0 && !plan_.length))
        return send_command();
    control().server().has_restart_point = false;
    give_up(refusal(answer));
}

void transfer::send_command()
{
    if (data_ == data_phase::waiting)
        sent_at_ = control().now();
    control().server().has_restart_point = false;
    ask(plan_.verb, plan_.argument, &transfer::command_answered, preliminary::allowed);
    come_to(is_connecting() ? operation_step::data_connection : operation_step::transfer_command);
    if (is_connecting())
        control().wait(control().options().data_connect_limit);
    command_is_out();
    if (is_shared() && has_data())
        move_data();
}

void transfer::data_opened()
{
    if (failure_)
        return give_up(*failure_);
    if (is_command_out())
        come_to(operation_step::transfer_command);
    move_data();
}

void transfer::command_answered(const reply& answer)
{
    if (is_cut_) {
        result_.is_confirmed = answer.is_completion();
        ++syncs_to_come_;
        return ask("PWD", {}, &transfer::cut_followed);
    }
    if (answer.is_preliminary()) {
        take_beginning(answer);
        if (!failure_)
            return move_data();
        // A connection that the server has not accepted yet is not closed, which would tell it nothing. If the server
        // itself has broken the connection off, it needs no ABOR.
        return is_connecting() || is_broken_off_by_server() || is_all_sent() ? void() : call_off();
    }
    const bool is_broken = !sink_ && is_broken_off_by_server();
    const bool is_unused = is_taken_over() && !begun_ && (!failure_ || is_broken);
    if (is_unused && is_for_lack_of_data(answer))
        return open_another();
    if (answers_out_of_order(answer)) {
        if (!begun_)
            return be_confused(answer);
        control().server().confuses_order = true;
        failure_.reset(); // A new EPSV may have closed the data connection.
        return give_up({protocol_errc::order_confused, answer});
    }
    // "Superfluous at this site" (202) comes instead of a transfer, not behind it.
    const bool is_superfluous = !begun_ && answer.is_completion() && says_unknown(answer);
    if (!answer.is_completion() || is_superfluous) {
        // The offset may be kept for the next transfer. For one whose commands are on their way it is too late.
        if (!begun_ && control().count_ahead() == 0 && (plan_.offset != 0 || is_range_asked()))
            control().server().has_restart_point = true;
        explain_failure(answer);
        if (!begun_ && !failure_ && finds_another_way(answer))
            return;
        // Where the bytes of an upload have gone, nobody knows.
        if (is_unused && sink_)
            keep_data();
        if (is_shared() && !sink_)
            control().server().has_refused_upload = true;
        // A refusal may come before the data connection is there, or while bytes already go.
        if (!begun_ && !is_for_lack_of_data(answer))
            come_to(operation_step::transfer_command);
        return give_up(is_superfluous ? operation_error{protocol_errc::not_supported, answer} : refusal(answer));
    }
    // Nothing of an upload has gone out yet, so this confirms something else.
    if (!begun_ && !sink_ && data_ == data_phase::waiting)
        return control().end_session({protocol_errc::reply_unexpected, answer});
    if (is_shared() && !ends_shared(answer))
        return be_confused(answer);
    // Some servers leave the preliminary reply out.
    if (!begun_)
        take_beginning(answer);
    if (auto name = announced_name(answer); name && plan_.verb == "STOU")
        result_.remote_name = std::move(*name);
    confirmed(answer);
}

void transfer::confirmed(const reply& answer)
{
    result_.is_confirmed = true;
    if (!sink_)
        control().server().has_refused_upload = false;
    is_left_open_ = is_shared() && answer.code == to_int(reply_code::file_action_ok);
    if (is_reset_in_clear())
        failure_->answer = answer;
    else if (data_ != data_phase::ended)
        confirmation_ = answer;
    move_data();
    settle();
}

void transfer::take_beginning(const reply& answer)
{
    const bool is_first = !std::exchange(begun_, true);
    if (auto name = announced_name(answer); plan_.verb == "STOU" && (name || is_first))
        result_.remote_name = std::move(name).value_or("");
    if (plan_.verb != "RETR" || is_shared())
        return;
    // Some servers say 0 of everything that is no plain file: of /proc, or of what they make while they send it.
    if (const auto size = announced_size(answer); size.value_or(0) != 0) {
        result_.announced = size;
        result_.announced_by = size_source::preliminary_reply;
    }
}

/// A server that reads commands during a transfer answers the next one before this one is over. And one that does not
/// know one of several commands may have dropped the rest, so that replies would be taken for those to others.
bool transfer::answers_out_of_order(const reply& answer) const noexcept
{
    if (control().count_ahead() == 0)
        return false;
    switch (reply_code{static_cast<std::uint16_t>(answer.code)}) {
    case reply_code::ok:
    case reply_code::passive_mode:
    case reply_code::extended_passive_mode:
    case reply_code::syntax_error:
    case reply_code::not_implemented: return true;
    case reply_code::file_busy: return begun_ && !is_shared(); // the server keeps the order
    case reply_code::file_action_pending:
    case reply_code::argument_error:
    case reply_code::bad_sequence:
    case reply_code::parameter_not_implemented:
    case reply_code::not_logged_in: return begun_;
    default: return false;
    }
}

/// A server that keeps the order takes the bytes of an upload when it comes to them: to await its 150 first would cost
/// a round trip. If it refuses the upload, they are lost and do no harm: the connection that they are on ends with it.
bool transfer::may_move() const noexcept
{
    const bool is_in_clear = !control().protection().data || is_taken_over(); // or secured already
    const bool is_upload_to_orderly =
        !sink_ && is_in_clear && is_command_out() && control().may_go_ahead() == commands_ahead_of::everything;
    return begun_ || is_upload_to_orderly;
}

void transfer::move_data()
{
    if (!may_move() || failure_ || data_ == data_phase::ended)
        return;
    if (!has_data()) {
        come_to(operation_step::data_connection);
        return control().wait(control().options().data_connect_limit);
    }
    control().wait(control().options().stall_limit);
    if (data_ == data_phase::moving)
        return;
    come_to(operation_step::transfer);
    begin_to_move();
}

void transfer::begin_to_move()
{
    data_ = data_phase::moving;
    meter_.begin(control().now());
    result_.data_peer = data_peer();
    result_.tls = data_tls();
    result_.data_command = command_used();
    result_.data_reason = command_reason();
    transfer_id_ = control().next_id();
    const transfer_coding coding{.type = plan_.type,
                                 .mode = is_shared() ? transfer_mode::block : transfer_mode::stream,
                                 .keeps_connection = is_shared()};
    if (sink_) {
        sink_->decode(coding, plan_.offset, is_shared() ? plan_.size : std::nullopt);
        control().request(action::receive_data{
            .id = transfer_id_,
            .sink = std::make_unique<lent_writer>(sink_),
            .may_block = true,
            .limits = plan_.limits,
            .leaves_open = is_shared(),
        });
    } else {
        control().request(action::send_data{
            .id = transfer_id_,
            .source = make_coding_reader(lend_source(), coding, plan_.offset),
            .may_block = true,
            .limits = plan_.limits,
            .leaves_open = is_shared(),
        });
    }
}

void transfer::transfer_progressed(op_id id, std::uint64_t bytes)
{
    if (id != transfer_id_ || failure_ || bytes <= result_.bytes)
        return;
    result_.bytes = is_shared() && result_.announced ? std::min(bytes, *result_.announced) : bytes;
    if (exceeds_announced())
        return give_up({protocol_errc::transfer_incomplete});
    tell_progress();
    if (!is_ahead_)
        control().wait(control().options().stall_limit);
}

void transfer::tell_progress()
{
    told_ = result_.bytes;
    meter_.take(told_, control().now());
    const bool is_whole = !sink_ || plan_.offset == 0; // else some servers announce the rest, others the whole
    const auto total = result_.announced && is_whole ? std::optional{*result_.announced + plan_.offset} : std::nullopt;
    control().report_progress(this->id(), {told_, plan_.offset, total, meter_.bytes_per_second()});
}

/// A file with more bytes than were announced is not kept, so the rest of it need not come.
bool transfer::exceeds_announced() const noexcept
{
    return sink_ && plan_.type == representation_type::image && !plan_.length && result_.announced &&
           result_.bytes > *result_.announced;
}

/// Some servers reset the connection instead of closing it when they have sent everything. In TLS that does not count:
/// there the end is protected, too.
bool transfer::has_all_announced() const noexcept
{
    return sink_ && plan_.type == representation_type::image && !plan_.length && plan_.offset == 0 && !result_.tls &&
           result_.bytes != 0 && result_.announced == result_.bytes;
}

void transfer::transfer_held(op_id id)
{
    if (id == transfer_id_ && !failure_ && !is_ahead_)
        control().wait(control().options().stall_limit);
}

void transfer::transfer_finished(op_id id, const transfer_outcome& outcome)
{
    if (id != transfer_id_)
        return;
    transfer_id_ = op_id::none;
    data_ = data_phase::ended;
    result_.bytes = outcome.bytes;
    if (is_ahead_)
        return moved_ahead(outcome);
    if (failure_)
        return settle();
    if (is_to_begin_again_)
        return open_another();

    const auto error = outcome.error ? outcome.error : make_error_code(protocol_errc::transfer_incomplete);
    const bool is_all_there = outcome.fault == transfer_fault::connection && has_all_announced();
    switch (is_all_there ? transfer_fault::none : outcome.fault) {
    case transfer_fault::none:
        is_cut_ = sink_ && sink_->is_full() && !result_.is_confirmed;
        come_to(operation_step::confirmation);
        break;
    case transfer_fault::store: come_to(place_of(error)); return give_up({error});
    case transfer_fault::connection:
    case transfer_fault::canceled:
        failure_ = at(operation_step::transfer, {error});
        if (is_reset_in_clear())
            failure_->answer = std::move(confirmation_);
        break;
    }
    if (is_shared() && failure_)
        break_data();
    else if (!is_shared() || failure_)
        forget_data();
    else if (!sink_ && control().server().keeps_data)
        let_data_follow();
    if (awaits_reply()) {
        if (is_cut_)
            expect(&transfer::command_answered, preliminary::allowed);
        control().wait(control().options().reply_limit);
    }
    settle();
}

void transfer::settle()
{
    if (awaits_reply() || data_ == data_phase::moving)
        return;
    if (failure_) {
        // One that was to be called off may have come to its end before.
        if (is_left_open_ && is_all_sent() && has_data())
            keep_data();
        else
            close_data();
        end_with(std::move(*failure_));
    } else if (data_ == data_phase::ended) {
        complete();
    }
}

void transfer::complete()
{
    control().stop_waiting();
    result_.time = control().now() - sent_at_; // the last bytes may come after the last reply
    if (is_shared() && !parts_from_data())
        return is_session_over_ ? end_with(at(operation_step::transfer, {protocol_errc::transfer_incomplete}))
                                : open_another();
    // After REST some servers announce the whole file, others what is left of it. In TYPE A the size says nothing of
    // what is sent.
    const auto& announced = result_.announced;
    if (announced && sink_ && plan_.type == representation_type::image && !plan_.length) {
        if (*announced != result_.bytes && *announced != result_.bytes + plan_.offset)
            return end_with(at(operation_step::transfer, {protocol_errc::transfer_incomplete}));
        result_.verified = verification::size;
    }
    if (plan_.length)
        result_.bytes = std::min(result_.bytes, *plan_.length);
    if (told_ != result_.bytes)
        tell_progress();
    if (!sink_)
        return transferred(std::move(result_));
    come_to(operation_step::near_end);
    commit_id_ = control().next_id();
    control().request(action::commit{commit_id_, sink_->take()});
}

void transfer::committed(op_id id, const result<void>& outcome)
{
    if (id != commit_id_)
        return;
    if (outcome)
        transferred(std::move(result_));
    else
        end_with(at(place_of(outcome.error()), {outcome.error()}));
}

} // namespace libftp
