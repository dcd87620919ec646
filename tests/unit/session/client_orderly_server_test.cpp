// Commands of several operations that go out together, to servers that are known to answer them in their order.
#include "client_script.hpp"

#include <libftp/store/single_file.hpp>

#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto ascii = representation_type::ascii;
const endpoint passive_end{script_server.address, script_passive_port};

client_script_setup server_that(server_effect effect)
{
    client_script_setup setup;
    setup.options.quirks = {{.where = server_words::greeting, .pattern = "*known*", .effects = effect}};
    return setup;
}

/// The greeting has told what the server is like.
client_script& greets(client_script& s)
{
    return s.greeting().receives("220 A known server\r\n").succeeds();
}

/// A first download has shown that EPSV works.
client_script& greets_and_sends(client_script& s)
{
    greets(s).download("first", ascii).opens_data().sends("RETR first\r\n").receives("150 go\r\n");
    return s.begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
}

client_script& connects(client_script& s)
{
    return s.receives("229 (|||50004|)\r\n").connects_to(passive_end).data_connected();
}

client_script& runs(client_script& s)
{
    connects(s).receives("150 go\r\n").begins_to_receive().data_ends().receives("226 done\r\n").commits();
    return s.succeeds();
}

} // namespace

TEST_CASE("Where EPSV has worked, downloads from an orderly server are asked for in one go")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    s.download("c", ascii).sends("EPSV\r\nRETR c\r\n").download("d", ascii).sends("EPSV\r\nRETR d\r\n");
    s.download("e", ascii).sends_nothing();
    connects(s).receives("150 go\r\n").begins_to_receive().data_ends();
    s.receives("226 done\r\n229 (|||50004|)\r\n150 go\r\n").sends_nothing().commits().succeeds();
    s.sends("EPSV\r\nRETR e\r\n").connects_to(passive_end).data_connected().begins_to_receive().data_ends();
    s.receives("226 done\r\n").commits().succeeds();
    runs(s);
    runs(s);
    runs(s).asks_nothing().command("NOOP").sends("NOOP\r\n").replay_at_every_split();
}

TEST_CASE("Behind the first command for data, what comes next goes to an orderly server before the data has begun")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets(s);
    s.download("a", ascii).download("b", ascii).sends("EPSV\r\n");
    connects(s).sends("RETR a\r\nEPSV\r\nRETR b\r\n").receives("150 go\r\n").begins_to_receive().data_ends();
    s.receives("226 done\r\n").commits().succeeds();
    runs(s).replay_at_every_split();
}

TEST_CASE("Nothing goes ahead of a reply that decides what is to be sent")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a").download("b").sends("TYPE I\r\nEPSV\r\nRETR a\r\n").receives("200 image\r\n");
    s.sends("EPSV\r\nRETR b\r\n");
    runs(s);
    runs(s);
    s.download("c", representation_type::image, 7).download("d").sends("EPSV\r\nREST 7\r\nRETR c\r\n");
    connects(s).sends_nothing().receives("350 at 7\r\n").sends("EPSV\r\nRETR d\r\n").receives("150 go\r\n");
    s.begins_to_receive().data_ends().receives("226 done\r\n").commits().succeeds();
    runs(s).replay_at_every_split();
}

TEST_CASE("A refusal behind a place in a file changes nothing of what is on its way already")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii, 7).download("b", ascii).sends("EPSV\r\nREST 7\r\nRETR a\r\n");
    connects(s).receives("350 at 7\r\n").sends("EPSV\r\nRETR b\r\n").receives("550 no\r\n").closes_data();
    runs(s.fails(protocol_errc::refused_permanently, 550)).sends_nothing().replay_at_every_split();
}

