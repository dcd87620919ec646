// How transfers follow each other over one data connection, where the server leaves it open (RFC 959 3.3), and what
// becomes of those whose connection has ended.
#include "client_transfer.hpp"

#include "lent_sink.hpp"
#include "lent_source.hpp"
#include "transfer_replies.hpp"

#include <libftp/error.hpp>

#include <utility>

namespace libftp {

bool transfer::is_small() const
{
    const auto size = sink_ ? plan_.size : result_.announced;
    return size && *size <= operation::most_shared_bytes && plan_.type == representation_type::image &&
           plan_.offset == 0 && !plan_.length && (plan_.verb == "RETR" || plan_.verb == "STOR");
}

/// Whether the data connection is to serve other transfers too. That takes more commands, which cost no time where they
/// go out together; and a transfer alone needs none of them.
bool transfer::is_to_share()
{
    if (is_to_share_)
        return *is_to_share_;
    const auto& options = control().options();
    const auto& server = control().server();
    const bool is_one_of_many = plan_.is_one_of_many || is_behind_transfer() || control().has_kept_data();
    return is_to_share_.emplace(
        !is_distrusted_ && options.keeps_data_connections && options.data_mode == data_mode::passive && is_small() &&
        is_one_of_many && server.features.keeps_data && !server.refuses_to_keep_data && !server.has_restart_point &&
        (sink_ || !server.has_refused_upload) && control().may_go_ahead() == commands_ahead_of::everything);
}

/// Between files it is not changed for a listing, whose lines end in CRLF in either type.
representation_type transfer::type_to_set()
{
    return is_to_share() ? representation_type::image : plan_.type;
}

/// Which file a reply is about shows by the one before it alone: any other would confirm what it was not for.
bool transfer::ends_shared(const reply& answer) const noexcept
{
    return begun_ && (answer.code == to_int(reply_code::file_action_ok) ||
                      answer.code == to_int(reply_code::closing_data_connection));
}

/// Nobody knows any more which replies are to which commands. The next session sends one at a time.
void transfer::be_confused(const reply& answer)
{
    control().server().confuses_order = true;
    control().end_session({protocol_errc::order_confused, answer});
}

void transfer::unkept_answered(const reply& answer)
{
    // A server that has not heard of the end of the connection yet finds it broken.
    const bool is_broken = answer.code == to_int(reply_code::transfer_aborted);
    const bool was_for_nobody = answer.is_completion() || is_for_lack_of_data(answer) || is_broken;
    if (answer.is_preliminary()) {
        begun_ = true;
        return;
    }
    if (answer.is_completion() && !ends_shared(answer))
        return be_confused(answer);
    // All of it had gone before the connection ended, and had not followed anything that was refused.
    if (answer.is_completion() && is_all_sent() && !failure_ && !control().server().has_refused_upload)
        return confirmed(answer);
    if (was_for_nobody && !failure_)
        return open_another();
    if (!sink_ && !was_for_nobody)
        control().server().has_refused_upload = true;
    give_up(refusal(answer));
}

/// The connection of the last transfer does not serve this one: it gets its own. Where other commands are on their way,
/// the server comes to that only behind them.
void transfer::open_another()
{
    failure_.reset();
    begun_ = false;
    is_ahead_ = false;
    is_to_begin_again_ = data_ == data_phase::moving;
    if (is_to_begin_again_) { // when the host has stopped
        close_data();
        return control().wait(control().options().abort_limit);
    }
    rewind();
    if (failure_)
        return settle();
    if (is_distrusted_ || (!sink_ && control().server().has_refused_upload))
        is_to_share_ = false;
    if (!control().has_ahead_of_others(id()))
        return begin_anew();
    close_data();
    forget_command();
    is_to_share_.reset();
    set_behind_transfer();
    come_to(operation_step::arguments);
    take_turn_again();
}

/// As if no bytes had moved.
void transfer::rewind()
{
    data_ = data_phase::waiting;
    result_.bytes = 0;
    result_.is_confirmed = false;
    if (sink_)
        sink_->rewind();
    if (lent_source_ && !lent_source_->rewind())
        failure_ = at(operation_step::transfer, {protocol_errc::transfer_incomplete});
}

void transfer::move_ahead()
{
    const auto* const connection = control().shared().followed();
    if (connection == nullptr || !follows_ || sink_ || data_ != data_phase::waiting || failure_)
        return;
    is_ahead_ = true;
    sent_at_ = control().now();
    follow(*connection);
    begin_to_move();
}

/// Over a connection that others use, too, it may have to go once more.
std::unique_ptr<file_reader> transfer::lend_source()
{
    if (!is_shared() && !lent_source_)
        return std::move(plan_.source);
    if (!lent_source_)
        lent_source_ = std::make_shared<lent_source>(std::move(plan_.source), operation::most_shared_bytes);
    return std::make_unique<lent_reader>(lent_source_);
}

/// Its turn has not come yet, or has come without the connection.
void transfer::moved_ahead(const transfer_outcome& outcome)
{
    if (failure_)
        return settle();
    if (outcome.fault == transfer_fault::none)
        return let_data_follow();
    break_data();
    rewind();
    if (outcome.fault == transfer_fault::store)
        failure_ = at(operation_step::near_end, {outcome.error});
}

/// The connection was one that goes on behind the file, and that was counted with what MODE B adds. False: what came is
/// not the file that was expected. It may have grown meanwhile, or be another.
bool transfer::parts_from_data()
{
    result_.bytes = sink_ ? sink_->written() : lent_source_->given();
    if (!is_left_open_)
        control().server().refuses_to_keep_data = true;
    // What does not end where it should may have taken the next file's bytes, and that one the next one's.
    const bool is_as_expected = !sink_ || (sink_->get().is_complete() && (!plan_.size || result_.bytes == *plan_.size));
    if (is_left_open_ && is_as_expected)
        keep_data();
    else
        close_data();
    is_distrusted_ = !is_as_expected && plan_.size;
    return !is_distrusted_;
}

} // namespace libftp
