// One server session on its control connection.
#pragma once

#include "session_pump.hpp"
#include "tls_context.hpp"

#include <libftp/net/server.hpp>
#include <libftp/session/server_session.hpp>

#include <functional>

namespace libftp::net {

class server_connection final : public session_pump<server_connection, server_session> {
public:
    /// `options`, `observer` and `logins` outlive the connection, `listeners` its last event. `tls` may be nullptr.
    /// `when_gone` is called once, when nothing of the connection is left: no socket, no running job.
    server_connection(tcp::socket socket, std::shared_ptr<store_worker> files, store_worker& logins,
                      passive_listeners& listeners, const server_options& options,
                      std::shared_ptr<const tls_server_context> tls, session_observer& observer, std::uint64_t id,
                      const endpoint& peer, const endpoint& local, control_start start, std::function<void()> when_gone)
        : session_pump(std::move(socket), local.address, options.session, observer, id, peer, local, now(), start),
          files_(std::move(files)), logins_(logins), listeners_(listeners), authenticator_(*options.authenticator),
          tls_(std::move(tls)), when_gone_(std::move(when_gone))
    {
    }
    ~server_connection() override { when_gone_(); }
    server_connection(const server_connection&) = delete;
    server_connection& operator=(const server_connection&) = delete;

private:
    friend session_pump;
    using session_pump::carry_out;

    void carry_out(action::listen_data asked)
    {
        renew_ticket();
        session_pump::carry_out(asked);
    }

    void carry_out(action::connect_data asked)
    {
        renew_ticket();
        session_pump::carry_out(asked);
    }

    void carry_out(action::authenticate asked)
    {
        work(
            authenticator_.blocks() ? &logins_ : nullptr,
            [&checker = authenticator_, who = std::move(asked.who)] { return checker.authenticate(who); },
            [this, id = asked.id](result<account> outcome) { session_.authenticated(id, std::move(outcome), now()); });
    }

    void carry_out(action::call_store asked)
    {
        auto* const where = asked.store->blocks() ? files_.get() : nullptr;
        work(
            where,
            [store = std::move(asked.store), request = std::move(asked.request)] { return perform(store, request); },
            [this, id = asked.id](store_response answer) { session_.store_answered(id, std::move(answer), now()); });
    }

    void carry_out(action::run_command asked)
    {
        work(files_.get(), std::move(asked.job),
             [this, id = asked.id](const reply& answer) { session_.command_answered(id, answer, now()); });
    }

    /// Each data connection needs a ticket of its own to continue the control connection's session (RFC 8446 C.4), and
    /// must find it there when it begins.
    void renew_ticket()
    {
        if (auto* const tls = control_tls())
            tls->send_ticket();
    }

    [[nodiscard]] std::unique_ptr<tls_stream> make_control_tls(int socket) const
    {
        return tls_ ? tls_->accept_control(socket) : nullptr;
    }
    [[nodiscard]] std::unique_ptr<tls_stream> make_data_tls(int socket, const tls_stream& control) const
    {
        return tls_->accept_data(socket, control);
    }

    [[nodiscard]] passive_listeners& listeners() noexcept { return listeners_; }
    [[nodiscard]] const std::shared_ptr<store_worker>& file_worker() const noexcept { return files_; }
    void pumped() noexcept {}

    std::shared_ptr<store_worker> files_;
    store_worker& logins_;
    passive_listeners& listeners_;
    authenticator& authenticator_;
    std::shared_ptr<const tls_server_context> tls_;
    std::function<void()> when_gone_;
};

} // namespace libftp::net
