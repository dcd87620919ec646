// Whom a client trusts though nobody vouches for the certificate.
#include "net/tls_trust.hpp"

#include "support/scratch_folder.hpp"

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace libftp;
using namespace libftp::net;

namespace {

const std::string one(64, '1');
const std::string two(64, '2');

untrusted_certificate shown(const std::string& fingerprint, tls_errc why = tls_errc::certificate_untrusted)
{
    return {.host = "a", .port = 21, .certificate = {.fingerprint = fingerprint}, .why = why};
}

struct with_pins {
    testing::scratch_folder folder{};
    tls_client_options options{};

    explicit with_pins(const std::string& lines = {})
    {
        options.pin_file = folder.path("pins");
        if (!lines.empty())
            folder.write("pins", lines);
    }
    void answer(trust with)
    {
        options.decide = [this, with](const untrusted_certificate& asked) {
            ++questions;
            last = asked;
            return with;
        };
    }
    int questions = 0;
    untrusted_certificate last{};
};

} // namespace

TEST_CASE("Without anything to go by, a certificate is refused for what is wrong with it")
{
    for (const auto why : {tls_errc::certificate_untrusted, tls_errc::certificate_expired, tls_errc::host_name_differs})
        CHECK(judge_server({}, shown(one, why)) == why);
}

TEST_CASE("A fingerprint that the caller names is trusted, whatever is wrong, and nobody is asked")
{
    with_pins s;
    s.answer(trust::refuse);
    s.options.fingerprints = {two, one};
    CHECK_FALSE(judge_server(s.options, shown(one, tls_errc::certificate_expired)));
    CHECK(s.questions == 0);
    CHECK(s.folder.names().empty());
}

TEST_CASE("With a pin file the first certificate of a server is pinned, and then no other one is trusted")
{
    const with_pins s;
    CHECK_FALSE(judge_server(s.options, shown(one)));
    CHECK(s.folder.read("pins") == "a:21 " + one + "\n");
    CHECK_FALSE(judge_server(s.options, shown(one, tls_errc::certificate_expired)));
    CHECK(judge_server(s.options, shown(two)) == tls_errc::certificate_changed);
    CHECK(s.folder.read("pins") == "a:21 " + one + "\n");
}

TEST_CASE("Pins hold for one port")
{
    const with_pins s{"a:21 " + one + "\n"};
    auto elsewhere = shown(two);
    elsewhere.port = 2121;
    CHECK_FALSE(judge_server(s.options, elsewhere));
    CHECK(s.folder.read("pins") == "a:21 " + one + "\na:2121 " + two + "\n");
}

TEST_CASE("Who may decide hears what is wrong, and is not asked again after always")
{
    with_pins s;
    s.answer(trust::always);
    CHECK_FALSE(judge_server(s.options, shown(one, tls_errc::host_name_differs)));
    CHECK(s.questions == 1);
    CHECK(s.last.host == "a");
    CHECK(s.last.port == 21);
    CHECK(s.last.certificate.fingerprint == one);
    CHECK(s.last.why == tls_errc::host_name_differs);
    CHECK_FALSE(judge_server(s.options, shown(one)));
    CHECK(s.questions == 1);
}

TEST_CASE("Once is not written down")
{
    with_pins s;
    s.answer(trust::once);
    CHECK_FALSE(judge_server(s.options, shown(one)));
    CHECK_FALSE(judge_server(s.options, shown(one)));
    CHECK(s.questions == 2);
    CHECK(s.folder.names().empty());
}

TEST_CASE("A refusal ends with what is wrong")
{
    with_pins s;
    s.answer(trust::refuse);
    CHECK(judge_server(s.options, shown(one, tls_errc::certificate_expired)) == tls_errc::certificate_expired);
}

TEST_CASE("Who may decide is asked about a changed certificate, and can replace the pin")
{
    with_pins s{"a:21 " + one + "\n"};
    s.answer(trust::refuse);
    CHECK(judge_server(s.options, shown(two)) == tls_errc::certificate_changed);
    CHECK(s.last.why == tls_errc::certificate_changed);
    s.answer(trust::always);
    CHECK_FALSE(judge_server(s.options, shown(two)));
    CHECK(s.folder.read("pins") == "a:21 " + two + "\n");
}

TEST_CASE("Always without a pin file is like once")
{
    tls_client_options options;
    options.decide = [](const untrusted_certificate&) { return trust::always; };
    CHECK_FALSE(judge_server(options, shown(one)));
}

TEST_CASE("A pin file that cannot be read or written is no reason to trust")
{
    with_pins s;
    s.options.pin_file = s.folder.path("none/pins");
    CHECK(judge_server(s.options, shown(one)) == std::errc::no_such_file_or_directory);
    s.options.pin_file = s.folder.path("");
    CHECK(judge_server(s.options, shown(one)) == std::errc::is_a_directory);
}

TEST_CASE("A data connection has to show what the control connection has shown, or a named fingerprint")
{
    const certificate_facts first{.fingerprint = one};
    const certificate_facts second{.fingerprint = two};
    CHECK_FALSE(judge_data_peer({}, &first, first));
    CHECK(judge_data_peer({}, &first, second) == tls_errc::certificate_changed);
    CHECK(judge_data_peer({}, nullptr, second) == tls_errc::certificate_changed);
    tls_client_options options;
    options.fingerprints = {two};
    CHECK_FALSE(judge_data_peer(options, &first, second));
}
