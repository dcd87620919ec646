// An FTP server on Asio: listeners, sessions on one or several threads, a pool for what may wait.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/net/session_status.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/port_range.hpp>
#include <libftp/result.hpp>
#include <libftp/session/passive_address.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/session/session_options.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace libftp::net {

/// What a server is made of, and its limits.
struct server_options {
    std::shared_ptr<libftp::authenticator> authenticator{}; ///< Required: who may log in, and to which files.
    session_options session{};
    session_observer* observer = nullptr; ///< Must outlive the server; is called from all its threads.
    /// For passive data connections; without it the system chooses.
    std::optional<port_range> passive_ports{};
    /// For the network: each new session goes to the one that has the fewest. 0: as many as there are CPUs that this
    /// process may use when the server is made. They begin when there are sessions for them, as the others do.
    std::size_t threads = 0;
    std::size_t store_threads = 4; ///< For stores that block, at most. At least 1.
    std::size_t login_threads = 2; ///< For password hashes, which burn time on purpose, at most. At least 1.
    /// How long a thread of run() stays awake for the next command after a reply, in the clear and to its only busy
    /// session: to fall asleep and be woken takes longer. Where commands come later, it soon gives up but for one try
    /// in 256, so that this costs nothing over a real distance. 0: it sleeps at once.
    std::chrono::microseconds busy_poll{50};
    /// Further connections are told 421. A session that has ended does not count, though its client has two seconds to
    /// close the connection; of those there may be as many again, and one.
    std::size_t max_sessions = 10'000;
    std::size_t max_sessions_per_address = 2'500; ///< The same, for each IPv4 address or IPv6 network (/64).
    /// Proxies whose connections begin with a PROXY header (versions 1 and 2), in clear, before any TLS. Each must send
    /// it, within session.login_limit; nobody else may: from others it is not read. The client that it names is the
    /// session's peer then, for limits, logs, the authenticator and the checks of data connections; so these have to
    /// come from the client's own address and go there, not through the proxy, unless that keeps their source address:
    /// tell clients the server's own by session.passive_address. A connection of the proxy's own (LOCAL, UNKNOWN)
    /// becomes a session whose peer is the proxy.
    std::vector<ip_network> proxies{};
};

/// A socket that sessions come by.
struct listener_status {
    endpoint where{};
    control_start start = control_start::in_clear;
    int descriptor = -1; ///< To hand to another process; the server keeps it open until it stops to listen there.
};

/// Sessions run on the server's own threads, those of run(). They wait for no password hash, and for no store but short
/// calls of one that is seldom slow (file_store::is_seldom_slow()), as long as those are quick: for these there are
/// threads of their own. Every function may be called from any thread.
class server {
public:
    /// Throws std::invalid_argument without an authenticator, std::system_error if the system has no resources for an
    /// event loop.
    explicit server(server_options options);
    /// Serves on a loop of the program's, beside its other work: `executor` is that of an io_context which one thread
    /// runs, or a strand, and must outlive the server. options.threads means nothing then, and run() may not be called:
    /// sessions go on while the program runs its loop, whose run() returns only when the server is drained, stopped or
    /// destroyed.
    server(asio::any_io_executor executor, server_options options);
    /// Ends all sessions at once. run() must have returned; a loop of the program's may go on, if this is one of its
    /// handlers, but none that the server calls (an observer, a hook, ...).
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

    /// Listens on a socket that another has made, be it a service manager or a server that this one follows. The
    /// descriptor is the server's from then on, unless there is an error: tls_errc::not_available as above;
    /// std::errc::invalid_argument for anything but a listening TCP socket; the system's.
    result<endpoint> adopt(int descriptor, control_start start = control_start::in_clear);

    /// Where it listens, in the order of listen() and adopt(). Empty from drain() on.
    [[nodiscard]] std::vector<listener_status> listeners() const;

    /// Accepts no more at `where`, as listen() or adopt() returned it; sessions that came by it go on.
    void stop_listening(const endpoint& where);

    /// Sessions that begin from now on, and logins in those that run, go by these options; else they keep theirs. May
    /// be called at any time. observer, threads, store_threads, login_threads and busy_poll stay as they are. Error,
    /// and no change: tls_errc::not_available if TLS is offered without use_tls(), which comes first where TLS is new.
    result<void> renew(server_options options);

    /// Who is connected and what moves, in the order they came. Copies: cheap enough for every second, not for every
    /// command.
    [[nodiscard]] std::vector<session_status> sessions() const;

    /// Ends a session (session_facts::id), what it transfers included. The client is told 421. False: there is none.
    bool disconnect(std::uint64_t session);

    /// Serves until drain() or stop(). The calling thread is one of options.threads. Throws std::logic_error if another
    /// thread is here, or if the loop is the program's.
    void run();

    /// Accepts no more, says 421 to idle sessions, lets running transfers finish for at most `grace`. Then run()
    /// returns, or that of the program's loop, unless there is other work.
    void drain(std::chrono::seconds grace);
    /// Ends everything now. run() returns.
    void stop();
    /// Has run() call `work` on one of its threads, which does nothing else meanwhile: to find out whether it still
    /// goes round, say.
    void post(std::function<void()> work);
    /// The program's loop, if it has given one. Else that of the thread that calls run(), for the program's other work:
    /// timers, sockets, an async_client. What runs there must not block, and sees no session at work meanwhile if
    /// options.threads is 1. run() returns only when that work is done as well, or by stop(). Objects on it must go
    /// before the server does.
    [[nodiscard]] asio::any_io_executor get_executor() const noexcept;
    /// From now on SIGINT and SIGTERM drain the server; one that comes while it is drained stops it.
    void drain_on_signals(std::chrono::seconds grace);
    /// From now on `signal` (SIGHUP, SIGUSR1, ...) calls `handler` on one of the server's threads, which does nothing
    /// else meanwhile: to read the configuration again, say. Once for each signal, before run(); until the server is
    /// drained. Not for those of drain_on_signals().
    void on_signal(int signal, std::function<void()> handler);

private:
    struct engine;
    std::shared_ptr<engine> engine_;
};

} // namespace libftp::net
