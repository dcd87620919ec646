// Commands that go out before the transfer before them is over, and servers that cannot take that.
#include "client_script.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto ascii = representation_type::ascii;
const endpoint passive_end{script_server.address, script_passive_port};

client_script_setup pipelining_always()
{
    client_script_setup setup;
    setup.options.pipelining = pipelining::always;
    return setup;
}

/// The first of two downloads has begun, and EPSV has been seen to work.
client_script& begin_first_of_two(client_script& s, const std::string& second = "b")
{
    s.download("a", ascii).download(second, ascii).sends("EPSV\r\n").receives("229 (|||50004|)\r\n");
    return s.connects_to(passive_end).data_connected().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive();
}

/// The second one, whose commands have been sent, from its EPSV on.
client_script& run_second(client_script& s)
{
    s.connects_to(passive_end).data_connected().sends_nothing().receives("150 go\r\n").begins_to_receive();
    return s.gets("cd").data_ends().receives("226 done\r\n").commits().succeeds();
}

} // namespace

TEST_CASE("The next transfer's commands go out when the one before has begun, and its replies come after that one's")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s)
        .sends("EPSV\r\nRETR b\r\n")
        .gets("ab")
        .data_ends()
        .receives("226 done\r\n")
        .commits()
        .succeeds();
    s.receives("229 (|||50004|)\r\n");
    run_second(s).asks_nothing().command("NOOP").sends("NOOP\r\n").replay_at_every_split();
}

TEST_CASE("Replies to commands sent ahead may come while the transfer before them is being committed")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").data_ends();
    s.receives("226 done\r\n229 (|||50004|)\r\n150 go\r\n").nothing_is_done().commits().succeeds();
    s.connects_to(passive_end).data_connected().begins_to_receive().gets("cd").data_ends().receives("226 done\r\n");
    s.commits().succeeds().replay_at_every_split();
}

TEST_CASE("Replies to commands sent ahead may come before the last bytes of the transfer before them")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").receives("226 done\r\n229 (|||50004|)\r\n");
    s.asks_nothing().gets("yz").data_ends().commits().succeeds();
    run_second(s).replay_at_every_split();
}

TEST_CASE("TYPE and REST go ahead where the next transfer needs them")
{
    client_script s{pipelining_always()};
    s.download("a", ascii).download("b", representation_type::image, 7).opens_data().sends("RETR a\r\n");
    s.receives("150 go\r\n").begins_to_receive().sends("TYPE I\r\nEPSV\r\nREST 7\r\nRETR b\r\n").data_ends();
    s.receives("226 done\r\n200 image\r\n229 (|||50004|)\r\n350 at 7\r\n150 go\r\n").commits().succeeds();
    s.connects_to(passive_end).data_connected().begins_to_receive().data_ends().receives("226 done\r\n").commits();
    s.succeeds().replay_at_every_split();
}

TEST_CASE("Nothing goes ahead of a transfer in active mode, nor before a passive one has worked")
{
    auto setup = pipelining_always();
    setup.options.data_mode = data_mode::active;
    client_script s{setup};
    s.download("a", ascii).download("b", ascii).listens_on({script_client.address, 5000});
    s.sends("EPRT |1|192.0.2.7|5000|\r\n").receives("200 ok\r\n").sends("RETR a\r\n").receives("150 go\r\n");
    s.data_connected_from({script_server.address, 20}).begins_to_receive().sends_nothing();
}

TEST_CASE("Commands go ahead only to servers that are known to keep their order, unless it is asked for")
{
    client_script unknown;
    begin_first_of_two(unknown).sends_nothing();

    client_script_setup known;
    known.options.quirks = {
        {.where = server_words::greeting, .pattern = "*orderly*", .effects = server_effect::keeps_order}};
    client_script orderly{known};
    orderly.greeting().receives("220 An orderly server\r\n").succeeds();
    orderly.download("a", ascii).download("b", ascii).opens_data().sends("RETR a\r\nEPSV\r\nRETR b\r\n");

    known.options.pipelining = pipelining::off;
    client_script off{known};
    off.greeting().receives("220 An orderly server\r\n").succeeds();
    begin_first_of_two(off).sends_nothing();

    auto refused = pipelining_always();
    refused.options.quirks = {
        {.where = server_words::greeting, .pattern = "*slow*", .effects = server_effect::step_by_step}};
    client_script step_by_step{refused};
    step_by_step.greeting().receives("220 A slow server\r\n").succeeds();
    begin_first_of_two(step_by_step).sends_nothing();
}

