// One session of a client: how it is opened and closed, and whose each event is.
#include "client_link.hpp"

#include <algorithm>
#include <variant>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace libftp::net {

namespace {

/// Gateways forget connections that are silent for minutes, as a control connection is while a large file is
/// transferred.
void keep_alive(tcp::socket& socket) noexcept
{
#ifdef TCP_KEEPIDLE
    constexpr int idle_seconds = 60;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
#else
    static_cast<void>(socket);
#endif
}

operation_error closed(std::error_code code, operation_step step)
{
    return {.code = code, .step = step, .session = session_state::closed};
}

} // namespace

std::uint64_t client_link::open(const server_address& server, const time_limit& until,
                                std::function<void(client_result<reply>)> done)
{
    close();
    opened_ = std::move(done);
    connector_ =
        std::make_shared<connector>(context_->executor, context_->resolver,
                                    [weak = weak_from_this(), until](client_result<void> outcome, tcp::socket socket) {
                                        if (const auto self = weak.lock())
                                            self->connected(std::move(outcome), std::move(socket), until);
                                    });
    const clock::time_point limit = now() + context_->options.reply_limit;
    connector_->begin(server, until ? std::min(*until, limit) : limit);
    return connection_number_;
}

void client_link::cancel_opening(std::uint64_t number)
{
    if (opened_ && number == connection_number_)
        close();
}

void client_link::connected(client_result<void> outcome, tcp::socket socket, const time_limit& until)
{
    connector_.reset();
    if (!outcome)
        return finish_opening(std::move(outcome.error()));
    std::error_code error;
    const auto peer = socket.remote_endpoint(error);
    const auto local = error ? tcp::endpoint{} : socket.local_endpoint(error);
    if (error)
        return finish_opening(closed(from_asio(error), operation_step::connect));
    keep_alive(socket);
    connection_ =
        std::make_shared<client_connection>(std::move(socket), context_, from_asio(peer), from_asio(local),
                                            [weak = weak_from_this(), number = connection_number_](client_event event) {
                                                if (const auto self = weak.lock())
                                                    self->take({number, std::move(event)});
                                            });
    start(operation::greeting{}, until, {.done = [weak = weak_from_this()](event::operation_done end) {
              const auto self = weak.lock();
              if (!self)
                  return;
              if (end.outcome)
                  self->finish_opening(std::move(end.answer));
              else
                  self->finish_opening(std::move(end.outcome.error()));
          }});
}

void client_link::finish_opening(client_result<reply> outcome)
{
    const auto opened = std::exchange(opened_, nullptr);
    if (!outcome) {
        outcome.error().session = session_state::closed;
        close();
    }
    if (opened)
        opened(std::move(outcome));
}

op_id client_link::start(client_operation what, const time_limit& until, handlers told)
{
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

void client_link::cancel(op_id operation)
{
    if (!waiting_.contains(operation))
        return;
    const auto connection = connection_;
    connection->session().cancel(operation, now());
    connection->pump();
}

void client_link::close()
{
    ++connection_number_;
    if (const auto attempt = std::exchange(connector_, nullptr))
        attempt->stop();
    const auto opened = std::exchange(opened_, nullptr);
    const auto waiting = std::exchange(waiting_, {});
    const auto connection = std::exchange(connection_, nullptr);
    if (connection && !connection->is_closed()) {
        connection->session().connection_lost(now());
        connection->pump();
        connection->drop(); // also while a confirmed transfer is being written
    }
    for (const auto& [id, told] : waiting)
        told.done({id, closed(protocol_errc::canceled, operation_step::command), {}});
    if (opened)
        opened(closed(protocol_errc::canceled, operation_step::connect));
}

/// Handlers ask for more, which may end at once: one event is done with before the next.
void client_link::take(arrived_event event)
{
    events_.push_back(std::move(event));
    if (std::exchange(delivering_, true))
        return;
    while (!events_.empty()) {
        auto next = std::move(events_.front());
        events_.pop_front();
        deliver(std::move(next));
    }
    delivering_ = false;
}

void client_link::deliver(arrived_event event)
{
    if (context_->listener)
        context_->listener(event.what);
    if (event.connection != connection_number_)
        return;
    if (const auto* made = std::get_if<event::progress>(&event.what)) {
        const auto found = waiting_.find(made->operation);
        if (found != waiting_.end() && found->second.progress)
            found->second.progress(made->made);
    } else if (const auto* heard = std::get_if<event::reply_received>(&event.what)) {
        tell_preliminary(heard->answer);
    } else if (auto* end = std::get_if<event::operation_done>(&event.what)) {
        if (const auto found = waiting_.extract(end->operation))
            found.mapped().done(std::move(*end));
    }
}

void client_link::tell_preliminary(const reply& answer)
{
    if (!answer.is_preliminary())
        return;
    for (const auto& [id, told] : waiting_) {
        if (told.preliminary)
            return told.preliminary(answer);
    }
}

} // namespace libftp::net
