// An FTP server on Asio: listeners, sessions on one or several threads, a pool for what may wait.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/net/port_range.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/result.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/session/session_options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace libftp::net {

struct server_options {
    std::shared_ptr<libftp::authenticator> authenticator{}; ///< Required: who may log in, and to which files.
    session_options session{};
    session_observer* observer = nullptr; ///< Must outlive the server; is called from all its threads.
    /// For passive data connections; without it the system chooses.
    std::optional<port_range> passive_ports{};
    std::size_t threads = 1;           ///< For the network; sessions are spread over them. At least 1.
    std::size_t store_threads = 4;     ///< For stores that block. At least 1.
    std::size_t login_threads = 2;     ///< For password hashes, which burn time on purpose. At least 1.
    std::size_t max_sessions = 10'000; ///< Further connections are told 421.
    std::size_t max_sessions_per_address = 2'500;
};

/// Sessions run on the server's own threads, those of run(). They wait for no store and no password hash: these have
/// threads of their own. Every function may be called from any thread.
class server {
public:
    /// Throws std::system_error if the system has no resources for an event loop or a thread.
    explicit server(server_options options);
    /// Ends all sessions at once. run() must have returned.
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Sets the certificates of all sessions that begin from now on; those that run keep theirs. May be called at any
    /// time, to renew them too; a fault changes nothing. Needed where options.session.tls offers TLS.
    result<void, tls_fault> use_tls(const tls_server_options& options);

    /// Listens on an address and port, 0 for a free one; may be called several times, for several addresses.
    /// Returns where. Errors: the system's (address_in_use, permission_denied below port 1024, ...);
    /// tls_errc::not_available if TLS is offered, or asked for here, without use_tls().
    result<endpoint> listen(const endpoint& where, control_start start = control_start::in_clear);

    /// Serves until drain() or stop(). The calling thread is one of options.threads.
    void run();

    /// Accepts no more, says 421 to idle sessions, lets running transfers finish for at most `grace`. Then run()
    /// returns.
    void drain(std::chrono::seconds grace);
    /// Ends everything now. run() returns.
    void stop();
    /// From now on SIGINT and SIGTERM drain the server; one that comes while it is drained stops it.
    void drain_on_signals(std::chrono::seconds grace);
    /// From now on SIGHUP calls `handler` on one of the server's threads, which does nothing else meanwhile: to read
    /// certificates again, say. To be called once, before run().
    void on_hangup(std::function<void()> handler);

private:
    struct engine;
    std::unique_ptr<engine> engine_;
};

} // namespace libftp::net
