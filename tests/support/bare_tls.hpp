// TLS by OpenSSL itself over a bare connection, for peers that do what libftp's own TLS never would.
#pragma once

#include "net/openssl.hpp"
#include "running_server.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace libftp::testing {

/// A client's context that trusts everybody, of one version.
inline net::openssl::context_ptr make_client_context(int version = TLS1_3_VERSION)
{
    net::openssl::context_ptr context{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT);
    return context;
}

/// Blocks. Whoever only writes never reads what TLS sends unasked, such as tickets.
class bare_tls final : public dialogue {
public:
    /// Shakes hands at once, continuing `session` if there is one.
    bare_tls(SSL_CTX* context, asio::ip::tcp::socket& socket, SSL_SESSION* session = nullptr) : tls_(SSL_new(context))
    {
        socket.non_blocking(false);
        socket.native_non_blocking(false);
        SSL_set_fd(tls_.get(), socket.native_handle());
        if (session != nullptr)
            SSL_set_session(tls_.get(), session);
        is_connected_ = SSL_connect(tls_.get()) == 1;
    }

    [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }
    [[nodiscard]] bool is_resumed() const noexcept { return SSL_session_reused(tls_.get()) == 1; }
    /// The newest that the server has offered, as far as that was read.
    [[nodiscard]] net::openssl::session_ptr session() const
    {
        return net::openssl::session_ptr{SSL_get1_session(tls_.get())};
    }
    [[nodiscard]] SSL* handle() const noexcept { return tls_.get(); }

    bool write(std::string_view bytes)
    {
        return bytes.empty() || SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
    void send(std::string_view bytes) override { write(bytes); }
    /// Says close_notify and waits for nothing.
    void close_output() { SSL_shutdown(tls_.get()); }

    /// What comes until the end; whether that was close_notify tells was_closed().
    std::string read_to_end()
    {
        std::string all;
        char piece[4096];
        for (int n = 0; (n = SSL_read(tls_.get(), piece, sizeof piece)) > 0;)
            all.append(piece, static_cast<std::size_t>(n));
        return all;
    }
    [[nodiscard]] bool was_closed() const noexcept
    {
        return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

    void log_in()
    {
        REQUIRE(is_connected_);
        CHECK(ask("USER ann") == 331);
        CHECK(ask("PASS secret") == 230);
        CHECK(ask("PBSZ 0") == 200);
        CHECK(ask("PROT P") == 200);
    }

private:
    std::size_t receive(std::span<char> room) override
    {
        const int count = SSL_read(tls_.get(), room.data(), static_cast<int>(room.size()));
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }

    net::openssl::ssl_ptr tls_;
    bool is_connected_ = false;
};

} // namespace libftp::testing
