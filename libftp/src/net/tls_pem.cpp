// Reads and writes PEM by OpenSSL.
#include "tls_pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <climits>

namespace libftp::net::openssl {

namespace {

/// OpenSSL would ask at the terminal.
int know_no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*unused*/) noexcept
{
    return -1;
}

bio_ptr reader_of(std::string_view text)
{
    return bio_ptr{text.size() <= INT_MAX ? BIO_new_mem_buf(text.data(), static_cast<int>(text.size())) : nullptr};
}

std::string_view written_to(BIO* memory)
{
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

} // namespace

result<std::vector<certificate_ptr>, tls_fault> read_certificates(std::string_view pem)
{
    ERR_clear_error();
    const auto reader = reader_of(pem);
    std::vector<certificate_ptr> found;
    while (certificate_ptr next{PEM_read_bio_X509(reader.get(), nullptr, &know_no_passphrase, nullptr)})
        found.push_back(std::move(next));
    const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!is_end)
        return fault_of("a certificate cannot be read");
    ERR_clear_error();
    if (found.empty())
        return tls_fault{tls_errc::certificate_invalid, "there is no certificate in PEM"};
    return found;
}

result<key_ptr, tls_fault> read_private_key(std::string_view pem)
{
    ERR_clear_error();
    const auto reader = reader_of(pem);
    key_ptr key{PEM_read_bio_PrivateKey(reader.get(), nullptr, &know_no_passphrase, nullptr)};
    if (key)
        return key;
    if (pem.find("PRIVATE KEY-----") == std::string_view::npos) {
        ERR_clear_error();
        return tls_fault{tls_errc::certificate_invalid, "there is no private key in PEM"};
    }
    if (pem.find("ENCRYPTED") != std::string_view::npos) {
        ERR_clear_error();
        return tls_fault{tls_errc::certificate_invalid, "the private key is protected by a passphrase"};
    }
    return fault_of("the private key cannot be read");
}

std::string to_pem(const X509& certificate)
{
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(memory.get(), &certificate);
    return std::string{written_to(memory.get())};
}

secret to_pem(const EVP_PKEY& key)
{
    const bio_ptr memory{BIO_new(BIO_s_secmem())}; // wiped when it goes
    PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    return secret{written_to(memory.get())};
}

} // namespace libftp::net::openssl