TEST_CASE("An upload to an orderly server begins when it is connected, whether the server has said so or not")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.upload("a", "xyz", ascii).sends("EPSV\r\nSTOR a\r\n");
    connects(s).begins_to_send().puts("xyz").receives("150 go\r\n").data_ends().receives("226 done\r\n").succeeds();
    s.upload("b", "xyz", ascii).sends("EPSV\r\nSTOR b\r\n").receives("229 (|||50004|)\r\n150 go\r\n");
    s.connects_to(passive_end).asks_nothing().data_connected().begins_to_send().puts("xyz").data_ends();
    s.receives("226 done\r\n").succeeds();
    s.upload("c", "xyz", ascii).sends("EPSV\r\nSTOR c\r\n");
    connects(s).begins_to_send().puts("xyz").data_ends().nothing_is_done().receives("150 go\r\n226 done\r\n");
    s.succeeds().replay_at_every_split();
}

TEST_CASE("An upload that is refused when it has begun ends by the refusal, also where the connection breaks first")
{
    const auto reset = std::make_error_code(std::errc::connection_reset);
    const auto unreadable = std::make_error_code(std::errc::io_error);
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.upload("a", "xyz", ascii).sends("EPSV\r\nSTOR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    connects(s).begins_to_send().data_ends(transfer_fault::connection, reset).nothing_is_done();
    s.receives("553 not here\r\n").fails(protocol_errc::refused_permanently, 553);
    runs(s);
    s.upload("c", "xyz", ascii).sends("EPSV\r\nSTOR c\r\n");
    connects(s).begins_to_send().receives("553 not here\r\n").closes_data().nothing_is_done();
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::refused_permanently, 553);
    s.upload("d", "xyz", ascii).sends("EPSV\r\nSTOR d\r\n");
    connects(s).begins_to_send().data_ends(transfer_fault::store, unreadable).closes_data().nothing_is_done();
    s.receives("426 cut\r\n").fails(unreadable).asks_nothing().replay_at_every_split();
}

TEST_CASE(
    "An upload that is canceled behind its commands sends nothing: the server gets a connection, and that is reset")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.upload("a", "xyz", ascii).sends("EPSV\r\nSTOR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n").cancel(2);
    s.receives("229 (|||50004|)\r\n150 go\r\n").connects_to(passive_end).asks_nothing().data_connected();
    s.closes_data().nothing_is_done().receives("426 cut\r\n").fails(protocol_errc::canceled);
    runs(s);
    s.upload("c", "xyz", ascii).sends("EPSV\r\nSTOR c\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end);
    s.cancel(4).data_connected().closes_data().nothing_is_done().receives("150 go\r\n").sends("ABOR\r\n");
    s.receives("426 cut\r\n226 aborted\r\n").sends("PWD\r\n").receives("257 here\r\n").fails(protocol_errc::canceled);
    s.replay_at_every_split();
}

TEST_CASE("The reply to a directory made ahead does not stand for the one that is behind those to ABOR")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).command("MKD", "b").sends("EPSV\r\nRETR a\r\nMKD b\r\n");
    connects(s).receives("150 go\r\n").begins_to_receive().receives("503 not now\r\n").closes_data();
    s.sends("ABOR\r\n").data_ends(transfer_fault::canceled).receives("257 made\r\n").sends("PWD\r\n");
    s.receives("426 cut\r\n226 aborted\r\n").nothing_is_done().receives("257 here\r\n");
    s.fails(protocol_errc::order_confused, 503).sends("MKD b\r\n").replay_at_every_split();
}

TEST_CASE("A refusal tells that nobody listens for the connection any more")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    s.receives("229 (|||50004|)\r\n550 no such file\r\n").connects_to(passive_end).closes_data();
    s.fails(protocol_errc::refused_permanently, 550).receives("229 (|||50004|)\r\n").connects_to(passive_end);
    s.data_refused().nothing_is_done().receives("550 no such file\r\n");
    s.fails(protocol_errc::refused_permanently, 550).asks_nothing().replay_at_every_split();
}

