// Listings: their commands, and what is read from them (RFC 959 4.1.3, RFC 3659 7).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

using operation::listing_verb;

client_script& expect_command(client_script& s, const std::string& line)
{
    return s.opens_data()
        .sends(line)
        .receives("550 no\r\n")
        .closes_data()
        .fails(protocol_errc::refused_permanently, 550);
}

client_script& list(client_script& s, const std::string& path = {})
{
    return s.start([path] { return operation::list{path}; });
}

client_script& offer_facts(client_script& s)
{
    return s.features().sends("FEAT\r\n").receives("211-Features:\r\n MLST type*;\r\n211 End\r\n").succeeds();
}

/// The names that the oldest operation not looked at gives, in one line.
client_script& gives_names(client_script& s, const std::string& names)
{
    return s.check([names](client_script_host& h) {
        const auto& done = h.next_outcome();
        REQUIRE_MESSAGE(done.outcome.has_value(), done.outcome.error().message());
        std::string all;
        for (const auto& entry : std::get<parsed_listing>(*done.outcome).entries)
            all += entry.name + '|';
        CHECK(all == names);
    });
}

client_script& gets_listing(client_script& s, const std::string& text)
{
    return s.receives("150 go\r\n").begins_to_receive().gets(text).data_ends().receives("226 done\r\n").commits();
}

} // namespace

