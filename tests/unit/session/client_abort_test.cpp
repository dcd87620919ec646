// How a client gives a transfer up half-way, and what servers answer (RFC 959 4.1.3, ABOR).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

client_script& begin_download(client_script& s)
{
    s.download("a", representation_type::ascii).opens_data().sends("RETR a\r\n");
    return s.receives("150 go\r\n").begins_to_receive().gets("ab");
}

} // namespace

TEST_CASE("A canceled transfer is over when its data connection has ended and the server has answered all")
{
    client_script s;
    begin_download(s).cancel(0).closes_data().sends("ABOR\r\n").nothing_is_done();
    SUBCASE("data first")
    {
        s.data_ends(transfer_fault::canceled)
            .receives("426 cut\r\n226 aborted\r\n")
            .sends("PWD\r\n")
            .receives("257 here\r\n");
    }
    SUBCASE("replies first")
    {
        s.receives("426 cut\r\n226 aborted\r\n").sends("PWD\r\n").receives("257 here\r\n").nothing_is_done();
        s.data_ends(transfer_fault::canceled);
    }
    s.fails(protocol_errc::canceled).check([](client_script_host& h) {
        CHECK(!h.started_[0].file->committed);
        CHECK(h.started_[0].file->gone);
    });
    s.asks_nothing().command("PWD").sends("PWD\r\n").receives("257 here\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Whatever replies a server gives to an aborted transfer, those after it belong to the next command")
{
    for (const std::string answers : {
             "426 cut\r\n226 aborted\r\n257 here\r\n",        // RFC 959
             "226 done\r\n226 nothing to do\r\n257 here\r\n", // the transfer was faster
             "426 cut\r\n225 aborted\r\n257 here\r\n",
             "226 done\r\n225 open\r\n257 here\r\n",
             "426 cut\r\n200 ABOR command successful.\r\n257 here\r\n",
             "226 done\r\n200 ABOR command successful.\r\n257 here\r\n",
             "426 cut\r\n257 here\r\n", // one reply for both commands
             "200 ABOR command successful.\r\n257 here\r\n",
             "226 aborted\r\n257 here\r\n",
             "426 cut\r\n226 cut\r\n225 aborted\r\n257 here\r\n",
             "426 cut\r\n502 no ABOR\r\n257 here\r\n",
             "226 done\r\n500 no ABOR\r\n257 here\r\n",
             "552 full\r\n226 aborted\r\n257 here\r\n",
             "450 busy\r\n226 aborted\r\n257 here\r\n",
             "426 cut\r\n226 aborted\r\n500 no PWD\r\n",
         }) {
        INFO(answers);
        client_script s;
        begin_download(s).cancel(0).data_ends(transfer_fault::canceled).receives(answers);
        s.fails(protocol_errc::canceled).closes_data().check([](client_script_host& h) { (void)h.send_output(); });
        s.command("PWD").sends("PWD\r\n").receives("257 here\r\n").succeeds().asks_nothing().replay_at_every_split();
    }
}

TEST_CASE("A server that answers an aborted transfer without end loses the session")
{
    client_script s;
    begin_download(s).cancel(0).closes_data().data_ends(transfer_fault::canceled);
    for (int i = 0; i < 4; ++i)
        s.receives("226 and on\r\n").nothing_is_done();
    s.receives("226 and on\r\n").fails(protocol_errc::canceled).closes();
}

TEST_CASE("A server that does not answer an aborted transfer loses the session")
{
    client_script s;
    begin_download(s).command("NOOP").cancel(0).closes_data().passes(client_options{}.abort_limit);
    s.fails(protocol_errc::canceled).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("The operation behind a canceled transfer runs after it")
{
    client_script s;
    begin_download(s).command("PWD").cancel(0).closes_data().sends("ABOR\r\n");
    s.data_ends(transfer_fault::canceled)
        .receives("426 cut\r\n226 aborted\r\n")
        .sends("PWD\r\n")
        .receives("257 here\r\n");
    s.fails(protocol_errc::canceled).sends("PWD\r\n").receives("257 here\r\n").succeeds();
}

TEST_CASE("Canceling twice is canceling once")
{
    client_script s;
    begin_download(s).cancel(0).cancel(0).closes_data().asks_nothing().sends("ABOR\r\n");
}

TEST_CASE("A transfer that the server has confirmed is canceled without ABOR")
{
    client_script s;
    begin_download(s).receives("226 done\r\n").cancel(0).closes_data().sends_nothing().nothing_is_done();
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::canceled).command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("A transfer whose bytes are all there is canceled all the same while its confirmation is out")
{
    client_script s;
    begin_download(s).data_ends().cancel(0).asks_nothing().sends("ABOR\r\n");
    s.receives("226 done\r\n226 nothing to do\r\n")
        .sends("PWD\r\n")
        .receives("257 here\r\n")
        .fails(protocol_errc::canceled)
        .asks_nothing();
}

TEST_CASE("Canceling before the transfer command leaves the session usable where no reply is awaited")
{
    client_script s;
    s.download("a", representation_type::ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n");
    s.connects_to({script_server.address, script_passive_port}).cancel(0).closes_data().fails(protocol_errc::canceled);
    s.sends_nothing().command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("Canceling while the listener is being opened closes it")
{
    client_script_setup setup;
    setup.options.data_mode = data_mode::active;
    client_script s{setup};
    s.download("a", representation_type::ascii).check([](client_script_host& h) {
        (void)h.take_data_request<action::listen_data>();
    });
    s.cancel(0).closes_data().fails(protocol_errc::canceled);
    s.check([](client_script_host& h) { h.answer_listening(script_client); }).sends_nothing().asks_nothing();
}

TEST_CASE("Canceling before the transfer command takes no notice of the reply that is still to come")
{
    client_script s;
    s.download("a", representation_type::ascii).sends("EPSV\r\n").cancel(0).fails(protocol_errc::canceled);
    s.failed_at(operation_step::data_address).asks_nothing().command("NOOP").sends("NOOP\r\n");
    s.receives("229 Enter (|||50004|)\r\n").nothing_is_done().receives("200 ok\r\n").succeeds().asks_nothing();
    s.replay_at_every_split();
}

TEST_CASE("A type that was asked for and then canceled is asked for again")
{
    client_script s;
    s.download("a").sends("TYPE I\r\n").cancel(0).fails(protocol_errc::canceled).failed_at(operation_step::type);
    s.download("a").sends("TYPE I\r\n").receives("200 ok\r\n").sends_nothing().receives("200 ok\r\n").sends("EPSV\r\n");
}

TEST_CASE("A place in a file that a canceled transfer has asked for is not where the next one begins")
{
    client_script s;
    s.download("a", representation_type::ascii, 5).opens_data().sends("REST 5\r\n").cancel(0).closes_data();
    s.fails(protocol_errc::canceled).failed_at(operation_step::restart);
    s.download("b", representation_type::ascii).sends("EPSV\r\n").receives("350 at 5\r\n");
    s.receives("229 (|||50004|)\r\n").connects_to({script_server.address, script_passive_port}).data_connected();
    s.sends("REST 0\r\n").receives("350 at 0\r\n").sends("RETR b\r\n").receives("150 go\r\n").begins_to_receive();
    s.data_ends().receives("226 done\r\n").commits().succeeds();
    s.download("c", representation_type::ascii).opens_data().sends("RETR c\r\n");
}

TEST_CASE("Canceling a transfer whose command is not answered waits for the answer, and calls off what it began")
{
    client_script s;
    s.download("a", representation_type::ascii).opens_data().sends("RETR a\r\n").cancel(0).closes_data();
    s.nothing_is_done().sends_nothing();
    SUBCASE("begun")
    {
        s.receives("150 go\r\n")
            .sends("ABOR\r\n")
            .receives("426 cut\r\n226 aborted\r\n")
            .sends("PWD\r\n")
            .receives("257 here\r\n");
    }
    SUBCASE("refused")
    {
        s.receives("550 no\r\n");
    }
    s.fails(protocol_errc::canceled).failed_at(operation_step::transfer_command).asks_nothing();
    s.command("PWD").sends("PWD\r\n").receives("257 here\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("A server that never answers the command of a canceled transfer loses the session")
{
    client_script s;
    s.download("a", representation_type::ascii).opens_data().sends("RETR a\r\n").cancel(0).closes_data();
    s.passes(client_options{}.abort_limit).fails(protocol_errc::canceled);
    s.failed_at(operation_step::transfer_command, session_state::closed).closes();
}

TEST_CASE("A download that is being committed is too late to cancel")
{
    client_script s;
    begin_download(s).data_ends().receives("226 done\r\n").cancel(0).nothing_is_done().commits().succeeds();
    s.check([](client_script_host& h) { CHECK(h.started_[0].file->committed); });
}
