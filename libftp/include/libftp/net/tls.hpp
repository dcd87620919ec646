// TLS for servers and clients (RFC 4217, 5246, 8446): certificates, whom to trust, what to accept.
#pragma once

#include <libftp/result.hpp>
#include <libftp/secret.hpp>
#include <libftp/tls_facts.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace libftp::net {

/// Why certificates, keys or trust could not be set up.
struct tls_fault {
    std::error_code code{};
    std::string text{}; ///< One sentence for a person: which file or text, what is wrong with it.
};
/// As an exception: std::system_error with the text.
[[noreturn]] void throw_error(const tls_fault& fault);

/// A certificate and its private key, in PEM. As the key cannot be copied, no list in braces can hold one: push_back().
struct tls_identity {
    std::string certificate_chain{}; ///< The own certificate first, then those that lead to an authority.
    secret private_key{};            ///< Without a passphrase.
};

/// Reads two PEM files, or, given twice, one that holds both. Checks that the key is the certificate's.
result<tls_identity, tls_fault> read_tls_identity(const std::string& certificate_file, const std::string& key_file);
/// Makes a key and a certificate that only its fingerprint speaks for: for tests, and until a real one is there.
/// `names` are hosts and addresses, at least one.
result<tls_identity, tls_fault> make_self_signed_identity(std::span<const std::string> names,
                                                          std::chrono::hours valid_for = std::chrono::hours{24 * 365});
/// Of the first certificate.
result<certificate_facts, tls_fault> inspect(const tls_identity& identity);

/// `AA:BB:...`, as fingerprints are shown to people: certificate_facts::fingerprint for comparing by eye.
std::string format_fingerprint(std::string_view digits);

/// No older version can be had.
enum class tls_versions : std::uint8_t { from_1_2, only_1_2, only_1_3 };

/// What a server wants of its clients' certificates.
enum class client_certificates : std::uint8_t {
    ignored,  ///< None is asked for.
    optional, ///< One that is shown must be signed by one of the authorities.
    required, ///< The handshake fails without.
};

/// How a server proves who it is, and what it accepts.
struct tls_server_options {
    /// At least one. A client that asks for a host (SNI) gets the first whose certificate is for that host, others and
    /// unknown ones the first of all.
    std::vector<tls_identity> identities{};
    tls_versions versions = tls_versions::from_1_2;
    client_certificates clients = client_certificates::ignored;
    std::string client_authorities{}; ///< PEM; needed unless certificates are ignored.
};

/// A server's certificate that nobody vouches for, shown to whoever may decide.
struct untrusted_certificate {
    std::string host{};
    std::uint16_t port = 0;
    certificate_facts certificate{};
    std::error_code why{}; ///< tls_errc::certificate_untrusted, ..._expired, host_name_differs, certificate_changed.
};

/// The answer to an untrusted_certificate.
enum class trust : std::uint8_t {
    refuse,
    once,   ///< For this connection and its data connections.
    always, ///< And for later ones: it is written into the pin file, if there is one.
};

/// How a client checks a server's certificate.
enum class certificate_check : std::uint8_t {
    full, ///< Chain, dates and host name, or a pin.
    none, ///< Whoever answers is taken for the server: protects from listeners only.
};

/// What a connection is that ends without TLS saying so.
enum class missing_close_notify : std::uint8_t {
    is_truncation, ///< A download that ends so has failed.
    is_end,        ///< For servers that just close: then a part may be taken for the whole file.
};

/// Whom a client trusts, and what it accepts.
struct tls_client_options {
    tls_versions versions = tls_versions::from_1_2;
    certificate_check check = certificate_check::full;
    std::string authorities{};               ///< PEM; empty: those of the system.
    std::vector<std::string> fingerprints{}; ///< SHA-256, 64 hexadecimal digits each, of those trusted whoever signed.
    /// Keeps, one in a line, `host:port fingerprint` of certificates that are trusted though nobody vouches for them
    /// (like ssh's known_hosts). A server in it must show the one that it has there, or one that verifies. Made if it
    /// is not there, for its owner only. If it cannot be read or written when it is needed, the handshake fails with
    /// the system's error.
    std::string pin_file{};
    /// Asked for certificates that are neither verified nor pinned. Empty: they are refused, or, with a pin file,
    /// pinned at their first use. Called on the client's thread, which waits; it must neither call the client nor
    /// throw. Not asked about data connections: they have to show the control connection's certificate, or one that
    /// verifies.
    std::function<trust(const untrusted_certificate&)> decide{};
    tls_identity identity{}; ///< The client's own; empty: none.
    missing_close_notify on_missing_close = missing_close_notify::is_truncation;
};

} // namespace libftp::net
