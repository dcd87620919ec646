// Listeners, and the spreading of sessions over threads.
#include <libftp/net/server.hpp>

#include "server_connection.hpp"
#include "session_board.hpp"

#include <libftp/error.hpp>
#include <libftp/session/observer_list.hpp>

#include <asio/bind_executor.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace libftp::net {

namespace {

using work_guard = asio::executor_work_guard<asio::io_context::executor_type>;

/// One network thread's event loop and the sessions that live there. The sessions are touched on that thread only.
struct shard {
    asio::io_context context{1};
    std::optional<work_guard> guard{asio::make_work_guard(context)};
    std::unordered_map<std::uint64_t, std::weak_ptr<server_connection>> sessions;
};

struct listening {
    tcp::acceptor acceptor;
    control_start start;
};

/// What a listener does when the system has no descriptor left: wait for sessions to end.
constexpr std::chrono::milliseconds exhausted_pause{100};

} // namespace

struct server::engine {
    explicit engine(server_options from)
        : options(std::move(from)), shards(std::max<std::size_t>(options.threads, 1)), signals(home()), hangups(home()),
          data_listeners(std::make_shared<passive_listeners>(options.passive_ports)),
          files(std::make_shared<store_worker>(std::max<std::size_t>(options.store_threads, 1))),
          logins(std::max<std::size_t>(options.login_threads, 1))
    {
        if (options.observer != nullptr)
            observers.add(*options.observer);
        options.session.tls.certificate_logins = options.authenticator->takes_certificates();
        if (!options.session.list_sessions) {
            observers.add(board);
            options.session.list_sessions = [this] { return board.sessions(); };
        }
    }

    asio::io_context& home() { return shards.front().context; }

    void accept(listening& at)
    {
        auto& listener = at.acceptor;
        auto& target = shards[next_shard++ % shards.size()];
        listener.async_accept(target.context, [this, &at, &target](std::error_code failed, tcp::socket socket) {
            if (!at.acceptor.is_open())
                return;
            const auto error = from_asio(failed);
            if (error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
                error == std::errc::not_enough_memory || error == std::errc::no_buffer_space)
                return accept_later(at);
            if (!error)
                admit(std::move(socket), target, at.start);
            accept(at);
        });
    }

    void accept_later(listening& at)
    {
        auto pause = std::make_shared<asio::steady_timer>(home(), exhausted_pause);
        pause->async_wait([this, &at, pause](std::error_code) {
            if (at.acceptor.is_open())
                accept(at);
        });
    }

    /// Begins a session, or turns it away. Runs on the home thread, which counts the sessions.
    void admit(tcp::socket socket, shard& target, control_start start)
    {
        std::error_code error;
        const auto peer = from_asio(socket.remote_endpoint(error));
        if (error)
            return; // gone already
        const auto local = from_asio(socket.local_endpoint(error));
        const auto address = peer.address.to_string();
        auto& from_there = sessions_by_address[address];
        if (session_count >= options.max_sessions || from_there >= options.max_sessions_per_address) {
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
        asio::post(target.context, [this, &target, id, peer, local, start, tls = current_tls(),
                                    socket = std::move(socket), when_gone = std::move(when_gone)]() mutable {
            auto connection = std::make_shared<server_connection>(std::move(socket), files, logins, *data_listeners,
                                                                  options, std::move(tls), observers, id, peer, local,
                                                                  start, std::move(when_gone));
            target.sessions.emplace(id, connection);
            if (draining)
                shut_down(*connection);
            else
                connection->pump();
        });
    }

    void dismiss(const std::string& address)
    {
        --session_count;
        const auto counted = sessions_by_address.find(address);
        if (--counted->second == 0)
            sessions_by_address.erase(counted);
        end_if_drained();
    }

    void turn_away(tcp::socket socket, const endpoint& peer, control_start start)
    {
        observers.turned_away(peer, now());
        if (start == control_start::in_tls)
            return; // a handshake only to say no would cost more than the session
        std::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(std::string_view{"421 Too many connections. Try again later.\r\n"}), ignored);
    }

    /// On the home thread.
    void begin_drain(std::chrono::seconds limit)
    {
        if (draining)
            return;
        grace = limit;
        draining = true;
        for (auto& listener : listeners) {
            std::error_code ignored;
            listener->acceptor.close(ignored);
        }
        for (auto& each : shards) {
            asio::post(each.context, [this, &each] {
                const auto sessions = each.sessions; // a session that ends takes itself out of the map
                for (const auto& [id, held] : sessions) {
                    if (const auto connection = held.lock())
                        shut_down(*connection);
                }
            });
        }
        end_if_drained();
    }

