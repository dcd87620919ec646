// TLS on the control connection, from the server's side: AUTH, PBSZ, PROT, CCC, REIN, implicit TLS and what may be
// demanded (RFC 2228 3, RFC 4217).
#include "session_script.hpp"

#include <algorithm>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

script_setup with_tls(tls_policy policy = {})
{
    return {.files = {{"/a.txt", "abc"}, {"/d/b.txt", "b"}}, .options = offering_tls(policy)};
}

script_setup in_tls(tls_policy policy = {})
{
    auto setup = with_tls(policy);
    setup.start = control_start::in_tls;
    return setup;
}

void expect_in_tls(script_host& h)
{
    REQUIRE(h.session_->facts().tls != nullptr);
    CHECK(h.session_->facts().tls->version == "TLSv1.3");
}

void expect_in_clear(script_host& h)
{
    CHECK(h.session_->facts().tls == nullptr);
}

void expect_deaf(script_host& h)
{
    CHECK_FALSE(h.session_->wants_input());
}

bool was_run(const script_host& h, std::string_view command)
{
    return std::ranges::any_of(
        h.log_.lines, [command](const auto& line) { return line.starts_with("command " + std::string{command}); });
}

} // namespace

TEST_CASE("Words of another protocol end the session also where AUTH came before: that may have been somebody else")
{
    session_script s{just_connected{}, with_tls()};
    s.send("AUTH TLS\r\n").expect(234).check(expect_in_tls);
    s.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nUSER ann\r\n");
    s.expect(421).expect_closed(close_reason::foreign_protocol).check([](script_host& h) {
        CHECK_FALSE(was_run(h, "USER"));
    });
}

TEST_CASE("AUTH TLS is answered 234 in clear, and TLS begins when that has been sent")
{
    for (const auto* line : {"AUTH TLS\r\n", "AUTH TLS-C\r\n", "AUTH TLS-P\r\n", "AUTH SSL\r\n", "auth tls\r\n"}) {
        session_script s{just_connected{}, with_tls()};
        s.holds_tls().send(line).expect(234).check(expect_deaf).check(expect_in_clear).tls_starts();
        s.check(expect_in_tls).check([](script_host& h) {
            CHECK(h.session_->wants_input());
            CHECK(h.log_.fact_changes == 1);
        });
        s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230).send("PWD\r\n").expect(257);
        s.replay_at_every_split();
    }
}

TEST_CASE("AUTH with an unknown mechanism is answered 504, without one 501, and the session goes on")
{
    session_script s{just_connected{}, with_tls()};
    s.send("AUTH KERBEROS_V4\r\n").expect(504).send("AUTH TLS1\r\n").expect(504).send("AUTH\r\n").expect(501);
    s.send("USER ann\r\n").expect(331).expect_no_action().check(expect_in_clear);
}

TEST_CASE("Where TLS is not offered, its commands are answered 502 and named nowhere")
{
    session_script s{just_connected{}};
    for (const auto* line : {"AUTH TLS\r\n", "PBSZ 0\r\n", "PROT P\r\n", "CCC\r\n", "HELP AUTH\r\n"})
        s.send(line).expect(502);
    s.send("FEAT\r\nHELP\r\n").expect(211).expect(214).expect_no_action().check([](script_host& h) {
        for (const auto* text : {"AUTH", "PBSZ", "PROT", "CCC"})
            CHECK_MESSAGE(h.wire_.find(text) == std::string::npos, text);
    });
}

TEST_CASE("Where TLS is offered, FEAT and HELP name its commands before the login")
{
    session_script s{just_connected{}, with_tls()};
    s.send("FEAT\r\nHELP\r\n").expect(211).expect(214).check([](script_host& h) {
        for (const auto* text : {"\r\n AUTH TLS\r\n", "\r\n PBSZ\r\n", "\r\n PROT\r\n", "\r\n CCC\r\n", "AUTH   "})
            CHECK_MESSAGE(h.wire_.find(text) != std::string::npos, text);
    });
    s.send("HELP AUTH\r\n").expect(214, "AUTH TLS|TLS-C|TLS-P|SSL");
}

