// How a client opens data connections, and to whom (RFC 959 4.1.2, RFC 2428, RFC 2577).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto ascii = representation_type::ascii;
const endpoint passive_end{script_server.address, script_passive_port};
const endpoint listener{script_client.address, 50005};
const endpoint stranger{ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}}, 50004};

client_script_setup active()
{
    client_script_setup setup;
    setup.options.data_mode = data_mode::active;
    return setup;
}

client_script_setup over_ipv6()
{
    client_script_setup setup;
    setup.server = {ip_address{{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 3}, 21};
    setup.client = {ip_address{{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, 3}, 40000};
    return setup;
}

} // namespace

TEST_CASE("TYPE is sent when the server's type is another one")
{
    client_script s;
    const auto end = [&s] { s.receives("550 no\r\n").closes_data().fails(protocol_errc::refused_permanently, 550); };
    s.download("a", ascii).opens_data().sends("RETR a\r\n"), end();
    s.download("a").sends("TYPE I\r\n").receives("200 ok\r\n").opens_data().sends("RETR a\r\n"), end();
    s.download("a").opens_data().sends("RETR a\r\n"), end();
    s.list().sends("TYPE A\r\n").receives("200 ok\r\n").opens_data().sends("LIST\r\n"), end();
    s.replay_at_every_split();
}

TEST_CASE("A TYPE that is refused ends the operation and is not remembered")
{
    client_script s;
    s.download("a").sends("TYPE I\r\n").receives("504 no\r\n").fails(protocol_errc::refused_permanently, 504);
    s.asks_nothing().download("a").sends("TYPE I\r\n");
}

TEST_CASE("A caller who sends TYPE or REIN leaves the type unknown")
{
    for (const auto* verb : {"TYPE", "rein"}) {
        client_script s;
        s.command(verb).receives("200 ok\r\n").succeeds().check([](client_script_host& h) { (void)h.send_output(); });
        s.download("a", ascii).sends("TYPE A\r\n");
    }
}

TEST_CASE("In passive mode the client connects, and only then sends the command")
{
    client_script s;
    s.download("a", ascii).sends("EPSV\r\n").receives("229 Enter (|||50004|)\r\n").connects_to(passive_end);
    s.sends_nothing().data_connected().sends("RETR a\r\n").asks_nothing();
    s.data_connected().sends_nothing();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("EPSV goes to the address of the control connection, with its scope")
{
    client_script s{over_ipv6()};
    s.download("a", ascii).sends("EPSV\r\n").receives("229 Enter (|||6446|)\r\n");
    s.connects_to({over_ipv6().server.address, 6446});
}

TEST_CASE("A server without EPSV is asked by PASV, and not by EPSV again")
{
    for (const auto* answer : {"202 superfluous\r\n", "500 what\r\n", "501 no\r\n", "502 no\r\n", "522 no\r\n",
                               "425 no ports\r\n", "229 ok\r\n", "229 (50004)\r\n", "229 (|||0|)\r\n",
                               "229 (|1|192.0.2.1|50004|)\r\n", "227 Enter (192,0,2,1,195,84)\r\n"}) {
        client_script s;
        s.download("a", ascii).sends("EPSV\r\n").receives(answer).sends("PASV\r\n");
        s.receives("227 Enter (192,0,2,1,195,84)\r\n").connects_to(passive_end).data_connected().sends("RETR a\r\n");
        s.receives("550 no\r\n").closes_data().fails(protocol_errc::refused_permanently, 550);
        s.download("a", ascii).sends("PASV\r\n");
        s.replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("Where the session ends instead of an answer to the first EPSV, the next one is told to do without")
{
    const auto told = [](bool does_without) {
        return [does_without](client_script_host& h) {
            CHECK(has(h.session_.manners().effects, server_effect::no_extended_passive) == does_without);
        };
    };
    client_script closed;
    closed.download("a", ascii).sends("EPSV\r\n").eof().fails(protocol_errc::connection_closed).check(told(true));
    client_script closed_at_port{active()};
    closed_at_port.download("a", ascii).listens_on(listener).sends("EPRT |1|192.0.2.7|50005|\r\n").eof();
    closed_at_port.closes_data().fails(protocol_errc::connection_closed).check(told(true));
    client_script silent;
    silent.list().sends("EPSV\r\n").passes(client_options{}.reply_limit).fails(protocol_errc::timed_out);
    silent.check(told(true));
    client_script later;
    later.download("a", ascii).opens_data().sends("RETR a\r\n").eof().fails(protocol_errc::connection_closed);
    later.check(told(false));
    client_script proven;
    proven.download("a", ascii).opens_data().sends("RETR a\r\n").receives("550 no\r\n").closes_data();
    proven.fails(protocol_errc::refused_permanently, 550).download("b", ascii).sends("EPSV\r\n").eof();
    proven.fails(protocol_errc::connection_closed).check(told(false));
}

TEST_CASE("PASV has no meaning over IPv6")
{
    client_script s{over_ipv6()};
    s.download("a", ascii).sends("EPSV\r\n").receives("500 what\r\n");
    s.fails(protocol_errc::refused_permanently, 500).sends_nothing().download("a", ascii).sends("EPSV\r\n");
}

TEST_CASE("A passive mode that is refused ends the operation")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("550 no\r\n").closes_data();
    s.fails(protocol_errc::refused_permanently, 550);
    s.download("a", ascii).sends("EPSV\r\n").receives("425 no ports\r\n");
    s.fails(protocol_errc::refused_transiently, 425).sends_nothing();
    s.download("a", ascii).sends("EPSV\r\n").receives("502 no\r\n").sends("PASV\r\n").receives("530 no\r\n");
    s.fails(protocol_errc::refused_permanently, 530).asks_nothing();
}

TEST_CASE("Of 227 only the port counts: the address is the server's own")
{
    client_script s;
    s.download("a", ascii).receives("502 no\r\n").receives("227 Enter (203,0,113,9,195,84)\r\n");
    s.connects_to(passive_end);
}

TEST_CASE("The address in 227 counts for whoever asks for it")
{
    client_script_setup setup;
    setup.options.passive_address = passive_address::as_announced;
    client_script s{setup};
    s.download("a", ascii).receives("502 no\r\n").receives("227 Enter (203,0,113,9,195,84)\r\n").connects_to(stranger);
}

TEST_CASE("A passive reply without a usable address ends the operation, not the session")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("550 no\r\n").closes_data();
    s.fails(protocol_errc::refused_permanently, 550);
    for (const auto* answer : {"229 (50004)\r\n", "229 (|||0|)\r\n", "229 (|||70000|)\r\n", "229\r\n"}) {
        s.download("a", ascii).sends("EPSV\r\n").receives(answer).fails(protocol_errc::address_malformed, 229);
        s.asks_nothing().sends_nothing();
    }
    s.download("a", ascii).sends("EPSV\r\n").receives("502 no\r\n").sends("PASV\r\n").receives("227 hello\r\n");
    s.fails(protocol_errc::address_malformed, 227);
    s.download("a", ascii).sends("PASV\r\n").receives("227 (192,0,2,1,0,0)\r\n");
    s.fails(protocol_errc::address_malformed, 227).asks_nothing();
    s.replay_at_every_split();
}

TEST_CASE("The address may stand in any line of the reply")
{
    for (const auto* answer :
         {"229-Listening\r\n229 (|||50004|)\r\n", "229-(|||50004|)\r\n you are welcome\r\n229 .\r\n"}) {
        client_script s;
        s.download("a", ascii).sends("EPSV\r\n").receives(answer).connects_to(passive_end).replay_at_every_split();
    }
    client_script s;
    s.download("a", ascii).receives("502 no\r\n").receives("227-Port 1 of 2,\r\n3\r\n227 (192,0,2,1,195,84)\r\n");
    s.connects_to(passive_end).replay_at_every_split();
}

TEST_CASE("An extended reply to PASV tells the port as one to EPSV does")
{
    client_script s;
    s.download("a", ascii)
        .sends("EPSV\r\n")
        .receives("502 no\r\n")
        .sends("PASV\r\n")
        .receives("229 Enter (|||50004|)\r\n");
    s.connects_to(passive_end).replay_at_every_split();
}

TEST_CASE("A first EPSV that leads to no connection is followed by one PASV")
{
    client_script s;
    s.download("a", ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end).data_refused();
    s.asks_nothing().sends("PASV\r\n").receives("227 (192,0,2,1,195,84)\r\n").connects_to(passive_end).data_refused();
    s.fails(protocol_errc::data_connection_refused).asks_nothing().sends_nothing();
    s.download("a", ascii).sends("PASV\r\n");
}

TEST_CASE("An EPSV that leads to no connection is not given up for a PASV that the server does not know")
{
    client_script s;
    s.download("a", ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end).data_refused();
    s.sends("PASV\r\n").receives("500 what?\r\n").fails(protocol_errc::data_connection_refused);
    s.failed_at(operation_step::data_connection);
    s.download("a", ascii).sends("EPSV\r\n");
}

TEST_CASE("A first EPSV whose connection takes too long is followed by one PASV")
{
    client_script_setup setup;
    setup.options.data_connect_limit = 7s;
    client_script s{setup};
    s.download("a", ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end);
    s.passes(7s - 1ns).sends_nothing().passes(1ns).closes_data().sends("PASV\r\n");
    s.receives("227 (192,0,2,1,195,84)\r\n").connects_to(passive_end).passes(7s).closes_data();
    s.fails(protocol_errc::timed_out).sends_nothing().command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("An EPSV that fails after one that worked is not replaced by PASV")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("550 no\r\n").closes_data();
    s.fails(protocol_errc::refused_permanently, 550);
    s.download("a", ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end).data_refused();
    s.fails(protocol_errc::data_connection_refused).sends_nothing();
}

TEST_CASE("A connection that fails over IPv6 is not replaced by PASV")
{
    client_script s{over_ipv6()};
    s.download("a", ascii).receives("229 (|||6446|)\r\n").connects_to({over_ipv6().server.address, 6446});
    s.data_refused().fails(protocol_errc::data_connection_refused);
}

TEST_CASE("An answer to a connection that was given up is ignored")
{
    client_script s;
    s.download("a", ascii).receives("229 (|||50004|)\r\n").connects_to(passive_end).cancel(0).closes_data();
    s.fails(protocol_errc::canceled).data_connected().asks_nothing();
    s.check([](client_script_host& h) { (void)h.send_output(); });
    s.download("b", ascii).data_connected().sends("EPSV\r\n").asks_nothing();
}

TEST_CASE("In active mode the server connects to where the client says that it listens")
{
    client_script s{active()};
    s.download("a", ascii).sends_nothing().listens_on(listener).sends("EPRT |1|192.0.2.7|50005|\r\n");
    s.receives("200 ok\r\n").sends("RETR a\r\n").receives("150 go\r\n").asks_nothing();
    s.data_connected().begins_to_receive().gets("x").data_ends().receives("226 done\r\n").commits().succeeds();
    s.check([](client_script_host& h) { CHECK(h.transferred(0).data_peer == passive_end); });
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("In active mode the server may connect before its reply")
{
    client_script s{active()};
    s.upload("a", "x", ascii).listens_on(listener).sends("EPRT |1|192.0.2.7|50005|\r\n").receives("200 ok\r\n");
    s.sends("STOR a\r\n").data_connected().asks_nothing().receives("150 go\r\n").begins_to_send().puts("x");
    s.data_ends().receives("226 done\r\n").succeeds();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A server without EPRT is told by PORT, and not by EPRT again")
{
    client_script s{active()};
    s.download("a", ascii).listens_on(listener).sends("EPRT |1|192.0.2.7|50005|\r\n").receives("500 what\r\n");
    s.sends("PORT 192,0,2,7,195,85\r\n").receives("200 ok\r\n").sends("RETR a\r\n").receives("550 no\r\n");
    s.closes_data().fails(protocol_errc::refused_permanently, 550);
    s.download("a", ascii).listens_on(listener).sends("PORT 192,0,2,7,195,85\r\n");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("PORT has no meaning over IPv6")
{
    auto setup = over_ipv6();
    setup.options.data_mode = data_mode::active;
    client_script s{setup};
    s.download("a", ascii).listens_on({setup.client.address, 50005}).sends("EPRT |2|fe80::2|50005|\r\n");
    s.receives("500 what\r\n").closes_data().fails(protocol_errc::refused_permanently, 500).sends_nothing();
}

TEST_CASE("A listener on every address is announced with the address of the control connection")
{
    client_script s{active()};
    s.download("a", ascii).listens_on({ip_address{}, 50005}).sends("EPRT |1|192.0.2.7|50005|\r\n");
}

TEST_CASE("In active mode the address outside is announced where the client knows one of this version of IP")
{
    auto setup = active();
    setup.options.active.announced = ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 7}};
    client_script s{setup};
    s.download("a", ascii).listens_on(listener).sends("EPRT |1|203.0.113.7|50005|\r\n").receives("500 what\r\n");
    s.sends("PORT 203,0,113,7,195,85\r\n").receives("200 ok\r\n").sends("RETR a\r\n").receives("150 go\r\n");
    s.data_connected().begins_to_receive();

    auto other = over_ipv6();
    other.options = setup.options;
    client_script t{other};
    t.download("a", ascii).listens_on({other.client.address, 50005}).sends("EPRT |2|fe80::2|50005|\r\n");
}

TEST_CASE("An address that the server refuses ends the operation")
{
    client_script s{active()};
    s.download("a", ascii).listens_on(listener).receives("425 no\r\n").closes_data();
    s.fails(protocol_errc::refused_transiently, 425);
}

TEST_CASE("A client that cannot listen has no data connection")
{
    client_script s{active()};
    s.download("a", ascii).listening_fails().fails(protocol_errc::data_connection_refused).asks_nothing();
    s.sends_nothing().command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("In active mode only the server may connect: others are rejected, and listening goes on")
{
    client_script s{active()};
    s.download("a", ascii).listens_on(listener).receives("200 ok\r\n").data_connected_from(stranger).rejects_data();
    s.receives("150 go\r\n").data_connected_from(stranger).rejects_data().asks_nothing();
    s.data_connected_from({script_server.address, 20}).begins_to_receive();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A second connection from the server is not used")
{
    client_script s{active()};
    s.download("a", ascii).listens_on(listener).receives("200 ok\r\n").data_connected().data_connected();
    s.receives("150 go\r\n").begins_to_receive().data_connected().asks_nothing();
}

TEST_CASE("A server that confirms before it connects is waited for, but not for ever")
{
    auto setup = active();
    setup.options.data_connect_limit = 7s;
    client_script s{setup};
    s.download("a", ascii).listens_on(listener).receives("200 ok\r\n").receives("226 done\r\n").asks_nothing();
    SUBCASE("it connects")
    {
        s.data_connected().begins_to_receive().data_ends().commits().succeeds();
    }
    SUBCASE("it does not")
    {
        s.check([](client_script_host& h) { (void)h.send_output(); });
        s.passes(7s).closes_data().sends_nothing().fails(protocol_errc::timed_out).command("NOOP").sends("NOOP\r\n");
    }
}

TEST_CASE("A server that does not connect in time has its transfer aborted")
{
    auto setup = active();
    setup.options.data_connect_limit = 7s;
    client_script s{setup};
    s.download("a", ascii).listens_on(listener).receives("200 ok\r\n").passes(9s).receives("150 go\r\n");
    s.check([](client_script_host& h) { (void)h.send_output(); });
    s.passes(7s - 1ns).asks_nothing().passes(1ns).closes_data().sends("ABOR\r\n").nothing_is_done();
    s.receives("425 no\r\n").sends("PWD\r\n").receives("226 ok\r\n").receives("257 here\r\n");
    s.fails(protocol_errc::timed_out);
    s.command("PWD").sends("PWD\r\n");
    s.replay_at_every_split();
}

TEST_CASE("A listener that breaks ends the operation when the server has answered")
{
    client_script s{active()};
    s.download("a", ascii).listens_on(listener).receives("200 ok\r\n").data_refused().nothing_is_done();
    s.receives("425 no\r\n").fails(protocol_errc::data_connection_refused).command("NOOP");
    client_script late{active()};
    late.download("a", ascii).listens_on(listener).receives("200 ok\r\n").data_refused();
    late.check([](client_script_host& h) { (void)h.send_output(); });
    late.receives("150 go\r\n425 no\r\n").sends("ABOR\r\nPWD\r\n").receives("226 ok\r\n257 here\r\n");
    late.fails(protocol_errc::data_connection_refused).replay_at_every_split();
}
