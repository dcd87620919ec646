// Certificates and keys in PEM, good and broken.
#include "net/tls_pem.hpp"

#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

using namespace libftp;
using namespace libftp::net::openssl;

TEST_CASE("All certificates are read in their order, whatever stands between them")
{
    const auto first = testing::local_identity().certificate_chain;
    const auto second = testing::authority().certificate();
    const auto read = read_certificates("note\n" + first + "\nnote\n" + second + "end\n").value();
    REQUIRE(read.size() == 2);
    CHECK(to_pem(*read[0]) == first);
    CHECK(to_pem(*read[1]) == second);
}

TEST_CASE("No certificate is a fault, and so is a broken one behind a good one")
{
    CHECK(read_certificates("").error().code == tls_errc::certificate_invalid);
    CHECK(read_certificates("text\n").error().text == "there is no certificate in PEM");
    auto broken = testing::authority().certificate();
    broken[100] = '!';
    CHECK_FALSE(read_certificates(testing::authority().certificate() + broken));
    const auto cut = testing::authority().certificate().substr(0, 200);
    CHECK_FALSE(read_certificates(cut));
}

TEST_CASE("A key survives being written, of either kind")
{
    for (const auto kind : {testing::key_kind::elliptic_curve, testing::key_kind::rsa}) {
        const auto made = testing::authority().issue({.names = {"localhost"}, .key = kind});
        const auto key = read_private_key(made.private_key.reveal()).value();
        const auto again = read_private_key(to_pem(*key).reveal()).value();
        CHECK(EVP_PKEY_eq(key.get(), again.get()) == 1);
    }
}

TEST_CASE("A key with a passphrase is a fault that says so, and nobody is asked for it")
{
    const auto fault =
        read_private_key("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n").error();
    CHECK(fault.code == tls_errc::certificate_invalid);
    CHECK(fault.text == "the private key is protected by a passphrase");
    CHECK(read_private_key(testing::authority().certificate()).error().text == "there is no private key in PEM");
    CHECK_FALSE(read_private_key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}
