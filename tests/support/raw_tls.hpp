// A peer on OpenSSL itself, for what the library's own streams never do.
#pragma once

#include "support/tls_pair.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace libftp::testing {

struct free_ssl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using ssl_session = std::unique_ptr<SSL_SESSION, free_ssl>;

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
    [[nodiscard]] ssl_session session() const { return ssl_session{SSL_get1_session(ssl())}; }

private:
    std::unique_ptr<SSL_CTX, free_ssl> context_;
    std::unique_ptr<SSL, free_ssl> ssl_;
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

inline void show_identity(SSL_CTX* context, const net::tls_identity& identity)
{
    const auto reader_of = [](std::string_view pem) {
        return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    };
    BIO* const chain = reader_of(identity.certificate_chain);
    BIO* const key = reader_of(identity.private_key.reveal());
    X509* const certificate = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    EVP_PKEY* const its_key = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
    CHECK(SSL_CTX_use_certificate(context, certificate) == 1);
    CHECK(SSL_CTX_use_PrivateKey(context, its_key) == 1);
    X509_free(certificate);
    EVP_PKEY_free(its_key);
    BIO_free(chain);
    BIO_free(key);
}

inline handshake_result shake_with(const socket_pair& sockets, net::tls_stream& server, raw_tls& client)
{
    return shake_hands(
        sockets, [&] { return server.handshake(); }, [&] { return client.handshake(); });
}

} // namespace libftp::testing
