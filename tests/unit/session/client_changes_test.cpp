// Setting times and modes by whichever command the server has.
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

client_operation set_time()
{
    return operation::set_modified{"a b", *parse_timestamp("20240102030405.9")};
}
client_operation set_mode()
{
    return operation::set_mode{"a b", 0644};
}

/// A script whose server has these features.
struct server_with : client_script {
    explicit server_with(const std::string& lines)
    {
        features().sends("FEAT\r\n").receives("211-Features:\r\n" + lines + "211 End\r\n").succeeds();
    }
};

} // namespace

TEST_CASE("A time is set by MFMT where FEAT lists it")
{
    server_with s{" MFMT\r\n"};
    s.start(set_time).sends("MFMT 20240102030405 a b\r\n").receives("213 Modify=20240102030405; a b\r\n").succeeds();
    s.sends_nothing().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Without FEAT all ways to set a time are tried, and the one that works is kept")
{
    client_script s;
    s.start(set_time).sends("MFMT 20240102030405 a b\r\n").receives("500 what\r\n");
    s.sends("MDTM 20240102030405 a b\r\n").receives("501 what\r\n");
    s.sends("SITE UTIME 20240102030405 a b\r\n").receives("504 what\r\n");
    s.sends("SITE UTIME a b 20240102030405 20240102030405 20240102030405 UTC\r\n").receives("200 ok\r\n").succeeds();
    s.start(set_time).sends("SITE UTIME a b 20240102030405 20240102030405 20240102030405 UTC\r\n");
    s.receives("500 what\r\n").fails(protocol_errc::refused_permanently, 500);
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A server that knows no way to set a time is asked once")
{
    server_with s{" SIZE\r\n"};
    s.start(set_time).sends("SITE UTIME 20240102030405 a b\r\n").receives("500 what\r\n");
    s.sends("SITE UTIME a b 20240102030405 20240102030405 20240102030405 UTC\r\n").receives("202 no\r\n");
    s.fails(protocol_errc::not_supported).sends_nothing();
    s.start(set_time).fails(protocol_errc::not_supported).sends_nothing();
    s.features().receives("211-Features:\r\n MFMT\r\n211 End\r\n").succeeds().sends("FEAT\r\n");
    s.start(set_time).sends("MFMT 20240102030405 a b\r\n");
}

TEST_CASE("A file that may not be changed is refused at once")
{
    server_with s{" MFMT\r\n MDTM\r\n"};
    s.start(set_time).sends("MFMT 20240102030405 a b\r\n").receives("550 no\r\n");
    s.fails(protocol_errc::refused_permanently, 550).sends_nothing();
    s.start(set_time).receives("450 busy\r\n").fails(protocol_errc::refused_transiently, 450);
}

TEST_CASE("MDTM has set a time when it says so")
{
    for (const auto* answer : {"213 20240102030405\r\n", "213 File modification time set.\r\n", "253 Date changed\r\n",
                               "200 ok\r\n", "250 ok\r\n"}) {
        CAPTURE(answer);
        server_with s{" MDTM\r\n"};
        s.start(set_time).sends("MDTM 20240102030405 a b\r\n").receives(answer).succeeds().sends_nothing();
        s.start(set_time).sends("MDTM 20240102030405 a b\r\n").receives("550 no\r\n");
        s.fails(protocol_errc::refused_permanently, 550).sends_nothing();
        s.fail_after_every_step();
    }
}

TEST_CASE("MDTM that tells another time has taken the argument for a name")
{
    server_with s{" MDTM\r\n"};
    s.start(set_time).sends("MDTM 20240102030405 a b\r\n").receives("213 20200101000000\r\n");
    s.sends("SITE UTIME 20240102030405 a b\r\n").receives("200 ok\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("MDTM that finds no file is asked whether the file is there")
{
    server_with s{" MDTM\r\n"};
    s.start(set_time).sends("MDTM 20240102030405 a b\r\n").receives("550 no such file\r\n").sends("MDTM a b\r\n");
    SUBCASE("it is: the argument was taken for a name")
    {
        s.receives("213 20200101000000\r\n").sends("SITE UTIME 20240102030405 a b\r\n").receives("200 ok\r\n");
        s.succeeds();
    }
    SUBCASE("it is not")
    {
        s.receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550).sends_nothing();
    }
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("MDTM says in FEAT that it takes a zone, and gets one")
{
    server_with s{" MDTM\r\n MDTM YYYYMMDDHHMMSS[+-TZ];filename\r\n"};
    s.start(set_time).sends("MDTM 20240102030405+0 a b\r\n").receives("550 no\r\n");
    s.fails(protocol_errc::refused_permanently, 550).sends_nothing();
    s.start(set_time).sends("MDTM 20240102030405+0 a b\r\n").receives("253 Date/time changed okay.\r\n").succeeds();
}

TEST_CASE("A mode is set by SITE CHMOD, in three or four octal digits")
{
    client_script s;
    s.start(set_mode).sends("SITE CHMOD 644 a b\r\n").receives("200 ok\r\n").succeeds();
    s.start([] { return operation::set_mode{"a", 04755}; }).sends("SITE CHMOD 4755 a\r\n").receives("550 no\r\n");
    s.fails(protocol_errc::refused_permanently, 550);
    s.start([] { return operation::set_mode{"a", 0}; }).sends("SITE CHMOD 000 a\r\n");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Where SITE CHMOD is unknown, MFF sets a mode, and is kept")
{
    client_script s;
    s.start(set_mode).sends("SITE CHMOD 644 a b\r\n").receives("500 what\r\n");
    s.sends("MFF UNIX.mode=0644; a b\r\n").receives("213 UNIX.mode=0644; a b\r\n").succeeds();
    s.start(set_mode).sends("MFF UNIX.mode=0644; a b\r\n");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("MFF is asked for a mode only if it can change one")
{
    server_with s{" MFF modify;\r\n"};
    s.start(set_mode).sends("SITE CHMOD 644 a b\r\n").receives("502 no\r\n").fails(protocol_errc::not_supported);
    s.start(set_mode).fails(protocol_errc::not_supported).sends_nothing();
    server_with able{" MFF modify;unix.MODE;\r\n"};
    able.start(set_mode).sends("SITE CHMOD 644 a b\r\n").receives("502 no\r\n").sends("MFF UNIX.mode=0644; a b\r\n");
}

TEST_CASE("MFF that has left the mode out has not set it")
{
    client_script s;
    s.start(set_mode).receives("502 no\r\n").receives("213 ; a b\r\n").fails(protocol_errc::not_supported);
}

TEST_CASE("Changes that cannot be asked for are refused")
{
    client_script s;
    s.start([] { return operation::set_modified{"", {}}; }).fails(protocol_errc::argument_invalid);
    s.start([] { return operation::set_modified{"a\nb", {}}; }).fails(protocol_errc::argument_invalid);
    s.start([] { return operation::set_mode{"", 0644}; }).fails(protocol_errc::argument_invalid);
    s.start([] { return operation::set_mode{"a\rb", 0644}; }).fails(protocol_errc::argument_invalid);
    s.start([] { return operation::set_mode{"a", 010000}; }).fails(protocol_errc::argument_invalid).sends_nothing();
}
