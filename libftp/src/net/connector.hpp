// From the name of a server to a connection with it, within a limit.
#pragma once

#include "happy_eyeballs.hpp"
#include "host_lookup.hpp"

#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace libftp::net {

struct server_address {
    std::string host{}; ///< A name or an address.
    std::uint16_t port = 21;
    tls_use tls = tls_use::off;
};

/// Resolves and connects. An address needs no resolver.
class connector : public std::enable_shared_from_this<connector> {
public:
    /// Hears of the connection, or how far it came. Called once, from the executor.
    using handler = std::function<void(client_result<void>, tcp::socket)>;

    connector(const asio::any_io_executor& executor, resolver_function resolver, handler done);

    /// At `until` it fails with protocol_errc::timed_out, whatever it waits for.
    void begin(const server_address& server, clock::time_point until);
    /// The handler is not called any more.
    void stop();

private:
    void resolved(result<std::vector<endpoint>> addresses);
    void connect(std::vector<endpoint> addresses);
    void finish(std::error_code error, tcp::socket socket);

    asio::any_io_executor executor_;
    resolver_function resolver_;
    handler done_; ///< Empty: it is over.
    asio::steady_timer limit_;
    operation_step step_ = operation_step::resolve;
    std::optional<host_lookup> lookup_;
    std::shared_ptr<happy_eyeballs> attempts_;
};

} // namespace libftp::net
