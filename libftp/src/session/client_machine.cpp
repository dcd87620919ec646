// Replies in, one operation after the other, and the one way in which a session ends.
#include "client_machine.hpp"

#include "../later.hpp"
#include "../protocol/ascii.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace libftp {

namespace {

constexpr clock::time_point long_past{}; // and still within the range of every clock
constexpr std::size_t max_operations_ahead = 3;
constexpr std::size_t max_shared_ahead = 31; ///< Where transfers take no data connections of their own.

/// Where something else than a reply has come, one follows soon or never.
constexpr std::chrono::seconds limit_behind_other_lines{5};
constexpr std::size_t most_lines_before_reply = 100;

/// Some servers make each line of their greeting a reply.
constexpr std::size_t most_greetings = 100;

} // namespace

op_id client_session::machine::start(client_operation what, std::optional<clock::time_point> until)
{
    const auto id = control_.next_id();
    if (!is_open()) {
        report_failure(id, {protocol_errc::not_connected, end_.answer});
        return id;
    }
    auto prepared = std::visit([&](auto& operation) { return prepare(control_, id, std::move(operation)); }, what);
    if (!prepared) {
        report_failure(id, {prepared.error()});
        return id;
    }
    (*prepared)->set_until(until);
    const bool follows_transfer =
        (active_ && active_->transfers_data()) ||
        std::ranges::any_of(waiting_, [](const auto& each) { return each->transfers_data(); });
    if (follows_transfer)
        (*prepared)->set_behind_transfer();
    waiting_.push_back(std::move(*prepared));
    return id;
}

void client_session::machine::cancel(op_id id)
{
    if (active_ && active_->id() == id)
        return active_->stop(protocol_errc::canceled);
    const auto found = std::ranges::find(waiting_, id, [](const auto& operation) { return operation->id(); });
    if (found != waiting_.end())
        (*found)->set_until(long_past, protocol_errc::canceled);
    drop_waiting(long_past);
}

/// Ends the waiting operations whose time is up, except those whose commands the server already has: they end as soon
/// as they have begun.
void client_session::machine::drop_waiting(clock::time_point until_passed)
{
    const auto is_over = [&](const auto& operation) {
        return operation->until() && operation->until() <= until_passed;
    };
    const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(count_operations_ahead());
    for (auto each = first; each != waiting_.end(); ++each)
        if (is_over(*each))
            report_failure((*each)->id(), {(*each)->why_late()});
    waiting_.erase(std::remove_if(first, waiting_.end(), is_over), waiting_.end());
}

void client_session::machine::receive(std::string_view bytes)
{
    control_.forget_sending();
    while (is_open()) {
        // An attacker may have written them, and they would be believed even after TLS has begun.
        if (control_.awaits_tls() && !bytes.empty())
            return end({protocol_errc::plaintext_received});
        const auto status = replies_.read(bytes);
        if (status == reply_parser::status::complete || status == reply_parser::status::malformed)
            control_.hide_password(replies_.value());
        switch (status) {
        case reply_parser::status::need_more: return;
        case reply_parser::status::complete: take(replies_.value()); break;
        case reply_parser::status::malformed: // the value holds the line
            if (passes_over(replies_.value()))
                replies_ = reply_parser{control_.options().replies};
            else
                end({protocol_errc::reply_malformed, replies_.value()});
            break;
        case reply_parser::status::too_long: end({protocol_errc::reply_too_long}); break;
        case reply_parser::status::option_requested: control_.refuse_option(replies_.refusal()); break;
        }
    }
}

/// Whether a line that is no reply is ignored: what starts a server may print some before the greeting, and programs
/// that the server runs may print some before any reply.
bool client_session::machine::passes_over(const reply& line)
{
    const auto text = ascii::trimmed(line.text());
    const bool has_code = !text.empty() && ascii::is_digit(text.front());
    if (has_code || !active_ || !active_->awaits_reply() || lines_before_reply_ == most_lines_before_reply)
        return false;
    if (lines_before_reply_++ == 0) {
        first_line_ = line;
        if (!active_->awaits_end_of_data())
            control_.wait(std::min(limit_behind_other_lines, control_.options().reply_limit));
    }
    return true;
}

