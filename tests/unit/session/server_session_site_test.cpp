// The commands behind SITE.
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

script_setup some_files()
{
    return {.files = {{"/a.txt", "abc"}, {"/d/b c", "x"}}};
}

} // namespace

TEST_CASE("An unknown command behind SITE answers 500, none 501")
{
    session_script s{logged_in{}};
    s.send("SITE XYZZY\r\n").expect(500).send("SITE\r\n").expect(501).send("SITE RETR x\r\n").expect(500);
    session_script before{just_connected{}};
    before.send("SITE HELP\r\n").expect(530);
}

TEST_CASE("SITE CHMOD sets the mode by three or four octal digits")
{
    session_script s{logged_in{}, some_files()};
    s.send("OPTS MLST UNIX.mode;\r\n").expect(200).send("SITE CHMOD 640 d/b c\r\n").expect(200);
    s.send("MLST d/b c\r\n").expect(250, "UNIX.mode=0640;").send("site chmod 0600 a.txt\r\n").expect(200);
    for (const auto* line :
         {"SITE CHMOD 999 a.txt", "SITE CHMOD u+x a.txt", "SITE CHMOD 600", "SITE CHMOD 77777 a.txt"})
        s.send(std::string{line} + "\r\n").expect(501);
    s.send("SITE CHMOD 600 none\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("SITE UMASK tells and sets what new files and directories do not get")
{
    session_script s{logged_in{}};
    s.send("SITE UMASK\r\n").expect(200, "server's own").send("SITE UMASK 077\r\n").expect(200);
    s.send("SITE UMASK\r\n").expect(200, "077").send("MKD d\r\n").expect(257);
    s.data_ready()
        .send("STOR f\r\n")
        .expect(150)
        .receives("x")
        .expect(226)
        .send("OPTS MLST UNIX.mode;\r\n")
        .expect(200);
    s.send("MLST d\r\n").expect(250, "UNIX.mode=0700;").send("MLST f\r\n").expect(250, "UNIX.mode=0600;");
    s.send("SITE UMASK 1777\r\n").expect(501).send("SITE UMASK x\r\n").expect(501);
}

TEST_CASE("SITE UTIME sets times in both forms that clients send")
{
    session_script s{logged_in{}, some_files()};
    s.send("SITE UTIME 20010203040506 d/b c\r\n").expect(200).send("MDTM d/b c\r\n").expect(213, "20010203040506");
    s.send("SITE UTIME 200202030405 a.txt\r\n").expect(200).send("MDTM a.txt\r\n").expect(213, "20020203040500");
    s.send("SITE UTIME d/b c 20030101000000 20030203040506 20030101000000 UTC\r\n").expect(200);
    s.send("MDTM d/b c\r\n").expect(213, "20030203040506");
    s.send("SITE UTIME \"d/b c\" 20040101000000 20040203040506 20040101000000 UTC\r\n").expect(200);
    s.send("MDTM d/b c\r\n").expect(213, "20040203040506");
    for (const auto* line : {"SITE UTIME a.txt", "SITE UTIME x a.txt", "SITE UTIME a.txt 1 2 3 UTC",
                             "SITE UTIME 20010203040506", "SITE UTIME a.txt 20040101000000 20040203040506 UTC"})
        s.send(std::string{line} + "\r\n").expect(501);
    s.replay_at_every_split();
}

TEST_CASE("SITE SYMLINK makes a link, whose target counts from where the link is")
{
    session_script s{logged_in{}, some_files()};
    s.send("SITE SYMLINK d l\r\n").expect(200).send("SITE SYMLINK /a.txt /k\r\n").expect(200);
    s.data_ready().send("RETR k\r\n").expect(150).sends("abc").expect(226);
    s.send("SITE SYMLINK \"b c\" d/m\r\n")
        .expect(200)
        .data_ready()
        .send("RETR d/m\r\n")
        .expect(150)
        .sends("x")
        .expect(226);
    s.send("SITE SYMLINK a\r\n").expect(501).send("SITE SYMLINK a b c\r\n").expect(501);
    s.send("SITE SYMLINK x a.txt\r\n").expect(550);
}

TEST_CASE("SITE SYMLINK makes no link that climbs: moved, it could lead out of the store")
{
    session_script s{logged_in{}, some_files()};
    for (const auto* line : {"SITE SYMLINK ../a.txt d/l", "SITE SYMLINK /a.txt d/l", "SITE SYMLINK ../../x d/l"})
        s.send(std::string{line} + "\r\n").expect(550);
}

TEST_CASE("SITE MKDIR makes the directories above too, and SITE RMDIR removes a tree")
{
    session_script s{logged_in{}, some_files()};
    s.send("SITE MKDIR x/y z/w\r\n").expect(200).send("CWD x/y z/w\r\n").expect(250).send("CWD /\r\n").expect(250);
    s.send("SITE RMDIR d\r\n").expect(200).send("CWD d\r\n").expect(550).send("SITE RMDIR none\r\n").expect(550);
}

TEST_CASE("SITE COPY copies a file, and so do SITE CPFR and SITE CPTO")
{
    session_script s{logged_in{}, some_files()};
    s.send("SITE COPY a.txt b.txt\r\n").expect(250).expect_content("/b.txt", "abc");
    s.send("SITE COPY \"d/b c\" \"e f\"\r\n").expect(250).expect_content("/e f", "x");
    s.send("SITE CPTO g\r\n").expect(503).send("SITE CPFR d/b c\r\n").expect(350).send("SITE CPTO g h\r\n").expect(250);
    s.expect_content("/g h", "x").send("SITE CPTO i\r\n").expect(503);
    s.send("SITE COPY a.txt\r\n")
        .expect(501)
        .send("SITE COPY none x\r\n")
        .expect(550)
        .send("SITE CPFR a.txt\r\n")
        .expect(350)
        .send("SITE CPFR none\r\n")
        .expect(550)
        .send("SITE CPTO i\r\n")
        .expect(503);
    s.send("SITE COPY d e\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("SITE IDLE tells and sets the limit, within the server's bounds")
{
    session_script s{logged_in{}, {.options = {.idle_limit = 100s, .max_idle_limit = 1000s}}};
    s.send("SITE IDLE\r\n").expect(200, "100").send("SITE IDLE 1000\r\n").expect(200).passes(999s).expect_no_reply();
    s.send("SITE IDLE 1001\r\n").expect(501).send("SITE IDLE 5\r\n").expect(501).send("SITE IDLE x\r\n").expect(501);
    s.passes(1000s).expect(421);
}

TEST_CASE("SITE IDLE takes what the server's own limit leaves, be it little")
{
    session_script s{logged_in{}, {.options = {.idle_limit = 3s, .max_idle_limit = 3s}}};
    s.send("SITE IDLE 4\r\n").expect(501, "3 to 3").send("SITE IDLE 3\r\n").expect(200);
}

TEST_CASE("SITE WHO is for administrators, and there only where the host can tell")
{
    const auto sessions = [] {
        return std::vector<session_facts>{{.id = 7,
                                           .peer = client_end,
                                           .user = "bob\x9b"
                                                   "2J",
                                           .client = "x\r\n226 y\x1b]0;z\x07"}};
    };
    session_script none{logged_in{permissions{permission::administer}}};
    none.send("SITE WHO\r\n").expect(502);
    session_script weak{logged_in{}, {.options = {.list_sessions = sessions}}};
    weak.send("SITE WHO\r\n").expect(550);
    session_script s{logged_in{permissions{permission::administer}}, {.options = {.list_sessions = sessions}}};
    s.send("SITE WHO\r\n").expect(211, R"(7 192.0.2.7:40000 bob\x9b2J, x\x0d\x0a226 y\x1b]0;z\x07)").expect_no_reply();
}

TEST_CASE("The observer hears what was changed, and only if it was")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) { h.log_.lines.clear(); });
    s.send("SITE COPY a.txt c\r\n")
        .expect(250)
        .send("SITE CHMOD 600 none\r\n")
        .expect(550)
        .send("MKD n\r\n")
        .expect(257);
    s.check([](script_host& h) {
        CHECK(h.log_.lines == std::vector<std::string>{"command SITE COPY a.txt c", "changed 6 /a.txt /c",
                                                       "command SITE CHMOD 600 none", "command MKD n",
                                                       "changed 2 /n /"});
    });
}
