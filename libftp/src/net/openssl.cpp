// What OpenSSL's reasons mean to FTP: its own findings, and the alerts of the peer (RFC 8446 6).
#include "openssl.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <optional>

namespace libftp::net::openssl {

namespace {

/// Alerts of the peer come as reasons from here on.
constexpr int first_alert = SSL_AD_REASON_OFFSET;

std::error_code when_cut_off(stage when)
{
    return when == stage::handshake ? tls_errc::handshake_failed : tls_errc::truncated;
}

std::optional<std::error_code> error_of_reason(const SSL& connection, int reason, stage when)
{
    switch (reason) {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return when_cut_off(when);
    case SSL_R_CERTIFICATE_VERIFY_FAILED: return error_of_verification(SSL_get_verify_result(&connection));
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return tls_errc::certificate_missing;

    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: return tls_errc::protocol_refused;

    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        // Once the cipher is chosen, it cannot mean that there is none in common: this is how a server of TLS 1.2 says
        // that it misses a certificate.
        if (SSL_get_pending_cipher(&connection) != nullptr)
            return tls_errc::certificate_refused;
        return tls_errc::version_refused;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_INAPPROPRIATE_FALLBACK:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_TLSV1_ALERT_INAPPROPRIATE_FALLBACK: return tls_errc::version_refused;

    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return tls_errc::certificate_refused;

    case SSL_R_DECRYPTION_FAILED:
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
    case SSL_R_SSLV3_ALERT_BAD_RECORD_MAC:
    case SSL_R_TLSV1_ALERT_DECRYPTION_FAILED: return tls_errc::record_invalid;

    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL:
    case SSL_R_CA_MD_TOO_WEAK: return tls_errc::certificate_invalid;
    default: return std::nullopt;
    }
}

} // namespace

tls_fault fault_of(std::string_view what)
{
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    tls_fault fault{tls_errc::certificate_invalid, std::string{what}};
    if (reason != nullptr)
        fault.text.append(": ").append(reason);
    ERR_clear_error();
    return fault;
}

std::error_code error_of(const SSL& connection, stage when)
{
    int first = 0;
    while (const auto error = ERR_get_error()) {
        if (ERR_GET_LIB(error) != ERR_LIB_SSL)
            continue;
        const int reason = ERR_GET_REASON(error);
        if (const auto known = error_of_reason(connection, reason, when)) {
            ERR_clear_error();
            return *known;
        }
        if (first == 0)
            first = reason;
    }
    // An alert that says nothing of use still says that the peer has given up.
    if (when == stage::handshake || first >= first_alert)
        return when_cut_off(when);
    return tls_errc::record_invalid;
}

std::error_code error_of_verification(long found)
{
    switch (found) {
    case X509_V_OK: return {};
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return tls_errc::certificate_expired;
    case X509_V_ERR_CERT_REVOKED: return tls_errc::certificate_revoked;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return tls_errc::host_name_differs;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED: return tls_errc::certificate_untrusted;
    default: return tls_errc::certificate_invalid;
    }
}

} // namespace libftp::net::openssl
