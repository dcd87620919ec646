// Digests against the known vectors of their standards, and however the bytes come.
#include <libftp/protocol/digest.hpp>

#include "every_split.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <openssl/err.h>
#include <openssl/evp.h>

using namespace libftp;

namespace {

using expected_digests = std::map<digest_algorithm, std::string>;

std::string digest_of(digest_algorithm algorithm, const std::vector<std::string>& pieces)
{
    auto made = digest::begin(algorithm).value();
    for (const auto& piece : pieces)
        made.update(piece);
    return made.finish().value();
}

void check_digests(const std::string& bytes, const expected_digests& expected)
{
    for (const auto algorithm : digest_algorithms()) {
        CAPTURE(to_string(algorithm));
        CHECK(digest_of(algorithm, {bytes}) == expected.at(algorithm));
    }
}

/// While it is there, OpenSSL gives no digest that is not approved, and here none at all.
struct approved_digests_only {
    approved_digests_only() { EVP_set_default_properties(nullptr, "fips=yes"); }
    ~approved_digests_only() { EVP_set_default_properties(nullptr, ""); }
    approved_digests_only(const approved_digests_only&) = delete;
    approved_digests_only& operator=(const approved_digests_only&) = delete;
};

} // namespace

TEST_CASE("A digest of nothing is that of the empty string")
{
    check_digests("",
                  {
                      {digest_algorithm::crc32, "00000000"},
                      {digest_algorithm::md5, "d41d8cd98f00b204e9800998ecf8427e"},
                      {digest_algorithm::sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
                      {digest_algorithm::sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                      {digest_algorithm::sha512, "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                                                 "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
                  });
    for (const auto algorithm : digest_algorithms())
        CHECK(digest_of(algorithm, {}) == digest_of(algorithm, {""}));
}

TEST_CASE("A digest of abc is the one that the standards print")
{
    check_digests("abc",
                  {
                      {digest_algorithm::crc32, "352441c2"},
                      {digest_algorithm::md5, "900150983cd24fb0d6963f7d28e17f72"},
                      {digest_algorithm::sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
                      {digest_algorithm::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                      {digest_algorithm::sha512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                                 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
                  });
}

TEST_CASE("A digest of a million letters is the one that the standards print")
{
    check_digests(std::string(1'000'000, 'a'),
                  {
                      {digest_algorithm::crc32, "dc25bfbc"},
                      {digest_algorithm::md5, "7707d6ae4e027c70eea2a935c2296f21"},
                      {digest_algorithm::sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
                      {digest_algorithm::sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
                      {digest_algorithm::sha512, "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                                                 "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"},
                  });
}

TEST_CASE("A digest does not depend on how the bytes are cut")
{
    using namespace std::string_literals;
    const auto bytes = "some bytes, \0 and \xff among them, more than a block of any of the algorithms: "
                       "0123456789012345678901234567890123456789012345678901234567890123456789"s;
    for (const auto algorithm : digest_algorithms()) {
        const auto whole = digest_of(algorithm, {bytes});
        at_every_split(bytes, [&](const auto& pieces) { CHECK(digest_of(algorithm, pieces) == whole); });
    }
}

TEST_CASE("A digest goes on after it was moved")
{
    for (const auto algorithm : digest_algorithms()) {
        auto first = digest::begin(algorithm).value();
        first.update("a");
        auto second = std::move(first);
        second.update("bc");
        CHECK(second.finish().value() == digest_of(algorithm, {"abc"}));
    }
}

TEST_CASE("Algorithms are listed from the best to the weakest")
{
    std::vector<std::string_view> names;
    for (const auto algorithm : digest_algorithms())
        names.push_back(to_string(algorithm));
    CHECK(names == std::vector<std::string_view>{"SHA-512", "SHA-256", "SHA-1", "MD5", "CRC32"});
}

TEST_CASE("The name of an algorithm is known in any letter case, and no other name")
{
    for (const auto algorithm : digest_algorithms())
        CHECK(parse_digest_algorithm(to_string(algorithm)) == algorithm);
    CHECK(parse_digest_algorithm("sha-256") == digest_algorithm::sha256);
    CHECK(parse_digest_algorithm("Crc32") == digest_algorithm::crc32);
    for (const auto* unknown : {"", "SHA", "SHA-2567", "CRC-37", " MD5"}) {
        CAPTURE(unknown);
        CHECK_FALSE(parse_digest_algorithm(unknown).has_value());
    }
}

TEST_CASE("A digest that the system forbids is refused, and leaves nothing behind that TLS would take for its failure")
{
    const approved_digests_only mode;
    const auto refused = digest::begin(digest_algorithm::md5);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == std::errc::operation_not_supported);
    CHECK(ERR_peek_error() == 0);
    CHECK(digest::begin(digest_algorithm::crc32).has_value());
}
