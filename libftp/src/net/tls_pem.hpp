// Certificates and keys as text (RFC 7468).
#pragma once

#include "openssl.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace libftp::net::openssl {

/// All in `pem`, in their order, at least one.
result<std::vector<certificate_ptr>, tls_fault> read_certificates(std::string_view pem);
/// The first in `pem`. Asks nobody for a passphrase.
result<key_ptr, tls_fault> read_private_key(std::string_view pem);

std::string to_pem(const X509& certificate);
secret to_pem(const EVP_PKEY& key);

} // namespace libftp::net::openssl
