// A client's side of TLS: whom it asks for, whether it believes the answer (RFC 9525), and sessions that its data
// connections continue.
#include "tls_context.hpp"

#include "tls_certificate.hpp"
#include "tls_pins.hpp"
#include "tls_settings.hpp"
#include "tls_stream_state.hpp"
#include "tls_trust.hpp"

#include <libftp/endpoint.hpp>

#include <openssl/err.h>

#include <array>
#include <utility>

namespace libftp::net {

struct tls_client_context::state {
    tls_client_options options{};
    openssl::context_ptr context{};
};

namespace {

using namespace openssl;

/// Also for data connections: some servers know no other name.
constexpr std::array<unsigned char, 4> offered_protocols{3, 'f', 't', 'p'};

/// Decides within the handshake: nothing is sent to a server that is refused, and it hears the right alert.
int judge_certificate(X509_STORE_CTX* check, void* known) noexcept
{
    const auto& options = *static_cast<const tls_client_options*>(known);
    auto& own = tls_stream::state::of(
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(check, SSL_get_ex_data_X509_STORE_CTX_idx())));
    if (options.check == certificate_check::none)
        return 1;
    if (X509_verify_cert(check) == 1)
        return 1;
    const auto shown = describe(*X509_STORE_CTX_get0_cert(check));
    const auto why = error_of_verification(X509_STORE_CTX_get_error(check));
    if (!why || shown.fingerprint.empty())
        own.refusal = tls_errc::certificate_invalid; // not even looked at
    else if (own.kind == ftp_connection::control)
        own.refusal = judge_server(options, {own.host, own.port, shown, why});
    else
        own.refusal = judge_data_peer(options, own.peer.get(), shown);
    if (own.refusal)
        return 0;
    X509_STORE_CTX_set_error(check, X509_V_OK);
    return 1;
}

/// Data connections keep none: they may be on other threads, and servers bind to the control connection's.
int keep_session(SSL* connection, SSL_SESSION* session) noexcept
{
    auto& own = tls_stream::state::of(connection);
    if (own.kind == ftp_connection::data)
        return 0;
    own.session.reset(session);
    return 1;
}

/// Sets whom the certificate must be for. False: no memory, or a text that is no name.
bool expect_host(SSL* connection, std::string host)
{
    auto* const rule = SSL_get0_param(connection);
    X509_VERIFY_PARAM_set_hostflags(rule, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (const auto address = ip_address::parse(host.substr(0, host.find('%'))))
        return X509_VERIFY_PARAM_set1_ip_asc(rule, address->to_string().c_str()) == 1;
    if (host.ends_with('.')) // the root of all names, which no certificate mentions
        host.pop_back();
    return !host.empty() && X509_VERIFY_PARAM_set1_host(rule, host.data(), host.size()) == 1 &&
           SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

std::unique_ptr<tls_stream::state> connect(const tls_client_context::state& client, std::shared_ptr<const void> owner,
                                           int socket, ftp_connection kind, const std::string& host, std::uint16_t port)
{
    auto made = tls_stream::state::make(*client.context, std::move(owner), socket, kind);
    if (!made || !expect_host(made->ssl.get(), host))
        return nullptr;
    made->host = host;
    made->port = port;
    made->on_missing_close = client.options.on_missing_close;
    SSL_set_connect_state(made->ssl.get());
    return made;
}

result<void, tls_fault> normalise(std::vector<std::string>& fingerprints)
{
    for (auto& each : fingerprints) {
        auto normal = as_fingerprint(each);
        if (!normal)
            return tls_fault{std::make_error_code(std::errc::invalid_argument),
                             "'" + each + "' is no SHA-256 fingerprint (64 hexadecimal digits)"};
        each = *std::move(normal);
    }
    return {};
}

} // namespace

result<std::shared_ptr<const tls_client_context>, tls_fault> tls_client_context::make(tls_client_options options)
{
    auto made = std::make_unique<state>();
    made->options = std::move(options);
    auto& chosen = made->options;
    if (auto done = normalise(chosen.fingerprints); !done)
        return done.error();
    // Its server would be one that is met for the first time.
    if (const auto line = chosen.pin_file.empty() ? 0 : find_broken_line(chosen.pin_file); line != 0)
        return tls_fault{std::make_error_code(std::errc::invalid_argument),
                         chosen.pin_file + ", line " + std::to_string(line) +
                             ": this is no server with a SHA-256 fingerprint (64 hexadecimal digits)"};
    auto context = make_context(TLS_client_method(), chosen.versions);
    if (!context)
        return context.error();
    auto* const ssl = context->get();
    if (!chosen.identity.certificate_chain.empty()) {
        if (auto used = use_identity(*ssl, chosen.identity); !used)
            return used.error();
        chosen.identity = {};
    }
    if (chosen.authorities.empty()) {
        SSL_CTX_set_default_verify_paths(ssl);
    } else if (auto used = use_authorities(*ssl, chosen.authorities); !used) {
        return tls_fault{used.error().code, "authorities: " + used.error().text};
    }
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(ssl, &judge_certificate, &chosen);
    SSL_CTX_set_alpn_protos(ssl, offered_protocols.data(), static_cast<unsigned>(offered_protocols.size()));
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ssl, &keep_session);
    ERR_clear_error(); // the system may have no authorities
    made->context = *std::move(context);
    return std::make_shared<const tls_client_context>(std::move(made));
}

tls_client_context::tls_client_context(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}

tls_client_context::~tls_client_context() = default;

std::unique_ptr<tls_stream> tls_client_context::connect_control(int socket, const std::string& host,
                                                                std::uint16_t port) const
{
    auto made = connect(*state_, shared_from_this(), socket, ftp_connection::control, host, port);
    return made ? std::make_unique<tls_stream>(std::move(made)) : nullptr;
}

std::unique_ptr<tls_stream> tls_client_context::connect_data(int socket, const tls_stream& control) const
{
    const auto& known = control.inside();
    auto made = connect(*state_, shared_from_this(), socket, ftp_connection::data, known.host, known.port);
    if (!made)
        return nullptr;
    made->peer = known.peer;
    // Of its own: a failure on this connection must not spoil the session for the next.
    if (const session_ptr copy{known.session ? SSL_SESSION_dup(known.session.get()) : nullptr})
        SSL_set_session(made->ssl.get(), copy.get());
    return std::make_unique<tls_stream>(std::move(made));
}

} // namespace libftp::net
