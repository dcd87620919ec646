// A server's side of TLS: certificates by HOST and SNI (RFC 7151, RFC 6066 3), ALPN (RFC 7301), and data connections
// that continue the control connection's session (RFC 4217 10.2).
#include "tls_context.hpp"

#include "tls_pem.hpp"
#include "tls_settings.hpp"
#include "tls_stream_state.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp::net {

struct tls_server_context::state {
    std::vector<openssl::context_ptr> contexts{}; ///< One for each identity. Connections begin with the first.
};

namespace {

using namespace openssl;

/// A client asks for a fresh one with each data connection; until then one will do.
constexpr std::size_t first_tickets = 1;

using context_list = std::vector<context_ptr>;

/// The first with a certificate for this host; nullptr: there is none.
SSL_CTX* find_identity(const context_list& contexts, const char* host) noexcept
{
    const auto found = std::ranges::find_if(contexts, [host](const context_ptr& each) {
        return X509_check_host(SSL_CTX_get0_certificate(each.get()), host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                               nullptr) == 1;
    });
    return found != contexts.end() ? found->get() : nullptr;
}

int choose_identity(SSL* connection, int* /*alert*/, void* known) noexcept
{
    const char* const host = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
    if (host == nullptr)
        return SSL_TLSEXT_ERR_NOACK;
    if (auto* const found = find_identity(*static_cast<const context_list*>(known), host))
        SSL_set_SSL_CTX(connection, found);
    return SSL_TLSEXT_ERR_OK;
}

/// A client that says what it speaks must speak FTP: else a browser could be led here with another server's names.
int choose_protocol(SSL* connection, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* /*unused*/) noexcept
{
    const bool is_data = tls_stream::state::of(connection).kind == ftp_connection::data;
    for (std::span rest{offered, offered_size}; !rest.empty();) {
        const std::size_t length = std::min<std::size_t>(rest[0], rest.size() - 1);
        const std::string_view name{reinterpret_cast<const char*>(rest.data() + 1), length};
        if (name == "ftp" || (is_data && name == "ftp-data")) {
            *chosen = rest.data() + 1;
            *size = static_cast<unsigned char>(length);
            return SSL_TLSEXT_ERR_OK;
        }
        rest = rest.subspan(1 + length);
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::span<const unsigned char> find_extension(SSL* connection, unsigned type) noexcept
{
    const unsigned char* found = nullptr;
    std::size_t size = 0;
    return SSL_client_hello_get0_ext(connection, type, &found, &size) == 1 ? std::span{found, size}
                                                                           : std::span<const unsigned char>{};
}

/// TLS 1.2 does without tickets: one key would open all of them as long as the server runs, for a session that is at
/// hand anyway. With TLS 1.3 a client offers the session of a ticket (RFC 8446 4.2.11), or does without them, too.
int choose_tickets(SSL* connection, int* /*alert*/, void* /*unused*/) noexcept
{
    bool is_1_3 = false;
    // RFC 8446 4.2.1: a byte with the length, then two for each version.
    const auto offered = find_extension(connection, TLSEXT_TYPE_supported_versions);
    for (std::size_t at = 1; at + 1 < offered.size(); at += 2)
        is_1_3 = is_1_3 || (offered[at] << 8 | offered[at + 1]) == TLS1_3_VERSION;
    if (!is_1_3)
        SSL_set_options(connection, SSL_OP_NO_TICKET);
    const auto& state = tls_stream::state::of(connection);
    if (state.kind == ftp_connection::data) {
        using enum tls_stream::state::next_ticket;
        if (!find_extension(connection, TLSEXT_TYPE_psk).empty())
            *state.ticket = wanted;
        else if (*state.ticket == sent)
            *state.ticket = useless;
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

/// There is one session that a data connection may continue, so no cache has to keep it.
SSL_SESSION* find_session(SSL* connection, const unsigned char* id, int size, int* is_to_be_shared) noexcept
{
    *is_to_be_shared = 1;
    auto* const session = tls_stream::state::of(connection).session.get();
    if (session == nullptr)
        return nullptr;
    unsigned known_size = 0;
    const auto* const known = SSL_SESSION_get_id(session, &known_size);
    return std::ranges::equal(std::span{id, static_cast<std::size_t>(size)}, std::span{known, known_size}) ? session
                                                                                                           : nullptr;
}

result<void, tls_fault> ask_for_certificates(SSL_CTX& context, const tls_server_options& options)
{
    if (options.clients == client_certificates::ignored)
        return {};
    const auto authorities = read_certificates(options.client_authorities);
    if (!authorities)
        return tls_fault{authorities.error().code, "authorities of clients: " + authorities.error().text};
    for (const auto& each : *authorities)
        SSL_CTX_add_client_CA(&context, each.get());
    SSL_CTX_set_verify(&context,
                       SSL_VERIFY_PEER |
                           (options.clients == client_certificates::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
    return use_authorities(context, options.client_authorities);
}

result<context_ptr, tls_fault> make_identity_context(const tls_identity& identity, const tls_server_options& options,
                                                     context_list& all)
{
    auto context = make_context(TLS_server_method(), options.versions);
    if (!context)
        return context;
    if (auto used = use_identity(**context, identity); !used)
        return used.error();
    if (auto asked = ask_for_certificates(**context, options); !asked)
        return asked.error();
    auto* const made = context->get();
    // What the macro for this does, but for its cast.
    SSL_CTX_callback_ctrl(made, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, reinterpret_cast<void (*)()>(&choose_identity));
    SSL_CTX_set_tlsext_servername_arg(made, &all);
    SSL_CTX_set_alpn_select_cb(made, &choose_protocol, nullptr);
    if (options.versions == tls_versions::only_1_2)
        SSL_CTX_set_options(made, SSL_OP_NO_TICKET);
    else
        SSL_CTX_set_client_hello_cb(made, &choose_tickets, nullptr);
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_get_cb(made, &find_session);
    return context;
}

/// Shows `identity`'s certificate, unless the client asks for another host. `first` opens the tickets of all.
std::unique_ptr<tls_stream::state> accept(SSL_CTX& first, SSL_CTX& identity, std::shared_ptr<const void> owner,
                                          int socket, ftp_connection kind, const session_mark& mark,
                                          std::size_t tickets)
{
    auto made = tls_stream::state::make(first, std::move(owner), socket, kind);
    if (!made)
        return nullptr;
    made->mark = mark;
    auto* const ssl = made->ssl.get();
    const bool is_set = SSL_set_session_id_context(ssl, mark.data(), static_cast<unsigned>(mark.size())) == 1 &&
                        SSL_set_num_tickets(ssl, tickets) == 1 && SSL_set_SSL_CTX(ssl, &identity) != nullptr;
    SSL_set_accept_state(ssl);
    return is_set ? std::move(made) : nullptr;
}

} // namespace

result<std::shared_ptr<const tls_server_context>, tls_fault> tls_server_context::make(const tls_server_options& options)
{
    if (options.identities.empty())
        return tls_fault{std::make_error_code(std::errc::invalid_argument), "a server needs a certificate"};
    auto made = std::make_unique<state>();
    for (const auto& each : options.identities) {
        auto context = make_identity_context(each, options, made->contexts);
        if (!context)
            return context.error();
        made->contexts.push_back(*std::move(context));
    }
    return std::make_shared<const tls_server_context>(std::move(made));
}

tls_server_context::tls_server_context(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}

tls_server_context::~tls_server_context() = default;

std::unique_ptr<tls_stream> tls_server_context::accept_control(int socket, const std::string& host) const
{
    session_mark mark{};
    if (RAND_bytes(mark.data(), static_cast<int>(mark.size())) != 1)
        return nullptr;
    auto& first = *state_->contexts.front();
    auto* const found = host.empty() ? nullptr : find_identity(state_->contexts, host.c_str());
    auto made = accept(first, found != nullptr ? *found : first, shared_from_this(), socket, ftp_connection::control,
                       mark, first_tickets);
    return made ? std::make_unique<tls_stream>(std::move(made)) : nullptr;
}

std::unique_ptr<tls_stream> tls_server_context::accept_data(int socket, const tls_stream& control) const
{
    const auto& known = control.inside();
    // A ticket that the client does not read before it closes would cut its upload short: it makes the close a reset.
    // Some clients ask for no host here, and refuse another certificate than the control connection's.
    auto made = accept(*state_->contexts.front(), *SSL_get_SSL_CTX(known.ssl.get()), shared_from_this(), socket,
                       ftp_connection::data, known.mark, 0);
    if (!made)
        return nullptr;
    made->peer = known.peer;
    made->ticket = known.ticket;
    // A copy: what goes wrong on one data connection must not spoil the session for the next.
    if (SSL_version(known.ssl.get()) < TLS1_3_VERSION)
        made->session.reset(SSL_SESSION_dup(SSL_get0_session(known.ssl.get())));
    return std::make_unique<tls_stream>(std::move(made));
}

} // namespace libftp::net