TEST_CASE("What only some clients use between servers is known and refused")
{
    session_script s{secured{}};
    s.send("SSCN ON\r\n").expect(502).send("CPSV\r\n").expect(502);
}

TEST_CASE("AUTH is answered 503 where TLS is already there")
{
    session_script s{secured{}};
    s.send("AUTH TLS\r\n").expect(503).send("PWD\r\n").expect(257).expect_no_action().check(expect_in_tls);
    s.replay_at_every_split();
}

TEST_CASE("AUTH after a login in clear logs out, and all that was said in clear is forgotten")
{
    auto setup = with_tls();
    session_script s{logged_in{}, setup};
    s.send("CLNT old\r\nTYPE I\r\nREST 2\r\nCWD d\r\nEPSV ALL\r\n").expect(200).expect(200).expect(350).expect(250);
    s.expect(200).data_ready().send("AUTH TLS\r\n").expect(234).expect_action<action::close_data>();
    s.check([](script_host& h) {
        CHECK(h.session_->facts().user.empty());
        CHECK(h.session_->facts().client.empty());
        CHECK(h.session_->facts().host.empty());
    });
    s.send("PWD\r\n").expect(530).send("PASS secret\r\n").expect(503);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230).send("PWD\r\n").expect(257, "\"/\"");
    s.send("STAT\r\n").expect(211, "TYPE A").send("TYPE I\r\n").expect(200).send("PASV\r\n").listener_opens();
    s.expect(227).data_connects().send("RETR a.txt\r\n").expect(150).sends("abc").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("AUTH between USER and PASS forgets the name")
{
    session_script s{just_connected{}, with_tls()};
    s.send("USER ann\r\n").expect(331).send("AUTH TLS\r\n").expect(234).send("PASS secret\r\n").expect(503);
    s.replay_at_every_split();
}

TEST_CASE("HOST before AUTH counts for the login in TLS, unless the client asks for another host by SNI")
{
    for (const auto* const server_name : {"", "ftp.example.com", "FTP.example.com", "other.example"}) {
        auto setup = with_tls();
        setup.tls.server_name = server_name;
        session_script s{just_connected{}, setup};
        s.send("HOST ftp.example.com\r\n").expect(220).send("AUTH TLS\r\n").expect(234);
        s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\n").expect(331);
        s.send("PASS secret\r\n").check([server_name](script_host& h) {
            const auto* const expected = std::string_view{server_name} == "other.example" ? "" : "ftp.example.com";
            CHECK(h.expect_action<action::authenticate>().who.host == expected);
        });
    }
}

TEST_CASE("Commands in clear behind AUTH are never run, wherever the reads cut them")
{
    for (const auto* injected : {"USER ann\r\n", "USER ann\r\nPASS secret\r\nDELE a.txt\r\n", "QUIT\r\n", "NOOP",
                                 "\xff\xf4\xff\xf2\xff\xfd", "\xff", "\r", "PBSZ 0\r\nPROT C\r\nAUTH TLS\r\n"}) {
        session_script s{just_connected{}, with_tls()};
        s.holds_tls().send(std::string{"AUTH TLS\r\n"} + injected).expect(234).expect_no_reply().tls_starts();
        s.expect_no_reply().check([](script_host& h) { CHECK(h.log_.lines.size() == 2); });
        s.send("NOOP\r\n").expect(200).send("PASS secret\r\n").expect(503).expect_no_action();
        s.replay_at_every_split();
    }
}

TEST_CASE("What comes in clear until TLS has begun is dropped, and none of it is kept")
{
    session_script s{just_connected{}, with_tls()};
    s.holds_tls().send("AUTH TLS\r\n").expect(234);
    for (int i = 0; i < 100; ++i)
        s.send("USER ann\r\nPASS secret\r\nQU");
    s.expect_no_reply().tls_starts().expect_no_reply().send("IT\r\n").expect(500).send("PWD\r\n").expect(530);
}

