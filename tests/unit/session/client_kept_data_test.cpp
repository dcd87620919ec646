// Small files that go one after the other over one data connection, where the server offers that (RFC 959 3.3, 3.4.2).
#include "client_kept_data_script.hpp"

#include <string>

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("Small files come over one data connection, and are asked for in one go")
{
    client_script s{orderly()};
    begins_first(s);
    ends_first(small_download(s, "a").sends(asks_to_keep + "EPSV\r\nRETR a\r\n")).receives(keeps);
    small_download(s, "b", 4).sends("RETR b\r\n");
    small_download(s, "c", 0).sends("RETR c\r\n").receives(address + "150 go\r\n");
    comes(connects(s), "abc", "250 done\r\n125 go\r\n");
    comes(s, "defg", "250 done\r\n125 go\r\n");
    has_come(has_come(has_come(comes(s, ""), 4, "abc"), 5, "defg"), 6, "")
        .asks_nothing()
        .replay_at_every_split()
        .fail_after_every_step();
}

TEST_CASE("The connection that is kept serves what comes later, whichever way it goes")
{
    client_script s{orderly()};
    keeps_one(s).upload("y", "xyz").sends("STOR y\r\n").begins_to_send().puts(in_blocks("xyz")).data_ends();
    s.receives("125 go\r\n250 done\r\n").succeeds();
    small_download(s, "z").sends("RETR z\r\n").receives("125 go\r\n");
    comes(s, "abc").asks_nothing().replay_at_every_split();
}

TEST_CASE("The first of many sets up the connection that the others share, in one go")
{
    client_script s{orderly()};
    s.greeting().receives("220 A known server\r\n").succeeds();
    s.features().sends("FEAT\r\n").receives(features_of_ours).succeeds();
    s.check([](client_script_host& h) {
        auto file = std::make_shared<written_file>();
        auto sink = std::make_unique<recorded_writer>(file);
        h.start(operation::download{.path = "a", .sink = std::move(sink), .expected_size = 3, .is_one_of_many = true},
                file);
    });
    // The command for the transfer waits until it is known that data connections come about.
    s.sends("TYPE I\r\n" + asks_to_keep + "EPSV\r\n").receives("200 image\r\n" + keeps + address);
    small_download(connects(s), "b").sends("RETR a\r\nRETR b\r\n").receives("150 go\r\n");
    comes(s, "abc", "250 done\r\n125 go\r\n");
    comes(s, "def").asks_nothing().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Where EPSV leads nowhere, the connection that is shared comes by PASV")
{
    for (const std::string refusal : {"500 what?\r\n", "522 no\r\n"}) {
        client_script s{orderly()};
        s.greeting().receives("220 A known server\r\n").succeeds();
        s.features().sends("FEAT\r\n").receives(features_of_ours).succeeds();
        many_listed(s, "d").sends("TYPE I\r\n" + asks_to_keep + "EPSV\r\n");
        s.receives("200 image\r\n" + keeps + refusal).sends("PASV\r\n").receives("227 (192,0,2,1,195,84)\r\n");
        connects(s).sends("LIST d\r\n").receives("150 go\r\n").begins_to_receive().gets(in_blocks(""));
        s.data_ends().receives("250 done\r\n").commits().succeeds();
        small_download(s, "a").sends("RETR a\r\n").replay_at_every_split();
    }
}

TEST_CASE("The listings of a tree and its files come over one data connection, without a change of the type")
{
    client_script s{orderly()};
    s.greeting().receives("220 A known server\r\n").succeeds().features().sends("FEAT\r\n");
    s.receives("211-Features:\r\n MLST type*;\r\n MODE B KEEP\r\n211 End\r\n").succeeds();
    many_listed(s, "d").sends("TYPE I\r\n" + asks_to_keep + "EPSV\r\n");
    connects(s.receives("200 image\r\n" + keeps + address)).sends("MLSD d\r\n").receives("150 go\r\n");
    s.begins_to_receive().gets(in_blocks("type=dir; e\r\n")).data_ends().receives("250 done\r\n");
    s.commits().succeeds();
    many_listed(s, "d/e").sends("MLSD d/e\r\n").receives("125 go\r\n").begins_to_receive();
    s.gets(in_blocks("type=file;size=3; f\r\n")).data_ends().receives("250 done\r\n").commits().succeeds();
    s.check([](client_script_host& h) {
        const auto& listed = std::get<parsed_listing>(*h.started_[3].done.at(0).outcome);
        REQUIRE(listed.entries.size() == 1);
        CHECK(listed.entries[0].name == "f");
        CHECK(listed.entries[0].size == 3);
    });
    small_download(s, "d/e/f").sends("RETR d/e/f\r\n").receives("125 go\r\n");
    comes(s, "abc").asks_nothing().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A directory that is refused leaves the connection to what comes next")
{
    client_script s{orderly()};
    many_listed(keeps_one(s), "gone").sends("LIST gone\r\n").receives("550 no such directory\r\n");
    s.fails(protocol_errc::refused_permanently, 550).asks_nothing();
    small_download(s, "a").sends("RETR a\r\n").receives("125 go\r\n");
    comes(s, "abc").replay_at_every_split();
}

TEST_CASE("A listing that ends without the mark of its end is not whole")
{
    client_script s{orderly()};
    many_listed(keeps_one(s), "d").sends("LIST d\r\n").receives("125 go\r\n").begins_to_receive();
    s.gets(std::string{"\0\0\3abc", 6}).data_ends().receives("250 done\r\n").closes_data();
    s.commits(make_error_code(protocol_errc::transfer_incomplete)).fails(protocol_errc::transfer_incomplete);
    s.failed_at(operation_step::transfer);
}

TEST_CASE("In active mode each transfer has a data connection of its own")
{
    auto setup = orderly();
    setup.options.data_mode = data_mode::active;
    client_script s{setup};
    s.greeting().receives("220 A known server\r\n").succeeds();
    s.features().sends("FEAT\r\n").receives(features_of_ours).succeeds();
    many_listed(s, "d").sends_nothing().listens_on({script_client.address, 50005});
    s.sends("EPRT |1|192.0.2.7|50005|\r\n").receives("200 ok\r\n").sends("LIST d\r\n");
}

TEST_CASE("The host hears that the data connection is to stay")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n").receives("125 go\r\n").check([](client_script_host& h) {
        CHECK(std::get<action::receive_data>(h.actions_.front()).leaves_open);
    });
    comes(s, "abc");
}

