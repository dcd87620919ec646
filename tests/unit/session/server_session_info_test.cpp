// FEAT, HELP, STAT, OPTS (RFC 959, 2389, 2640, 3659).
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("FEAT lists each feature of the table on a line of its own, indented by one space")
{
    session_script s{just_connected{}};
    s.send("FEAT\r\n").expect(211).check([](script_host& h) {
        for (const auto* line : {"\r\n EPRT\r\n", "\r\n EPSV\r\n", "\r\n MDTM\r\n", "\r\n REST STREAM\r\n",
                                 "\r\n SIZE\r\n", "\r\n TVFS\r\n", "\r\n UTF8\r\n", "\r\n MLST type*;size*;modify*;"})
            CHECK_MESSAGE(h.wire_.find(line) != std::string::npos, line);
        CHECK(h.wire_.ends_with("\r\n211 End.\r\n"));
    });
    s.replay_at_every_split();
}

TEST_CASE("FEAT shows by stars which facts are chosen")
{
    session_script s{logged_in{}};
    s.send("OPTS MLST size;nonsense;\r\n").expect(200, "MLST OPTS size;");
    s.send("FEAT\r\n").expect(211, "MLST type;size*;modify;perm;");
    s.send("OPTS MLST\r\n").expect(200).send("FEAT\r\n").expect(211, "MLST type;size;");
}

TEST_CASE("HELP names every served command and none that is not, before the login too")
{
    session_script s{just_connected{}};
    s.send("HELP\r\n").expect(214).check([](script_host& h) {
        for (const auto& row : command_table())
            CHECK_MESSAGE((h.wire_.find(std::string{row.text} + " ") != std::string::npos) ==
                              (row.support == support::served),
                          row.text);
    });
}

TEST_CASE("HELP of a command shows its syntax; of an unknown one answers 504")
{
    session_script s{just_connected{}};
    s.send("HELP retr\r\n").expect(214, "RETR").send("HELP XYZZY\r\n").expect(504).send("HELP SITE\r\n").expect(502);
}

TEST_CASE("STAT tells the state of the session in 211")
{
    session_script s{logged_in{}};
    s.send("STAT\r\n").expect(211, "Logged in as ann").send("STAT x\r\n").expect(502);
}

TEST_CASE("OPTS UTF8 ON is accepted, before the login too; other options answer 501")
{
    session_script s{just_connected{}};
    s.send("OPTS UTF8 ON\r\n").expect(200).send("OPTS utf8 on\r\n").expect(200).send("OPTS UTF8\r\n").expect(200);
    s.send("OPTS UTF8 OFF\r\n").expect(501).send("OPTS RETR x\r\n").expect(501);
}
