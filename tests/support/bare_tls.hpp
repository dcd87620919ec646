// TLS by OpenSSL itself over a bare connection, for peers that do what libftp's own TLS never would.
#pragma once

#include "running_server.hpp"

#include <doctest/doctest.h>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace libftp::testing {

struct openssl_deleter {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* tls) const { SSL_free(tls); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using openssl_context = std::unique_ptr<SSL_CTX, openssl_deleter>;
using openssl_session = std::unique_ptr<SSL_SESSION, openssl_deleter>;

/// A client's context that trusts everybody, of one version.
inline openssl_context make_client_context(int version = TLS1_3_VERSION)
{
    openssl_context context{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT);
    return context;
}

/// Blocks. Whoever only writes never reads what TLS sends unasked, such as tickets.
class bare_tls {
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
    [[nodiscard]] openssl_session session() const { return openssl_session{SSL_get1_session(tls_.get())}; }
    [[nodiscard]] SSL* handle() const noexcept { return tls_.get(); }

    bool write(std::string_view bytes)
    {
        return bytes.empty() || SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
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

    /// The next reply; code 0 at the end of the connection.
    reply next_reply()
    {
        while (true) {
            std::string_view input = received_;
            const auto status = parser_.read(input);
            received_.erase(0, received_.size() - input.size());
            if (status == reply_parser::status::complete)
                return std::exchange(parser_.value(), {});
            char piece[4096];
            const int n = SSL_read(tls_.get(), piece, sizeof piece);
            if (n <= 0)
                return {};
            received_.append(piece, static_cast<std::size_t>(n));
        }
    }
    int ask(const std::string& line)
    {
        write(line + "\r\n");
        return next_reply().code;
    }
    void log_in()
    {
        REQUIRE(is_connected_);
        CHECK(ask("USER ann") == 331);
        CHECK(ask("PASS secret") == 230);
        CHECK(ask("PBSZ 0") == 200);
        CHECK(ask("PROT P") == 200);
    }
    std::uint16_t ask_for_data_port()
    {
        write("EPSV\r\n");
        const auto answer = next_reply();
        CHECK(answer.code == 229);
        return parse_extended_passive_reply(answer.text()).value();
    }

private:
    std::unique_ptr<SSL, openssl_deleter> tls_;
    bool is_connected_ = false;
    std::string received_;
    reply_parser parser_;
};

} // namespace libftp::testing
