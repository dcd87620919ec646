// TLS on data connections: when it begins, and what becomes of the transfer where it does not (RFC 4217 7 and 9).
#include "client_tls_script.hpp"
#include "client_transfer_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

const endpoint listener{script_client.address, 50005};

client_script_setup protected_session()
{
    return with_tls(tls_use::required);
}

client_script_setup protected_active_session()
{
    auto setup = protected_session();
    setup.options.data_mode = data_mode::active;
    return setup;
}

/// A download, up to where the handshake of its data connection is under way. It is the second operation.
client_script& begin_securing(client_script& s)
{
    return greet_in_tls(s).download("a", ascii).opens_data().sends("RETR a\r\n").asks_to_secure_data();
}

client_script& expect_tls(client_script& s, std::size_t index)
{
    return s.check([=](client_script_host& h) {
        REQUIRE(h.transferred(index).tls);
        CHECK(h.transferred(index).tls->continues_control);
    });
}

client_script& expect_nothing_committed(client_script& s)
{
    return s.check([](client_script_host& h) {
        CHECK(!h.started_[1].file->committed);
        CHECK(h.started_[1].file->gone);
    });
}

} // namespace

TEST_CASE("TLS begins on the data connection when the command is out, whether the 150 comes before or after it")
{
    client_script s{protected_session()};
    begin_securing(s).asks_nothing();
    SUBCASE("after it")
    {
        s.data_secured().asks_nothing().receives("150 go\r\n");
    }
    SUBCASE("before it")
    {
        s.receives("150 go\r\n").asks_nothing().data_secured();
    }
    s.begins_to_receive().gets("abcd").data_ends().receives("226 done\r\n").commits().succeeds();
    is_usable(expect_tls(s, 1)).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("An upload sends nothing before its data connection is protected")
{
    client_script s{protected_session()};
    greet_in_tls(s).upload("a", "xyz", ascii).opens_data().sends("STOR a\r\n").asks_to_secure_data();
    s.receives("150 go\r\n").asks_nothing().data_secured().begins_to_send().puts("xyz").data_ends();
    expect_tls(s.receives("226 done\r\n").succeeds(), 1).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A server that reads ahead gets no transfer command before its data connection where that is protected")
{
    auto setup = protected_session();
    setup.options.quirks = {
        {.where = server_words::greeting, .pattern = "*hello*", .effects = server_effect::reads_ahead}};
    client_script s{setup};
    begin_securing(s).data_secured().receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n");
    s.commits().succeeds().download("b", ascii).sends("EPSV\r\n");
}

TEST_CASE("Listings are protected too")
{
    client_script s{protected_session()};
    greet_in_tls(s).list().opens_data().sends("LIST\r\n").asks_to_secure_data().receives("150 go\r\n");
    s.data_secured().begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    expect_tls(s, 1);
    s.start([] { return operation::list{}; }).opens_data().sends("LIST\r\n").asks_to_secure_data().data_secured();
    s.receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    s.replay_at_every_split();
}

TEST_CASE("In active mode TLS begins as soon as the server has connected, with the client as TLS client")
{
    client_script s{protected_active_session()};
    greet_in_tls(s).download("a", ascii).listens_on(listener);
    s.sends("EPRT |1|192.0.2.7|50005|\r\n");
    SUBCASE("behind the 150")
    {
        s.receives("200 ok\r\n").sends("RETR a\r\n").receives("150 go\r\n").asks_nothing().data_connected();
        s.asks_to_secure_data().data_secured();
    }
    SUBCASE("before the 150")
    {
        s.receives("200 ok\r\n").sends("RETR a\r\n").data_connected().asks_to_secure_data().receives("150 go\r\n");
        s.asks_nothing().data_secured();
    }
    SUBCASE("before the command, which is waited for")
    {
        s.data_connected().asks_nothing().receives("200 ok\r\n").sends("RETR a\r\n").asks_to_secure_data();
        s.data_secured().receives("150 go\r\n");
    }
    s.begins_to_receive().gets("a").data_ends().receives("226 done\r\n").commits().succeeds();
    expect_tls(s, 1).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Strangers who connect to an active client are rejected, and get no handshake")
{
    client_script s{protected_active_session()};
    greet_in_tls(s).download("a", ascii).listens_on(listener).receives("200 ok\r\n");
    s.data_connected_from({ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}}, 20}).rejects_data().asks_nothing();
    s.data_connected().asks_to_secure_data();
}

TEST_CASE("Data connections in clear are used as they are")
{
    client_script s{with_tls(tls_use::required, data_protection::clear_level)};
    begin_tls(s).receives("200 ok\r\n").sends("PROT C\r\n").receives("200 ok\r\n").succeeds();
    s.download("a", ascii).opens_data().sends("RETR a\r\n").asks_nothing().receives("150 go\r\n").begins_to_receive();
    s.data_ends().receives("226 done\r\n").commits().succeeds();
    s.check([](client_script_host& h) { CHECK(h.transferred(1).tls == nullptr); });
}

TEST_CASE("A handshake that this side breaks off fails the transfer, and the session goes on")
{
    client_script s{protected_session()};
    begin_securing(s);
    SUBCASE("before the 150")
    {
        s.data_secured(tls_errc::certificate_untrusted).closes_data().nothing_is_done().sends_nothing();
    }
    SUBCASE("after the 150")
    {
        s.receives("150 go\r\n").data_secured(tls_errc::certificate_untrusted).closes_data().nothing_is_done();
        s.sends_nothing();
    }
    s.receives("425 no data connection\r\n").fails(tls_errc::certificate_untrusted, 425);
    s.failed_at(operation_step::data_connection);
    is_usable(expect_nothing_committed(s)).replay_at_every_split();
}

TEST_CASE("A transfer that begins after all when its handshake has failed is aborted")
{
    client_script s{protected_session()};
    begin_securing(s).data_secured(tls_errc::certificate_expired).closes_data().receives("150 go\r\n");
    s.sends("ABOR\r\n").receives("426 cut\r\n226 ok\r\n").sends("PWD\r\n").receives("257 here\r\n");
    s.fails(tls_errc::certificate_expired).failed_at(operation_step::data_connection);
    is_usable(expect_nothing_committed(s)).replay_at_every_split();
}

TEST_CASE("A server that says 150 and refuses the TLS session tells why, whatever is seen first")
{
    for (const std::error_code error :
         {make_error_code(tls_errc::handshake_failed), std::make_error_code(std::errc::connection_reset)}) {
        client_script first{protected_session()};
        begin_securing(first).data_secured(error).closes_data().receives("150 go\r\n").sends_nothing();
        first.nothing_is_done().receives("522 session not reused\r\n");
        is_usable(expect_nothing_committed(first.fails(protocol_errc::refused_permanently, 522)))
            .replay_at_every_split();
        client_script later{protected_session()};
        begin_securing(later).receives("150 go\r\n").data_secured(error).closes_data().sends_nothing();
        later.nothing_is_done().receives("522 session not reused\r\n");
        is_usable(expect_nothing_committed(later.fails(protocol_errc::refused_permanently, 522)))
            .replay_at_every_split();
    }
    client_script silent{protected_session()};
    begin_securing(silent).data_secured(tls_errc::handshake_failed).closes_data().receives("150 go\r\n");
    silent.passes(client_options{}.reply_limit).fails(tls_errc::handshake_failed).closes();
}

TEST_CASE("A confirmation makes no file of a transfer whose handshake has failed")
{
    client_script s{protected_session()};
    begin_securing(s).receives("150 go\r\n").data_secured(tls_errc::handshake_failed).receives("226 done\r\n");
    s.closes_data().fails(tls_errc::handshake_failed);
    is_usable(expect_nothing_committed(s));
}

TEST_CASE("The reply that ends a transfer explains why the server has broken the handshake off, in either order")
{
    for (const std::error_code error :
         {make_error_code(tls_errc::handshake_failed), std::make_error_code(std::errc::connection_reset)}) {
        client_script first{protected_session()};
        begin_securing(first).receives("550 no such file\r\n").closes_data();
        first.fails(protocol_errc::refused_permanently, 550).failed_at(operation_step::transfer_command);
        is_usable(first.data_secured(error)).replay_at_every_split();
        client_script later{protected_session()};
        begin_securing(later).data_secured(error).closes_data().nothing_is_done().receives("550 no such file\r\n");
        later.fails(protocol_errc::refused_permanently, 550).failed_at(operation_step::transfer_command);
        is_usable(expect_nothing_committed(later)).replay_at_every_split();
        client_script begun{protected_session()};
        begin_securing(begun).receives("150 go\r\n").data_secured(error).closes_data().receives("522 resume\r\n");
        is_usable(begun.fails(protocol_errc::refused_permanently, 522));
    }
}

TEST_CASE("What a reply makes of a listing does not depend on when the handshake is seen to fail")
{
    client_script s{protected_session()};
    greet_in_tls(s).start([] { return operation::list{}; }).opens_data().sends("LIST\r\n").asks_to_secure_data();
    s.data_secured(tls_errc::handshake_failed).closes_data().receives("550 No files found\r\n").succeeds();
    is_usable(s);
}

TEST_CASE("What the server says of a connection that ended without close_notify is told with it")
{
    client_script s{protected_session()};
    begin_securing(s).data_secured().receives("150 go\r\n").begins_to_receive();
    s.data_ends(transfer_fault::connection, tls_errc::truncated).receives("522 resume the session\r\n");
    s.fails(tls_errc::truncated, 522).check([](client_script_host& h) {
        const auto& error = h.started_[1].done[0].outcome.error();
        CHECK(error.message() == error.code.message() + ": 522 resume the session");
    });
    is_usable(s);
}

TEST_CASE("A download that ends without close_notify is truncated, also if the server has confirmed it")
{
    client_script s{protected_session()};
    begin_securing(s).data_secured().receives("150 go\r\n").begins_to_receive().gets("abc");
    s.receives("226 done\r\n").data_ends(transfer_fault::connection, tls_errc::truncated).fails(tls_errc::truncated);
    is_usable(expect_nothing_committed(s.failed_at(operation_step::transfer)));
}

TEST_CASE("A handshake that hangs has the time that a data connection has")
{
    auto setup = protected_session();
    setup.options.data_connect_limit = 7s;
    client_script s{setup};
    begin_securing(s);
    SUBCASE("before the 150")
    {
        s.passes(7s - 1ns).asks_nothing().passes(1ns).closes_data().nothing_is_done().sends_nothing();
    }
    SUBCASE("after the 150")
    {
        s.passes(5s).receives("150 go\r\n").passes(7s - 1ns).asks_nothing().passes(1ns).closes_data().sends_nothing();
    }
    s.data_secured().asks_nothing().receives("425 too late\r\n").fails(protocol_errc::timed_out);
    is_usable(expect_nothing_committed(s.failed_at(operation_step::tls))).replay_at_every_split();
}

TEST_CASE("A server that says nothing more after a handshake that hung loses the session")
{
    client_script s{protected_session()};
    begin_securing(s).passes(client_options{}.data_connect_limit).closes_data().passes(client_options{}.reply_limit);
    s.fails(protocol_errc::timed_out).closes();
}

TEST_CASE("When the handshake is done the 150 has the time of a reply")
{
    client_script s{protected_session()};
    begin_securing(s).passes(20s).data_secured().passes(client_options{}.reply_limit - 1ns).nothing_is_done();
    s.receives("150 go\r\n").begins_to_receive();
}

TEST_CASE("Canceling during the handshake waits for the reply, and calls off what it began")
{
    client_script s{protected_session()};
    begin_securing(s);
    SUBCASE("begun")
    {
        s.receives("150 go\r\n").cancel(1).closes_data().sends("ABOR\r\n").data_secured().asks_nothing();
        s.receives("426 cut\r\n226 ok\r\n").sends("PWD\r\n").receives("257 here\r\n");
    }
    SUBCASE("not begun")
    {
        s.cancel(1).closes_data().sends_nothing().data_secured().asks_nothing().receives("425 no\r\n");
    }
    s.fails(protocol_errc::canceled);
    is_usable(expect_nothing_committed(s)).replay_at_every_split();
}

TEST_CASE("A confirmation may come before the handshake is seen to be done")
{
    client_script s{protected_session()};
    begin_securing(s).receives("150 go\r\n226 done\r\n").asks_nothing().data_secured().begins_to_receive().gets("ab");
    s.data_ends().commits().succeeds();
    is_usable(expect_tls(s, 1)).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A command that is replaced by another one gets a data connection and a handshake of its own")
{
    client_script s{protected_session()};
    greet_in_tls(s).features().receives("211-Features\r\n MLST type*;\r\n211 End\r\n").succeeds();
    s.check([](client_script_host& h) { (void)h.send_output(); });
    s.start([] { return operation::list{}; }).opens_data().sends("MLSD\r\n").asks_to_secure_data();
    s.receives("500 what\r\n").closes_data().opens_data().sends("LIST\r\n").asks_to_secure_data().data_secured();
    s.receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    s.replay_at_every_split();
}

TEST_CASE("Transfers whose commands go ahead have their handshakes in their turn")
{
    auto setup = protected_session();
    setup.options.pipelining = pipelining::always;
    client_script s{setup};
    greet_in_tls(s).download("a", ascii).download("b", ascii).opens_data().sends("RETR a\r\n").asks_to_secure_data();
    s.receives("150 go\r\n").data_secured().begins_to_receive().sends("EPSV\r\nRETR b\r\n").gets("ab").data_ends();
    s.receives("226 done\r\n229 (|||50004|)\r\n").commits().succeeds();
    s.connects_to({script_server.address, script_passive_port}).data_connected().asks_to_secure_data();
    s.receives("150 go\r\n").asks_nothing().data_secured().begins_to_receive().gets("cd").data_ends();
    expect_tls(s.receives("226 done\r\n").commits().succeeds(), 2);
    is_usable(s).replay_at_every_split();
}

TEST_CASE("A handshake that fails does not take the transfers behind it along")
{
    auto setup = protected_session();
    setup.options.pipelining = pipelining::always;
    client_script s{setup};
    greet_in_tls(s).download("a", ascii).download("b", ascii).opens_data().sends("RETR a\r\n").asks_to_secure_data();
    s.receives("150 go\r\n").sends("EPSV\r\nRETR b\r\n").data_secured(tls_errc::certificate_changed).closes_data();
    s.receives("426 broken\r\n").fails(tls_errc::certificate_changed, 426).receives("229 (|||50004|)\r\n");
    s.connects_to({script_server.address, script_passive_port}).data_connected().asks_to_secure_data().data_secured();
    s.receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    is_usable(s).replay_at_every_split();
}