TEST_CASE("What is refused of the commands sent ahead is done in another way, step by step")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends().receives("226 done\r\n").commits().succeeds();
    s.receives("500 no EPSV today\r\n").sends("PASV\r\n").receives("425 no data connection\r\n");
    s.receives("227 (192,0,2,1,195,84)\r\n").connects_to(passive_end).data_connected().sends("RETR b\r\n");
    s.receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    s.replay_at_every_split();
}

TEST_CASE("A transfer that fails does not take those behind it along")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends(transfer_fault::connection);
    s.receives("426 broken\r\n229 (|||50004|)\r\n").fails(protocol_errc::transfer_incomplete);
    run_second(s).replay_at_every_split();
}

TEST_CASE("A transfer that is canceled with commands behind it ends by its data connection alone")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").cancel(0).closes_data().sends_nothing();
    s.data_ends(transfer_fault::canceled).receives("426 cut\r\n").fails(protocol_errc::canceled);
    s.receives("229 (|||50004|)\r\n");
    run_second(s).replay_at_every_split();
}

TEST_CASE("A transfer that is canceled after its commands went ahead is called off as soon as it has begun")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s)
        .sends("EPSV\r\nRETR b\r\n")
        .cancel(1)
        .data_ends()
        .receives("226 done\r\n")
        .commits()
        .succeeds();
    s.receives("229 (|||50004|)\r\n").connects_to(passive_end).data_connected().receives("150 go\r\n").closes_data();
    s.sends("ABOR\r\n")
        .receives("426 cut\r\n226 aborted\r\n")
        .sends("PWD\r\n")
        .receives("257 here\r\n")
        .fails(protocol_errc::canceled);
    s.asks_nothing().command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("A transfer that is canceled after its commands went ahead leaves no data connection if it is over at once")
{
    for (const bool is_connected : {false, true}) {
        client_script s{pipelining_always()};
        begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").cancel(1).data_ends().receives("226 done\r\n").commits();
        s.succeeds().receives("229 (|||50004|)\r\n").connects_to(passive_end);
        if (is_connected)
            s.data_connected();
        s.receives("226 nothing in it\r\n").closes_data().fails(protocol_errc::canceled).asks_nothing();
        s.replay_at_every_split();
    }
}

TEST_CASE("A transfer that is canceled after its commands went ahead has a deadline of its own from then on")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s)
        .sends("EPSV\r\nRETR b\r\n")
        .cancel(1)
        .data_ends()
        .receives("226 done\r\n")
        .commits()
        .succeeds();
    s.check([](client_script_host& h) { CHECK(h.session_.deadline() > h.now_); });
    s.passes(client_options{}.reply_limit).fails(protocol_errc::canceled).closes();
}

TEST_CASE("A transfer sent ahead that cannot connect is called off before anything else")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends();
    s.receives("226 done\r\n229 (|||50004|)\r\n150 go\r\n").commits().succeeds();
    s.connects_to(passive_end).command("SYST").data_refused().sends("ABOR\r\n").receives("425 no data connection\r\n");
    s.sends("PWD\r\n").receives("226 nothing to abort\r\n257 here\r\n").fails(protocol_errc::data_connection_refused);
    s.sends("SYST\r\n").receives("215 UNIX\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Replies to a transfer sent ahead without a port are nobody's, also behind an operation given up")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends();
    s.receives("226 done\r\n425 no port\r\n").command("NOOP").nothing_is_done().commits().succeeds();
    s.sends("NOOP\r\n").fails(protocol_errc::refused_transiently, 425).cancel(2).fails(protocol_errc::canceled);
    s.receives("150 go\r\n").receives("425 no data connection\r\n").receives("200 ok\r\n").nothing_is_done();
    s.command("SYST").sends("SYST\r\n").receives("215 UNIX\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Early replies to a transfer that fails before them are nobody's, and older than what comes next")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends();
    s.receives("226 done\r\n229 (no port)\r\n150 go\r\n").commits().succeeds();
    s.fails(protocol_errc::address_malformed, 229).receives("425 no data connection\r\n").nothing_is_done();
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Behind a transfer to a server that is not known, nothing goes whose reply could be taken for its end")
{
    client_script s{pipelining_always()};
    s.download("a", ascii).command("DELE", "b").opens_data().sends("RETR a\r\n").receives("150 go\r\n");
    s.begins_to_receive().sends_nothing();
}