    void shut_down(server_connection& connection) const
    {
        connection.session().shut_down(grace, now());
        connection.pump();
    }

    /// The loops end by themselves when their last connection is gone.
    void end_if_drained()
    {
        if (!draining || session_count != 0)
            return;
        std::error_code ignored;
        signals.cancel(ignored);
        signals.clear(ignored); // another signal does what it does without a server
        hangups.cancel(ignored);
        hangups.clear(ignored);
        for (auto& each : shards)
            asio::post(each.context, [&each] { each.guard.reset(); });
    }

    void stop()
    {
        stopped = true;
        for (auto& each : shards)
            each.context.stop();
    }

    void await_signal(std::chrono::seconds limit)
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

    void await_hangup()
    {
        hangups.async_wait([this](std::error_code canceled, int) {
            if (canceled)
                return;
            await_hangup();
            on_hangup();
        });
    }

    std::shared_ptr<const tls_server_context> current_tls()
    {
        const std::lock_guard lock{tls_mutex};
        return tls;
    }

    server_options options;
    session_board board;
    observer_list observers;
    std::vector<shard> shards;
    asio::signal_set signals;
    asio::signal_set hangups;
    std::function<void()> on_hangup;
    std::mutex tls_mutex;
    std::shared_ptr<const tls_server_context> tls; ///< Of sessions to come.
    std::vector<std::unique_ptr<listening>> listeners;
    std::map<std::string, std::size_t> sessions_by_address;
    std::size_t session_count = 0;
    std::size_t next_shard = 0;
    std::uint64_t last_session = 0;
    std::atomic<bool> draining = false;
    std::atomic<bool> stopped = false;
    std::chrono::seconds grace{0};
    std::shared_ptr<passive_listeners> data_listeners; ///< Behind the shards, on whose loops the listeners live.
    // Last: jobs that were never run hold connections, and go before the loops that those live on.
    std::shared_ptr<store_worker> files;
    store_worker logins; ///< Apart, so that no flood of passwords holds up a file.
};

server::server(server_options options) : engine_(std::make_unique<engine>(std::move(options))) {}

server::~server()
{
    engine_->stop();
    engine_->files->stop();
    engine_->logins.stop();
}

result<void, tls_fault> server::use_tls(const tls_server_options& options)
{
    auto made = tls_server_context::make(options);
    if (!made)
        return std::move(made.error());
    const std::lock_guard lock{engine_->tls_mutex};
    engine_->tls = *std::move(made);
    return {};
}

result<endpoint> server::listen(const endpoint& where, control_start start)
{
    const bool needs_tls = start == control_start::in_tls || engine_->options.session.tls.is_offered;
    if (needs_tls && !engine_->current_tls())
        return tls_errc::not_available;
    auto opened = std::make_unique<listening>(listening{tcp::acceptor{engine_->home()}, start});
    auto* const listener = &opened->acceptor;
    const auto local = to_asio(where);
    std::error_code error;
    listener->open(local.protocol(), error);
    close_on_exec(listener->native_handle());
    if (!error)
        listener->set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error && local.address().is_v6())
        listener->set_option(asio::ip::v6_only{true}, error);
    if (!error)
        listener->bind(local, error);
    if (!error)
        listener->listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return from_asio(error);
    const auto bound = from_asio(listener->local_endpoint(error));
    asio::post(engine_->home(), [engine = engine_.get(), opened = std::move(opened)]() mutable {
        engine->listeners.push_back(std::move(opened));
        if (!engine->draining)
            engine->accept(*engine->listeners.back());
    });
    return bound;
}

void server::run()
{
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < engine_->shards.size(); ++i)
        others.emplace_back([context = &engine_->shards[i].context] { context->run(); });
    engine_->home().run();
    for (auto& other : others)
        other.join();
}

void server::drain(std::chrono::seconds grace)
{
    asio::post(engine_->home(), [engine = engine_.get(), grace] { engine->begin_drain(grace); });
}

void server::stop()
{
    engine_->stop();
}

void server::on_hangup(std::function<void()> handler)
{
    engine_->on_hangup = std::move(handler);
    engine_->hangups.add(SIGHUP);
    engine_->await_hangup();
}

void server::drain_on_signals(std::chrono::seconds grace)
{
    engine_->signals.add(SIGINT);
    engine_->signals.add(SIGTERM);
    engine_->await_signal(grace);
}

} // namespace libftp::net
