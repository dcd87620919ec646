// The listeners for passive data connections. In a range of ports, sessions of different peers share a port, so that
// few ports serve many.
#pragma once

#include "late_socket.hpp"
#include "system_calls.hpp"

#include <libftp/port_range.hpp>
#include <libftp/result.hpp>

#include <asio/ip/address.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace libftp::net {

/// For all sessions of a server, on whatever threads. A listener lives on the executor of the first who waits at it,
/// and as long as anybody does. It must be destroyed before the execution contexts of those executors.
class passive_listeners : public std::enable_shared_from_this<passive_listeners> {
public:
    struct arrival {
        late_socket socket;
        endpoint peer;
    };
    /// Hears of a connection, or why there can be none. Must not own the place.
    using taker = std::function<void(result<arrival>)>;

    class place;

    /// Without a range everybody who waits gets a port of the system's choice.
    explicit passive_listeners(const std::optional<port_range>& ports) : ports_(ports) {}

    /// A place where connections to `local` arrive until it is destroyed. From place::watch() on, and at a port of the
    /// range at once, each is told to `told` by a handler on `executor`, with a socket of `executor`. At a port of the
    /// range only those from `from` count, and others are dropped. Error: address_in_use if at each port somebody waits
    /// for `from` already.
    result<std::unique_ptr<place>> wait(const ip_address& local, const ip_address& from,
                                        const asio::any_io_executor& executor, taker told);

private:
    struct waiter {
        asio::any_io_executor executor;
        taker told;
    };
    struct listener {
        listener(const asio::any_io_executor& executor, const tcp& kind, int listening)
            : protocol(kind), socket(listening), acceptor(executor)
        {
        }
        ~listener();
        listener(const listener&) = delete;
        listener& operator=(const listener&) = delete;

        const tcp protocol;
        const int socket;
        /// Open, and owner of the socket, from the first time that nothing had come on: most connections are there
        /// before somebody looks, and the socket never has to be waited for.
        tcp::acceptor acceptor;
        std::map<asio::ip::address, waiter> waiters{}; ///< By whom they wait for.
        bool is_watched = false;
    };
    using listener_map = std::map<tcp::endpoint, std::shared_ptr<listener>>;

    result<listener_map::iterator> open(const tcp::endpoint& where, const asio::any_io_executor& executor);
    result<listener_map::iterator> open_anywhere(const asio::ip::address& local, const asio::any_io_executor& executor);
    result<listener_map::iterator> open_in_range(const asio::ip::address& local, const asio::ip::address& from,
                                                 const asio::any_io_executor& executor);
    std::optional<result<arrival>> take(const tcp::endpoint& where);
    void watch(const tcp::endpoint& where);
    void watch(const std::shared_ptr<listener>& watched);
    static void tell_all(const listener& at, std::error_code error);
    std::error_code accept_all(const listener& at) const;
    void deliver(const listener& at, const accepted_socket& who) const;
    void leave(const tcp::endpoint& where, const asio::ip::address& from);

    const std::optional<port_range> ports_;
    std::mutex mutex_; ///< Of all below, the acceptors included.
    listener_map listeners_;
};

/// Somebody waits as long as it lives.
class passive_listeners::place {
public:
    place(std::weak_ptr<passive_listeners> of, const tcp::endpoint& where, asio::ip::address from);
    ~place();
    place(const place&) = delete;
    place& operator=(const place&) = delete;

    /// A connection that is there already; nothing once watch() was called.
    std::optional<result<arrival>> take();
    /// From now on each connection is told. May be called again.
    void watch();
    [[nodiscard]] endpoint where() const { return from_asio(where_); }

private:
    std::weak_ptr<passive_listeners> of_;
    tcp::endpoint where_;
    asio::ip::address from_;
};

} // namespace libftp::net