TEST_CASE("AUTH waits for a transfer, and what was said behind it in clear is dropped then")
{
    session_script s{logged_in{}, with_tls()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).holds_tls();
    s.send("AUTH TLS\r\nDELE a.txt\r\nUSER ann\r\nPA").expect_no_reply().sends("abc").expect(226).expect(234);
    s.tls_starts().expect_no_reply().check([](script_host& h) {
        CHECK_FALSE(was_run(h, "DELE"));
        CHECK(h.log_.lines.back() == "command AUTH TLS");
    });
    s.send("PWD\r\n").expect(530).expect_content("/a.txt", "abc");
    s.replay_at_every_split();
}

TEST_CASE("A failed handshake closes the connection without a reply, and the observer hears why")
{
    session_script s{just_connected{}, with_tls()};
    s.holds_tls().send("AUTH TLS\r\n").expect(234).tls_fails(tls_errc::version_refused).check([](script_host& h) {
        CHECK(std::ranges::count(h.log_.lines, "tls failed: " + make_error_code(tls_errc::version_refused).message()) ==
              1);
    });
    s.expect_closed(close_reason::tls_failed);
    s.replay_at_every_split();
}

TEST_CASE("A handshake has the time that was left for the login, and nothing is said when it is over")
{
    auto setup = with_tls();
    setup.options.login_limit = 60s;
    session_script s{just_connected{}, setup};
    s.holds_tls().passes(40s).send("AUTH TLS\r\n").expect(234).passes(19s).check([](script_host& h) {
        CHECK_FALSE(h.session_->finished());
    });
    s.passes(1s).expect_no_reply().expect_action<action::start_tls>().expect_closed(close_reason::tls_failed);
}

TEST_CASE("A server that shuts down says nothing in the middle of a handshake")
{
    for (const auto start : {control_start::in_clear, control_start::in_tls}) {
        auto setup = with_tls();
        setup.start = start;
        setup.holds_tls = true;
        session_script s{just_accepted{}, setup};
        if (start == control_start::in_clear)
            s.expect(220).send("AUTH TLS\r\n").expect(234);
        s.check([](script_host& h) {
            h.session_->shut_down(10s, h.now_);
            h.drain();
        });
        s.expect_no_reply().expect_closed(close_reason::shut_down);
    }
}

TEST_CASE("A connection that breaks in a handshake is gone, and the handshake's late end changes nothing")
{
    session_script s{just_connected{}, with_tls()};
    s.holds_tls().send("AUTH TLS\r\n").expect(234).check([](script_host& h) {
        const auto asked = h.expect_action<action::start_tls>();
        h.session_->connection_lost(h.now_);
        h.session_->tls_started(asked.id, h.tls_, h.now_);
        h.drain();
        CHECK(h.session_->facts().tls == nullptr);
    });
    s.expect_closed(close_reason::peer_gone);
}

TEST_CASE("An answer about TLS that nobody asked for changes nothing")
{
    session_script s{logged_in{}, with_tls()};
    s.check([](script_host& h) {
        h.session_->tls_started(op_id::none, h.tls_, h.now_);
        h.session_->tls_started(op_id{77}, tls_errc::handshake_failed, h.now_);
        h.session_->tls_ended(op_id::none, {}, h.now_);
        h.session_->data_secured(op_id::none, h.tls_, h.now_);
        h.drain();
    });
    s.check(expect_in_clear).send("PWD\r\n").expect(257);
}

TEST_CASE("An implicit session begins with a handshake, and the greeting comes in TLS")
{
    auto setup = in_tls();
    setup.holds_tls = true;
    session_script s{just_accepted{}, setup};
    s.expect_no_reply().check(expect_deaf).send("QUIT\r\n").tls_starts().expect(220).expect_no_reply();
    s.check(expect_in_tls).send("AUTH TLS\r\n").expect(503);
    s.replay_at_every_split();
}