TEST_CASE("A server that closes the data connection says so by 226, and the next file gets another one")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n").receives("125 go\r\n").begins_to_receive().gets(in_blocks("abc"));
    s.data_ends().receives("226 done\r\n").closes_data().commits().succeeds().receives("425 no connection\r\n");
    s.sends("EPSV\r\n").receives(address);
    connects(s).sends("RETR b\r\n").receives("150 go\r\n");
    comes(s, "abc").replay_at_every_split();
}

TEST_CASE("A file that was asked for over a connection that is gone is asked for again over another one")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n").receives("425 no connection\r\n").closes_data();
    s.sends("EPSV\r\n").receives(address);
    connects(s).sends("RETR a\r\n").receives("150 go\r\n");
    comes(s, "abc").replay_at_every_split();
}

TEST_CASE("Behind a transfer that breaks off, those that were asked for over its connection take their turn again")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n");
    s.command("DELE", "old").sends("DELE old\r\n");
    s.receives("125 go\r\n").begins_to_receive().gets("\1").data_ends(transfer_fault::connection).nothing_is_done();
    s.receives("426 broken\r\n").fails(protocol_errc::transfer_incomplete);
    // DELE has been obeyed, and is not sent again: so it is over before the download that was asked for before it.
    s.receives("425 no connection\r\n").sends("EPSV\r\nRETR b\r\n").receives("250 deleted\r\n");
    s.check([](client_script_host& h) {
        CHECK(h.outcomes().at(7) == true);
        CHECK_FALSE(h.outcomes().at(6));
    });
    s.receives(address + "150 go\r\n");
    comes(connects(s), "abc").succeeds().replay_at_every_split();
}

TEST_CASE("Transfers that take their turn again lead to another data connection, however many they are")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n");
    small_download(s, "c").sends("RETR c\r\n").receives("425 no connection\r\n").closes_data().sends_nothing();
    s.receives("425 no connection\r\n").sends_nothing().receives("425 no connection\r\n").sends("EPSV\r\n");
    connects(s.receives(address)).sends("RETR c\r\nRETR b\r\nRETR a\r\n").receives("150 go\r\n");
    s.begins_to_receive().gets(in_blocks("abc")).data_ends().receives("250 done\r\n125 go\r\n").commits();
    s.begins_to_receive().gets(in_blocks("abc")).data_ends().receives("250 done\r\n125 go\r\n").commits();
    comes(s, "abc").succeeds().succeeds().replay_at_every_split();
}

TEST_CASE("A file that the server begins before it hears of the end of the connection is asked for again")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n").receives("125 go\r\n").begins_to_receive();
    s.data_ends(transfer_fault::store, std::make_error_code(std::errc::no_space_on_device)).closes_data();
    s.receives("250 done\r\n").fails(std::make_error_code(std::errc::no_space_on_device));
    s.receives("125 go\r\n").asks_nothing().receives("426 broken\r\n").sends("EPSV\r\n").receives(address);
    connects(s).sends("RETR b\r\n").receives("150 go\r\n");
    comes(s, "abc").replay_at_every_split();
}

