// Single commands, PWD and renaming (RFC 959 4.1).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("A command succeeds with any 2yz or 3yz reply")
{
    for (const auto* answer : {"200 ok\r\n", "257 \"a\"\r\n", "350 more\r\n"}) {
        client_script s;
        s.command("SITE", "a").sends("SITE a\r\n").receives(answer).succeeds().replay_at_every_split();
        s.fail_after_every_step();
    }
}

TEST_CASE("A 3yz reply does not say that a name was made, removed or entered")
{
    for (const std::string verb : {"MKD", "RMD", "DELE", "CWD", "CDUP"}) {
        client_script s;
        s.command(verb, "a").sends(verb + " a\r\n").receives("350 more\r\n");
        s.fails(protocol_errc::reply_unexpected, 350).command("NOOP").sends("NOOP\r\n").replay_at_every_split();
    }
}

TEST_CASE("A command that is superfluous to the server has not made, removed, entered or renamed anything")
{
    for (const std::string verb : {"MKD", "RMD", "DELE", "CWD", "CDUP"}) {
        client_script s;
        s.command(verb, "a").sends(verb + " a\r\n").receives("202 superfluous\r\n");
        s.fails(protocol_errc::not_supported, 202).command("NOOP").sends("NOOP\r\n").replay_at_every_split();
    }
    client_script s;
    s.rename("a", "b").sends("RNFR a\r\n").receives("350 ok\r\n").sends("RNTO b\r\n");
    s.receives("202 superfluous\r\n").fails(protocol_errc::not_supported, 202);
    s.command("ACCT", "a").sends("ACCT a\r\n").receives("202 superfluous\r\n").succeeds();
    s.replay_at_every_split();
}

TEST_CASE("A command that the server refuses leaves the session usable")
{
    client_script s;
    s.command("DELE", "a").sends("DELE a\r\n").receives("450 busy\r\n").fails(protocol_errc::refused_transiently, 450);
    s.command("DELE", "a").sends("DELE a\r\n").receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A verb is sent in capitals, and its argument as it is")
{
    client_script s;
    s.command("site", " Help  me ").sends("SITE  Help  me \r\n");
}

TEST_CASE("A verb is a letter, and letters and digits behind it")
{
    for (const auto* verb : {"MK D", "NOOP\r\n", "X-Y", "M\xe4", "", "1NOOP"}) {
        client_script s;
        s.command(verb, "a").fails(protocol_errc::argument_invalid).sends_nothing();
    }
    client_script s;
    s.command("xsha256", "a").sends("XSHA256 a\r\n");
}

TEST_CASE("An argument with a line end or NUL is refused before anything is sent")
{
    for (const auto& argument : {std::string{"a\rb"}, std::string{"a\nb"}, std::string{"a\0b", 3}}) {
        client_script s;
        s.command("MKD", argument).fails(protocol_errc::argument_invalid);
        s.rename(argument, "b").fails(protocol_errc::argument_invalid);
        s.rename("a", argument).fails(protocol_errc::argument_invalid);
        s.start([argument] { return operation::password{secret{argument}}; }).fails(protocol_errc::argument_invalid);
        s.sends_nothing();
    }
    client_script s;
    s.rename("", "b").fails(protocol_errc::argument_invalid).rename("a", "").fails(protocol_errc::argument_invalid);
    s.sends_nothing().failed_at(operation_step::arguments);
}

TEST_CASE("A command gives its reply")
{
    client_script s;
    s.command("PWD").receives("257 \"/a\" is here\r\n").check([](client_script_host& h) {
        const auto given = std::get<reply>(*h.started_[0].done[0].outcome);
        CHECK(given.code == 257);
        CHECK(given.text() == "\"/a\" is here");
    });
}

TEST_CASE("A transfer between other hosts has no limit once it has begun")
{
    client_script s;
    s.command("RETR", "a").sends("RETR a\r\n").receives("150 go\r\n");
    s.check([](client_script_host& h) { CHECK(!h.session_.deadline()); }).receives("226 done\r\n").succeeds();
    s.command("SITE", "SLOW").sends("SITE SLOW\r\n").receives("150 wait\r\n").check([](client_script_host& h) {
        CHECK(h.session_.deadline());
    });
}

TEST_CASE("What SYST says is looked up in the table of quirks")
{
    client_script s;
    s.command("SYST").sends("SYST\r\n").receives("215 Windows_CE version 5.0\r\n").succeeds();
    s.check([](client_script_host& h) { CHECK(h.session_.manners().listings == listing_style::dos); });
}

TEST_CASE("PWD gives a path in quotes, with doubled quotes for one")
{
    const std::pair<const char*, const char*> replies[]{
        {"257 \"/a b\" is the current directory\r\n", "/a b"},
        {"257 \"/a \"\"b\"\"\" is here\r\n", "/a \"b\""},
        {"257 Directory is \"/\"\r\n", "/"},
        {"257-You are here:\r\n257 \"/a\"\r\n", "/a"},
        {"250 \"/a\"\r\n", "/a"},
        {"257 \"DISK$USER:[ANN.DATA]\" is current\r\n", "DISK$USER:[ANN.DATA]"},
        {"257 \"'ANN.DATA.'\" is the working directory name prefix\r\n", "'ANN.DATA.'"},
        {"257 /a is the current directory\r\n", "/a"},
        {"257 Current directory is /a\r\n", "/a"},
    };
    for (const auto& row : replies) {
        const auto& [answer, path] = row;
        INFO(row.first);
        client_script s;
        s.start([] { return operation::working_directory{}; }).sends("PWD\r\n").receives(answer);
        s.gives(std::string{path}).replay_at_every_split().fail_after_every_step();
    }
}

TEST_CASE("A reply to PWD without a path is no answer")
{
    for (const auto* answer : {"257 ok\r\n", "257 \"\" is here\r\n", "257 \"/a\r\n", "257\r\n"}) {
        client_script s;
        s.start([] { return operation::working_directory{}; }).receives(answer);
        s.fails(protocol_errc::reply_unexpected, 257).command("NOOP");
    }
    client_script s;
    s.start([] { return operation::working_directory{}; }).receives("550 no\r\n");
    s.fails(protocol_errc::refused_permanently, 550);
}

TEST_CASE("Renaming takes RNFR and RNTO")
{
    client_script s;
    s.rename("a b", "c").sends("RNFR a b\r\n").receives("350 to what?\r\n").sends("RNTO c\r\n");
    s.receives("250 done\r\n").succeeds().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Renaming ends where one of its commands is refused")
{
    client_script s;
    s.rename("a", "b").sends("RNFR a\r\n").receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    s.rename("a", "b").sends("RNFR a\r\n").receives("350 ok\r\n").sends("RNTO b\r\n").receives("553 no\r\n");
    s.fails(protocol_errc::refused_permanently, 553).sends_nothing();
    s.rename("a", "b").sends("RNFR a\r\n").receives("250 odd\r\n").fails(protocol_errc::reply_unexpected, 250);
    s.rename("a", "b").sends("RNFR a\r\n").receives("350 ok\r\n").sends("RNTO b\r\n").receives("350 odd\r\n");
    s.fails(protocol_errc::reply_unexpected, 350).command("NOOP").sends("NOOP\r\n");
}
