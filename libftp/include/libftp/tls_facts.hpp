// What is known of a connection that TLS protects, as the host of a session has found it.
#pragma once

#include <libftp/clock.hpp>

#include <memory>
#include <string>
#include <vector>

namespace libftp {

/// Texts are the certificate's own: escape before printing.
struct certificate_facts {
    std::string subject{}; ///< `CN=..., O=...` (RFC 2253).
    std::string issuer{};
    std::string common_name{};        ///< The last CN of the subject; empty without one.
    std::vector<std::string> names{}; ///< The hosts, addresses and mailboxes that it is for (subjectAltName).
    std::string fingerprint{};        ///< SHA-256 of its DER form, lower-case hexadecimal digits.
    clock::time_point valid_from{};
    clock::time_point valid_until{};
};

/// Of one connection, after its handshake.
struct tls_facts {
    std::string version{};     ///< `TLSv1.3`.
    std::string cipher{};      ///< `TLS_AES_256_GCM_SHA384`.
    std::string server_name{}; ///< Which host the client has asked for (SNI); empty: none.
    /// The peer's; nullptr: it has shown none. A server has verified it; a client has verified it or was told to trust
    /// it.
    std::shared_ptr<const certificate_facts> peer{};
    bool is_resumed = false;        ///< It continues a session, of whatever connection.
    bool continues_control = false; ///< On a data connection: that of this control connection.
};

/// What one who serves or logs in demands of TLS.
struct tls_needs {
    bool login = false; ///< No name and no password in clear.
    bool data = false;  ///< No data connection in clear (PROT P).
};

} // namespace libftp
