// How a connection that a proxy passes on begins: with its header, which names the client.
#pragma once

#include "asio_types.hpp"

#include <libftp/protocol/proxy_header.hpp>
#include <libftp/result.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace libftp::net {

/// Reads a header off a new connection, and no byte behind it: that may be TLS. Lives on the socket's executor, held by
/// a shared_ptr; what it waits for keeps it alive.
class proxy_greeting : public std::enable_shared_from_this<proxy_greeting> {
public:
    /// Gets the connection back, and whose it is: the client's, or `proxy` for one of the proxy's own. Errors:
    /// protocol_errc::proxy_header_malformed, timed_out, and canceled if nobody is to be told, since a proxy that only
    /// looks whether somebody listens sends nothing; the system's.
    using taker = std::function<void(tcp::socket, result<endpoint>)>;

    proxy_greeting(tcp::socket socket, const endpoint& proxy, taker done);

    /// To be called once.
    void await(std::chrono::seconds limit);
    /// Ends with protocol_errc::canceled.
    void give_up();

private:
    void read();
    void finish(result<endpoint> client);
    [[nodiscard]] std::error_code reason_of(const std::error_code& lost) const;

    tcp::socket socket_;
    asio::steady_timer timer_;
    endpoint proxy_;
    proxy_header_parser parser_;
    taker done_; ///< Empty when it was called.
};

} // namespace libftp::net
