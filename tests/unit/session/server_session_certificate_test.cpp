// Logins by client certificate, and what the authenticator learns of TLS (RFC 4217 12.2).
#include "session_script.hpp"

#include <algorithm>

using namespace libftp;
using namespace libftp::testing;

namespace {

script_setup with_certificate(std::string common_name)
{
    script_setup setup{.options = offering_tls({.certificate_logins = true})};
    setup.tls.peer =
        std::make_shared<const certificate_facts>(certificate_facts{.common_name = std::move(common_name)});
    return setup;
}

} // namespace

TEST_CASE("A certificate that is enough for the user makes USER a login")
{
    session_script s{just_connected{}, with_certificate("ann")};
    s.send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(232).send("PWD\r\n").expect(257);
    s.send("PASS any\r\n").expect(503).check([](script_host& h) { CHECK(h.session_->facts().user == "ann"); });
    s.send("REIN\r\n").expect(220).send("USER ann\r\n").expect(331); // in clear again
    s.replay_at_every_split();
}

TEST_CASE("A certificate that is not enough leaves the password to be asked for, and is no failed login")
{
    auto setup = with_certificate("bob");
    setup.options.max_failed_logins = 1;
    session_script s{just_connected{}, setup};
    s.send("AUTH TLS\r\n").expect(234);
    for (int i = 0; i < 3; ++i)
        s.send("USER ann\r\n").expect(331);
    s.send("PASS secret\r\n").expect(230).check([](script_host& h) {
        CHECK(std::ranges::count(h.log_.lines, "refused ann") == 0);
    });
    s.replay_at_every_split();
}

TEST_CASE("A certificate logs nobody in who has to name an account too, until that is right")
{
    auto setup = with_certificate("ann");
    setup.account = "books";
    session_script s{just_connected{}, setup};
    s.send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(332).send("PWD\r\n").expect(530);
    s.send("ACCT books\r\n").expect(232).send("REIN\r\n").expect(220);
    session_script wrong{just_connected{}, setup};
    wrong.send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(332).send("ACCT x\r\n").expect(331);
    wrong.send("PASS secret\r\n").expect(332).send("ACCT books\r\n").expect(230);
}

TEST_CASE("A data connection with another certificate than the control connection's, or with none, is refused")
{
    const auto of = [](std::string fingerprint) {
        return std::make_shared<const certificate_facts>(certificate_facts{.fingerprint = std::move(fingerprint)});
    };
    auto setup = with_certificate("ann");
    setup.files = {{"/a.txt", "abc"}};
    setup.options.tls.binding = session_binding::off;
    setup.tls.peer = of("aa");
    session_script s{just_connected{}, setup};
    s.send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("PBSZ 0\r\n").expect(200).send("PROT P\r\n").expect(200).holds_tls();
    for (const auto& peer : {of("bb"), std::shared_ptr<const certificate_facts>{}}) {
        s.data_ready().send("RETR a.txt\r\n").expect(150).data_secures(tls_facts{.version = "TLSv1.3", .peer = peer});
        s.expect(522, "show the control connection's certificate").expect_action<action::close_data>();
        const auto why = make_error_code(peer ? tls_errc::certificate_changed : tls_errc::certificate_missing);
        s.check(
            [why](script_host& h) { CHECK(std::ranges::count(h.log_.lines, "tls failed: " + why.message()) == 1); });
    }
    s.data_ready().send("RETR a.txt\r\n").expect(150).data_secures(tls_facts{.version = "TLSv1.3", .peer = of("aa")});
    s.sends("abc").expect(226);
}

TEST_CASE("Commands behind USER wait until the certificate was looked at")
{
    session_script s{just_connected{}, with_certificate("bob")};
    s.send("AUTH TLS\r\n").expect(234).check([](script_host& h) { h.holds_calls_ = true; });
    s.send("USER ann\r\nPASS secret\r\n").expect_no_reply().check([](script_host& h) {
        const auto by_certificate = h.expect_action<action::authenticate>();
        CHECK(by_certificate.who.is_by_certificate);
        CHECK(by_certificate.who.password.empty());
        h.session_->authenticated(by_certificate.id, make_error_code(std::errc::permission_denied), h.now_);
        h.drain();
        const auto by_password = h.expect_action<action::authenticate>();
        CHECK_FALSE(by_password.who.is_by_certificate);
        CHECK(by_password.who.password.reveal() == "secret");
        CHECK(by_password.who.tls->peer->common_name == "bob");
    });
    s.expect(331).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("A certificate check that cannot be made, or finds too many sessions, ends the session as ever")
{
    for (const auto& [error, reason] :
         {std::pair{std::make_error_code(std::errc::io_error), close_reason::not_logged_in},
          {make_error_code(login_errc::too_many_sessions), close_reason::too_many_sessions}}) {
        session_script s{just_connected{}, with_certificate("ann")};
        s.send("AUTH TLS\r\n").expect(234).check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\n");
        s.check([error = error](script_host& h) {
            h.session_->authenticated(h.expect_action<action::authenticate>().id, error, h.now_);
            h.drain();
        });
        s.expect(421).expect_closed(reason);
    }
}

TEST_CASE("No authenticator is asked about certificates that does not take them, and none without a certificate")
{
    auto not_taken = with_certificate("ann");
    not_taken.options.tls.certificate_logins = false;
    auto not_shown = with_certificate("ann");
    not_shown.tls.peer = nullptr;
    for (const auto& setup : {not_taken, not_shown}) {
        session_script s{just_connected{}, setup};
        s.send("AUTH TLS\r\n").expect(234).check([](script_host& h) { h.holds_calls_ = true; });
        s.send("USER ann\r\n").expect(331).expect_no_action();
    }
}

TEST_CASE("The authenticator learns how the control connection is protected, and that it is not")
{
    for (const auto is_in_tls : {true, false}) {
        session_script s{just_connected{}, {.options = offering_tls()}};
        if (is_in_tls)
            s.send("AUTH TLS\r\n").expect(234);
        s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\nPASS secret\r\n").expect(331);
        s.check([is_in_tls](script_host& h) {
            const auto asked = h.expect_action<action::authenticate>();
            CHECK((asked.who.tls != nullptr) == is_in_tls);
            CHECK_FALSE(asked.who.is_by_certificate);
        });
    }
}
