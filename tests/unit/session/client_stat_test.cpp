// What is told of one path: MLST (RFC 3659 7), or what there is without it.
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

client_script::step sees(const file_info& wanted, listing_style style, time_precision precision)
{
    return [=](client_script_host& h) {
        const auto& outcome = h.next_outcome().outcome;
        REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
        const auto entry = std::get<listed_entry>(*outcome);
        CHECK(entry.name == wanted.name);
        CHECK(entry.type == wanted.type);
        CHECK(entry.size == wanted.size);
        CHECK(entry.modified == wanted.modified);
        CHECK(entry.style == style);
        CHECK(entry.precision == precision);
    };
}

client_script::step sees_file(std::optional<std::uint64_t> size, const char* time)
{
    file_info info{.name = "a.txt", .size = size};
    if (time != nullptr)
        info.modified = *parse_timestamp(time);
    return sees(info, listing_style::other, time != nullptr ? time_precision::second : time_precision::none);
}

client_script& start_stat(client_script& s, const std::string& path = "/d/a.txt")
{
    return s.start([path] { return operation::stat{path}; });
}

/// A script whose server has no MLST, when it is asked for a size.
struct server_without_facts : client_script {
    server_without_facts()
    {
        features().sends("FEAT\r\n").receives("500 what\r\n").succeeds();
        start_stat(*this).sends("TYPE I\r\n").receives("200 ok\r\n").sends("SIZE /d/a.txt\r\n");
    }
};

} // namespace

