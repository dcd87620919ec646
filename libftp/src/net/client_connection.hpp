// One client session on its control connection.
#pragma once

#include "client_context.hpp"
#include "connector.hpp"
#include "session_pump.hpp"

#include <libftp/session/client_session.hpp>

#include <functional>
#include <memory>

namespace libftp::net {

class client_connection final : public session_pump<client_connection, client_session> {
public:
    /// `server` is what the caller has asked for. `on_event` hears every event of the session.
    client_connection(tcp::socket socket, std::shared_ptr<client_context> context, server_address server,
                      const endpoint& peer, const endpoint& local, std::function<void(client_event)> on_event)
        : session_pump(made_ready(std::move(socket)), local.address, context->options, peer, local, now()),
          context_(std::move(context)), server_(std::move(server)), is_server_near_(peer.address == local.address),
          on_event_(std::move(on_event))
    {
    }

    /// The session commits only what the server has confirmed, whatever becomes of the connection.
    bool has_peer_left() override { return false; }
    [[nodiscard]] bool resets_unfinished() const noexcept override { return true; }
    /// A server on this machine, which has more to do with the bytes, then finds them in the processor's cache.
    [[nodiscard]] bool sends_from_memory() const noexcept override { return is_server_near_; }

private:
    friend session_pump;
    using session_pump::carry_out;

    static tcp::socket made_ready(tcp::socket socket)
    {
        prepare_socket(descriptor_of(socket));
        set_control_options(socket);
        return socket;
    }

    void carry_out(action::commit asked)
    {
        work(
            file_worker().get(), [sink = std::move(asked.sink)] { return sink->commit(); },
            [this, id = asked.id](const result<void>& outcome) { session_.committed(id, outcome, now()); });
    }

    [[nodiscard]] std::unique_ptr<tls_stream> make_control_tls(int socket)
    {
        tls_ = context_->client_tls() != nullptr ? context_->tls : nullptr;
        return tls_ ? tls_->connect_control(socket, server_.host, server_.port) : nullptr;
    }
    [[nodiscard]] std::unique_ptr<tls_stream> make_data_tls(int socket, const tls_stream& control) const
    {
        return tls_->connect_data(socket, control);
    }

    [[nodiscard]] passive_listeners& listeners() noexcept { return *listeners_; }
    [[nodiscard]] std::shared_ptr<store_worker> file_worker() const { return context_->file_worker(); }

    void pumped()
    {
        while (auto event = session_.next_event())
            on_event_(std::move(*event));
    }

    std::shared_ptr<client_context> context_; ///< The session refers to its options.
    server_address server_;
    bool is_server_near_;
    std::shared_ptr<const tls_client_context> tls_; ///< Also if the client is given another one meanwhile.
    std::shared_ptr<passive_listeners> listeners_ = std::make_shared<passive_listeners>(context_->options.active.ports);
    std::function<void(client_event)> on_event_;
};

} // namespace libftp::net
