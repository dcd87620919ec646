// Makes certificates by OpenSSL, good ones and those that a peer has to refuse.
#include "support/test_certificates.hpp"

#include "net/tls_pem.hpp"

#include <stdexcept>

namespace libftp::testing {

namespace {

using namespace net::openssl;

void require(bool is_done)
{
    if (!is_done)
        throw std::runtime_error{"a test certificate cannot be made"};
}

key_ptr make_key(key_kind kind)
{
    key_ptr key{kind == key_kind::rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256")};
    require(key != nullptr);
    return key;
}

std::string alternatives(const std::vector<std::string>& names)
{
    std::string list;
    for (const auto& name : names) {
        const bool is_mailbox = name.starts_with("mail:");
        const bool is_address = !is_mailbox && name.find_first_not_of("0123456789abcdef.:") == std::string::npos;
        list += list.empty() ? "" : ",";
        list += is_mailbox ? "email:" + name.substr(5) : (is_address ? "IP:" : "DNS:") + name;
    }
    return list;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const extension_ptr extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

certificate_ptr begin(const certificate_wish& wish, EVP_PKEY* key, X509* issuer)
{
    static long serial = 0;
    certificate_ptr made{X509_new()};
    require(made && X509_set_version(made.get(), 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), std::chrono::seconds{wish.valid_from}.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), std::chrono::seconds{wish.valid_until}.count());
    const auto* const name = reinterpret_cast<const unsigned char*>(wish.common_name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer != nullptr ? issuer : made.get()));
    X509_set_pubkey(made.get(), key);
    return made;
}

} // namespace

struct test_authority::state {
    key_ptr key = make_key(key_kind::elliptic_curve);
    certificate_ptr certificate{};
};

test_authority::test_authority(const std::string& name) : state_(std::make_unique<state>())
{
    state_->certificate = begin({.common_name = name}, state_->key.get(), nullptr);
    auto* const own = state_->certificate.get();
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(own, state_->key.get(), EVP_sha256()) > 0);
}

test_authority::~test_authority() = default;

std::string test_authority::certificate() const
{
    return to_pem(*state_->certificate);
}

net::tls_identity test_authority::issue(const certificate_wish& wish) const
{
    const auto key = make_key(wish.key);
    const auto made = begin(wish, key.get(), state_->certificate.get());
    if (!wish.names.empty())
        extend(made.get(), state_->certificate.get(), NID_subject_alt_name, alternatives(wish.names));
    require(X509_sign(made.get(), state_->key.get(), EVP_sha256()) > 0);
    return {to_pem(*made), to_pem(*key)};
}

net::tls_identity clone(const net::tls_identity& identity)
{
    return {identity.certificate_chain, identity.private_key.clone()};
}

std::string fingerprint_of(const net::tls_identity& identity)
{
    return net::inspect(identity).value().fingerprint;
}

} // namespace libftp::testing