TEST_CASE("MLST tells all, under the name that was asked for")
{
    client_script s;
    s.features().sends("FEAT\r\n").receives("211-Features:\r\n MLST size*;\r\n211 End\r\n").succeeds();
    start_stat(s).sends("MLST /d/a.txt\r\n");
    s.receives("250-Listing /d/a.txt\r\n Type=file;Size=12;Modify=20240102030405; /d/a.txt\r\n250 End\r\n");
    s.check(sees({.name = "a.txt", .size = 12, .modified = *parse_timestamp("20240102030405")}, listing_style::facts,
                 time_precision::second));
    start_stat(s, "/d/").sends("MLST /d/\r\n").receives("250-\r\n type=dir; /d\r\n250 End\r\n");
    s.check(sees({.name = "d", .type = file_type::directory}, listing_style::facts, time_precision::none));
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("The facts of MLST are found without their leading space too")
{
    for (const auto* answer :
         {"250-Begin\r\n250-type=file;size=3; a.txt\r\n250 End\r\n",
          "250-Begin\r\ntype=file;size=3; a.txt\r\n250 End\r\n", "250 type=file;size=3; a.txt\r\n"}) {
        CAPTURE(answer);
        client_script s;
        start_stat(s).sends("MLST /d/a.txt\r\n").receives(answer);
        s.check(sees({.name = "a.txt", .size = 3}, listing_style::facts, time_precision::none));
    }
}

TEST_CASE("The facts of MLST are found behind any number of spaces, and a name alone is none")
{
    client_script s;
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("250-Begin\r\n    type=dir;size=3; a.txt\r\n250 End\r\n");
    s.check(
        sees({.name = "a.txt", .type = file_type::directory, .size = 3}, listing_style::facts, time_precision::none));
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("250-Begin\r\n  /d/a.txt\r\n250 End\r\n");
    s.sends("TYPE I\r\n");
}

TEST_CASE("What MLST refuses is not looked for in other ways")
{
    client_script s;
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("450 no\r\n").fails(protocol_errc::refused_transiently, 450);
    s.sends_nothing().replay_at_every_split();
}

TEST_CASE("Where MLST is unknown, SIZE and MDTM tell of a file, and MLST is not asked again")
{
    client_script s;
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("502 no\r\n").sends("TYPE I\r\n").receives("200 ok\r\n");
    s.sends("SIZE /d/a.txt\r\n").receives("213 12\r\n").sends("MDTM /d/a.txt\r\n").receives("213 20240102030405\r\n");
    s.check(sees_file(12, "20240102030405"));
    start_stat(s).sends("SIZE /d/a.txt\r\n");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("MLST is tried again where it did not like one path, and left where its reply says nothing")
{
    client_script s;
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("501 spaces?\r\n").sends("TYPE I\r\n").receives("200 ok\r\n");
    s.receives("213 12\r\n").receives("500 what\r\n").check(sees_file(12, nullptr));
    s.check([](client_script_host& h) { (void)h.send_output(); });
    start_stat(s).sends("MLST /d/a.txt\r\n").receives("250 ok\r\n").sends("SIZE /d/a.txt\r\n");
}

TEST_CASE("A server that is known to hang at MLST is not asked")
{
    client_script s;
    s.greeting().receives("220 uftpd (2.13) ready.\r\n").succeeds();
    start_stat(s).sends("TYPE I\r\n");
}

TEST_CASE("A size is enough for a file")
{
    server_without_facts s;
    s.receives("213 12\r\n").sends("MDTM /d/a.txt\r\n");
    SUBCASE("MDTM is unknown")
    {
        s.receives("500 what\r\n");
    }
    SUBCASE("MDTM is refused")
    {
        s.receives("550 no\r\n");
    }
    SUBCASE("MDTM says nothing")
    {
        s.receives("213 yesterday\r\n");
    }
    s.check(sees_file(12, nullptr)).sends_nothing().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("What has no size may be a directory, which CWD tells; then the way back is taken")
{
    server_without_facts s;
    s.receives("550 not a plain file\r\n").sends("MDTM /d/a.txt\r\n").receives("213 20240102030405\r\n");
    s.sends("PWD\r\n").receives("257 \"/home dir\" is here\r\n").sends("CWD /d/a.txt\r\n").receives("250 ok\r\n");
    s.sends("CWD /home dir\r\n").nothing_is_done().receives("250 ok\r\n");
    s.check(sees({.name = "a.txt", .type = file_type::directory, .modified = *parse_timestamp("20240102030405")},
                 listing_style::other, time_precision::second));
    s.sends_nothing().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("What has a time and cannot be entered is a file")
{
    server_without_facts s;
    s.receives("500 what\r\n").receives("213 20240102030405\r\n").receives("257 \"/\"\r\n").receives("550 no\r\n");
    s.check(sees_file(std::nullopt, "20240102030405"));
}

TEST_CASE("What has neither size nor time and cannot be entered is not there")
{
    server_without_facts s;
    s.receives("550 no such file\r\n").sends("MDTM /d/a.txt\r\n");
    SUBCASE("MDTM refuses")
    {
        s.receives("550 no\r\n");
    }
    SUBCASE("MDTM is unknown")
    {
        s.receives("500 what\r\n");
    }
    s.sends("PWD\r\n").receives("257 \"/\"\r\n").sends("CWD /d/a.txt\r\n").receives("550 cannot\r\n");
    s.fails(protocol_errc::refused_permanently, 550).sends_nothing();
    s.check([](client_script_host& h) {
        CHECK(h.started_.back().done[0].outcome.error().answer.text() == "no such file");
    });
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Without SIZE and MDTM only a directory can be told")
{
    server_without_facts s;
    s.receives("500 what\r\n").receives("500 what\r\n").receives("257 \"/\"\r\n");
    SUBCASE("a directory")
    {
        s.receives("250 ok\r\n").receives("250 ok\r\n");
        s.check(sees({.name = "a.txt", .type = file_type::directory}, listing_style::other, time_precision::none));
    }
    SUBCASE("anything else")
    {
        s.receives("550 no\r\n").fails(protocol_errc::not_supported); // for all that is known it is there
    }
}

TEST_CASE("No directory is entered where the way back is not known")
{
    server_without_facts s;
    s.receives("550 no\r\n").receives("550 no\r\n");
    SUBCASE("PWD is unknown")
    {
        s.receives("500 what\r\n");
    }
    SUBCASE("PWD says nothing")
    {
        s.receives("257 ok\r\n");
    }
    s.fails(protocol_errc::refused_permanently, 550);
    s.check([](client_script_host& h) { CHECK(h.send_output() == "MDTM /d/a.txt\r\nPWD\r\n"); });
}

TEST_CASE("A way back that is refused ends the session, which would go on in another directory")
{
    server_without_facts s;
    s.receives("550 no\r\n").receives("550 no\r\n").receives("257 \"/\"\r\n").receives("250 ok\r\n");
    SUBCASE("waited for") {}
    SUBCASE("given up")
    {
        s.cancel(1).nothing_is_done();
    }
    s.command("DELE", "a").receives("550 no way back\r\n").fails(protocol_errc::refused_permanently, 550);
    s.fails(protocol_errc::refused_permanently, 550);
    s.closes().check([](client_script_host& h) { CHECK(h.send_output().find("DELE") == std::string::npos); });
    s.replay_at_every_split();
}

TEST_CASE("Who gives up half-way into a directory is taken back first")
{
    server_without_facts s;
    s.receives("550 no\r\n").sends("MDTM /d/a.txt\r\n").receives("550 no\r\n").sends("PWD\r\n");
    s.receives("257 \"/home\"\r\n").sends("CWD /d/a.txt\r\n");
    SUBCASE("on the way there")
    {
        s.cancel(1).nothing_is_done().receives("250 ok\r\n").sends("CWD /home\r\n").cancel(1).nothing_is_done();
        s.receives("250 ok\r\n");
    }
    SUBCASE("on the way back")
    {
        s.receives("250 ok\r\n").sends("CWD /home\r\n").cancel(1).nothing_is_done().receives("250 ok\r\n");
    }
    SUBCASE("where it was none")
    {
        s.cancel(1).nothing_is_done().receives("550 no directory\r\n");
    }
    s.fails(protocol_errc::canceled).command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds();
    s.replay_at_every_split();
}

TEST_CASE("Who gives up half-way into a directory does not wait for long")
{
    server_without_facts s;
    s.receives("550 no\r\n").receives("550 no\r\n").receives("257 \"/home\"\r\n").cancel(1);
    SUBCASE("on the way there") {}
    SUBCASE("on the way back")
    {
        s.receives("250 ok\r\n");
    }
    s.passes(client_options{}.abort_limit).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("Who gives up before any directory has nothing more sent")
{
    server_without_facts s;
    s.receives("550 no\r\n").sends("MDTM /d/a.txt\r\n").receives("550 no\r\n").sends("PWD\r\n");
    s.cancel(1).fails(protocol_errc::canceled).sends_nothing();
}

TEST_CASE("A transient refusal ends the search")
{
    server_without_facts s;
    SUBCASE("of SIZE")
    {
        s.receives("450 busy\r\n");
    }
    SUBCASE("of MDTM")
    {
        s.receives("213 1\r\n").receives("450 busy\r\n");
    }
    s.fails(protocol_errc::refused_transiently, 450);
}

TEST_CASE("A path to be looked at must not be empty or hold a line end")
{
    client_script s;
    start_stat(s, "").fails(protocol_errc::argument_invalid);
    start_stat(s, "a\r\nDELE b").fails(protocol_errc::argument_invalid).sends_nothing();
}
