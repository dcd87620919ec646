// Sets up what servers and clients have in common.
#include "tls_settings.hpp"

#include "tls_pem.hpp"

#include <openssl/err.h>

#include <chrono>

namespace libftp::net::openssl {

namespace {

/// A control connection may last for days, and its data connections continue its TLS session all the time. More is not
/// allowed (RFC 8446 4.6.1).
constexpr std::chrono::seconds session_lifetime = std::chrono::hours{24 * 7};

constexpr std::uint64_t options =
    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;
constexpr std::uint32_t modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN;

} // namespace

result<context_ptr, tls_fault> make_context(const SSL_METHOD* method, tls_versions versions)
{
    ERR_clear_error();
    context_ptr context{SSL_CTX_new(method)};
    if (!context)
        return fault_of("TLS cannot be set up");
    const bool is_set =
        SSL_CTX_set_min_proto_version(context.get(),
                                      versions == tls_versions::only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_max_proto_version(context.get(), versions == tls_versions::only_1_2 ? TLS1_2_VERSION : 0) == 1;
    if (!is_set)
        return fault_of("these versions of TLS are not available");
    SSL_CTX_set_options(context.get(), options);
    SSL_CTX_set_mode(context.get(), modes);
    SSL_CTX_set_timeout(context.get(), static_cast<long>(session_lifetime.count()));
    return context;
}

result<void, tls_fault> use_identity(SSL_CTX& context, const tls_identity& identity)
{
    const auto chain = read_certificates(identity.certificate_chain);
    if (!chain)
        return chain.error();
    const auto key = read_private_key(identity.private_key.reveal());
    if (!key)
        return key.error();
    if (SSL_CTX_use_certificate(&context, chain->front().get()) != 1)
        return fault_of("the certificate cannot be used");
    if (SSL_CTX_use_PrivateKey(&context, key->get()) != 1)
        return fault_of("the private key cannot be used");
    for (const auto& each : std::span{*chain}.subspan(1)) {
        if (SSL_CTX_add1_chain_cert(&context, each.get()) != 1)
            return fault_of("a certificate behind the first cannot be used");
    }
    return {};
}

result<void, tls_fault> use_authorities(SSL_CTX& context, std::string_view pem)
{
    const auto authorities = read_certificates(pem);
    if (!authorities)
        return authorities.error();
    for (const auto& each : *authorities) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), each.get()) != 1)
            return fault_of("a certificate of an authority cannot be used");
    }
    return {};
}

} // namespace libftp::net::openssl
