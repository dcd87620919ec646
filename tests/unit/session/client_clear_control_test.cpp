// The way out of TLS on the control connection (RFC 4217 5).
#include "client_tls_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

client_script& clear_control(client_script& s)
{
    return s.start([] { return operation::clear_control{}; });
}

} // namespace

TEST_CASE("After CCC the control connection is in clear, and data connections are as before")
{
    client_script s{with_tls(tls_use::if_offered)};
    clear_control(greet_in_tls(s)).command("PWD").sends("CCC\r\n").asks_nothing().receives("200 ok\r\n");
    expect_protection(s.nothing_is_done().sends_nothing(), true, true).stops_tls().succeeds();
    expect_protection(s, false, true).sends("PWD\r\n").receives("257 \"/\"\r\n").succeeds();
    s.log_in("ann", "secret").sends("USER ann\r\n").receives("230 in\r\n").succeeds();
    s.download("a", representation_type::ascii).opens_data().sends("RETR a\r\n").asks_to_secure_data().data_secured();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Where TLS is demanded, names and passwords do not go in clear after CCC, and other commands do")
{
    for (const auto use : demanding_tls) {
        client_script s{with_tls(use)};
        clear_control(greet_in_tls(s, use)).log_in("ann", "secret").sends("CCC\r\n").receives("200 ok\r\n");
        s.stops_tls().succeeds().fails(protocol_errc::tls_refused).failed_at(operation_step::tls).sends_nothing();
        for (const auto* verb : {"USER", "user", "PASS", "ACCT"})
            s.command(verb, "secret").fails(protocol_errc::tls_refused).failed_at(operation_step::tls).sends_nothing();
        s.start([] { return operation::password{secret{"secret"}}; }).fails(protocol_errc::tls_refused).sends_nothing();
        s.check([](client_script_host& h) { CHECK(h.heard<event::command_sent>().back().line == "CCC"); });
        s.command("CWD", "d").sends("CWD d\r\n").receives("250 ok\r\n").succeeds();
        s.download("a", representation_type::ascii).opens_data().sends("RETR a\r\n");
        s.replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("A CCC that is refused leaves the session in TLS")
{
    client_script s{with_tls(tls_use::required)};
    clear_control(greet_in_tls(s)).sends("CCC\r\n").receives("534 no\r\n");
    s.fails(protocol_errc::refused_permanently, 534).failed_at(operation_step::tls).asks_nothing();
    expect_protection(s, true, true).command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("Without TLS there is none to be left")
{
    client_script s;
    clear_control(s).fails(tls_errc::not_available).failed_at(operation_step::arguments).sends_nothing();
    s.command("NOOP").sends("NOOP\r\n");
    client_script twice{with_tls(tls_use::required)};
    clear_control(greet_in_tls(twice)).sends("CCC\r\n").receives("200 ok\r\n").stops_tls().succeeds();
    clear_control(twice).fails(tls_errc::not_available).sends_nothing();
}

TEST_CASE("A way out of TLS that fails, hangs or is given up ends the session")
{
    const auto begin = [](client_script& s) -> client_script& {
        return clear_control(greet_in_tls(s)).sends("CCC\r\n");
    };
    client_script failing{with_tls(tls_use::required)};
    begin(failing).receives("200 ok\r\n").stops_tls(tls_errc::truncated).fails(tls_errc::truncated).closes();
    client_script hanging{with_tls(tls_use::required)};
    begin(hanging).receives("200 ok\r\n").check([](client_script_host& h) { (void)h.take_action<action::stop_tls>(); });
    hanging.passes(client_options{}.reply_limit).fails(protocol_errc::timed_out).closes();
    client_script canceled{with_tls(tls_use::required)};
    begin(canceled).cancel(1).fails(protocol_errc::canceled).closes();
}
