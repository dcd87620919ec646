// Reading, making and inspecting a certificate with its key.
#include "../protocol/ascii.hpp"
#include "small_file.hpp"
#include "tls_certificate.hpp"
#include "tls_pem.hpp"

#include <libftp/endpoint.hpp>

#include <openssl/err.h>

#include <algorithm>

namespace libftp::net {

namespace {

using namespace openssl;

constexpr long x509_version_3 = 2;
constexpr int serial_bits = 159; // 20 octets at most, and positive (RFC 5280 4.1.2.2)
constexpr std::size_t max_common_name = 64;
/// The peer's clock may be slow.
constexpr std::chrono::hours leeway{24};

tls_fault about(const std::string& file, const std::error_code& error)
{
    return {error, "'" + file + "' cannot be read: " + error.message()};
}

tls_fault about(const std::string& file, tls_fault fault)
{
    fault.text = "'" + file + "': " + fault.text;
    return fault;
}

bool is_host_name(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char byte) {
        return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '-' || byte == '.' || byte == '_' ||
               byte == '*';
    });
}

/// nullptr: it is neither a host nor an address.
general_name_ptr general_name_of(const std::string& text)
{
    const auto address = ip_address::parse(text);
    if (!address && !is_host_name(text))
        return nullptr;
    const auto bytes =
        address ? address->bytes() : std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    auto* const value = ASN1_STRING_type_new(address ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    general_name_ptr name{GENERAL_NAME_new()};
    ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME_set0_value(name.get(), address ? GEN_IPADD : GEN_DNS, value);
    return name;
}

bool add_extension(X509& certificate, int kind, const char* value)
{
    const extension_ptr extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value)};
    return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

bool set_serial(X509& certificate)
{
    const bignum_ptr number{BN_new()};
    return BN_rand(number.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_times(X509& certificate, std::chrono::hours valid_for)
{
    const auto begin = std::chrono::seconds{-leeway}.count();
    const auto end = std::chrono::floor<std::chrono::days>(valid_for);
    const auto within_day = std::chrono::seconds{valid_for - end}.count();
    return X509_time_adj_ex(X509_getm_notBefore(&certificate), 0, static_cast<long>(begin), nullptr) != nullptr &&
           X509_time_adj_ex(X509_getm_notAfter(&certificate), static_cast<int>(end.count()),
                            static_cast<long>(within_day), nullptr) != nullptr;
}

bool set_name(X509& certificate, const std::string& name)
{
    auto* const subject = X509_get_subject_name(&certificate);
    const auto* const text = reinterpret_cast<const unsigned char*>(name.data());
    // A longer one is only among the alternative names, the only ones that count anyway.
    if (name.size() <= max_common_name && X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text,
                                                                     static_cast<int>(name.size()), -1, 0) != 1)
        return false;
    return X509_set_issuer_name(&certificate, subject) == 1;
}

} // namespace

result<tls_identity, tls_fault> read_tls_identity(const std::string& certificate_file, const std::string& key_file)
{
    const auto certificate_text = read_small_file(certificate_file);
    if (!certificate_text)
        return about(certificate_file, certificate_text.error());
    auto key_text = read_small_file(key_file);
    if (!key_text)
        return about(key_file, key_text.error());
    const auto chain = read_certificates(certificate_text->reveal());
    if (!chain)
        return about(certificate_file, chain.error());
    const auto key = read_private_key(key_text->reveal());
    if (!key)
        return about(key_file, key.error());
    if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
        ERR_clear_error();
        return tls_fault{tls_errc::certificate_invalid, "the private key in '" + key_file +
                                                            "' is not that of the certificate in '" + certificate_file +
                                                            "'"};
    }
    tls_identity identity;
    // The certificates alone: the file may hold the key, too.
    for (const auto& each : *chain)
        identity.certificate_chain += to_pem(*each);
    identity.private_key = *std::move(key_text);
    return identity;
}

result<tls_identity, tls_fault> make_self_signed_identity(std::span<const std::string> names,
                                                          std::chrono::hours valid_for)
{
    ERR_clear_error();
    const auto invalid = std::make_error_code(std::errc::invalid_argument);
    if (names.empty())
        return tls_fault{invalid, "a certificate needs a name"};
    const general_names_ptr alternatives{GENERAL_NAMES_new()};
    for (const auto& each : names) {
        auto name = general_name_of(each);
        if (!name)
            return tls_fault{invalid, "'" + each + "' is neither a host name nor an IP address"};
        if (sk_GENERAL_NAME_push(alternatives.get(), name.get()) > 0)
            static_cast<void>(name.release());
    }
    const key_ptr key{EVP_EC_gen("P-256")};
    const certificate_ptr certificate{X509_new()};
    const bool is_made =
        key && certificate && X509_set_version(certificate.get(), x509_version_3) == 1 && set_serial(*certificate) &&
        set_times(*certificate, valid_for) && set_name(*certificate, names.front()) &&
        X509_set_pubkey(certificate.get(), key.get()) == 1 &&
        X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, alternatives.get(), 0, X509V3_ADD_DEFAULT) == 1 &&
        add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(*certificate, NID_key_usage, "critical,digitalSignature") &&
        add_extension(*certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
        X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
    if (!is_made)
        return fault_of("a certificate cannot be made");
    return tls_identity{to_pem(*certificate), to_pem(*key)};
}

result<certificate_facts, tls_fault> inspect(const tls_identity& identity)
{
    const auto chain = read_certificates(identity.certificate_chain);
    if (!chain)
        return chain.error();
    return describe(*chain->front());
}

} // namespace libftp::net
