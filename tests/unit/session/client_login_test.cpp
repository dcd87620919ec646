// The greeting, the login and QUIT (RFC 959 4.1.1, 5.4).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("220 is the greeting, and may come after 120")
{
    client_script s;
    s.greeting().sends_nothing().receives("220 hello\r\n").succeeds();
    s.replay_at_every_split().fail_after_every_step();
    client_script busy;
    busy.greeting().receives("120 in a minute\r\n").nothing_is_done().receives("220-hello\r\n220 there\r\n").succeeds();
    busy.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A greeting of somebody who is logged in already is one too")
{
    client_script s;
    s.greeting().receives("230 in\r\n").succeeds().log_in("ann", "secret").sends("USER ann\r\n");
    s.receives("230 in\r\n").succeeds();
}

TEST_CASE("Who is logged in by the greeting stays so where the server knows no login, or not a second one")
{
    for (const auto* answer : {"503 you are in\r\n", "502 what?\r\n"}) {
        client_script s;
        s.greeting().receives("230 in\r\n").succeeds().log_in("ann", "secret").sends("USER ann\r\n");
        s.receives(answer).succeeds().log_in("bob", "secret").sends("USER bob\r\n");
        s.receives("503 no\r\n").fails(protocol_errc::refused_permanently, 503);
    }
    client_script refused;
    refused.greeting().receives("230 in\r\n").succeeds().log_in("ann", "secret").sends("USER ann\r\n");
    refused.receives("530 not you\r\n").fails(protocol_errc::refused_permanently, 530);
}

TEST_CASE("Any other greeting is refused, and the session ends")
{
    client_script s;
    s.greeting().command("NOOP").receives("554 go away\r\n").sends_nothing();
    s.fails(protocol_errc::refused_permanently, 554).fails(protocol_errc::refused_permanently, 554).closes();
    s.replay_at_every_split();
    client_script busy;
    busy.greeting().receives("421 too many\r\n").fails(protocol_errc::service_closing, 421).closes();
    client_script strange;
    strange.greeting().receives("331 password\r\n").fails(protocol_errc::reply_unexpected, 331).closes();
}

TEST_CASE("The login ends where the server is satisfied")
{
    SUBCASE("with USER")
    {
        client_script s;
        s.log_in("ann", "secret").sends("USER ann\r\n").receives("230 in\r\n").succeeds().sends_nothing();
        s.replay_at_every_split().fail_after_every_step();
    }
    SUBCASE("with PASS")
    {
        client_script s;
        s.log_in("ann", "secret").sends("USER ann\r\n").receives("331 who?\r\n");
        s.sends("PASS secret\r\n").receives("230 in\r\n").succeeds().sends_nothing();
        s.replay_at_every_split().fail_after_every_step();
    }
    SUBCASE("with a superfluous PASS")
    {
        client_script s;
        s.log_in("ann", "secret").sends("USER ann\r\n").receives("331 who?\r\n");
        s.sends("PASS secret\r\n").receives("202 fine\r\n").succeeds();
    }
    SUBCASE("with ACCT")
    {
        client_script s;
        s.log_in("ann", "secret", "sales").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS secret\r\n");
        s.receives("332 account?\r\n").sends("ACCT sales\r\n").receives("230 in\r\n").succeeds();
        s.replay_at_every_split().fail_after_every_step();
    }
    SUBCASE("with ACCT and no PASS")
    {
        client_script s;
        s.log_in("ann", "secret", "sales").sends("USER ann\r\n").receives("332 account?\r\n");
        s.sends("ACCT sales\r\n").receives("202 fine\r\n").succeeds();
    }
    SUBCASE("with a USER that is superfluous")
    {
        client_script s;
        s.log_in("ann", "secret").sends("USER ann\r\n").receives("202 fine\r\n").succeeds().sends_nothing();
    }
    SUBCASE("with a challenge for PASS")
    {
        client_script s;
        s.log_in("ann", "secret").sends("USER ann\r\n").receives("336 what is 7?\r\n");
        s.sends("PASS secret\r\n").receives("200 in\r\n").succeeds();
    }
}

TEST_CASE("Login and greeting give the server's last words")
{
    client_script s;
    s.greeting().receives("220 hello\r\n").log_in("ann", "secret").receives("331 who?\r\n");
    s.receives("230-Welcome\r\n230 in\r\n").check([](client_script_host& h) {
        CHECK(std::get<reply>(*h.started_[0].done[0].outcome).text() == "hello");
        CHECK(std::get<reply>(*h.started_[1].done[0].outcome).lines == std::vector<std::string>{"Welcome", "in"});
    });
}

TEST_CASE("A second question for a password is not answered")
{
    client_script s;
    s.log_in("ann", "secret", "sales").receives("331 who?\r\n").receives("331 who?\r\n");
    s.fails(protocol_errc::reply_unexpected, 331).failed_at(operation_step::password);
    s.command("NOOP").check([](client_script_host& h) { (void)h.send_output(); });
}

TEST_CASE("A refused login leaves the session usable")
{
    client_script s;
    s.log_in("ann", "wrong")
        .sends("USER ann\r\n")
        .receives("530 no\r\n")
        .fails(protocol_errc::refused_permanently, 530);
    s.log_in("ann", "wrong").sends("USER ann\r\n").receives("331 who?\r\n");
    s.sends("PASS wrong\r\n").receives("530 no\r\n").fails(protocol_errc::refused_permanently, 530);
    s.log_in("ann", "secret", "x").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS secret\r\n");
    s.receives("332 account?\r\n").sends("ACCT x\r\n").receives("430 later\r\n");
    s.fails(protocol_errc::refused_transiently, 430);
    s.log_in("ann", "secret").sends("USER ann\r\n").receives("230 in\r\n").succeeds();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A server that wants an account where there is none has refused the login")
{
    client_script s;
    s.log_in("ann", "secret").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS secret\r\n");
    s.receives("332 account?\r\n").fails(protocol_errc::refused_permanently, 332).sends_nothing();
    s.command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("An empty password is sent as one")
{
    client_script s;
    s.log_in("ann", "").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS \r\n");
}

TEST_CASE("Passwords and accounts show in no event")
{
    client_script s;
    s.log_in("ann", "secret", "sales").receives("331 who?\r\n").receives("332 account?\r\n").receives("230 in\r\n");
    s.command("pass", "secret").receives("503 no\r\n").command("Acct", "sales").receives("503 no\r\n");
    s.start([] { return operation::password{secret{"secret"}}; }).receives("230 in\r\n");
    s.check([](client_script_host& h) {
        std::vector<std::string> lines;
        for (const auto& sent : h.heard<event::command_sent>())
            lines.push_back(sent.line);
        CHECK(lines ==
              std::vector<std::string>{"USER ann", "PASS ***", "ACCT ***", "PASS ***", "ACCT ***", "PASS ***"});
    });
}

TEST_CASE("A password that the server repeats shows nowhere")
{
    client_script s;
    s.log_in("ann", "open sesame").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS open sesame\r\n");
    s.receives("530-open sesame?\r\n530 no open sesame, open sesame\r\n");
    s.fails(protocol_errc::refused_permanently, 530).check([](client_script_host& h) {
        CHECK(h.heard<event::reply_received>().back().answer.lines == std::vector<std::string>{"***?", "no ***, ***"});
    });
}

TEST_CASE("QUIT ends the session with the server's reply, whatever it is")
{
    for (const auto* answer : {"221 bye\r\n", "500 what\r\n", "421 bye\r\n"}) {
        client_script s;
        s.quit().sends("QUIT\r\n").receives(answer).succeeds().closes().replay_at_every_split();
    }
}

TEST_CASE("QUIT ends well if the server just closes")
{
    client_script s;
    s.quit().sends("QUIT\r\n").eof().succeeds().closes();
    client_script half;
    half.quit().sends("QUIT\r\n").receives("221 by").eof().succeeds().closes();
}

TEST_CASE("QUIT fails where the server says nothing")
{
    client_script s;
    s.quit().passes(client_options{}.reply_limit).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("What was started behind QUIT is not connected")
{
    client_script s;
    s.quit().command("NOOP").sends("QUIT\r\n").receives("221 bye\r\n").succeeds();
    s.fails(protocol_errc::not_connected).closes();
}
