// The client session's machine: replies in, one operation at a time, and the one way in which a session ends.
#include <libftp/session/client_session.hpp>

#include "client_control.hpp"
#include "running_operation.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/reply_parser.hpp>

#include <algorithm>
#include <deque>
#include <utility>
#include <variant>

namespace libftp {

class client_session::machine {
public:
    machine(const client_options& options, const endpoint& peer, const endpoint& local, clock::time_point now)
        : control_(options, peer, local, now), replies_(options.replies)
    {
    }

    op_id start(client_operation what);
    void cancel(op_id id);
    void receive(std::string_view bytes);
    void end(const operation_error& why);
    void pass_deadline();
    [[nodiscard]] std::optional<client_action> next_action();

    [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
    [[nodiscard]] bool is_finished() const noexcept { return phase_ == phase::closed; }
    [[nodiscard]] client_control& control() noexcept { return control_; }

    /// Lets something happen at `now`, and then whatever has become possible.
    template <class Happening>
    void at(clock::time_point now, Happening happening)
    {
        control_.set_now(now);
        happening();
        advance();
    }

    /// Passes on what the host answers.
    template <class... Parameters, class... Arguments>
    void tell_active(clock::time_point now, void (running_operation::*hear)(Parameters...), const Arguments&... news)
    {
        at(now, [&] {
            if (active_)
                (active_.get()->*hear)(news...);
        });
    }

private:
    enum class phase : std::uint8_t {
        open,
        ending, ///< All has failed, but for a transfer that the server has confirmed.
        ended,  ///< action::close_control waits to be taken.
        closed,
    };

    void advance();
    void take(const reply& answer);
    void retire_active();
    void report_failure(op_id id, const operation_error& why);

    client_control control_;
    reply_parser replies_;
    std::deque<std::unique_ptr<running_operation>> waiting_;
    std::unique_ptr<running_operation> active_;
    phase phase_ = phase::open;
    operation_error end_{}; ///< Why the session is over.
};

op_id client_session::machine::start(client_operation what)
{
    const auto id = control_.next_id();
    if (!is_open()) {
        report_failure(id, {protocol_errc::not_connected, end_.answer});
        return id;
    }
    auto prepared = std::visit([&](auto& operation) { return prepare(control_, id, std::move(operation)); }, what);
    if (prepared)
        waiting_.push_back(std::move(*prepared));
    else
        report_failure(id, {prepared.error()});
    return id;
}

void client_session::machine::cancel(op_id id)
{
    if (active_ && active_->id() == id)
        return active_->cancel();
    const auto found = std::ranges::find(waiting_, id, [](const auto& operation) { return operation->id(); });
    if (found == waiting_.end())
        return;
    waiting_.erase(found);
    report_failure(id, {protocol_errc::canceled});
}

void client_session::machine::receive(std::string_view bytes)
{
    control_.forget_sending();
    while (is_open()) {
        switch (replies_.read(bytes)) {
        case reply_parser::status::need_more: return;
        case reply_parser::status::complete: take(replies_.value()); break;
        case reply_parser::status::malformed: end({protocol_errc::reply_malformed}); break;
        case reply_parser::status::too_long: end({protocol_errc::reply_too_long}); break;
        case reply_parser::status::option_requested: control_.refuse_option(replies_.refusal()); break;
        }
    }
}

void client_session::machine::take(const reply& answer)
{
    control_.report(event::reply_received{answer});
    // What came along with the reply before it cannot answer a command that only that reply made the session send.
    const bool is_expected = active_ && active_->awaits(answer) && !control_.has_just_sent();
    if (answer.code == to_int(reply_code::service_not_available))
        end({protocol_errc::service_closing, answer});
    else if (!is_expected)
        end({protocol_errc::reply_unexpected, answer});
    else
        active_->answered(answer);
    advance();
}

void client_session::machine::pass_deadline()
{
    if (active_ && control_.deadline() && *control_.deadline() <= control_.now())
        active_->timed_out();
}

void client_session::machine::advance()
{
    while (true) {
        if (const auto why = control_.take_end())
            end(*why);
        retire_active();
        if (phase_ == phase::ending && !active_) {
            phase_ = phase::ended;
            control_.request(action::close_control{});
        }
        if (active_ || waiting_.empty())
            return;
        active_ = std::move(waiting_.front());
        waiting_.pop_front();
        active_->begin();
    }
}

void client_session::machine::retire_active()
{
    if (!active_ || !active_->is_done())
        return;
    control_.stop_waiting();
    control_.report(active_->take_outcome());
    active_.reset();
}

void client_session::machine::end(const operation_error& why)
{
    if (!is_open())
        return;
    phase_ = phase::ending;
    control_.output().clear();
    end_ = why;
    if (active_)
        active_->session_ended(why);
    retire_active();
    for (const auto& operation : waiting_)
        report_failure(operation->id(), why);
    waiting_.clear();
}

std::optional<client_action> client_session::machine::next_action()
{
    auto next = control_.next_action();
    if (next && std::holds_alternative<action::close_control>(*next))
        phase_ = phase::closed;
    return next;
}

void client_session::machine::report_failure(op_id id, const operation_error& why)
{
    control_.report(event::operation_done{id, why, why.answer});
}

client_session::client_session(const client_options& options, const endpoint& peer, const endpoint& local,
                               clock::time_point now)
    : machine_(std::make_unique<machine>(options, peer, local, now))
{
}

client_session::~client_session() = default;
client_session::client_session(client_session&&) noexcept = default;
client_session& client_session::operator=(client_session&&) noexcept = default;

op_id client_session::start(client_operation what, clock::time_point now)
{
    auto id = op_id::none;
    machine_->at(now, [&] { id = machine_->start(std::move(what)); });
    return id;
}

void client_session::cancel(op_id operation, clock::time_point now)
{
    machine_->at(now, [&] { machine_->cancel(operation); });
}

void client_session::received(std::string_view bytes, clock::time_point now)
{
    machine_->at(now, [&] { machine_->receive(bytes); });
}

void client_session::received_eof(clock::time_point now)
{
    machine_->at(now, [&] { machine_->end({protocol_errc::connection_closed}); });
}

bool client_session::wants_input() const noexcept
{
    return machine_->is_open();
}

std::string_view client_session::output() const noexcept
{
    return machine_->control().output().view();
}

void client_session::output_sent(std::size_t bytes, clock::time_point now)
{
    machine_->at(now, [&] { machine_->control().output().sent(bytes); });
}

std::optional<client_action> client_session::next_action()
{
    return machine_->next_action();
}

std::optional<client_event> client_session::next_event()
{
    return machine_->control().next_event();
}

std::optional<clock::time_point> client_session::deadline() const noexcept
{
    return machine_->control().deadline();
}

void client_session::deadline_passed(clock::time_point now)
{
    machine_->at(now, [&] { machine_->pass_deadline(); });
}

bool client_session::finished() const noexcept
{
    return machine_->is_finished();
}

void client_session::data_listening(op_id id, result<endpoint> where, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::data_listening, id, where);
}

void client_session::data_connected(op_id id, result<endpoint> peer, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::data_connected, id, peer);
}

void client_session::transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::transfer_progressed, id, bytes);
}

void client_session::transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::transfer_finished, id, outcome);
}

void client_session::committed(op_id id, result<void> outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::committed, id, outcome);
}

const server_features& client_session::features() const noexcept
{
    return machine_->control().server().features;
}

const endpoint& client_session::peer() const noexcept
{
    return machine_->control().peer();
}

} // namespace libftp