TEST_CASE("An implicit session that fails in its handshake is closed without a greeting")
{
    auto setup = in_tls();
    setup.holds_tls = true;
    session_script s{just_accepted{}, setup};
    s.tls_fails(tls_errc::handshake_failed).expect_closed(close_reason::tls_failed);
    session_script slow{just_accepted{}, setup};
    slow.passes(60s).expect_no_reply().expect_action<action::start_tls>().expect_closed(close_reason::tls_failed);
}

TEST_CASE("In an implicit session PROT needs no PBSZ, which is accepted all the same, and P holds from the start")
{
    auto setup = in_tls();
    setup.options.tls.is_offered = false; // AUTH is a matter of other listeners
    session_script s{just_connected{}, setup};
    s.send("STAT\r\n").expect(530).send("FEAT\r\n").expect(211, "PROT").send("PROT P\r\n").expect(200);
    s.send("PBSZ 0\r\n").expect(200, "PBSZ=0").send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("STAT\r\n").expect(211, "Data connections in TLS").send("PROT C\r\n").expect(200);
    s.send("STAT\r\n").expect(211, "Data connections in clear");
}

TEST_CASE("PBSZ takes any number, answers PBSZ=0, and has no sense in clear")
{
    session_script s{just_connected{}, with_tls()};
    s.send("PBSZ 0\r\n").expect(503).send("AUTH TLS\r\n").expect(234).send("PBSZ x\r\n").expect(501);
    s.send("PBSZ\r\n").expect(501).send("PBSZ -1\r\n").expect(501).send("PBSZ 4294967296\r\n").expect(501);
    s.send("PROT P\r\n").expect(503).send("PBSZ 4294967295\r\n").expect(200, "PBSZ=0").send("PROT P\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("PROT knows C and P, refuses S and E by 536 and others by 504, before the login too")
{
    session_script s{just_connected{}, with_tls()};
    s.send("PROT P\r\n").expect(503).send("AUTH TLS\r\n").expect(234).send("PROT C\r\n").expect(503);
    s.send("PBSZ 0\r\n").expect(200).send("PROT S\r\n").expect(536).send("PROT e\r\n").expect(536);
    s.send("PROT X\r\n").expect(504).send("PROT PP\r\n").expect(504).send("PROT\r\n").expect(501);
    s.send("PROT p\r\n").expect(200).send("PROT C\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("AUTH SSL and TLS-P protect data connections without PROT, AUTH TLS and TLS-C do not")
{
    for (const auto& [mechanism, status] : {std::pair{"SSL", "Data connections in TLS"},
                                            {"TLS-P", "Data connections in TLS"},
                                            {"TLS", "Data connections in clear"},
                                            {"TLS-C", "Data connections in clear"}}) {
        session_script s{just_connected{}, with_tls()};
        s.send(std::string{"AUTH "} + mechanism + "\r\n").expect(234).send("USER ann\r\nPASS secret\r\n");
        s.expect(331).expect(230).send("STAT\r\n").expect(211, status);
    }
}

TEST_CASE("Data that must be protected cannot be set to clear, whoever demands it")
{
    session_script s{secured{}, {.options = {.tls = {.needs = {.data = true}}}}};
    s.send("PROT C\r\n").expect(534).send("PROT P\r\n").expect(200);
    session_script of_account{secured{}, {.needs_tls = {.data = true}}};
    of_account.send("PROT C\r\n").expect(534).send("REIN\r\n").expect(220);
}

TEST_CASE("CCC ends TLS behind its reply, and the session goes on in clear, with data connections as they were")
{
    session_script s{secured{}, with_tls()};
    s.send("CWD d\r\n").expect(250).holds_tls().send("CCC\r\n").expect(200).check(expect_deaf).check(expect_in_tls);
    s.tls_ends().check(expect_in_clear).check([](script_host& h) {
        CHECK(h.session_->wants_input());
        CHECK(h.log_.fact_changes == 2);
    });
    s.send("PWD\r\n").expect(257, "\"/d\"").send("STAT\r\n").expect(211, "Data connections in TLS");
    s.data_ready().send("RETR b.txt\r\n").expect(150).data_secures().sends("b").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("Commands right behind CCC are run when TLS has ended")
{
    session_script s{secured{}, with_tls()};
    s.holds_tls().send("CCC\r\nPWD\r\n").expect(200).expect_no_reply().tls_ends().expect(257);
    s.replay_at_every_split();
}

TEST_CASE("After CCC protection can be changed in clear neither by PBSZ nor by PROT, but AUTH begins anew")
{
    session_script s{secured{}, with_tls()};
    s.send("CCC\r\n").expect(200).send("PROT C\r\n").expect(503).send("PBSZ 0\r\n").expect(503);
    s.send("CCC\r\n").expect(533).send("AUTH TLS\r\n").expect(234).check(expect_in_tls).send("PWD\r\n").expect(530);
    s.send("PROT P\r\n").expect(503).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.replay_at_every_split();
}

TEST_CASE("CCC is refused in clear, before the login, and where logins must be protected, and not named there")
{
    session_script s{just_connected{}, with_tls()};
    s.send("CCC\r\n").expect(533).send("AUTH TLS\r\n").expect(234).send("CCC\r\n").expect(503).check(expect_in_tls);
    session_script demanding{secured{}, {.options = {.tls = {.needs = {.login = true}}}}};
    demanding.send("CCC\r\n").expect(534).check(expect_in_tls).send("PWD\r\n").expect(257);
    demanding.send("FEAT\r\n").expect(211).check([](script_host& h) {
        CHECK(h.wire_.find("\r\n PROT\r\n") != std::string::npos);
        CHECK(h.wire_.find("\r\n CCC\r\n") == std::string::npos);
    });
    session_script of_account{secured{}, {.needs_tls = {.login = true}}};
    of_account.send("CCC\r\n").expect(534).check(expect_in_tls).expect_no_action();
}

TEST_CASE("TLS that does not end in order, or not in time, ends the session")
{
    session_script s{secured{}, with_tls()};
    s.holds_tls().send("CCC\r\n").expect(200).check([](script_host& h) {
        h.session_->tls_ended(h.expect_action<action::stop_tls>().id, make_error_code(tls_errc::truncated), h.now_);
        h.drain();
    });
    s.expect_no_reply().expect_closed(close_reason::tls_failed);
    session_script slow{secured{}, with_tls()};
    slow.holds_tls().send("CCC\r\n").expect(200).passes(5s).expect_no_reply().expect_closed(close_reason::tls_failed);
}

TEST_CASE("REIN is answered in TLS, which ends behind that and takes the protection of data with it")
{
    session_script s{secured{}, with_tls()};
    s.holds_tls().send("REIN\r\n").expect(220).check(expect_deaf).check(expect_in_tls).tls_ends();
    s.check(expect_in_clear).send("PROT P\r\n").expect(503).send("USER ann\r\n").expect(331).send("PASS secret\r\n");
    s.expect(230).send("STAT\r\n").expect(211, "Data connections in clear").send("REIN\r\n").expect(220);
    s.expect_no_action().send("AUTH TLS\r\n").expect(234).tls_starts().check(expect_in_tls);
    s.replay_at_every_split();
}

TEST_CASE("REIN in an implicit session leaves it in TLS, with data connections protected again")
{
    session_script s{logged_in{}, in_tls()};
    s.send("PROT C\r\n").expect(200).send("REIN\r\n").expect(220).expect_no_action().check(expect_in_tls);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("STAT\r\n").expect(211, "Data connections in TLS");
}

TEST_CASE("Where logins must be protected, nobody logs in before AUTH TLS")
{
    session_script s{just_connected{}, with_tls({.needs = {.login = true}})};
    for (const auto* line : {"USER ann\r\n", "PASS secret\r\n", "ACCT x\r\n", "PWD\r\n", "LIST\r\n", "USER\r\n"})
        s.send(line).expect(530, "AUTH TLS");
    s.expect_no_action().send("FEAT\r\n").expect(211).send("SMNT x\r\n").expect(502).send("NOOP\r\n").expect(200);
    s.send("AUTH TLS\r\n").expect(234).send("PWD\r\n").expect(530, "USER").send("USER ann\r\n").expect(331);
    s.send("PASS secret\r\n").expect(230).send("REIN\r\n").expect(220).send("USER ann\r\n").expect(530, "AUTH TLS");
    s.replay_at_every_split();
}

TEST_CASE("Logins that must be protected are refused where TLS is not offered too, and AUTH is not named")
{
    session_script s{just_connected{}, {.options = {.tls = {.needs = {.login = true}}}}};
    for (const auto* line : {"USER ann\r\n", "PASS secret\r\n", "ACCT x\r\n", "PWD\r\n"})
        s.send(line).expect(530, "TLS, which is not offered");
    s.expect_no_action().send("AUTH TLS\r\n").expect(502).send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
    session_script of_account{just_connected{}, {.needs_tls = {.login = true}}};
    of_account.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(530, "TLS, which is not offered");
}

TEST_CASE("An implicit session logs in where logins must be protected, though AUTH is not offered")
{
    auto setup = in_tls({.needs = {.login = true, .data = true}});
    setup.options.tls.is_offered = false;
    session_script s{logged_in{}, setup};
    s.send("PWD\r\n").expect(257).send("PROT C\r\n").expect(534).send("CCC\r\n").expect(534).send("REIN\r\n");
    s.expect(220).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
}

TEST_CASE("An account that needs TLS is not logged in in clear, keeps no seat, and counts as no wrong password")
{
    auto setup = with_tls();
    setup.needs_tls.login = true;
    setup.options.max_failed_logins = 1;
    session_script s{just_connected{}, setup};
    for (int i = 0; i < 3; ++i)
        s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(530, "AUTH TLS").send("PWD\r\n").expect(530);
    s.check([](script_host& h) {
        CHECK(h.log_.lines.back() == "command PWD ");
        CHECK(std::ranges::count(h.log_.lines, "refused ann") == 3);
        CHECK(h.session_->facts().user.empty());
        auto seat = std::make_shared<int>();
        h.holds_calls_ = true;
        h.receive("USER ann\r\nPASS secret\r\n");
        const auto asked = h.expect_action<action::authenticate>();
        h.session_->authenticated(
            asked.id, account{.name = "ann", .store = h.store_, .seat = seat, .needs_tls = {.login = true}}, h.now_);
        CHECK(seat.use_count() == 1);
        h.holds_calls_ = false;
        h.drain();
        h.replies_.clear();
    });
    s.send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
}

TEST_CASE("STAT says how the control connection is protected")
{
    session_script s{secured{}};
    s.send("STAT\r\n").expect(211, "Control connection in TLSv1.3 with TLS_AES_256_GCM_SHA384");
    s.send("CCC\r\n").expect(200).send("STAT\r\n").expect(211, "Control connection in clear");
}

TEST_CASE("Failed logins are counted on behind AUTH and REIN")
{
    auto setup = with_tls();
    setup.options.max_failed_logins = 3;
    setup.options.denial_delay = 0s;
    session_script s{just_connected{}, setup};
    s.send("USER ann\r\n").expect(331).send("PASS a\r\n").passes(0s).expect(530).send("AUTH TLS\r\n").expect(234);
    s.send("USER ann\r\n").expect(331).send("PASS b\r\n").passes(0s).expect(530).send("REIN\r\n").expect(220);
    s.send("USER ann\r\n").expect(331).send("PASS c\r\n").passes(0s).expect(421);
    s.expect_closed(close_reason::not_logged_in);
}