TEST_CASE("A server that answers commands during a transfer is noticed, and gets them one by one from then on")
{
    const std::vector<std::pair<std::string, std::string>> answers{{"450 busy\r\n", "450 busy\r\n"},
                                                                   {"229 (|||50004|)\r\n", "150 go\r\n"},
                                                                   {"503 not now\r\n", "503 not now\r\n"}};
    for (const auto& replies : answers) {
        const auto& first = replies.first;
        INFO(first);
        client_script s{pipelining_always()};
        begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").receives(first).closes_data();
        s.sends("ABOR\r\n").data_ends(transfer_fault::canceled).receives(replies.second + "426 cut\r\n226 aborted\r\n");
        s.sends("PWD\r\n").receives("257 here\r\n").fails(protocol_errc::order_confused, std::stoi(first));
        s.check([](client_script_host& h) {
            CHECK(h.started_[0].done[0].outcome.error().code == failure::transient);
            CHECK(h.session_.confuses_order());
        });
        s.sends("EPSV\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end).data_connected();
        s.sends("RETR b\r\n").download("c", ascii).receives("150 go\r\n").begins_to_receive().sends_nothing();
    }
}

TEST_CASE("A data connection that breaks as the next one is prepared is a matter of order, too")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").data_ends(transfer_fault::connection);
    s.receives("229 (|||50004|)\r\n")
        .sends("ABOR\r\n")
        .receives("426 cut\r\n226 aborted\r\n")
        .sends("PWD\r\n")
        .receives("257 here\r\n");
    s.fails(protocol_errc::order_confused, 229);
}

TEST_CASE("Replies to TYPE and ABOR do not stand for the one that is behind all others")
{
    client_script s{pipelining_always()};
    s.download("a", ascii).download("b").opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive();
    s.sends("TYPE I\r\nEPSV\r\nRETR b\r\n").receives("200 image\r\n").closes_data().sends("ABOR\r\n");
    s.data_ends(transfer_fault::canceled).receives("450 no\r\n450 no\r\n426 cut\r\n200 ok\r\n").sends("PWD\r\n");
    s.nothing_is_done().receives("257 here\r\n").fails(protocol_errc::order_confused, 200);
}

TEST_CASE("A server that drops commands sent ahead is noticed when no reply comes")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends().receives("226 done\r\n").commits().succeeds();
    s.passes(client_options{}.reply_limit).fails(protocol_errc::timed_out).closes();
    s.check([](client_script_host& h) { CHECK(h.session_.confuses_order()); });
}

TEST_CASE("A download of a part lets nothing go ahead: how its data connection ends is not known")
{
    client_script s{pipelining_always()};
    s.start([] {
        return operation::download{.path = "a",
                                   .sink = std::make_unique<recorded_writer>(std::make_shared<written_file>()),
                                   .type = ascii,
                                   .length = 2};
    });
    s.download("b", ascii).opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive().sends_nothing();
}

TEST_CASE("More replies than the commands sent ahead can have end the session")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").data_ends().receives("226 done\r\n");
    s.receives("229 (|||50004|)\r\n");
    constexpr int allowed = 2 * (3 + 1); // three preliminary ones and a last one to each
    for (int further = 1; further < allowed; ++further)
        s.receives("150 go\r\n");
    s.check([](client_script_host& h) { CHECK(h.session_.wants_input()); });
    s.receives("150 go\r\n").check([](client_script_host& h) { CHECK(!h.session_.wants_input()); });
}

TEST_CASE("When the connection fails with commands sent ahead, all operations end")
{
    client_script s{pipelining_always()};
    begin_first_of_two(s).sends("EPSV\r\nRETR b\r\n").gets("ab").eof().closes_data();
    s.data_ends(transfer_fault::canceled)
        .fails(protocol_errc::connection_closed)
        .fails(protocol_errc::connection_closed);
}
