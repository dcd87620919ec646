// What is told of a certificate.
#include "net/tls_certificate.hpp"

#include "net/tls_pem.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <openssl/x509.h>

#include <chrono>
#include <string>
#include <vector>

using namespace libftp;
using namespace libftp::net;

namespace {

using names = std::vector<std::string>;

certificate_facts facts_of(const testing::certificate_wish& wish)
{
    return inspect(testing::authority().issue(wish)).value();
}

} // namespace

TEST_CASE("Facts name the subject, the issuer, and all hosts, addresses and mailboxes")
{
    const auto facts =
        facts_of({.names = {"ftp.example.org", "*.example.org", "192.0.2.1", "2001:db8::1", "mail:a@example.org"},
                  .common_name = "one, two"});
    CHECK(facts.subject == "CN=one\\, two");
    CHECK(facts.issuer == "CN=Test CA");
    CHECK(facts.common_name == "one, two");
    CHECK(facts.names == names{"ftp.example.org", "*.example.org", "192.0.2.1", "2001:db8::1", "a@example.org"});
}

TEST_CASE("A certificate without alternative names has none, and text beyond ASCII stays UTF-8")
{
    const auto facts = facts_of({.common_name = "Gr\xc3\xbc\xc3\x9f"});
    CHECK(facts.names.empty());
    CHECK(facts.common_name == "Gr\xc3\xbc\xc3\x9f");
    CHECK(facts.subject == "CN=Gr\xc3\xbc\xc3\x9f");
}

TEST_CASE("Of several parts a subject is told from the last, and the last common name counts")
{
    const auto certificate = openssl::read_certificates(testing::local_identity().certificate_chain).value();
    auto* const own = certificate.front().get();
    auto* const subject = X509_get_subject_name(own);
    const auto add = [subject](const char* kind, const char* text) {
        X509_NAME_add_entry_by_txt(subject, kind, MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1,
                                   0);
    };
    add("O", "Example");
    add("CN", "last");
    const auto facts = openssl::describe(*own);
    CHECK(facts.subject == "CN=last, O=Example, CN=test");
    CHECK(facts.common_name == "last");
}

TEST_CASE("Times are points in time, and the year 9999 is the latest one that the clock knows")
{
    using std::chrono::hours;
    const auto facts = facts_of({.valid_from = hours{-24}, .valid_until = hours{48}});
    CHECK(facts.valid_until - facts.valid_from == hours{72});
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    CHECK(facts.valid_from.time_since_epoch() < now - hours{23});
    CHECK(facts.valid_until.time_since_epoch() > now + hours{47});

    const auto certificate = openssl::read_certificates(testing::local_identity().certificate_chain).value();
    auto* const own = certificate.front().get();
    ASN1_TIME_set_string(X509_getm_notBefore(own), "19700102000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(own), "99991231235959Z");
    CHECK(openssl::describe(*own).valid_from.time_since_epoch() == hours{24});
    CHECK(openssl::describe(*own).valid_until > clock::time_point::max() - std::chrono::seconds{1});
}

TEST_CASE("A fingerprint is 64 small hexadecimal digits, and another certificate's differs")
{
    const auto own = testing::fingerprint_of(testing::local_identity());
    CHECK(openssl::as_fingerprint(own) == own);
    CHECK(own != testing::fingerprint_of(testing::authority().issue_for("localhost")));
}

TEST_CASE("A fingerprint is read as other programs write it, with colons and capitals")
{
    std::string with_colons;
    for (int i = 0; i < 32; ++i)
        with_colons += i == 0 ? "AB" : ":AB";
    std::string plain;
    for (int i = 0; i < 32; ++i)
        plain += "ab";
    CHECK(openssl::as_fingerprint(with_colons) == plain);
    CHECK_FALSE(openssl::as_fingerprint(""));
    CHECK_FALSE(openssl::as_fingerprint(plain + "ab"));
    CHECK_FALSE(openssl::as_fingerprint(plain.substr(1) + "g"));
}

TEST_CASE("A fingerprint is shown in pairs of capital digits")
{
    CHECK(net::format_fingerprint("9aa0bc") == "9A:A0:BC");
    CHECK(net::format_fingerprint("").empty());
}