TEST_CASE("A file of another size than expected is asked for again alone: its bytes may be those of the next one")
{
    for (const std::string wrong : {"abc", "", "abcde"}) {
        client_script s{orderly()};
        keeps_one(s);
        small_download(s, "a", 4).sends("RETR a\r\n").receives("125 go\r\n").begins_to_receive();
        s.gets(in_blocks(wrong)).data_ends().receives("250 done\r\n").closes_data().sends("MODE S\r\n");
        comes_alone(s.receives("200 stream\r\n"), "a", "abcd");
        has_come(s, 5, "abcd").asks_nothing().replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("A file that has grown since it was listed comes as it is")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n").receives("125 go\r\n").begins_to_receive();
    s.gets(in_blocks("abcd")).data_ends().receives("250 done\r\n").closes_data().receives("426 broken\r\n");
    connects(s.sends("EPSV\r\n").receives(address)).sends("RETR b\r\nMODE S\r\nEPSV\r\nRETR a\r\n");
    s.receives("150 go\r\n").begins_to_receive().gets(in_blocks("def")).data_ends().receives("250 done\r\n");
    s.commits().closes_data().receives("200 stream\r\n" + address);
    connects(s).receives("150 go\r\n").begins_to_receive().gets("abcde").data_ends().receives("226 done\r\n");
    has_come(has_come(s.commits().succeeds(), 5, "abcde"), 6, "def").asks_nothing().replay_at_every_split();
}

TEST_CASE("A file of another size than expected that comes when the session is over has failed")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a", 4).sends("RETR a\r\n").receives("125 go\r\n").begins_to_receive().gets(in_blocks("abc"));
    s.receives("250 done\r\n").eof().nothing_is_done().data_ends().closes_data();
    s.fails(protocol_errc::transfer_incomplete).failed_at(operation_step::transfer, session_state::closed);
}

TEST_CASE("The end of a file is told by 250 or 226 behind 125: whatever else comes is about something else")
{
    for (const int code : {211, 213, 220, 221, 230, 250, 257}) {
        client_script s{orderly()};
        small_download(keeps_one(s), "a").sends("RETR a\r\n");
        s.receives(std::to_string(code) + " what\r\n").closes_data();
        s.fails(protocol_errc::order_confused, code).closes();
    }
}

TEST_CASE("A file that is refused leaves the connection to the next ones")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n");
    small_download(s, "b").sends("RETR b\r\n").receives("550 no such file\r\n").asks_nothing();
    s.fails(protocol_errc::refused_permanently, 550).receives("125 go\r\n");
    comes(s, "abc").replay_at_every_split();
}

TEST_CASE("A download that is canceled takes the connection with it")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n").receives("125 go\r\n").begins_to_receive().cancel(5).closes_data();
    s.data_ends(transfer_fault::canceled).sends("ABOR\r\n").receives("426 cut\r\n226 aborted\r\n").sends("PWD\r\n");
    s.receives("257 \"/\"\r\n").fails(protocol_errc::canceled);
    small_download(s, "b").sends("MODE S\r\nEPSV\r\nRETR b\r\n").replay_at_every_split();
}

TEST_CASE("Other transfers go back to MODE S, and get data connections of their own")
{
    client_script s{orderly()};
    keeps_one(s).download("a").closes_data().sends("MODE S\r\nEPSV\r\nRETR a\r\n").receives("200 stream\r\n");
    small_download(s, "b").sends("MODE B\r\nEPSV\r\nRETR b\r\n");
    ends_first(s).receives("200 blocks\r\n" + address + "150 go\r\n");
    comes(connects(s), "abc").list().sends("TYPE A\r\nMODE S\r\nEPSV\r\nLIST\r\n").receives("200 ascii\r\n");
    s.closes_data().replay_at_every_split();
}

TEST_CASE("What is sent ahead for another data connection leaves the one that is kept to those before it")
{
    client_script s{orderly()};
    keeps_one(s).command("DELE", "old").sends("DELE old\r\n");
    small_download(s, "a").sends("RETR a\r\n").download("b").sends("MODE S\r\nEPSV\r\nRETR b\r\n").asks_nothing();
    s.receives("250 deleted\r\n").succeeds().receives("125 go\r\n");
    comes(s, "abc").closes_data().receives("200 stream\r\n");
    ends_first(s).replay_at_every_split();
}

TEST_CASE("Large files, parts of files and text keep MODE S")
{
    client_script s{orderly()};
    begins_first(s);
    small_download(s, "a", operation::most_shared_bytes + 1).sends("EPSV\r\nRETR a\r\n");
    client_script other{orderly()};
    begins_first(other).download("unknown size").sends("EPSV\r\nRETR unknown size\r\n");
    client_script rest{orderly()};
    begins_first(rest).upload("b", "abc", image, 7).sends("EPSV\r\nREST 7\r\n");
    client_script text{orderly()};
    begins_first(text).upload("c", "abc", ascii).sends("TYPE A\r\nEPSV\r\nSTOR c\r\n");
}

