// What a TLS stream consists of, for those who make it and OpenSSL's callbacks.
#pragma once

#include "openssl.hpp"
#include "tls_stream.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace libftp::net {

enum class ftp_connection : std::uint8_t { control, data };

/// On the server: goes into all TLS sessions of one control connection, which are for nobody else.
using session_mark = std::array<unsigned char, 16>;

struct tls_stream::state {
    /// nullptr: no memory. Which side it is, is up to the caller. `owner` is what the callbacks of `context` use.
    static std::unique_ptr<state> make(SSL_CTX& context, std::shared_ptr<const void> owner, int socket,
                                       ftp_connection kind);
    /// From a callback.
    static state& of(const SSL* connection) noexcept;
    ~state();

    void begin_call() noexcept;
    /// Of a call that has given `code`, not 1: what it waits for, or the error it ended with.
    tls_step stopped(int code);
    void finish_handshake();

    std::shared_ptr<const void> context{};
    std::size_t read_budget = 0; ///< Bytes that the call may still take from the socket.
    openssl::ssl_ptr ssl{};
    ftp_connection kind = ftp_connection::control;

    session_mark mark{}; ///< Of the server.
    /// A client whose data connection offers no session, though it was sent a ticket for that, does without them and
    /// keeps what it has. One that was sent none since it last offered one may have none left.
    enum class next_ticket : std::uint8_t { wanted, sent, useless };
    /// Of the server, the same for a control connection and its data connections.
    std::shared_ptr<next_ticket> ticket = std::make_shared<next_ticket>(next_ticket::wanted);
    std::string host{}; ///< Whom the client has asked for, and where.
    std::uint16_t port = 0;
    missing_close_notify on_missing_close = missing_close_notify::is_truncation;

    /// Of the control connection. On a client's, the newest one; on a server's data connection of TLS 1.2, that which
    /// it may continue.
    openssl::session_ptr session{};
    /// On a data connection, until the handshake is done: the control connection's.
    std::shared_ptr<const certificate_facts> peer{};
    bool continues_control = false;

    std::error_code refusal{}; ///< Why this client does not accept the peer's certificate.
    std::error_code failure{}; ///< The first; OpenSSL forgets it.
    std::optional<tls_step> read_end{};
    bool may_have_input = false; ///< read() has stopped though there may be more.
    bool is_established = false;
    bool has_closed = false;
};

} // namespace libftp::net
