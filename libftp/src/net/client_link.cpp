// One session of a client: how it is opened and closed, and whose each event is.
#include "client_link.hpp"

#include "../later.hpp"
#include "system_calls.hpp"

#include <algorithm>
#include <variant>

namespace libftp::net {

namespace {

/// Gateways forget connections that are silent for minutes, as a control connection is while a large file is
/// transferred.
constexpr std::chrono::seconds longest_silence{60};

operation_error closed(std::error_code code, operation_step step)
{
    return {.code = code, .step = step, .session = session_state::closed};
}

} // namespace

std::uint64_t client_link::open(const server_address& server, const time_limit& until,
                                std::function<void(client_result<reply>)> done)
{
    const auto ended = disconnect();
    const auto number = connection_number_;
    opened_ = std::move(done);
    connector_ = std::make_shared<connector>(
        context_->executor, context_->resolver,
        [weak = weak_from_this(), server, until](client_result<void> outcome, tcp::socket socket) {
            if (const auto self = weak.lock())
                self->connected(std::move(outcome), std::move(socket), server, until);
        });
    const clock::time_point limit = later(now(), context_->options.reply_limit);
    connector_->begin(server, until ? std::min(*until, limit) : limit);
    tell(ended); // last: who hears it may open another one
    return number;
}

void client_link::cancel_opening(std::uint64_t number)
{
    if (opened_ && number == connection_number_)
        drop();
}

void client_link::connected(client_result<void> outcome, tcp::socket socket, const server_address& server,
                            const time_limit& until)
{
    connector_.reset();
    if (!outcome)
        return finish_opening(std::move(outcome.error()));
    std::error_code error;
    const auto peer = socket.remote_endpoint(error);
    const auto local = error ? tcp::endpoint{} : socket.local_endpoint(error);
    if (error)
        return finish_opening(closed(from_asio(error), operation_step::connect));
    keep_alive_after(descriptor_of(socket), longest_silence);
    connection_ =
        std::make_shared<client_connection>(std::move(socket), context_, server, from_asio(peer), from_asio(local),
                                            [weak = weak_from_this(), number = connection_number_](client_event event) {
                                                if (const auto self = weak.lock())
                                                    self->take({number, std::move(event)});
                                            });
    const auto elder = elder_.lock();
    const auto* const known = elder ? elder->session() : nullptr;
    if (known != nullptr && known->peer().address.family() == connection_->session().peer().address.family())
        connection_->session().learn_from(*known);
    start(operation::greeting{}, until, {.done = [weak = weak_from_this()](event::operation_done end) {
              const auto self = weak.lock();
              if (self)
                  self->finish_opening(take_value<operation::greeting>(std::move(end)));
          }});
}

void client_link::finish_opening(client_result<reply> outcome)
{
    const auto opened = std::exchange(opened_, nullptr);
    if (!outcome) {
        outcome.error().session = session_state::closed;
        tell(disconnect());
    }
    if (opened)
        opened(std::move(outcome));
    let_next_go();
}

std::function<void()> client_link::ask(client_operation what, const time_limit& until, handlers told, turn mine)
{
    if (mine != 0 && mine == turn_)
        return begin_cancelable(std::move(what), until, std::move(told));
    if (mine != 0) { // the link has been closed since
        told.done({op_id::none, closed(protocol_errc::canceled, operation_step::command), {}});
        return {};
    }
    struct held_operation {
        client_operation what;
        handlers told;
        std::function<void()> cancel{}; ///< Once it has begun.
    };
    const auto held = std::make_shared<held_operation>(held_operation{std::move(what), std::move(told)});
    auto go = [this, until, held] {
        held->cancel = begin_cancelable(std::move(held->what), until, std::move(held->told));
    };
    auto fail = [held](operation_error why) {
        const auto taken = std::move(held->told); // may hold whoever keeps what is returned here
        taken.done({op_id::none, std::move(why), {}});
    };
    return [held, stop_waiting = wait(until, std::move(go), std::move(fail))] {
        if (held->cancel)
            held->cancel();
        else if (stop_waiting)
            stop_waiting();
    };
}

op_id client_link::start(client_operation what, const time_limit& until, handlers told)
{
    if (told.begins)
        told.begins(what);
    if (!connection_) {
        told.done({op_id::none, closed(protocol_errc::not_connected, operation_step::arguments), {}});
        return op_id::none;
    }
    const auto connection = connection_; // a handler may close this
    const auto id = connection->session().start(std::move(what), now(), until);
    waiting_.emplace(id, std::move(told));
    connection->pump();
    return id;
}

std::function<void()> client_link::begin_cancelable(client_operation what, const time_limit& until, handlers told)
{
    const auto number = connection_number_;
    const auto id = start(std::move(what), until, std::move(told));
    return [weak = weak_from_this(), number, id] {
        const auto self = weak.lock();
        if (!self || number != self->connection_number_ || !self->waiting_.contains(id))
            return;
        const auto connection = self->connection_;
        connection->session().cancel(id, now());
        connection->pump();
    };
}

client_link::ended_handlers client_link::disconnect()
{
    ++connection_number_;
    if (const auto attempt = std::exchange(connector_, nullptr))
        attempt->stop();
    ended_handlers ended{std::exchange(waiting_, {}), std::exchange(opened_, nullptr)};
    const auto connection = std::exchange(connection_, nullptr);
    if (connection && !connection->is_closed()) {
        connection->session().connection_lost(now());
        connection->pump();
        connection->drop(); // also while a confirmed transfer is being written
    }
    return ended;
}

void client_link::tell(const ended_handlers& ended)
{
    for (const auto& [id, told] : ended.waiting)
        told.done({id, closed(protocol_errc::canceled, operation_step::command), {}});
    if (ended.opened)
        ended.opened(closed(protocol_errc::canceled, operation_step::connect));
}

void client_link::drop()
{
    tell(disconnect());
    let_next_go();
}

void client_link::close()
{
    turn_ = 0;
    const auto held = std::exchange(held_, {});
    tell(disconnect());
    for (const auto& each : held)
        each.fail(closed(protocol_errc::canceled, operation_step::command));
}

std::function<void()> client_link::wait_for_turn(const time_limit& until,
                                                 const std::function<void(client_result<turn>)>& done)
{
    return wait(
        until, [this, done] { done(hold()); }, [done](operation_error why) { done(std::move(why)); });
}

std::function<void()> client_link::wait(const time_limit& until, std::function<void()> go,
                                        std::function<void(operation_error)> fail)
{
    if (!is_held() && held_.empty()) {
        go();
        return {};
    }
    const auto number = ++last_waiter_;
    auto end = [weak = weak_from_this(), number](std::error_code why) {
        if (const auto self = weak.lock())
            self->end_waiting(number, why);
    };
    std::shared_ptr<asio::steady_timer> limit;
    if (until) {
        limit = std::make_shared<asio::steady_timer>(context_->executor, to_steady(*until));
        limit->async_wait([end](std::error_code stopped) {
            if (!stopped)
                end(protocol_errc::timed_out);
        });
    }
    held_.push_back({number, std::move(go), std::move(fail), std::move(limit)});
    return [end] { end(protocol_errc::canceled); };
}

void client_link::end_waiting(std::uint64_t number, std::error_code why)
{
    const auto found = std::ranges::find(held_, number, &waiter::number);
    if (found == held_.end())
        return;
    const auto fail = std::move(found->fail);
    held_.erase(found);
    fail({.code = why, .session = is_open() && !opened_ ? session_state::usable : session_state::closed});
}

void client_link::release(turn mine)
{
    if (mine == 0 || mine != turn_)
        return;
    turn_ = 0;
    let_next_go();
}

void client_link::let_next_go()
{
    while (!is_held() && !held_.empty()) {
        const auto next = std::move(held_.front());
        held_.pop_front();
        next.go();
    }
}

/// Handlers ask for more, which may end at once: one event is done with before the next.
void client_link::take(arrived_event event)
{
    events_.push_back(std::move(event));
    if (delivering_)
        return;
    // Also by what a handler throws, or else no event would ever be delivered again.
    const std::unique_ptr<bool, void (*)(bool*)> until_the_end{&delivering_, [](bool* runs) { *runs = false; }};
    delivering_ = true;
    while (!events_.empty()) {
        auto next = std::move(events_.front());
        events_.pop_front();
        deliver(std::move(next));
    }
}

void client_link::deliver(arrived_event event)
{
    context_->tell_listener(event.what);
    if (event.connection != connection_number_)
        return;
    if (const auto* made = std::get_if<event::progress>(&event.what)) {
        const auto found = waiting_.find(made->operation);
        // A copy: it may close this, and so end itself.
        if (const auto hear = found != waiting_.end() ? found->second.progress : nullptr)
            hear(made->made);
    } else if (const auto* heard = std::get_if<event::reply_received>(&event.what)) {
        tell_preliminary(heard->answer);
    } else if (auto* end = std::get_if<event::operation_done>(&event.what)) {
        // No other session needs to find that out again.
        if (connection_->session().confuses_order())
            context_->options.pipelining = pipelining::off;
        context_->avoid(connection_->session().manners().effects);
        if (const auto found = waiting_.extract(end->operation))
            found.mapped().done(std::move(*end));
    }
}

void client_link::tell_preliminary(const reply& answer)
{
    if (!answer.is_preliminary())
        return;
    for (const auto& [id, told] : waiting_) {
        if (const auto hear = told.preliminary)
            return hear(answer); // a copy, as above
    }
}

} // namespace libftp::net
