// FEAT and OPTS UTF8 (RFC 2389, RFC 2640).
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
    for (const auto* answer : {"530 log in\r\n", "550 what\r\n", "450 later\r\n", "331 what?\r\n"}) {
        client_script s;
        s.features().sends("FEAT\r\n").receives(answer).succeeds();
        s.check([](client_script_host& h) { CHECK_FALSE(h.session_.features().mlst); });
    }
}

TEST_CASE("FEAT may be answered by preliminary replies first")
{
    client_script s;
    s.features().receives("120 wait\r\n150 here they come\r\n").nothing_is_done();
    s.receives("211-Features:\r\n SIZE\r\n211 End\r\n").succeeds();
    s.check([](client_script_host& h) { CHECK(h.session_.features().size); }).replay_at_every_split();
}

TEST_CASE("A server that wants a login before FEAT has not told its features yet")
{
    for (const auto* answer : {"530 log in\r\n", "450 later\r\n"}) {
        client_script s;
        s.features().receives(answer).succeeds();
        s.check([](client_script_host& h) { CHECK_FALSE(h.session_.features().known); });
    }
}

TEST_CASE("FEAT in one line is a feature too")
{
    client_script s;
    s.features().receives("211 SIZE\r\n").succeeds();
    s.check([](client_script_host& h) { CHECK(h.session_.features().size); });
}

TEST_CASE("MLSD in FEAT means MLST too")
{
    CHECK(after_feat(" MLSD\r\n").mlst);
}

TEST_CASE("FEAT names the commands that change and measure")
{
    const auto found = after_feat(" MFMT\r\n AVBL\r\n RANG STREAM\r\n MFF Modify;UNIX.group*; UNIX.mode;\r\n");
    CHECK(found.mfmt);
    CHECK(found.avbl);
    CHECK(found.range_stream);
    CHECK(found.changeable_facts == std::vector<std::string>{"modify", "unix.group", "unix.mode"});
    CHECK(!after_feat(" RANG\r\n").range_stream);
}

TEST_CASE("HASH in FEAT puts the algorithm that is set first, and leaves out unknown ones")
{
    using enum digest_algorithm;
    using digests = std::vector<digest_algorithm>;
    CHECK(after_feat(" HASH SHA-256*;SHA-1;MD5\r\n").hash == digests{sha256, sha1, md5});
    CHECK(after_feat(" hash crc32;sha-1*;\r\n").hash == digests{sha1, crc32});
    CHECK(after_feat(" HASH SHA-224;WHIRLPOOL*\r\n").hash.empty());
    CHECK(after_feat(" HASH MD5;MD5;;\r\n").hash == digests{md5});
    CHECK(after_feat(" HASH\r\n").hash.empty());
}

TEST_CASE("FEAT names the commands for digests, with or without their arguments")
{
    using enum digest_algorithm;
    const auto found =
        after_feat(" XCRC filename;start;end\r\n XMD5 \"filename\" SP EP\r\n MD5\r\n XSHA\r\n XSHA256\r\n XSHA512\r\n");
    CHECK(found.digest_verbs == std::vector<digest_algorithm>{crc32, md5, sha1, sha256, sha512});
}

TEST_CASE("The greeting and FEAT tell what kind of server it is")
{
    client_script s;
    s.greeting().receives("220-hello\r\n220 (vsFTPd 3.0.5)\r\n").succeeds();
    s.check([](client_script_host& h) {
        CHECK(has(h.session_.manners().effects, server_effect::keeps_order));
        CHECK(!has(h.session_.manners().effects, server_effect::no_mlsd));
    });
    s.features().receives("211-Features:\r\n MLST size*;x.slaves*;\r\n PRET\r\n211 End\r\n").succeeds();
    s.check([](client_script_host& h) {
        CHECK(has(h.session_.manners().effects, server_effect::keeps_order | server_effect::no_mlsd));
        CHECK(!h.session_.features().mlst);
    });
    s.replay_at_every_split();
}

TEST_CASE("A row of the caller's own keeps OPTS UTF8 from being sent")
{
    client_script_setup setup;
    setup.options.quirks.push_back({server_words::feature, "X-OLD", server_effect::no_utf8_option, {}, "the caller"});
    client_script s{setup};
    s.features().receives("211-Features:\r\n UTF8\r\n x-old\r\n211 End\r\n").succeeds().sends("FEAT\r\n");
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