void client_session::machine::take(const reply& answer)
{
    lines_before_reply_ = 0;
    // HOST is answered by 220, and the reply to AUTH must be one.
    const bool may_greet = !active_ || !active_->awaits_reply() || active_->logs_in() || control_.has_just_sent();
    const bool greets_again = greetings_ != 0 && greetings_ != most_greetings && may_greet;
    const bool greets = greets_again || (active_ && active_->awaits_greeting());
    greetings_ = answer.code == to_int(reply_code::service_ready) && greets ? greetings_ + 1 : 0;
    // More replies than the preliminary ones and a last one to each command answer nothing.
    const auto is_early = [&] {
        const bool is_between = !active_ || !active_->awaits_reply();
        return is_between && early_.size() < (most_preliminary_replies + 1) * control_.count_ahead();
    };
    // Some servers end a transfer by two replies, of which the second one comes late. It would be taken for the answer
    // to a removal, and that one for the answer to the next command.
    const bool ends_transfer_again = std::exchange(is_behind_transfer_, false) &&
                                     answer.code == to_int(reply_code::closing_data_connection) && active_ &&
                                     !active_->may_begin_with_226();
    control_.report(event::reply_received{answer});
    if (greetings_ > 1) // it answers nothing, whatever was sent meanwhile
        return;
    if (answer.code == to_int(reply_code::service_not_available))
        end({protocol_errc::service_closing, answer});
    else if (control_.takes_disowned(answer))
        return;
    else if (is_early())
        early_.push_back(answer);
    // It came together with the reply before it, so it cannot answer a command that was sent only upon that one.
    else if (active_ && active_->awaits(answer) && !control_.has_just_sent() && !ends_transfer_again)
        active_->answered(answer);
    else
        end({protocol_errc::reply_unexpected, answer});
    advance();
}

void client_session::machine::take_early_replies()
{
    while (!early_.empty()) {
        // Even if no reply is awaited: early ones are older than those still to come.
        if (control_.takes_disowned(early_.front())) {
            early_.pop_front();
            is_behind_transfer_ = false;
            continue;
        }
        if (!active_ || !active_->awaits_reply() || active_->is_done())
            return;
        const auto answer = std::move(early_.front());
        early_.pop_front();
        is_behind_transfer_ = false;
        if (!active_->awaits(answer) || control_.has_just_sent())
            return end({protocol_errc::reply_unexpected, answer});
        active_->answered(answer);
    }
}

void client_session::machine::pass_deadline()
{
    const auto now = control_.now();
    if (is_active_late())
        stop_active();
    drop_waiting(now);
    if (active_ && !active_->is_done() && control_.deadline() && *control_.deadline() <= now)
        active_->timed_out();
    if (const auto when = keep_alive_time(); when && *when <= now)
        start(operation::command{"NOOP", {}}, std::nullopt);
}

std::optional<clock::time_point> client_session::machine::keep_alive_time() const noexcept
{
    const auto interval = control_.options().keep_alive_interval;
    if (!is_open() || active_ || !waiting_.empty() || interval.count() == 0)
        return std::nullopt;
    return later(idle_since_, interval);
}

std::optional<clock::time_point> client_session::machine::deadline() const noexcept
{
    auto first = control_.deadline();
    const auto consider = [&first](std::optional<clock::time_point> other) {
        if (other && (!first || *other < *first))
            first = other;
    };
    consider(keep_alive_time());
    if (active_)
        consider(active_->until());
    for (auto each = count_operations_ahead(); each < waiting_.size(); ++each)
        consider(waiting_[each]->until());
    return first;
}

void client_session::machine::advance()
{
    while (true) {
        take_early_replies();
        if (const auto why = control_.take_end())
            end(*why);
        retire_active();
        if (phase_ == phase::ending && !active_) {
            phase_ = phase::ended;
            control_.request(action::close_control{});
        }
        if (active_ || waiting_.empty()) {
            send_ahead();
            return move_data_ahead();
        }
        begin_next();
    }
}

void client_session::machine::begin_next()
{
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    const bool lacks_tls =
        next->logs_in() ? control_.lacks_tls_for_login() : control_.lacks_tls() && !next->may_lack_tls();
    if (lacks_tls) {
        idle_since_ = control_.now();
        return report_failure(next->id(), {.code = protocol_errc::tls_refused, .step = operation_step::tls});
    }
    active_ = std::move(next);
    const bool is_late = is_active_late();
    const auto rule = control_.may_go_ahead();
    const bool goes_at_once = rule == commands_ahead_of::everything || rule == commands_ahead_of::no_transfer;
    if (goes_at_once && !is_late && control_.count_ahead() == 0)
        control_.send_at_once(active_->id(), active_->commands_at_once());
    active_->begin();
    if (is_late && !active_->is_done())
        stop_active();
}

bool client_session::machine::is_active_late() const noexcept
{
    return active_ && active_->until() && *active_->until() <= control_.now();
}

