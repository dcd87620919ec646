// Accepts connections, spreads sessions over threads, and counts them.
#include "server_engine.hpp"

#include "../address_origin.hpp"
#include "system_calls.hpp"

#include <libftp/error.hpp>

#include <asio/dispatch.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace libftp::net {

namespace {

/// What a listener does when the system has no descriptor left: wait for sessions to end.
constexpr std::chrono::milliseconds exhausted_pause{100};
/// So that new connections do not keep sessions waiting.
constexpr int max_accepted_at_once = 64;

bool lists(const std::vector<ip_network>& networks, const ip_address& address)
{
    return std::ranges::any_of(networks, [&](const ip_network& each) { return each.contains(address); });
}

} // namespace

void server::engine::accept(const std::shared_ptr<listening_socket>& at)
{
    at->acceptor.async_wait(tcp::acceptor::wait_read, [this, at, kept = keeper()](std::error_code) {
        if (at->acceptor.is_open() && !stopped)
            accept_all(at);
    });
}

void server::engine::accept_all(const std::shared_ptr<listening_socket>& at)
{
    for (int i = 0; i < max_accepted_at_once; ++i) {
        const auto arrived = accept_now(at->descriptor);
        if (arrived)
            take(*arrived, at->start);
        else if (is_exhaustion(arrived.error()))
            return accept_later(at);
        else if (arrived.error() == std::errc::resource_unavailable_try_again)
            break; // any other error is that of a connection that is gone already
    }
    accept(at);
}

void server::engine::accept_later(const std::shared_ptr<listening_socket>& at)
{
    auto pause = std::make_shared<asio::steady_timer>(home(), exhausted_pause);
    pause->async_wait([this, at, pause, kept = keeper()](std::error_code) {
        if (at->acceptor.is_open() && !stopped)
            accept(at);
    });
}

/// The one with the fewest sessions, the first among equals: so few sessions need few threads.
shard& server::engine::choose_shard()
{
    auto& chosen = *std::ranges::min_element(shards, {}, &shard::load);
    if (!chosen.is_used) {
        try {
            chosen.thread = std::thread{[this, &chosen] { chosen.run(pace); }};
        } catch (const std::system_error&) {
            return shards.front(); // there are no threads left: slower, but it works
        }
        chosen.is_used = true;
    }
    return chosen;
}

/// A new connection is a client's, or one that a proxy passes on.
void server::engine::take(const accepted_socket& who, control_start start)
{
    auto& target = choose_shard();
    auto socket = net::adopt(target.loop, who);
    if (!socket)
        return;
    const auto peer = from_asio(who.peer);
    const auto valid = current_terms();
    if (lists(valid->options.proxies, peer.address))
        await_proxy_header(*std::move(socket), target, start, peer, valid->options.session.login_limit);
    else
        admit(*std::move(socket), target, start, peer);
}

void server::engine::await_proxy_header(tcp::socket socket, shard& target, control_start start, const endpoint& proxy,
                                        std::chrono::seconds limit)
{
    if (seats.is_full(current_terms()->options.max_sessions))
        return turn_away(std::move(socket), proxy, start);
    ++seats.taken;
    ++target.load;
    const auto id = ++last_greeting;
    auto go_on = [this, kept = keeper(), &target, id, start, proxy](tcp::socket greeted,
                                                                    const result<endpoint>& client) {
        if (stopped)
            return; // the socket is closed with it
        target.greetings.erase(id);
        if (!client && client.error() != protocol_errc::canceled)
            observers.proxy_failed(proxy, client.error(), now());
        asio::post(home(), [this, kept, &target, start, client, greeted = std::move(greeted)]() mutable {
            --seats.taken;
            --target.load;
            if (client && !stopped)
                admit(std::move(greeted), target, start, *client);
            end_if_drained();
        });
    };
    asio::dispatch(target.loop,
                   [&target, id, proxy, limit, socket = std::move(socket), go_on = std::move(go_on)]() mutable {
                       auto greeting = std::make_shared<proxy_greeting>(std::move(socket), proxy, std::move(go_on));
                       target.greetings.emplace(id, greeting);
                       greeting->await(limit);
                   });
}

/// Begins a session, or turns it away.
void server::engine::admit(tcp::socket socket, shard& target, control_start start, const endpoint& peer)
{
    auto valid = current_terms();
    const auto from_there = seats_by_address.try_emplace(origin_of(peer.address)).first;
    if (seats.is_full(valid->options.max_sessions) ||
        from_there->second.is_full(valid->options.max_sessions_per_address)) {
        if (from_there->second.is_empty())
            seats_by_address.erase(from_there);
        return turn_away(std::move(socket), peer, start);
    }
    ++seats.taken;
    ++target.load;
    ++from_there->second.taken;
    const auto id = ++last_session;
    auto when_ended = [this, from_there] {
        if (!stopped)
            asio::dispatch(home(), [this, from_there] { end_session(from_there); });
    };
    auto when_gone = [this, &target, id, from_there] {
        if (stopped)
            return;
        target.sessions.erase(id);
        asio::dispatch(home(), [this, &target, from_there] { dismiss(target, from_there); });
    };
    asio::dispatch(target.loop, [this, &target, id, peer, start, valid = std::move(valid), socket = std::move(socket),
                                 when_ended = std::move(when_ended), when_gone = std::move(when_gone)]() mutable {
        std::error_code ignored;
        const auto local = from_asio(socket.local_endpoint(ignored));
        auto connection = std::make_shared<server_connection>(
            keeper(), std::move(socket), std::move(valid), files, logins,
            [this] { return current_terms()->options.authenticator; }, observers, id, peer, local, start,
            std::move(when_ended), std::move(when_gone));
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

void server::engine::end_session(address_counts::iterator counted)
{
    seats.end_session();
    counted->second.end_session();
}

void server::engine::dismiss(shard& from, address_counts::iterator counted)
{
    --seats.lingering;
    --from.load;
    --counted->second.lingering;
    if (counted->second.is_empty())
        seats_by_address.erase(counted);
    end_if_drained();
}

} // namespace libftp::net
