// A peer on OpenSSL itself, for what the library's own streams never do.
#pragma once

#include "net/openssl.hpp"
#include "support/tls_pair.hpp"

#include <openssl/err.h>

#include <string>
#include <string_view>

namespace libftp::testing {

/// Believes any certificate.
class raw_tls {
public:
    /// `set_up` is given the SSL_CTX.
    template <class SetUp>
    raw_tls(const SSL_METHOD* method, int socket, SetUp set_up) : context_(SSL_CTX_new(method))
    {
        set_up(context_.get());
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket);
        SSL_is_server(ssl_.get()) == 1 ? SSL_set_accept_state(ssl_.get()) : SSL_set_connect_state(ssl_.get());
    }

    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
    /// Of the last handshake that failed: an SSL_R_*.
    [[nodiscard]] int reason() const { return reason_; }

    net::tls_step handshake()
    {
        ERR_clear_error();
        const int code = SSL_do_handshake(ssl());
        if (code == 1)
            return {};
        const int why = SSL_get_error(ssl(), code);
        if (why == SSL_ERROR_WANT_READ)
            return {.waits = net::tls_wait::readable};
        if (why == SSL_ERROR_WANT_WRITE)
            return {.waits = net::tls_wait::writable};
        reason_ = ERR_GET_REASON(ERR_peek_last_error());
        return {.error = tls_errc::handshake_failed};
    }
    void write(std::string_view text) const
    {
        REQUIRE(SSL_write(ssl(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
    }
    /// What is there, in one read.
    [[nodiscard]] std::string read() const
    {
        std::string room(1000, '\0');
        const int got = SSL_read(ssl(), room.data(), static_cast<int>(room.size()));
        room.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return room;
    }
    [[nodiscard]] net::openssl::session_ptr session() const
    {
        return net::openssl::session_ptr{SSL_get1_session(ssl())};
    }

private:
    net::openssl::context_ptr context_;
    net::openssl::ssl_ptr ssl_;
    int reason_ = 0;
};

/// For `set_up`.
inline auto with_version(int version)
{
    return [version](SSL_CTX* context) {
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
    };
}

inline handshake_result shake_with(const socket_pair& sockets, net::tls_stream& server, raw_tls& client)
{
    return shake_hands(
        sockets, [&] { return server.handshake(); }, [&] { return client.handshake(); });
}

} // namespace libftp::testing
