// Accepts connections, spreads sessions over threads, counts them, and ends them.
#include "server_engine.hpp"

#include <libftp/error.hpp>

#include <asio/post.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <utility>

namespace libftp::net {

namespace {

/// What a listener does when the system has no descriptor left: wait for sessions to end.
constexpr std::chrono::milliseconds exhausted_pause{100};

bool is_exhaustion(const std::error_code& error)
{
    return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
           error == std::errc::not_enough_memory || error == std::errc::no_buffer_space;
}

bool lists(const std::vector<ip_network>& networks, const ip_address& address)
{
    return std::ranges::any_of(networks, [&](const ip_network& each) { return each.contains(address); });
}

} // namespace

server::engine::engine(server_options from)
    : shards(std::max<std::size_t>(from.threads, 1)), signals(home()), handled(home()),
      files(std::make_shared<store_worker>(std::max<std::size_t>(from.store_threads, 1))),
      logins(std::max<std::size_t>(from.login_threads, 1))
{
    observers.add(board);
    if (from.observer != nullptr)
        observers.add(*from.observer);
    terms = terms_for(std::move(from), nullptr);
}

/// To be called with the mutex held.
std::shared_ptr<const session_terms> server::engine::terms_for(server_options options,
                                                               std::shared_ptr<const tls_server_context> tls)
{
    options.session.tls.certificate_logins = options.authenticator->takes_certificates();
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

bool server::engine::lacks_tls(control_start start)
{
    const auto valid = current_terms();
    return !valid->tls && (start == control_start::in_tls || valid->options.session.tls.is_offered);
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
        listeners.push_back(at);
    }
    asio::post(home(), [this, at] {
        if (draining)
            stop_listening(at->where);
        else if (at->acceptor.is_open())
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

void server::engine::accept(const std::shared_ptr<listening_socket>& at)
{
    auto& target = shards[next_shard++ % shards.size()];
    at->acceptor.async_accept(target.context, [this, at, &target](std::error_code failed, tcp::socket socket) {
        if (!at->acceptor.is_open())
            return;
        const auto error = from_asio(failed);
        if (is_exhaustion(error))
            return accept_later(at);
        if (!error)
            take(std::move(socket), target, at->start);
        accept(at);
    });
}

void server::engine::accept_later(const std::shared_ptr<listening_socket>& at)
{
    auto pause = std::make_shared<asio::steady_timer>(home(), exhausted_pause);
    pause->async_wait([this, at, pause](std::error_code) {
        if (at->acceptor.is_open())
            accept(at);
    });
}

/// A new connection is a client's, or one that a proxy passes on.
void server::engine::take(tcp::socket socket, shard& target, control_start start)
{
    std::error_code error;
    const auto peer = from_asio(socket.remote_endpoint(error));
    if (error)
        return; // gone already
    const auto valid = current_terms();
    if (lists(valid->options.proxies, peer.address))
        await_proxy_header(std::move(socket), target, start, peer, valid->options.session.login_limit);
    else
        admit(std::move(socket), target, start, peer);
}

void server::engine::await_proxy_header(tcp::socket socket, shard& target, control_start start, const endpoint& proxy,
                                        std::chrono::seconds limit)
{
    if (session_count >= current_terms()->options.max_sessions)
        return turn_away(std::move(socket), proxy, start);
    ++session_count;
    const auto id = ++last_greeting;
    auto go_on = [this, &target, id, start, proxy](tcp::socket greeted, const result<endpoint>& client) {
        target.greetings.erase(id);
        if (!client && client.error() != protocol_errc::canceled)
            observers.proxy_failed(proxy, client.error(), now());
        asio::post(home(), [this, &target, start, client, greeted = std::move(greeted)]() mutable {
            --session_count;
            if (client)
                admit(std::move(greeted), target, start, *client);
            end_if_drained();
        });
    };
    asio::post(target.context,
               [&target, id, proxy, limit, socket = std::move(socket), go_on = std::move(go_on)]() mutable {
                   auto greeting = std::make_shared<proxy_greeting>(std::move(socket), proxy, std::move(go_on));
                   target.greetings.emplace(id, greeting);
                   greeting->await(limit);
               });
}

/// Begins a session, or turns it away.
void server::engine::admit(tcp::socket socket, shard& target, control_start start, const endpoint& peer)
{
    std::error_code ignored;
    const auto local = from_asio(socket.local_endpoint(ignored));
    auto valid = current_terms();
    const auto address = peer.address.to_string();
    auto& from_there = sessions_by_address[address];
    if (session_count >= valid->options.max_sessions || from_there >= valid->options.max_sessions_per_address) {
        if (from_there == 0)
            sessions_by_address.erase(address);
        return turn_away(std::move(socket), peer, start);
    }
    ++session_count;
    ++from_there;
    const auto id = ++last_session;
    auto when_gone = [this, &target, id, address] {
        if (stopped)
            return;
        target.sessions.erase(id);
        asio::post(home(), [this, address] { dismiss(address); });
    };
    asio::post(target.context, [this, &target, id, peer, local, start, valid = std::move(valid),
                                socket = std::move(socket), when_gone = std::move(when_gone)]() mutable {
        auto connection = std::make_shared<server_connection>(std::move(socket), std::move(valid), files, logins,
                                                              observers, id, peer, local, start, std::move(when_gone));
        target.sessions.emplace(id, connection);
        if (draining)
            shut_down(*connection);
        else
            connection->pump();
    });
}

void server::engine::turn_away(tcp::socket socket, const endpoint& peer, control_start start)
{
    observers.turned_away(peer, now());
    if (start == control_start::in_tls)
        return; // a handshake only to say no would cost more than the session
    std::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(std::string_view{"421 Too many connections. Try again later.\r\n"}), ignored);
}

void server::engine::dismiss(const std::string& address)
{
    --session_count;
    const auto counted = sessions_by_address.find(address);
    if (--counted->second == 0)
        sessions_by_address.erase(counted);
    end_if_drained();
}

bool server::engine::disconnect(std::uint64_t session)
{
    if (!board.has(session))
        return false;
    for (auto& each : shards) {
        asio::post(each.context, [&each, session] {
            const auto found = each.sessions.find(session);
            const auto connection = found == each.sessions.end() ? nullptr : found->second.lock();
            if (!connection)
                return;
            connection->session().shut_down({}, now(), close_reason::disconnected);
            connection->pump();
        });
    }
    return true;
}

void server::engine::begin_drain(std::chrono::seconds limit)
{
    if (draining)
        return;
    grace = limit;
    draining = true;
    std::vector<std::shared_ptr<listening_socket>> ended;
    {
        const std::lock_guard lock{mutex};
        ended.swap(listeners);
    }
    std::error_code ignored;
    for (const auto& listener : ended)
        listener->acceptor.close(ignored);
    for (auto& each : shards) {
        asio::post(each.context, [this, &each] {
            for (const auto& [id, greeting] : std::exchange(each.greetings, {}))
                greeting->give_up();
            const auto sessions = each.sessions; // a session that ends takes itself out of the map
            for (const auto& [id, held] : sessions) {
                if (const auto connection = held.lock())
                    shut_down(*connection);
            }
        });
    }
    end_if_drained();
}

void server::engine::shut_down(server_connection& connection) const
{
    connection.session().shut_down(grace, now());
    connection.pump();
}

/// The loops end by themselves when their last connection is gone.
void server::engine::end_if_drained()
{
    if (!draining || session_count != 0)
        return;
    std::error_code ignored;
    signals.cancel(ignored);
    signals.clear(ignored); // another signal does what it does without a server
    handled.cancel(ignored);
    handled.clear(ignored);
    for (auto& each : shards)
        asio::post(each.context, [&each] { each.guard.reset(); });
}

void server::engine::stop()
{
    stopped = true;
    for (auto& each : shards)
        each.context.stop();
}

void server::engine::await_signal(std::chrono::seconds limit)
{
    signals.async_wait([this, limit](std::error_code canceled, int) {
        if (canceled)
            return;
        if (draining)
            return stop();
        await_signal(limit);
        begin_drain(limit);
    });
}

void server::engine::await_handled()
{
    handled.async_wait([this](std::error_code canceled, int signal) {
        if (canceled)
            return;
        await_handled();
        handlers.at(signal)();
    });
}

} // namespace libftp::net