TEST_CASE("What a server refuses is the transfer's command, be the connection there, on its way, or in use already")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    const auto refused = [&s](const char* reply, operation_step where) {
        s.receives(reply).closes_data().failed_at(where).asks_nothing();
    };
    s.download("a", ascii).receives("229 (|||50004|)\r\n").connects_to(passive_end);
    refused("550 no\r\n", operation_step::transfer_command);
    connects(s.download("b", ascii));
    refused("450 not now\r\n", operation_step::transfer_command);
    connects(s.download("c", ascii));
    refused("425 no connection\r\n", operation_step::transfer_command);
    s.download("d", ascii).receives("229 (|||50004|)\r\n").connects_to(passive_end);
    refused("425 no connection\r\n", operation_step::data_connection);
    connects(s.upload("e", "xyz", ascii)).begins_to_send().receives("553 no\r\n").closes_data();
    s.data_ends(transfer_fault::canceled).failed_at(operation_step::transfer_command).replay_at_every_split();
}

TEST_CASE("A port that does not answer is given up in time, and the transfer's reply is still waited for")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    s.receives("229 (|||50004|)\r\n").connects_to(passive_end).passes(client_options{}.data_connect_limit);
    s.closes_data().nothing_is_done().receives("425 no connection\r\n").fails(protocol_errc::timed_out);
    runs(s).replay_at_every_split();
}

TEST_CASE("The reply to a transfer without a port is nobody's")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    s.receives("425 no port\r\n").fails(protocol_errc::refused_transiently, 425).receives("503 EPSV first\r\n");
    runs(s).replay_at_every_split();
}

TEST_CASE("Another command for an address does not come behind those of other operations")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").command("DELE", "x").sends("DELE x\r\n");
    s.receives("500 no EPSV today\r\n").sends_nothing().fails(protocol_errc::order_confused, 500);
    s.receives("503 EPSV first\r\n250 gone\r\n").succeeds();
    s.download("b", ascii).download("c", ascii).sends("EPSV\r\n").receives("500 no\r\n").sends("PASV\r\n");
    s.receives("227 (192,0,2,1,195,84)\r\n").connects_to(passive_end).data_connected().sends("RETR b\r\n");
}

TEST_CASE("Nothing goes ahead of a listing for which there is another command until it has begun")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets(s).features().sends("FEAT\r\n").receives("211-\r\n MLST type*;\r\n211 end\r\n").succeeds();
    s.download("first", ascii)
        .opens_data()
        .sends("RETR first\r\n")
        .receives("150 go\r\n")
        .begins_to_receive()
        .data_ends();
    s.receives("226 done\r\n").commits().succeeds();
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").list("d").sends("EPSV\r\nMLSD d\r\n").command("DELE", "x");
    s.sends_nothing();
    runs(s).sends_nothing();
    connects(s).receives("500 what?\r\n").closes_data().sends("EPSV\r\n");
    connects(s).sends("LIST d\r\nDELE x\r\n").receives("150 go\r\n").begins_to_receive().data_ends();
    s.receives("226 done\r\n250 gone\r\n").commits().succeeds().succeeds();
}

TEST_CASE("An upload that goes on at a place is asked for when the server has taken that place")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.start(
        [] { return operation::upload{.path = "a", .source = make_text_reader("xyz"), .type = ascii, .offset = 7}; });
    s.sends("EPSV\r\nREST 7\r\n").receives("229 (|||50004|)\r\n").connects_to(passive_end);
    s.receives("501 no\r\n").closes_data().fails(protocol_errc::refused_permanently, 501).sends_nothing();
}

TEST_CASE("A place in a file that was asked for ahead in vain is taken back")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii, 7).sends("EPSV\r\nREST 7\r\nRETR a\r\n").receives("425 no port\r\n");
    s.fails(protocol_errc::refused_transiently, 425).receives("350 at 7\r\n425 no port\r\n");
    s.download("b", ascii).sends("EPSV\r\nREST 0\r\nRETR b\r\n").replay_at_every_split();
}

