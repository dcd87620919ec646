// OpenSSL's objects under owners, and its errors as libftp's.
#pragma once

// All that 3.0 has may be used, also where a later version would rather have something newer.
#define OPENSSL_API_COMPAT 30000

#include <libftp/error.hpp>
#include <libftp/net/tls.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp::net::openssl {

template <auto Function>
struct freed_by {
    template <class T>
    void operator()(T* object) const noexcept
    {
        Function(object);
    }
};

using bignum_ptr = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<&BIO_free_all>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>>;
using general_name_ptr = std::unique_ptr<GENERAL_NAME, freed_by<&GENERAL_NAME_free>>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<&GENERAL_NAMES_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<&X509_free>>;
using context_ptr = std::unique_ptr<SSL_CTX, freed_by<&SSL_CTX_free>>;
using session_ptr = std::unique_ptr<SSL_SESSION, freed_by<&SSL_SESSION_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<&SSL_free>>;

/// A fault of what OpenSSL has just refused: `what`, and its reason. Empties the thread's error queue.
tls_fault fault_of(std::string_view what);

enum class stage : std::uint8_t { handshake, established };

/// Why the last call for this connection failed (SSL_ERROR_SSL). Empties the thread's error queue.
std::error_code error_of(const SSL& connection, stage when);

/// What a certificate was found to be, X509_V_OK or one of X509_V_ERR_*.
std::error_code error_of_verification(long found);

} // namespace libftp::net::openssl
