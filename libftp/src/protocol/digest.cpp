// Makes digests of files (draft-bryan-ftpext-hash): CRC-32 by zlib, the others by OpenSSL.
#include <libftp/protocol/digest.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <zlib.h>

namespace libftp {
namespace {

struct algorithm_name {
    digest_algorithm algorithm;
    const char* text; ///< OpenSSL knows its own by the same names.
};

constexpr std::array algorithm_names{
    algorithm_name{digest_algorithm::sha512, "SHA-512"}, algorithm_name{digest_algorithm::sha256, "SHA-256"},
    algorithm_name{digest_algorithm::sha1, "SHA-1"},     algorithm_name{digest_algorithm::md5, "MD5"},
    algorithm_name{digest_algorithm::crc32, "CRC32"},
};

constexpr auto best_first = [] {
    std::array<digest_algorithm, algorithm_names.size()> algorithms{};
    std::transform(algorithm_names.begin(), algorithm_names.end(), algorithms.begin(),
                   [](const auto& row) { return row.algorithm; });
    return algorithms;
}();

constexpr const char* name_of(digest_algorithm algorithm) noexcept
{
    const auto* found = std::find_if(algorithm_names.begin(), algorithm_names.end(),
                                     [=](const auto& row) { return row.algorithm == algorithm; });
    return found == algorithm_names.end() ? "" : found->text;
}

struct method_release {
    void operator()(EVP_MD* method) const noexcept { EVP_MD_free(method); }
};

struct context_release {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using context = std::unique_ptr<EVP_MD_CTX, context_release>;

/// Null if there is no such digest here.
context begin_context(digest_algorithm algorithm)
{
    // What OpenSSL leaves in this thread's queue of errors would be taken for a failure of TLS.
    ERR_set_mark();
    const std::unique_ptr<EVP_MD, method_release> method{EVP_MD_fetch(nullptr, name_of(algorithm), nullptr)};
    context begun{method ? EVP_MD_CTX_new() : nullptr};
    if (begun && EVP_DigestInit_ex(begun.get(), method.get(), nullptr) != 1)
        begun.reset();
    ERR_pop_to_mark();
    return begun;
}

} // namespace

std::span<const digest_algorithm> digest_algorithms() noexcept
{
    return best_first;
}

std::string_view to_string(digest_algorithm algorithm) noexcept
{
    return name_of(algorithm);
}

std::optional<digest_algorithm> parse_digest_algorithm(std::string_view name) noexcept
{
    const auto* found = std::find_if(algorithm_names.begin(), algorithm_names.end(),
                                     [=](const auto& row) { return ascii::equal_ignoring_case(row.text, name); });
    return found == algorithm_names.end() ? std::nullopt : std::optional{found->algorithm};
}

struct digest::state {
    std::variant<uLong, context> sum; ///< The CRC-32 so far, or OpenSSL's.
    bool failed = false;
};

digest::digest(std::unique_ptr<state> begun) noexcept : state_(std::move(begun)) {}
digest::~digest() = default;
digest::digest(digest&&) noexcept = default;
digest& digest::operator=(digest&&) noexcept = default;

result<digest> digest::begin(digest_algorithm algorithm)
{
    if (algorithm == digest_algorithm::crc32)
        return digest{std::make_unique<state>(state{::crc32(0, nullptr, 0)})};
    auto begun = begin_context(algorithm);
    if (!begun)
        return std::make_error_code(std::errc::operation_not_supported);
    return digest{std::make_unique<state>(state{std::move(begun)})};
}

void digest::update(std::string_view bytes)
{
    if (bytes.empty())
        return; // zlib takes a null pointer for the wish to begin anew.
    if (auto* sum = std::get_if<uLong>(&state_->sum))
        *sum = ::crc32_z(*sum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    else if (EVP_DigestUpdate(std::get<context>(state_->sum).get(), bytes.data(), bytes.size()) != 1)
        state_->failed = true;
}

result<std::string> digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (const auto* sum = std::get_if<uLong>(&state_->sum)) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes[size++] = static_cast<unsigned char>(*sum >> static_cast<unsigned>(shift));
    } else if (state_->failed || EVP_DigestFinal_ex(std::get<context>(state_->sum).get(), bytes.data(), &size) != 1) {
        return std::make_error_code(std::errc::io_error);
    }
    return ascii::to_hexadecimal({bytes.data(), size});
}

} // namespace libftp
