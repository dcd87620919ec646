// Single commands, FEAT and renaming (RFC 959 4.1, RFC 2389).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

/// The features that a server has that answers FEAT with these lines.
server_features after_feat(const std::string& lines)
{
    client_script s;
    server_features found;
    s.features().sends("FEAT\r\n").receives("211-Features:\r\n" + lines + "211 End\r\n");
    s.check([&found](client_script_host& h) { found = h.session_.features(); });
    return found;
}

} // namespace

TEST_CASE("A command succeeds with any 2yz or 3yz reply")
{
    for (const auto* answer : {"200 ok\r\n", "257 \"a\"\r\n", "350 more\r\n"}) {
        client_script s;
        s.command("MKD", "a").sends("MKD a\r\n").receives(answer).succeeds().replay_at_every_split();
        s.fail_after_every_step();
    }
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

TEST_CASE("A verb is made of letters")
{
    for (const auto* verb : {"MK D", "NOOP\r\n", "X-Y", "M\xe4", "", "NOOP1"}) {
        client_script s;
        s.command(verb, "a").fails(protocol_errc::argument_invalid).sends_nothing();
    }
}

TEST_CASE("The reply of a command comes with its end")
{
    client_script s;
    s.command("PWD").receives("257 \"/a\" is here\r\n").check([](client_script_host& h) {
        CHECK(h.started_[0].done[0].answer.code == 257);
        CHECK(h.started_[0].done[0].answer.text() == "\"/a\" is here");
    });
}

TEST_CASE("FEAT tells what the server offers, in any letter case")
{
    const auto all = after_feat(" MDTM\r\n mlst type*;size*;\r\n REST STREAM\r\n Size\r\n");
    CHECK(all.known);
    CHECK(all.mdtm);
    CHECK(all.mlst);
    CHECK(all.rest_stream);
    CHECK(all.size);
    CHECK(!all.utf8);
    const auto coded = after_feat("211-SIZE\r\n211-MDTM \r\n");
    CHECK(coded.size);
    CHECK(coded.mdtm);
    CHECK(!coded.mlst);
}

TEST_CASE("A feature counts only under its whole name")
{
    const auto found = after_feat(" MLSTX\r\n XSIZE\r\n REST\r\n REST BLOCK\r\n MODE MDTM\r\n\r\n   \r\n");
    CHECK(found.known);
    CHECK(!found.mlst);
    CHECK(!found.size);
    CHECK(!found.mdtm);
    CHECK(!found.rest_stream);
}

TEST_CASE("A server that does not know FEAT offers nothing, which is no error")
{
    for (const auto* answer : {"500 what\r\n", "502 no\r\n", "211 no features\r\n"}) {
        client_script s;
        s.features().sends("FEAT\r\n").receives(answer).succeeds().sends_nothing();
        s.check([](client_script_host& h) {
            CHECK(h.session_.features().known);
            CHECK(!h.session_.features().size);
        });
    }
}

TEST_CASE("A later FEAT replaces what an earlier one told")
{
    client_script s;
    s.features().receives("211-Features:\r\n SIZE\r\n211 End\r\n").features().receives("211 none\r\n");
    s.check([](client_script_host& h) { CHECK(!h.session_.features().size); });
}

TEST_CASE("However FEAT is refused, there are no features, and all is well")
{
    for (const auto* answer : {"530 log in\r\n", "550 what\r\n", "450 later\r\n"}) {
        client_script s;
        s.features().sends("FEAT\r\n").receives(answer).succeeds();
        s.check([](client_script_host& h) { CHECK_FALSE(h.session_.features().mlst); });
    }
}

TEST_CASE("UTF-8 is asked for where it is offered, and need not be granted")
{
    for (const auto* answer : {"200 ok\r\n", "202 always\r\n", "501 what\r\n", "451 hm\r\n"}) {
        client_script s;
        s.features().sends("FEAT\r\n").receives("211-Features:\r\n utf8\r\n211 End\r\n").nothing_is_done();
        s.sends("OPTS UTF8 ON\r\n").receives(answer).succeeds();
        s.check([](client_script_host& h) { CHECK(h.session_.features().utf8); });
        s.replay_at_every_split().fail_after_every_step();
    }
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