TEST_CASE("A small file alone keeps MODE S, too: it takes fewer commands")
{
    client_script s{orderly()};
    greets(s);
    small_download(s, "a").sends("EPSV\r\nRETR a\r\n");
}

TEST_CASE("A host that cannot leave data connections open is not asked to")
{
    auto setup = orderly();
    setup.options.keeps_data_connections = false;
    client_script s{setup};
    begins_first(s);
    small_download(s, "a").sends("EPSV\r\nRETR a\r\n");
}

TEST_CASE("A server that does not offer to keep data connections is not asked to")
{
    client_script s{orderly()};
    begins_first(s, "211-Features:\r\n MODE Z\r\n SIZE\r\n211 End\r\n");
    small_download(s, "a").sends("EPSV\r\nRETR a\r\n");
}

TEST_CASE("A server that offers to keep data connections and refuses it is not asked again, and each file comes")
{
    client_script s{orderly()};
    begins_first(s);
    ends_first(small_download(s, "a").sends(asks_to_keep + "EPSV\r\nRETR a\r\n"));
    s.receives("501 no\r\n200 blocks\r\n" + address);
    connects(s).receives("150 go\r\n").begins_to_receive().gets(in_blocks("abc")).data_ends().receives("226 done\r\n");
    s.closes_data().commits().succeeds();
    s.download("b").sends("MODE S\r\nEPSV\r\nRETR b\r\n").receives("200 stream\r\n" + address + "150 go\r\n");
    connects(s).begins_to_receive().gets("abc").data_ends().receives("226 done\r\n").commits().succeeds();
    s.replay_at_every_split();
}

TEST_CASE("A server that refuses MODE B sends the file in MODE S")
{
    client_script s{orderly()};
    begins_first(s);
    ends_first(small_download(s, "a").sends(asks_to_keep + "EPSV\r\nRETR a\r\n"));
    s.receives("200 kept\r\n504 no\r\n" + address);
    connects(s).receives("150 go\r\n").begins_to_receive().gets("abc").data_ends().receives("226 done\r\n").commits();
    s.succeeds().check([](client_script_host& h) { CHECK(h.started_[4].file->bytes == "abc"); });
    s.download("b").sends("EPSV\r\nRETR b\r\n");
}

TEST_CASE("A file whose end mark has not come is not whole, whatever the server says")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n").receives("125 go\r\n").begins_to_receive();
    s.gets(std::string{"\0\0\3abc", 6}).data_ends().receives("250 done\r\n").closes_data().sends("MODE S\r\n");
    comes_alone(s.receives("200 stream\r\n"), "a", "abc");
    has_come(s, 5, "abc").replay_at_every_split();
}

TEST_CASE("Bytes that are not coded as agreed are the server's fault")
{
    client_script s{orderly()};
    keeps_one(s);
    small_download(s, "a").sends("RETR a\r\n").receives("125 go\r\n").begins_to_receive();
    s.data_ends(transfer_fault::store, protocol_errc::transfer_malformed).closes_data().sends("ABOR\r\n");
    s.receives("426 cut\r\n226 aborted\r\n").sends("PWD\r\n").receives("257 \"/\"\r\n");
    s.fails(protocol_errc::transfer_malformed).failed_at(operation_step::transfer);
}

TEST_CASE("SIZE, and what the caller does with data connections, begin with MODE S")
{
    client_script s{orderly()};
    keeps_one(s)
        .start([] { return operation::size{"a"}; })
        .sends("MODE S\r\n")
        .closes_data()
        .receives("200 stream\r\n");
    s.sends("SIZE a\r\n").receives("213 3\r\n").succeeds();
    client_script own{orderly()};
    keeps_one(own).command("PASV").sends("MODE S\r\n").closes_data().receives("200 stream\r\n").sends("PASV\r\n");
    own.receives("227 (192,0,2,1,195,84)\r\n").succeeds();
    for (const std::string verb : {"RETR", "STOR", "LIST"}) {
        client_script raw{orderly()};
        keeps_one(raw).command(verb, "x").sends("MODE S\r\n").closes_data().receives("200 stream\r\n");
        raw.sends(verb + " x\r\n").receives("425 no connection\r\n").fails(protocol_errc::refused_transiently, 425);
    }
    client_script again{orderly()};
    keeps_one(again).command("MODE", "Z").sends("MODE Z\r\n").closes_data().receives("200 deflate\r\n").succeeds();
    again.download("a").sends("MODE S\r\nEPSV\r\nRETR a\r\n");
}
