// How a session is protected before a name is sent, and what happens where the server will not have it (RFC 4217).
#include "client_tls_script.hpp"

#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::array any_tls{tls_use::if_offered, tls_use::required, tls_use::implicit};

/// The session has ended by this reply, and the login that waited was not begun.
client_script& is_refused(client_script& s, int code)
{
    s.sends_nothing().fails(protocol_errc::tls_refused, code).fails(protocol_errc::tls_refused, code);
    return s.closes();
}

} // namespace

TEST_CASE("AUTH, the handshake, PBSZ and PROT come between the greeting and the first name")
{
    for (const auto use : {tls_use::required, tls_use::if_offered}) {
        client_script s{with_tls(use)};
        s.greeting().log_in("ann", "secret").sends_nothing().receives("120 wait\r\n").receives("220 hello\r\n");
        s.sends("AUTH TLS\r\n").asks_nothing().receives("234 go\r\n").sends_nothing().asks_for_tls();
        expect_protection(s, false, false).tls_starts().sends("PBSZ 0\r\n").receives("200 PBSZ=0\r\n");
        expect_protection(s, true, false).sends("PROT P\r\n").nothing_is_done().receives("200 ok\r\n").succeeds();
        expect_protection(s, true, true).sends("USER ann\r\n").receives("230 in\r\n").succeeds().sends_nothing();
        s.replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("With implicit TLS the handshake comes before the greeting")
{
    client_script s{with_tls(tls_use::implicit)};
    s.greeting().log_in("ann", "secret").sends_nothing().asks_for_tls().tls_starts().sends_nothing();
    s.receives("220 hello\r\n").sends("PBSZ 0\r\n").receives("200 ok\r\n").sends("PROT P\r\n").receives("200 ok\r\n");
    expect_protection(s.succeeds(), true, true).sends("USER ann\r\n").receives("230 in\r\n").succeeds();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("The greeting of a protected session gives what the server has greeted with")
{
    for (const auto use : any_tls) {
        client_script s{with_tls(use)};
        greet_in_tls(s, use).check([](client_script_host& h) {
            CHECK(std::get<reply>(*h.started_[0].done[0].outcome).text() == "hello");
            CHECK(h.session_.tls()->version == script_control_tls.version);
            CHECK(h.session_.tls()->cipher == script_control_tls.cipher);
        });
    }
}

TEST_CASE("Where only names are to be protected, PROT C is said")
{
    client_script s{with_tls(tls_use::required, data_protection::clear_level)};
    begin_tls(s).receives("200 ok\r\n").sends("PROT C\r\n").receives("200 ok\r\n").succeeds();
    expect_protection(s, true, false);
    client_script refused{with_tls(tls_use::if_offered, data_protection::clear_level)};
    begin_tls(refused).receives("200 ok\r\n").sends("PROT C\r\n").receives("534 no\r\n");
    refused.fails(protocol_errc::tls_refused, 534).closes();
}

TEST_CASE("AUTH SSL is tried once where AUTH TLS is refused, and PROT is said all the same")
{
    for (const std::string answer :
         {"500 what\r\n", "502 no\r\n", "504 no\r\n", "530 log in\r\n", "431 not now\r\n", "334 data, please\r\n"}) {
        INFO(answer);
        client_script s{with_tls(tls_use::required)};
        s.greeting().receives("220 hello\r\n").sends("AUTH TLS\r\n").receives(answer).sends("AUTH SSL\r\n");
        s.receives("234 go\r\n").asks_for_tls().tls_starts().sends("PBSZ 0\r\n").receives("200 ok\r\n");
        s.sends("PROT P\r\n").receives("200 ok\r\n").succeeds().replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("A server without TLS loses the session that demands it, before a name is sent")
{
    for (const int code : {500, 534, 431, 334}) {
        const auto answer = std::to_string(code) + " no\r\n";
        client_script s{with_tls(tls_use::required)};
        s.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n").receives(answer);
        s.sends("AUTH SSL\r\n").receives(answer);
        is_refused(s, code).replay_at_every_split();
    }
    client_script s{with_tls(tls_use::required)};
    s.greeting().receives("220 hello\r\n").receives("500 no\r\n").receives("500 no\r\n");
    s.fails(protocol_errc::tls_refused, 500).failed_at(operation_step::tls, session_state::closed);
}

TEST_CASE("A server without TLS is talked to in clear where TLS is not demanded")
{
    for (const std::string answer : {"500 what\r\n", "431 not now\r\n", "334 data, please\r\n"}) {
        client_script s{with_tls(tls_use::if_offered)};
        s.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n").receives(answer);
        s.sends("AUTH SSL\r\n").receives(answer).succeeds().asks_nothing().sends("USER ann\r\n");
        expect_protection(s.receives("230 in\r\n").succeeds(), false, false);
        s.replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("Once a server has said 234 nothing goes back to clear")
{
    for (const auto use : {tls_use::if_offered, tls_use::required}) {
        client_script s{with_tls(use)};
        s.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n").receives("234 go\r\n");
        s.asks_for_tls().tls_starts(tls_errc::certificate_untrusted).sends_nothing();
        s.fails(tls_errc::certificate_untrusted).fails(tls_errc::certificate_untrusted).closes();
    }
    client_script s{with_tls(tls_use::implicit)};
    s.greeting().asks_for_tls().tls_starts(tls_errc::host_name_differs).fails(tls_errc::host_name_differs);
    s.failed_at(operation_step::tls, session_state::closed).closes();
}

TEST_CASE("Of all that is no refusal only 234 begins TLS, and anything else ends the session")
{
    for (const auto use : {tls_use::if_offered, tls_use::required}) {
        for (const int code : {200, 202, 220, 230, 232, 331}) {
            client_script s{with_tls(use)};
            s.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n");
            is_refused(s.receives(std::to_string(code) + " yes\r\n"), code).replay_at_every_split();
        }
    }
}

TEST_CASE("A 230 before its time ends the session where TLS is demanded")
{
    for (const auto use : demanding_tls) {
        for (const int code : {230, 200, 331}) {
            client_script s{with_tls(use)};
            s.greeting().log_in("ann", "secret");
            if (use == tls_use::implicit)
                s.asks_for_tls().tls_starts();
            is_refused(s.receives(std::to_string(code) + " welcome\r\n"), code).replay_at_every_split();
        }
    }
}

TEST_CASE("A server that turns clients away does so for its own reason, with TLS too")
{
    client_script s{with_tls(tls_use::required)};
    s.greeting().receives("554 go away\r\n").fails(protocol_errc::refused_permanently, 554).closes();
    client_script busy{with_tls(tls_use::required)};
    busy.greeting().receives("220 hello\r\n").receives("421 too many\r\n").fails(protocol_errc::service_closing, 421);
    busy.closes();
}

TEST_CASE("PBSZ and PROT that a server wants a login for follow that, before it has succeeded")
{
    for (const auto use : any_tls) {
        for (const std::string answer : {"530 log in\r\n", "503 log in\r\n"}) {
            client_script s{with_tls(use)};
            begin_tls(s, use).receives(answer).succeeds().sends_nothing();
            s.log_in("ann", "secret").download("a", representation_type::ascii).sends("USER ann\r\n");
            s.receives("331 who?\r\n").sends("PASS secret\r\n").receives("230 in\r\n").nothing_is_done();
            s.sends("PBSZ 0\r\n").receives("200 ok\r\n").sends("PROT P\r\n").receives("200 ok\r\n");
            s.check([](client_script_host& h) {
                CHECK(std::get<reply>(*h.started_[1].done.at(0).outcome).text() == "in");
            });
            expect_protection(s.succeeds(), true, true).sends("EPSV\r\n");
            s.replay_at_every_split().fail_after_every_step();
        }
        client_script s{with_tls(use)};
        begin_tls(s, use).receives("200 ok\r\n").sends("PROT P\r\n").receives("530 log in\r\n").succeeds();
        s.log_in("ann", "secret")
            .sends("USER ann\r\n")
            .receives("232 in\r\n")
            .sends("PBSZ 0\r\n")
            .receives("200 ok\r\n");
        expect_protection(s.sends("PROT P\r\n").receives("200 ok\r\n").succeeds(), true, true);
    }
}

TEST_CASE("PBSZ or PROT that is refused after the login too ends the session before a file moves")
{
    for (const int code : {530, 503, 534, 431}) {
        const auto answer = std::to_string(code) + " no\r\n";
        client_script s{with_tls(tls_use::if_offered)};
        begin_tls(s).receives("530 log in\r\n").succeeds().log_in("ann", "secret").download("a").sends("USER ann\r\n");
        s.receives("230 in\r\n").sends("PBSZ 0\r\n");
        SUBCASE("PBSZ")
        {
            is_refused(s.receives(answer), code).replay_at_every_split();
        }
        SUBCASE("PROT")
        {
            is_refused(s.receives("200 ok\r\n").sends("PROT P\r\n").receives(answer), code).replay_at_every_split();
        }
    }
}

TEST_CASE("Without a login no file moves as long as PROT waits for that")
{
    client_script s{with_tls(tls_use::required)};
    begin_tls(s).receives("530 log in\r\n").succeeds();
    s.download("a").fails(protocol_errc::tls_refused).failed_at(operation_step::tls).sends_nothing().asks_nothing();
    s.start([] { return operation::list{}; }).fails(protocol_errc::tls_refused).sends_nothing();
    s.check([](client_script_host& h) { CHECK(h.started_[1].file->gone); });
    s.command("PROT", "p").sends("PROT p\r\n").receives("200 ok\r\n").succeeds().download("a").sends("TYPE I\r\n");
}

TEST_CASE("As long as PBSZ and PROT are due, data counts as protected, also when the caller has logged in by hand")
{
    client_script s{with_tls(tls_use::required)};
    expect_protection(begin_tls(s).receives("530 log in\r\n").succeeds(), true, true);
    s.command("USER", "ann").sends("USER ann\r\n").receives("331 who?\r\n").succeeds();
    s.start([] { return operation::password{secret{"secret"}}; }).sends("PASS secret\r\n").receives("230 in\r\n");
    expect_protection(s.succeeds().sends_nothing(), true, true);
    s.command("PROT", "C").sends("PROT C\r\n").receives("200 ok\r\n").succeeds();
    expect_protection(s, true, false);
}

TEST_CASE("A login that is refused leaves PBSZ and PROT to the next one")
{
    client_script s{with_tls(tls_use::required)};
    begin_tls(s).receives("530 log in\r\n").succeeds().log_in("ann", "wrong").sends("USER ann\r\n");
    s.receives("530 no\r\n").fails(protocol_errc::refused_permanently, 530).sends_nothing();
    s.log_in("ann", "secret").sends("USER ann\r\n").receives("230 in\r\n").sends("PBSZ 0\r\n").receives("200 ok\r\n");
    s.sends("PROT P\r\n").receives("200 ok\r\n").succeeds().log_in("ann", "secret").sends("USER ann\r\n");
    s.receives("230 in\r\n").succeeds().sends_nothing();
}

TEST_CASE("PBSZ or PROT that is refused for any other reason ends the session before a name is sent")
{
    for (const auto use : any_tls) {
        for (const int code : {500, 502, 504, 534, 536, 431, 331}) {
            const auto answer = std::to_string(code) + " no\r\n";
            client_script s{with_tls(use)};
            begin_tls(s, use).log_in("ann", "secret");
            SUBCASE("PBSZ")
            {
                is_refused(s.receives(answer), code);
            }
            SUBCASE("PROT")
            {
                is_refused(s.receives("200 ok\r\n").sends("PROT P\r\n").receives(answer), code);
            }
        }
    }
    client_script s{with_tls(tls_use::required)};
    begin_tls(s).receives("200 ok\r\n").receives("503 no\r\n").fails(protocol_errc::tls_refused, 503).closes();
}

TEST_CASE("A handshake that hangs has the time of a reply, and cannot be canceled without ending the session")
{
    client_script slow{with_tls(tls_use::required)};
    slow.greeting().receives("220 hello\r\n").sends("AUTH TLS\r\n").receives("234 go\r\n").asks_for_tls();
    slow.passes(client_options{}.reply_limit - 1ns).nothing_is_done().passes(1ns);
    slow.fails(protocol_errc::timed_out).failed_at(operation_step::tls, session_state::closed).closes().tls_starts();
    expect_protection(slow, false, false);
    client_script canceled{with_tls(tls_use::implicit)};
    canceled.greeting().asks_for_tls().cancel(0).fails(protocol_errc::canceled).closes().tls_starts().sends_nothing();
}

TEST_CASE("The time in which this side holds a handshake up is not taken from the server's")
{
    const auto limit = client_options{}.reply_limit;
    client_script s{with_tls(tls_use::required)};
    s.greeting().receives("220 hello\r\n").sends("AUTH TLS\r\n").receives("234 go\r\n").passes(1s);
    s.check([=](client_script_host& h) {
        const auto id = h.take_action<action::start_tls>().id;
        h.now_ += 10 * limit;
        h.session_.tls_held(id, 10 * limit, h.now_);
        h.session_.tls_held(op_id::none, limit, h.now_);
    });
    s.passes(limit - 1s - 1ns).nothing_is_done().passes(1ns).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("A server that refuses the client's certificate when the handshake is over is understood")
{
    for (auto use : demanding_tls) {
        client_script s{with_tls(use)};
        begin_tls(s, use).tls_starts(tls_errc::certificate_refused).fails(tls_errc::certificate_refused).closes();
    }
    client_script implicit{with_tls(tls_use::implicit)};
    implicit.greeting().asks_for_tls().tls_starts().tls_starts(tls_errc::certificate_refused);
    implicit.fails(tls_errc::certificate_refused).closes();
}

TEST_CASE("A second answer to the handshake changes nothing")
{
    client_script s{with_tls(tls_use::required)};
    greet_in_tls(s).command("NOOP").sends("NOOP\r\n").check([](client_script_host& h) {
        for (std::uint64_t id = 0; id != 9; ++id) {
            h.session_.tls_started(op_id{id}, tls_errc::handshake_failed, h.now_);
            h.session_.tls_ended(op_id{id}, {}, h.now_);
            h.session_.data_secured(op_id{id}, script_data_tls, h.now_);
        }
    });
    expect_protection(s.receives("200 ok\r\n").succeeds(), true, true).asks_nothing();
}

TEST_CASE("AUTH, CCC and, under TLS, REIN are no commands for the caller")
{
    client_script s{with_tls(tls_use::required)};
    greet_in_tls(s);
    for (const auto* verb : {"AUTH", "auth", "CCC", "ccc", "REIN", "rein"})
        s.command(verb).sends_nothing().fails(protocol_errc::argument_invalid).failed_at(operation_step::arguments);
    client_script clear;
    clear.command("AUTH", "TLS").fails(protocol_errc::argument_invalid).command("REIN").sends("REIN\r\n");
}

TEST_CASE("A caller who sends PROT is taken at his word")
{
    client_script s{with_tls(tls_use::required)};
    greet_in_tls(s).command("PROT", "c").receives("200 ok\r\n").succeeds();
    expect_protection(s, true, false).command("PROT", "P").receives("536 no\r\n");
    expect_protection(s.fails(protocol_errc::refused_permanently, 536), true, false);
    expect_protection(s.command("PROT", "P").receives("200 ok\r\n").succeeds(), true, true);
    client_script clear;
    expect_protection(clear.command("PROT", "P").receives("200 ok\r\n").succeeds(), false, false);
}
