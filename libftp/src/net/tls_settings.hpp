// What TLS is like on both sides of FTP: versions, options, certificates.
#pragma once

#include "openssl.hpp"

#include <string_view>

namespace libftp::net::openssl {

result<context_ptr, tls_fault> make_context(const SSL_METHOD* method, tls_versions versions);

result<void, tls_fault> use_identity(SSL_CTX& context, const tls_identity& identity);

/// Of PEM: these and no others.
result<void, tls_fault> use_authorities(SSL_CTX& context, std::string_view pem);

} // namespace libftp::net::openssl
