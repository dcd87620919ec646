// Begins and ends a server: its settings, listeners, threads and signals.
#include "server_engine.hpp"

#include "../later.hpp"

#include <libftp/error.hpp>

#include <asio/post.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace libftp::net {

server::engine::engine(server_options from, asio::any_io_executor of_program)
    : shards(make_shards(from.threads, std::move(of_program))), signals(home()), handled(home()), pace(from.busy_poll),
      files(std::make_shared<store_worker>(std::max<std::size_t>(from.store_threads, 1))),
      logins(std::max<std::size_t>(from.login_threads, 1))
{
    shards.front().is_used = true;
    observers.add(board);
    if (from.observer != nullptr)
        observers.add(*from.observer);
    terms = terms_for(std::move(from), nullptr);
}

/// An empty executor: there are to be own loops.
std::deque<shard> server::engine::make_shards(std::size_t threads, asio::any_io_executor of_program)
{
    if (!of_program)
        return std::deque<shard>(threads != 0 ? threads : usable_cpus());
    std::deque<shard> one;
    one.emplace_back(std::move(of_program));
    return one;
}

/// To be called with the mutex held.
std::shared_ptr<const session_terms> server::engine::terms_for(server_options options,
                                                               std::shared_ptr<const tls_server_context> tls)
{
    options.session.tls.certificate_logins = options.authenticator->takes_certificates();
    options.session.keeps_data_connections = true;
    if (!options.session.list_sessions)
        options.session.list_sessions = [this] { return board.facts(); };
    if (data_listeners.empty() || options.passive_ports != terms->options.passive_ports)
        data_listeners.push_back(std::make_shared<passive_listeners>(options.passive_ports));
    return std::make_shared<const session_terms>(
        session_terms{std::move(options), std::move(tls), *data_listeners.back()});
}

std::shared_ptr<const session_terms> server::engine::current_terms()
{
    const std::lock_guard lock{mutex};
    return terms;
}

std::error_code server::engine::obstacle_to(control_start start)
{
    if (is_over())
        return std::make_error_code(std::errc::operation_canceled);
    const auto valid = current_terms();
    if (!valid->tls && (start == control_start::in_tls || valid->options.session.tls.is_offered))
        return tls_errc::not_available;
    return {};
}

result<void> server::engine::renew(server_options options)
{
    const std::lock_guard lock{mutex};
    if (options.session.tls.is_offered && !terms->tls)
        return tls_errc::not_available;
    terms = terms_for(std::move(options), terms->tls);
    return {};
}

void server::engine::renew(std::shared_ptr<const tls_server_context> tls)
{
    const std::lock_guard lock{mutex};
    terms = std::make_shared<const session_terms>(session_terms{terms->options, std::move(tls), terms->listeners});
}

result<endpoint> server::engine::listen(result<std::shared_ptr<listening_socket>> opened)
{
    if (!opened)
        return opened.error();
    const auto at = *std::move(opened);
    {
        const std::lock_guard lock{mutex};
        if (is_over())
            return at->where; // as if that had come a moment later
        listeners.push_back(at);
    }
    asio::post(home(), [this, at, kept = keeper()] {
        if (at->acceptor.is_open() && !stopped)
            accept(at);
    });
    return at->where;
}

void server::engine::stop_listening(const endpoint& where)
{
    std::vector<std::shared_ptr<listening_socket>> ended;
    {
        const std::lock_guard lock{mutex};
        const auto first = std::stable_partition(listeners.begin(), listeners.end(),
                                                 [&](const auto& each) { return each->where != where; });
        ended.assign(first, listeners.end());
        listeners.erase(first, listeners.end());
    }
    asio::post(home(), [ended = std::move(ended)] {
        std::error_code ignored;
        for (const auto& each : ended)
            each->acceptor.close(ignored);
    });
}

bool server::engine::disconnect(std::uint64_t session)
{
    if (!board.has(session))
        return false;
    on_shards([session](shard& each) {
        const auto found = each.sessions.find(session);
        const auto connection = found == each.sessions.end() ? nullptr : found->second.lock();
        if (!connection)
            return;
        connection->session().shut_down({}, now(), close_reason::disconnected);
        connection->pump();
    });
    return true;
}

