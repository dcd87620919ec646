// One server session on its control connection.
#pragma once

#include "session_pump.hpp"

#include <libftp/net/server.hpp>
#include <libftp/session/server_session.hpp>

#include <functional>

namespace libftp::net {

class server_connection final : public session_pump<server_connection, server_session> {
public:
    /// `options` and `observer` outlive the connection. `when_closed` is called once, on the connection's executor.
    server_connection(tcp::socket socket, store_worker& worker, const server_options& options,
                      session_observer& observer, std::uint64_t id, const endpoint& peer, const endpoint& local,
                      std::function<void()> when_closed)
        : session_pump(std::move(socket), &worker, local.address, options.session, observer, id, peer, local, now()),
          options_(options), when_closed_(std::move(when_closed))
    {
    }

private:
    friend session_pump;
    using session_pump::carry_out;

    void carry_out(action::authenticate asked)
    {
        auto& checker = *options_.authenticator;
        work(
            checker.blocks(), [&checker, who = std::move(asked.who)] { return checker.authenticate(who); },
            [this, id = asked.id](result<account> outcome) { session_.authenticated(id, std::move(outcome), now()); });
    }

    void carry_out(action::call_store asked)
    {
        const bool may_block = asked.store->blocks();
        work(
            may_block,
            [store = std::move(asked.store), request = std::move(asked.request)] { return perform(*store, request); },
            [this, id = asked.id](store_response answer) { session_.store_answered(id, std::move(answer), now()); });
    }

    [[nodiscard]] const std::optional<port_range>& passive_ports() const noexcept { return options_.passive_ports; }
    void pumped() noexcept {}
    void closed() { when_closed_(); }

    const server_options& options_;
    std::function<void()> when_closed_;
};

} // namespace libftp::net