/// Only once: the operation itself limits how long it may take to end.
void client_session::machine::stop_active()
{
    const auto why = active_->why_late();
    active_->set_until(std::nullopt);
    active_->stop(why);
}

std::size_t client_session::machine::count_operations_ahead() const noexcept
{
    if (control_.count_ahead() == 0)
        return 0;
    const auto first =
        std::ranges::find_if(waiting_, [this](const auto& operation) { return !control_.has_ahead(operation->id()); });
    return static_cast<std::size_t>(first - waiting_.begin());
}

/// Whether it is done at once where files follow each other over one data connection.
bool client_session::machine::takes_no_time(running_operation& next)
{
    return next.shares_data() || (!next.transfers_data() && control_.shared().is_kept_behind_sent());
}

bool client_session::machine::may_send_ahead(std::size_t operations_ahead)
{
    if (!is_open() || !active_ || active_->is_done() || operations_ahead == waiting_.size() ||
        !active_->lets_next_ahead() || !control_.is_state_known_behind_ahead())
        return false;
    if (operations_ahead != 0 && waiting_[operations_ahead - 1]->may_send_more())
        return false;
    switch (control_.may_go_ahead()) {
    case commands_ahead_of::nothing: return false;
    case commands_ahead_of::one_begun_transfer:
        // The replies to the first commands of a transfer cannot be taken for the end of the one before.
        return control_.count_ahead() == 0 && active_->transfers_data() && waiting_.front()->transfers_data();
    case commands_ahead_of::no_transfer:
        return operations_ahead == 0 || !waiting_[operations_ahead - 1]->transfers_data();
    case commands_ahead_of::everything:
        return operations_ahead <
               (takes_no_time(*waiting_[operations_ahead]) ? max_shared_ahead : max_operations_ahead);
    }
    return false;
}

void client_session::machine::send_ahead()
{
    for (auto ahead = count_operations_ahead(); may_send_ahead(ahead); ++ahead) {
        auto& next = *waiting_[ahead];
        const auto lines = next.commands_ahead();
        if (lines.empty())
            return;
        control_.send_ahead(next.id(), lines);
    }
}

/// The server takes the bytes of uploads over a connection that is kept as it comes to them: none waits for the reply
/// to the one before.
void client_session::machine::move_data_ahead()
{
    if (!is_open() || !active_ || active_->is_done() || !active_->lets_data_follow())
        return;
    for (std::size_t i = 0; i < count_operations_ahead(); ++i) {
        waiting_[i]->move_ahead();
        if (!waiting_[i]->lets_data_follow())
            return;
    }
}

void client_session::machine::retire_active()
{
    if (active_ && active_->takes_turn_again()) {
        const auto behind = static_cast<std::ptrdiff_t>(count_operations_ahead());
        waiting_.insert(waiting_.begin() + behind, std::exchange(active_, nullptr));
    }
    if (!active_ || !active_->is_done())
        return;
    control_.stop_waiting();
    control_.disown_ahead(active_->id());
    idle_since_ = control_.now();
    is_behind_transfer_ = active_->transfers_data();
    auto done = active_->take_outcome();
    if (!done.outcome)
        done.outcome.error().session = is_open() ? session_state::usable : session_state::closed;
    control_.report(std::move(done));
    active_.reset();
    take_early_replies(); // to what has just been disowned: they are older than whatever comes next
}

void client_session::machine::end(const operation_error& why)
{
    if (!is_open()) {
        if (active_) // a confirmed transfer, whose last bytes were still to come
            active_->session_ended(why);
        return;
    }
    phase_ = phase::ending;
    control_.output().clear();
    early_.clear();
    end_ = why;
    // What came instead of a reply tells more than that none has come.
    if (lines_before_reply_ != 0 &&
        (why.code == protocol_errc::timed_out || why.code == protocol_errc::connection_closed))
        end_ = {protocol_errc::reply_malformed, first_line_};
    if (active_)
        active_->session_ended(end_);
    retire_active();
    for (const auto& operation : waiting_)
        report_failure(operation->id(), end_);
    waiting_.clear();
}

std::optional<client_action> client_session::machine::next_action()
{
    auto next = control_.next_action();
    if (next && std::holds_alternative<action::close_control>(*next))
        phase_ = phase::closed;
    return next;
}

void client_session::machine::report_failure(op_id id, operation_error why)
{
    why.session = is_open() ? session_state::usable : session_state::closed;
    control_.report(event::operation_done{id, why, why.answer});
}

} // namespace libftp
