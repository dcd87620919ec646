// What the TLS connections of one server, or of one client, have in common.
#pragma once

#include "tls_stream.hpp"

#include <libftp/net/tls.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace libftp::net {

/// Never changes: a server that is given new certificates makes another one for later sessions, while those that run
/// keep theirs. May be used by several threads at once.
class tls_server_context : public std::enable_shared_from_this<tls_server_context> {
public:
    struct state;
    static result<std::shared_ptr<const tls_server_context>, tls_fault> make(const tls_server_options& options);
    explicit tls_server_context(std::unique_ptr<state> made) noexcept;
    ~tls_server_context();

    /// `host` is what the client has said by HOST: who asks for none by SNI is shown that one's certificate. nullptr:
    /// no memory.
    [[nodiscard]] std::unique_ptr<tls_stream> accept_control(int socket, const std::string& host = {}) const;
    /// `control` is a stream of this context, with its handshake done, open or closed. No ticket is sent on this one.
    [[nodiscard]] std::unique_ptr<tls_stream> accept_data(int socket, const tls_stream& control) const;

private:
    std::unique_ptr<state> state_;
};

class tls_client_context : public std::enable_shared_from_this<tls_client_context> {
public:
    struct state;
    static result<std::shared_ptr<const tls_client_context>, tls_fault> make(tls_client_options options);
    explicit tls_client_context(std::unique_ptr<state> made) noexcept;
    ~tls_client_context();

    /// `host` is what the caller has asked for, a name or an address.
    [[nodiscard]] std::unique_ptr<tls_stream> connect_control(int socket, const std::string& host,
                                                              std::uint16_t port) const;
    /// Continues the newest session of `control`, and accepts the same certificates.
    [[nodiscard]] std::unique_ptr<tls_stream> connect_data(int socket, const tls_stream& control) const;

private:
    std::unique_ptr<state> state_;
};

} // namespace libftp::net
