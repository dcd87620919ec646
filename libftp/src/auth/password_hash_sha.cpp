// Hashes passwords where there is no crypt(3): by its methods `$5$` and `$6$` ("Unix crypt using SHA-256 and SHA-512"),
// so that users files are good on every system.
#include "password_hash.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/auth/user_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <system_error>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace libftp {
namespace {

constexpr std::string_view alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t max_salt_bytes = 16;
constexpr std::size_t max_password_bytes = 511; // as crypt(3): the work grows with the square of the length
constexpr unsigned default_rounds = 5000;       // of a hash that does not say
constexpr unsigned rounds_of_new_hashes = 100'000;

/// What a hash is made with.
struct method {
    const EVP_MD* digest;
    std::string prefix; ///< All that stands before the salt.
    unsigned rounds;
    std::string salt;
};

std::optional<method> read_method(std::string_view hash)
{
    if (!hash.starts_with("$5$") && !hash.starts_with("$6$"))
        return std::nullopt;
    method found{hash[1] == '5' ? EVP_sha256() : EVP_sha512(), std::string{hash.substr(0, 3)}, default_rounds, {}};
    hash.remove_prefix(3);
    constexpr std::string_view word = "rounds=";
    if (hash.starts_with(word)) {
        const auto number = ascii::parse_number<unsigned>(hash.substr(word.size(), hash.find('$') - word.size()));
        if (!number || hash.find('$') == std::string_view::npos)
            return std::nullopt;
        found.rounds = std::clamp(*number, 1000U, 999'999'999U);
        found.prefix += fmt::format("{}{}$", word, found.rounds);
        hash.remove_prefix(hash.find('$') + 1);
    }
    found.salt = hash.substr(0, std::min(hash.find('$'), max_salt_bytes));
    return found;
}

/// One digest after another. Each holds traces of the password.
class hasher {
public:
    explicit hasher(const EVP_MD* method) : method_(method) { begin(); }

    void add(std::string_view bytes)
    {
        is_good_ = is_good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    }
    void add_repeated(std::string_view bytes, std::size_t size)
    {
        for (; size > bytes.size(); size -= bytes.size())
            add(bytes);
        add(bytes.substr(0, size));
    }
    /// Of all that was added since the last time.
    secret finish()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
        auto size = static_cast<unsigned>(EVP_MD_get_size(method_));
        is_good_ = is_good_ && EVP_DigestFinal_ex(context_.get(), made.data(), &size) == 1;
        begin();
        secret digest{{reinterpret_cast<const char*>(made.data()), size}};
        wipe(reinterpret_cast<char*>(made.data()), made.size());
        return digest;
    }
    [[nodiscard]] bool is_good() const noexcept { return is_good_; }

private:
    struct release {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };

    void begin() { is_good_ = is_good_ && context_ && EVP_DigestInit_ex(context_.get(), method_, nullptr) == 1; }

    const EVP_MD* method_;
    std::unique_ptr<EVP_MD_CTX, release> context_{EVP_MD_CTX_new()};
    bool is_good_ = true;
};

/// The lowest six bits first.
void encode(std::string& text, unsigned first, unsigned second, unsigned third, int characters)
{
    for (auto bits = first << 16U | second << 8U | third; characters > 0; --characters, bits >>= 6U)
        text += alphabet[bits & 0x3fU];
}

std::string encode(std::string_view digest)
{
    const auto byte = [digest](std::size_t at) { return static_cast<unsigned char>(digest[at]); };
    const bool is_long = digest.size() == 64;
    std::string text;
    std::array<std::size_t, 3> at{0, digest.size() / 3, digest.size() / 3 * 2};
    for (std::size_t i = 0; i < digest.size() / 3; ++i) {
        encode(text, byte(at[0]), byte(at[1]), byte(at[2]), 4);
        at = is_long ? std::array{at[1] + 1, at[2] + 1, at[0] + 1} : std::array{at[2] + 1, at[0] + 1, at[1] + 1};
    }
    if (is_long)
        encode(text, 0, 0, byte(63), 2);
    else
        encode(text, 0, byte(31), byte(30), 3);
    return text;
}

/// The steps in the words of the specification: A, B, DP and DS are its digests, P and S its byte sequences.
std::optional<std::string> hash(std::string_view password, const method& by)
{
    hasher work{by.digest};
    work.add(password);
    work.add(by.salt);
    work.add(password);
    const auto b = work.finish();

    work.add(password);
    work.add(by.salt);
    work.add_repeated(b.reveal(), password.size());
    for (auto bits = password.size(); bits > 0; bits >>= 1U)
        work.add((bits & 1U) != 0 ? b.reveal() : password);
    auto a = work.finish();

    for (std::size_t i = 0; i < password.size(); ++i)
        work.add(password);
    const auto dp = work.finish();
    for (unsigned i = 0; i < 16U + static_cast<unsigned char>(a.reveal().front()); ++i)
        work.add(by.salt);
    const auto ds = work.finish();
    const auto add_p = [&] { work.add_repeated(dp.reveal(), password.size()); };

    for (unsigned round = 0; round < by.rounds; ++round) {
        const bool is_odd = round % 2 != 0;
        is_odd ? add_p() : work.add(a.reveal());
        if (round % 3 != 0)
            work.add_repeated(ds.reveal(), by.salt.size());
        if (round % 7 != 0)
            add_p();
        is_odd ? work.add(a.reveal()) : add_p();
        a = work.finish();
    }
    if (!work.is_good())
        return std::nullopt;
    return fmt::format("{}{}${}", by.prefix, by.salt, encode(a.reveal()));
}

bool is_whole(std::string_view password) noexcept
{
    return password.size() <= max_password_bytes && password.find('\0') == std::string_view::npos;
}

} // namespace

std::optional<bool> compare_password(std::string_view password, const std::string& expected)
{
    const auto by = read_method(expected);
    const auto made = by ? hash(password.substr(0, max_password_bytes), *by) : std::nullopt;
    if (!made)
        return std::nullopt;
    return made->size() == expected.size() && CRYPTO_memcmp(made->data(), expected.data(), made->size()) == 0 &&
           is_whole(password);
}

result<std::string> hash_password(const secret& password)
{
    if (!is_whole(password.reveal()))
        return std::make_error_code(std::errc::invalid_argument);
    std::array<unsigned char, max_salt_bytes> chance{};
    if (RAND_bytes(chance.data(), static_cast<int>(chance.size())) != 1)
        return std::make_error_code(std::errc::resource_unavailable_try_again);
    std::string salt;
    for (const auto byte : chance)
        salt += alphabet[byte & 0x3fU];
    const auto made = hash(password.reveal(), *read_method(fmt::format("$6$rounds={}${}", rounds_of_new_hashes, salt)));
    if (!made)
        return std::make_error_code(std::errc::not_enough_memory);
    return *made;
}

} // namespace libftp