TEST_CASE("Operations that are canceled behind their commands end one by one as they begin")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).download("c", ascii).download("d", ascii);
    s.download("e", ascii).sends("EPSV\r\nRETR b\r\nEPSV\r\nRETR c\r\nEPSV\r\nRETR d\r\n");
    s.cancel(6).cancel(4);
    runs(s);
    runs(s);
    connects(s).receives("150 go\r\n").closes_data().receives("426 cut\r\n").fails(protocol_errc::canceled);
    runs(s).fails(protocol_errc::canceled).replay_at_every_split();
}

TEST_CASE("Times and removals go in line with transfers")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    const auto set_time = [](const std::string& path) {
        return [path] { return operation::set_modified{path, file_time{}}; };
    };
    s.start(set_time("x")).sends("MFMT 19700101000000 x\r\n").receives("213 Modify=19700101000000; x\r\n").succeeds();
    s.upload("a", "1", ascii).start(set_time("a")).command("DELE", "b").upload("c", "2", ascii);
    s.sends("EPSV\r\nSTOR a\r\nMFMT 19700101000000 a\r\nDELE b\r\nEPSV\r\nSTOR c\r\n");
    connects(s).receives("150 go\r\n").begins_to_send().puts("1").data_ends();
    s.receives("226 done\r\n213 Modify=19700101000000; a\r\n250 gone\r\n").succeeds().succeeds().succeeds();
    connects(s).receives("150 go\r\n").begins_to_send().puts("2").data_ends().receives("226 done\r\n").succeeds();
    s.replay_at_every_split();
}

TEST_CASE("Questions for times go out together, and in line with transfers")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    const auto ask_time = [](const std::string& path) { return [path] { return operation::modified{path}; }; };
    s.start(ask_time("x")).sends("MDTM x\r\n").start(ask_time("y")).download("a", ascii).start(ask_time("z"));
    s.sends("MDTM y\r\nEPSV\r\nRETR a\r\nMDTM z\r\n").receives("213 19700101000001\r\n");
    s.gives(file_time{1s}).receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    runs(s).receives("213 19700101000002\r\n").gives(file_time{2s}).replay_at_every_split();
}

TEST_CASE("A server that reads ahead gets all up to a transfer's command, and nothing while that goes on")
{
    client_script s{server_that(server_effect::reads_ahead)};
    greets_and_sends(s);
    s.command("DELE", "x").command("DELE", "y").upload("a", "1", ascii).upload("b", "2", ascii);
    s.sends("DELE x\r\nDELE y\r\nEPSV\r\nSTOR a\r\n").receives("250 gone\r\n250 gone\r\n").succeeds().succeeds();
    s.sends_nothing();
    connects(s).asks_nothing().receives("150 go\r\n").begins_to_send().puts("1").data_ends().sends_nothing();
    s.receives("226 done\r\n").succeeds().sends("EPSV\r\nSTOR b\r\n");
}

TEST_CASE("A server that opens the next port before it begins confuses the order")
{
    client_script s{server_that(server_effect::keeps_order)};
    greets_and_sends(s);
    s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
    connects(s).receives("229 (|||50005|)\r\n").check([](client_script_host& h) {
        CHECK(h.session_.confuses_order());
        CHECK(!h.session_.wants_input());
    });
}

TEST_CASE("A server that knows a command no more when others come with it may have dropped those")
{
    for (const auto* words : {"500 one at a time\r\n", "502 one at a time\r\n"}) {
        client_script s{server_that(server_effect::keeps_order)};
        greets_and_sends(s);
        s.download("a", ascii).sends("EPSV\r\nRETR a\r\n").download("b", ascii).sends("EPSV\r\nRETR b\r\n");
        connects(s).receives(words).check([](client_script_host& h) {
            CHECK(h.session_.confuses_order());
            CHECK(!h.session_.wants_input());
        });
    }
}