std::vector<std::shared_ptr<listening_socket>> server::engine::take_listeners()
{
    const std::lock_guard lock{mutex};
    return std::exchange(listeners, {});
}

void server::engine::begin_drain(std::chrono::seconds limit)
{
    if (draining)
        return;
    grace = limit;
    draining = true;
    std::error_code ignored;
    for (const auto& listener : take_listeners())
        listener->acceptor.close(ignored);
    on_shards([this](shard& each) {
        for (const auto& [id, greeting] : std::exchange(each.greetings, {}))
            greeting->give_up();
        const auto sessions = each.sessions; // a session that ends takes itself out of the map
        for (const auto& [id, held] : sessions) {
            if (const auto connection = held.lock())
                shut_down(*connection);
        }
    });
    end_if_drained();
}

void server::engine::shut_down(server_connection& connection) const
{
    connection.session().shut_down(bounded(grace), now());
    connection.pump();
}

/// The loops end by themselves when their last connection is gone.
void server::engine::end_if_drained()
{
    if (!draining || !seats.is_empty())
        return;
    leave_signals();
    on_shards([](shard& each) { each.guard.reset(); });
}

void shard::run(busy_poll pace) const
{
    for (bool goes_on = true; goes_on;) {
        if (const auto session = std::exchange(session_last_told, 0))
            pace.sent(session, now());
        bool has_run = false;
        while (pace.is_awake() && !has_run) {
            has_run = own->poll_one() != 0;
            if (!has_run)
                pace.found_nothing(now());
        }
        goes_on = has_run || own->run_one() != 0;
    }
}

void server::engine::run()
{
    if (!has_own_loops())
        throw std::logic_error{"libftp: the program itself runs the loop that it has given to a server"};
    if (is_run.exchange(true))
        throw std::logic_error{"libftp: one thread at a time may call run() of a server"};
    const struct release {
        std::atomic<bool>& held;
        ~release() { held = false; }
    } at_the_end{is_run};
    shards.front().run(pace);
    join_threads();
    if (stopped)
        cut_off();
}

/// What the loops hold would stay open as long as the server is there, or as the program's loop. Nothing else runs then
/// but jobs of the store.
void server::engine::cut_off()
{
    std::error_code ignored;
    for (const auto& listener : take_listeners())
        listener->acceptor.close(ignored);
    leave_signals();
    observers = {};
    for (auto& each : shards) {
        each.guard.reset();
        for (const auto& [id, greeting] : std::exchange(each.greetings, {}))
            greeting->give_up();
        for (const auto& [id, held] : std::exchange(each.sessions, {})) {
            if (const auto connection = held.lock())
                connection->cut_off();
        }
    }
    board.clear();
}

void server::engine::join_threads()
{
    for (auto& each : shards) {
        if (each.thread.joinable())
            each.thread.join();
    }
}

void server::engine::stop()
{
    stopped = true;
    if (!has_own_loops())
        return asio::post(home(), [this, kept = keeper()] { cut_off(); });
    for (auto& each : shards)
        each.own->stop();
}

void server::engine::end()
{
    stop();
    if (has_own_loops())
        join_threads(); // an exception may have ended run() before
    else
        cut_off();
    files->stop();
    logins.stop();
}

/// From now on signals do what they do without a server.
void server::engine::leave_signals()
{
    std::error_code ignored;
    for (auto* const set : {&signals, &handled}) {
        set->cancel(ignored);
        set->clear(ignored);
    }
}

void server::engine::await_signal()
{
    signals.async_wait([this, kept = keeper()](std::error_code canceled, int) {
        if (canceled || stopped)
            return;
        if (draining)
            return stop();
        await_signal();
        begin_drain(grace_on_signal);
    });
}

void server::engine::await_handled()
{
    handled.async_wait([this, kept = keeper()](std::error_code canceled, int signal) {
        if (canceled || stopped)
            return;
        await_handled();
        handlers.at(signal)();
    });
}

} // namespace libftp::net
