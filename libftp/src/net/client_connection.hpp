// One client session on its control connection.
#pragma once

#include "client_context.hpp"
#include "session_pump.hpp"

#include <libftp/session/client_session.hpp>

#include <functional>
#include <memory>

namespace libftp::net {

class client_connection final : public session_pump<client_connection, client_session> {
public:
    /// `on_event` hears every event of the session.
    client_connection(tcp::socket socket, std::shared_ptr<client_context> context, const endpoint& peer,
                      const endpoint& local, std::function<void(client_event)> on_event)
        : session_pump(std::move(socket), local.address, context->options, peer, local, now()),
          context_(std::move(context)), on_event_(std::move(on_event))
    {
    }

    /// The session commits only what the server has confirmed, whatever becomes of the connection.
    bool has_peer_left() override { return false; }
    [[nodiscard]] bool resets_unfinished() const noexcept override { return true; }

private:
    friend session_pump;
    using session_pump::carry_out;

    void carry_out(action::commit asked)
    {
        work(
            file_worker().get(), [sink = std::move(asked.sink)] { return sink->commit(); },
            [this, id = asked.id](const result<void>& outcome) { session_.committed(id, outcome, now()); });
    }

    [[nodiscard]] passive_listeners& listeners() noexcept { return *listeners_; }
    [[nodiscard]] std::shared_ptr<store_worker> file_worker() const { return context_->file_worker(); }

    void pumped()
    {
        while (auto event = session_.next_event())
            on_event_(std::move(*event));
    }

    std::shared_ptr<client_context> context_; ///< The session refers to its options.
    std::shared_ptr<passive_listeners> listeners_ = std::make_shared<passive_listeners>(std::nullopt);
    std::function<void(client_event)> on_event_;
};

} // namespace libftp::net
