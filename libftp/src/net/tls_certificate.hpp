// What a certificate says, in words.
#pragma once

#include "openssl.hpp"

#include <libftp/tls_facts.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace libftp::net::openssl {

certificate_facts describe(const X509& certificate);

/// A fingerprint as it is compared: without the colons and capitals that other programs write. Nothing: it is none.
std::optional<std::string> as_fingerprint(std::string_view text);

} // namespace libftp::net::openssl
