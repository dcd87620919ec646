// One client session on its control connection.
#pragma once

#include "session_pump.hpp"

#include <libftp/session/client_session.hpp>

#include <functional>

namespace libftp::net {

class client_connection final : public session_pump<client_connection, client_session> {
public:
    /// Files are read and written on the connection's own executor. `on_event` hears every event of the session.
    client_connection(tcp::socket socket, const client_options& options, const endpoint& peer, const endpoint& local,
                      std::function<void(client_event)> on_event)
        : session_pump(std::move(socket), nullptr, local.address, options, peer, local, now()),
          on_event_(std::move(on_event))
    {
    }

    /// The session commits only what the server has confirmed, whatever becomes of the connection.
    bool has_peer_left() override { return false; }

private:
    friend session_pump;
    using session_pump::carry_out;

    void carry_out(action::commit asked) { session_.committed(asked.id, asked.sink->commit(), now()); }

    [[nodiscard]] passive_listeners& listeners() noexcept { return *listeners_; }

    void pumped()
    {
        while (auto event = session_.next_event())
            on_event_(std::move(*event));
    }

    std::shared_ptr<passive_listeners> listeners_ = std::make_shared<passive_listeners>(std::nullopt);
    std::function<void(client_event)> on_event_;
};

} // namespace libftp::net