TEST_CASE("A listing is fetched in TYPE A and arrives with the store's line ends")
{
    client_script s;
    s.list("dir").opens_data().sends("LIST dir\r\n").receives("150 go\r\n").begins_to_receive();
    s.gets("-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n").data_ends().receives("226 done\r\n").commits().succeeds();
    s.check([](client_script_host& h) { CHECK(h.started_[0].file->bytes == "-rw-r--r-- 1 a b 3 Jan 1 2020 x\n"); });
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Each kind of listing has its command")
{
    client_script s;
    expect_command(s.list("d", listing_verb::list), "LIST d\r\n");
    expect_command(s.list("d", listing_verb::nlst), "NLST d\r\n");
    expect_command(s.list("d", listing_verb::mlsd), "MLSD d\r\n");
    expect_command(s.list("", listing_verb::nlst), "NLST\r\n");
}

TEST_CASE("The best listing is MLSD where FEAT offers MLST, else LIST")
{
    client_script s;
    expect_command(s.list(), "LIST\r\n");
    s.features().sends("FEAT\r\n").receives("211-Features:\r\n MLST type*;\r\n211 End\r\n").succeeds();
    expect_command(s.list(), "MLSD\r\n");
    expect_command(s.list("", listing_verb::list), "LIST\r\n");
}

TEST_CASE("The best listing is chosen when it begins: FEAT may be queued before it")
{
    client_script s;
    s.features().list().sends("FEAT\r\n").receives("211-Features:\r\n MLST type*;\r\n211 End\r\n").succeeds();
    expect_command(s, "MLSD\r\n").replay_at_every_split();
}

TEST_CASE("A path that begins with a dash is no option of LIST or NLST")
{
    client_script s;
    expect_command(s.list("-la", listing_verb::list), "LIST ./-la\r\n");
    expect_command(s.list("-d", listing_verb::nlst), "NLST ./-d\r\n");
    expect_command(s.list("-d", listing_verb::mlsd), "MLSD -d\r\n");
}

TEST_CASE("A directory is read from MLSD or from LIST")
{
    client_script s;
    gives_names(gets_listing(list(s, "d").opens_data().sends("LIST d\r\n"), "-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n"),
                "x|");
    gives_names(gets_listing(list(offer_facts(s)).opens_data().sends("MLSD\r\n"), "type=file;size=3; y\r\n"), "y|");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A file that is listed under the path that was asked for has the name at its end")
{
    const auto expect_names = [](const std::string& path, const std::string& line, const std::string& names) {
        INFO(line);
        client_script s;
        gives_names(gets_listing(list(s, path).opens_data().sends("LIST " + path + "\r\n"), line), names);
    };
    const std::string facts = "-rw-r--r-- 1 a b 3 Jan 1 2020 ";
    expect_names("d/a b", facts + "d/a b\r\n", "a b|");
    expect_names("/f", facts + "/f\r\n", "f|");
    expect_names("../f", facts + "../f\n", "f|");
    expect_names("d/f", facts + "../d/f\r\n", "");
    expect_names("d/f", facts + "xd/f\r\n", "");
    expect_names("d/..", facts + "d/..\r\n", "");
    expect_names("d/", facts + "d/\r\n", "");
    expect_names("d/f", facts + "d/f\r\n" + facts + "d/f\r\n", "");
}

TEST_CASE("The host may still write to a listing whose session is lost")
{
    client_script s;
    list(s).opens_data().sends("LIST\r\n").receives("150 go\r\n").begins_to_receive();
    s.eof().fails(protocol_errc::connection_closed).gets("-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n");
}

TEST_CASE("A server that offers MLSD and refuses it is asked by LIST from then on")
{
    for (const std::string refusal : {"500 what\r\n", "502 not here\r\n"}) {
        client_script s;
        list(offer_facts(s)).opens_data().sends("MLSD\r\n").receives(refusal).closes_data();
        gives_names(gets_listing(s.opens_data().sends("LIST\r\n"), "-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n"), "x|");
        expect_command(list(s), "LIST\r\n").replay_at_every_split();
    }
}

TEST_CASE("MLSD that is refused because the path is a file's is asked by LIST, and other paths by MLSD")
{
    client_script s;
    list(offer_facts(s), "f").opens_data().sends("MLSD f\r\n").receives("501 not a directory\r\n").closes_data();
    gives_names(gets_listing(s.opens_data().sends("LIST f\r\n"), "-rw-r--r-- 1 a b 3 Jan 1 2020 f\r\n"), "f|");
    expect_command(list(s), "MLSD\r\n").replay_at_every_split();
}

TEST_CASE("MLSD that is refused for the directory is not tried again as LIST")
{
    client_script s;
    expect_command(list(offer_facts(s), "none"), "MLSD none\r\n");
}

TEST_CASE("A directory is not taken for empty because of its name in a refusal")
{
    for (const std::string name : {"10 files", "no files", "Empty Directory"}) {
        INFO(name);
        client_script s;
        list(s, name).opens_data().sends("LIST " + name + "\r\n").receives("550 " + name + ": denied\r\n");
        s.closes_data().fails(protocol_errc::refused_permanently, 550);
    }
    client_script here;
    expect_command(list(here), "LIST\r\n");
    list(here).opens_data().sends("LIST\r\n").receives("550 /pub/100 files: denied\r\n").closes_data();
    here.fails(protocol_errc::refused_permanently, 550);
}

TEST_CASE("An empty directory is no failure, however the server puts it")
{
    for (const std::string answer : {"550 No files found.\r\n", "450 No files found\r\n", "550 No members found.\r\n",
                                     "550 Directory empty\r\n"}) {
        INFO(answer);
        client_script s;
        list(s).opens_data().sends("LIST\r\n").receives(answer).closes_data();
        gives_names(s, "").command("NOOP").sends("NOOP\r\n").replay_at_every_split();
    }
    client_script unsure;
    list(unsure).opens_data().sends("LIST\r\n");
    unsure.receives("550 No files found or invalid directory or permission problem\r\n").closes_data();
    unsure.fails(protocol_errc::refused_permanently, 550);
    client_script empty;
    gives_names(gets_listing(list(empty).opens_data().sends("LIST\r\n"), ""), "");
    client_script none;
    expect_command(list(none, "x"), "LIST x\r\n");
}

TEST_CASE("A directory that the server could not read is no empty one, though it confirms the transfer")
{
    for (const bool is_raw : {false, true}) {
        client_script s;
        (is_raw ? s.list("") : list(s))
            .opens_data()
            .sends("LIST\r\n")
            .receives("150 go\r\n")
            .begins_to_receive()
            .data_ends();
        s.receives("226 Transfer done (but failed to open directory).\r\n").commits();
        s.fails(protocol_errc::refused_permanently, 226).failed_at(operation_step::confirmation);
        s.command("NOOP").sends("NOOP\r\n").replay_at_every_split();
    }
}

TEST_CASE("A listing that the server says it has truncated is cut off, whichever line of the reply says so")
{
    for (const auto* reply : {"226-Output truncated to 1 matches\r\n226-Options: -a -l \r\n226 1 matches total\r\n",
                              "226 Output truncated to 1 matches\r\n", "226-Done.\r\n226 List truncated.\r\n"}) {
        client_script s;
        list(s).opens_data().sends("LIST\r\n").receives("150 go\r\n").begins_to_receive();
        s.gets("-rw-r--r-- 1 a b 1 Nov 20 2023 x\r\n").data_ends().receives(reply).commits();
        s.check([](client_script_host& h) {
            const auto& done = h.next_outcome();
            REQUIRE(done.outcome.has_value());
            const auto& parsed = std::get<parsed_listing>(*done.outcome);
            CHECK(parsed.entries.size() == 1);
            CHECK(parsed.is_cut_off);
            REQUIRE(parsed.refused.size() == 1);
            CHECK(parsed.refused[0].reason == refusal_reason::error_message);
        });
        s.replay_at_every_split();
    }
}

TEST_CASE("A listing past the limit in bytes fails, one past the limit in entries tells what it leaves out")
{
    client_script_setup setup;
    setup.options.max_listing_bytes = 10;
    client_script large{setup};
    list(large).opens_data().sends("LIST\r\n").receives("150 go\r\n").check([](client_script_host& h) {
        const auto asked = h.take_action<action::receive_data>();
        CHECK(asked.sink->write("0123456789").has_value());
        CHECK(asked.sink->write("0").error() == std::errc::file_too_large);
    });
    setup.options.max_listing_bytes = 1000;
    setup.options.max_listing_entries = 1;
    client_script many{setup};
    gets_listing(list(many).opens_data().sends("LIST\r\n"),
                 "-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n-rw-r--r-- 1 a b 3 Jan 1 2020 y\r\n");
    many.check([](client_script_host& h) {
        const auto& listing = std::get<parsed_listing>(*h.next_outcome().outcome);
        CHECK(listing.entries.size() == 1);
        REQUIRE(!listing.refused.empty());
        CHECK(listing.refused.back().reason == refusal_reason::too_many_entries);
    });
}

namespace {

client_script_setup listing_by_directory()
{
    client_script_setup setup;
    setup.options.quirks = {
        {.where = server_words::greeting, .pattern = "*odd*", .effects = server_effect::list_by_directory}};
    return setup;
}

/// A server that has to be led to a directory to list it, and that has been.
client_script& go_there(client_script& s)
{
    s.greeting().receives("220 odd server\r\n").succeeds();
    return list(s, "a b").sends("PWD\r\n").receives("257 \"/home\"\r\n").sends("CWD a b\r\n");
}

} // namespace

TEST_CASE("Where LIST takes no path, the session goes there and comes back")
{
    client_script s{listing_by_directory()};
    gets_listing(go_there(s).receives("250 ok\r\n").opens_data().sends("LIST\r\n"),
                 "-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n");
    gives_names(s.nothing_is_done().sends("CWD /home\r\n").receives("250 ok\r\n"), "x|").replay_at_every_split();
}

TEST_CASE("The session comes back from a directory that could not be listed, too")
{
    client_script s{listing_by_directory()};
    go_there(s).receives("250 ok\r\n").opens_data().sends("LIST\r\n").receives("550 no\r\n").closes_data();
    s.sends("CWD /home\r\n")
        .receives("250 ok\r\n")
        .fails(protocol_errc::refused_permanently, 550)
        .replay_at_every_split();
    client_script refused{listing_by_directory()};
    go_there(refused).receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550).sends_nothing();
    client_script canceled{listing_by_directory()};
    go_there(canceled).cancel(1).sends("CWD /home\r\n").receives("250 there\r\n250 back\r\n");
    canceled.fails(protocol_errc::canceled).command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("A way back from a listed directory that is refused ends the session")
{
    client_script s{listing_by_directory()};
    go_there(s).receives("250 ok\r\n").opens_data().sends("LIST\r\n").command("DELE", "x");
    SUBCASE("listed")
    {
        gets_listing(s, "-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n");
    }
    SUBCASE("not listed")
    {
        s.receives("550 no\r\n").closes_data();
    }
    s.sends("CWD /home\r\n").receives("553 no way back\r\n").fails(protocol_errc::refused_permanently, 553);
    s.fails(protocol_errc::refused_permanently, 553).closes().sends_nothing().replay_at_every_split();
}
