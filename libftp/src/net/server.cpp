// The public functions of a server, which any thread may call.
#include <libftp/net/server.hpp>

#include "server_engine.hpp"
#include "sigpipe_guard.hpp"

#include <asio/post.hpp>

#include <csignal>
#include <stdexcept>
#include <utility>

namespace libftp::net {

server::server(server_options options) : server(asio::any_io_executor{}, std::move(options)) {}

server::server(asio::any_io_executor executor, server_options options)
{
    if (!options.authenticator)
        throw std::invalid_argument{"libftp: a server needs an authenticator"};
    engine_ = std::make_shared<engine>(std::move(options), std::move(executor));
}

server::~server()
{
    engine_->end();
}

result<void, tls_fault> server::use_tls(const tls_server_options& options)
{
    auto made = tls_server_context::make(options);
    if (!made)
        return std::move(made.error());
    engine_->renew(*std::move(made));
    return {};
}

result<endpoint> server::listen(const endpoint& where, control_start start)
{
    if (const auto obstacle = engine_->obstacle_to(start))
        return obstacle;
    return engine_->listen(open_listening_socket(engine_->home(), where, start));
}

result<endpoint> server::adopt(int descriptor, control_start start)
{
    if (const auto obstacle = engine_->obstacle_to(start))
        return obstacle;
    return engine_->listen(adopt_listening_socket(engine_->home(), descriptor, start));
}

std::vector<listener_status> server::listeners() const
{
    const std::lock_guard lock{engine_->mutex};
    std::vector<listener_status> all;
    all.reserve(engine_->listeners.size());
    for (const auto& each : engine_->listeners)
        all.push_back({each->where, each->start, each->descriptor});
    return all;
}

void server::stop_listening(const endpoint& where)
{
    engine_->stop_listening(where);
}

result<void> server::renew(server_options options)
{
    if (!options.authenticator)
        return std::make_error_code(std::errc::invalid_argument);
    return engine_->renew(std::move(options));
}

std::vector<session_status> server::sessions() const
{
    return engine_->board.sessions(now());
}

bool server::disconnect(std::uint64_t session)
{
    return engine_->disconnect(session);
}

void server::run()
{
    const sigpipe_guard guard;
    engine_->run();
}

void server::drain(std::chrono::seconds grace)
{
    asio::post(engine_->home(),
               [engine = engine_.get(), kept = engine_->keeper(), grace] { engine->begin_drain(grace); });
}

void server::stop()
{
    engine_->stop();
}

void server::post(std::function<void()> work)
{
    asio::post(engine_->home(), std::move(work));
}

asio::any_io_executor server::get_executor() const noexcept
{
    return engine_->home();
}

void server::on_signal(int signal, std::function<void()> handler)
{
    const bool is_first = engine_->handlers.empty();
    engine_->handlers.emplace(signal, std::move(handler));
    engine_->handled.add(signal);
    if (is_first)
        engine_->await_handled();
}

void server::drain_on_signals(std::chrono::seconds grace)
{
    engine_->grace_on_signal = grace;
    if (engine_->awaits_signal.exchange(true))
        return;
    engine_->signals.add(SIGINT);
    engine_->signals.add(SIGTERM);
    engine_->await_signal();
}

} // namespace libftp::net
