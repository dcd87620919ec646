// Takes a certificate apart (RFC 5280).
#include "tls_certificate.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/endpoint.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

namespace libftp::net::openssl {

namespace {

constexpr std::size_t fingerprint_digits = 64;

std::string text_of(const X509_NAME* name)
{
    // RFC 2253, with a space behind each comma, and UTF-8 as it is.
    constexpr unsigned long form =
        (XN_FLAG_RFC2253 & ~XN_FLAG_SEP_MASK & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) |
        XN_FLAG_SEP_CPLUS_SPC;
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    X509_NAME_print_ex(memory.get(), name, 0, form);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string_view bytes_of(const ASN1_STRING* text)
{
    const auto* const bytes = ASN1_STRING_get0_data(text);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string common_name_of(const X509_NAME* subject)
{
    int last = -1;
    for (int next = last; (next = X509_NAME_get_index_by_NID(subject, NID_commonName, next)) >= 0;)
        last = next;
    if (last < 0)
        return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    if (size < 0)
        return {};
    std::string name{reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
    OPENSSL_free(text);
    return name;
}

std::string address_of(std::string_view bytes)
{
    std::array<std::uint8_t, 4> four{};
    std::array<std::uint8_t, 16> sixteen{};
    if (bytes.size() == four.size()) {
        std::memcpy(four.data(), bytes.data(), four.size());
        return ip_address{four}.to_string();
    }
    if (bytes.size() == sixteen.size()) {
        std::memcpy(sixteen.data(), bytes.data(), sixteen.size());
        return ip_address{sixteen}.to_string();
    }
    return {};
}

std::vector<std::string> names_of(const X509& certificate)
{
    std::vector<std::string> names;
    const general_names_ptr found{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
        int kind = 0;
        const auto* const value =
            static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(found.get(), i), &kind));
        if (kind == GEN_DNS || kind == GEN_EMAIL)
            names.emplace_back(bytes_of(value));
        else if (kind == GEN_IPADD)
            names.push_back(address_of(bytes_of(value)));
    }
    std::erase(names, "");
    return names;
}

/// Some certificates are valid until the year 9999, which the clock does not reach.
clock::time_point time_of(const ASN1_TIME* when)
{
    using namespace std::chrono;
    std::tm parts{};
    if (ASN1_TIME_to_tm(when, &parts) != 1)
        return {};
    const auto date = year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
    const auto since_epoch =
        sys_days{date}.time_since_epoch() + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
    constexpr auto earliest = ceil<seconds>(clock::duration::min());
    constexpr auto latest = floor<seconds>(clock::duration::max());
    return clock::time_point{std::clamp<seconds>(since_epoch, earliest, latest)};
}

std::string fingerprint_of(const X509& certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1)
        return {};
    return ascii::to_hexadecimal({digest.data(), size});
}

} // namespace

certificate_facts describe(const X509& certificate)
{
    const auto* const subject = X509_get_subject_name(&certificate);
    return {
        .subject = text_of(subject),
        .issuer = text_of(X509_get_issuer_name(&certificate)),
        .common_name = common_name_of(subject),
        .names = names_of(certificate),
        .fingerprint = fingerprint_of(certificate),
        .valid_from = time_of(X509_get0_notBefore(&certificate)),
        .valid_until = time_of(X509_get0_notAfter(&certificate)),
    };
}

std::optional<std::string> as_fingerprint(std::string_view text)
{
    auto digits = ascii::in_lower_case(text);
    std::erase(digits, ':');
    const bool is_one =
        digits.size() == fingerprint_digits && digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    return is_one ? std::optional{std::move(digits)} : std::nullopt;
}

} // namespace libftp::net::openssl
