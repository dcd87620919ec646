// Rules for replies and for the control connection.
#include <doctest/doctest.h>

#include "odd_host.hpp"

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("The greeting is what the script says, of whatever kind")
{
    in_all_pieces([](odd_script& script) { script.greets("120 wait\r\n220-odd\r\n220 ready"); },
                  [](odd_host& host) {
                      CHECK(host.heard() == "120 wait\r\n220-odd\r\n220 ready\r\n");
                      CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
                  });
}

TEST_CASE("A connection can be refused, or ended before a greeting")
{
    odd_script script;
    script.on_connection().answers("421 full").then_closes().once();
    script.on_connection().stays_silent().then_resets().once();
    script.on_connection().replaces(220, "220 at last");
    odd_host refused{script};
    CHECK(refused.heard() == "421 full\r\n");
    CHECK(refused.end == "|");
    odd_host reset{script};
    CHECK(reset.heard().empty());
    CHECK(reset.end == "!");
    CHECK(odd_host{script}.heard() == "220 at last\r\n");
}

TEST_CASE("A held greeting comes when it is released, and what was sent meanwhile is answered then")
{
    odd_script script;
    script.on_connection().holds();
    odd_host host{script};
    CHECK(host.says("NOOP\r\n").empty());
    script.release();
    host.script_changed();
    CHECK(host.heard() == "220 Service ready.\r\n200 OK.\r\n");
}

TEST_CASE("An answer may have several replies and lines, and its end may be left out")
{
    in_all_pieces(
        [](odd_script& script) {
            script.on("STAT").answers("150 one\r\n226-two\r\n line\r\n226 end\r\n");
            script.on("PWD").answers_exactly("257 half of");
        },
        [](odd_host& host) {
            host.heard();
            CHECK(host.says("STAT\r\n") == "150 one\r\n226-two\r\n line\r\n226 end\r\n");
            CHECK(host.says("PWD\r\n") == "257 half of");
            CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
        });
}

TEST_CASE("A command that is answered by a rule is not carried out")
{
    odd_script script;
    script.files().add_file("/a", "x");
    script.on("DELE").answers("250 gone");
    odd_host host{script};
    host.log_in();
    host.says("DELE a\r\n");
    CHECK(script.files().content("/a").has_value());
}

TEST_CASE("A silent server stays silent, and answers the next command")
{
    in_all_pieces([](odd_script& script) { script.on("PWD").stays_silent(); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("PWD\r\n").empty());
                      CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
                  });
}

TEST_CASE("The server lets in whom a rule lets in")
{
    in_all_pieces(
        [](odd_script& script) {
            script.logs_in("nobody", "at all");
            script.on("USER").answers("230 no password needed");
        },
        [](odd_host& host) {
            host.heard();
            CHECK(host.says("USER ann\r\nPWD\r\n") ==
                  "230 no password needed\r\n257 \"/\" is the current directory.\r\n");
        });
}

TEST_CASE("A replaced reply leaves the command what it is")
{
    in_all_pieces([](odd_script& script) { script.on("MKD").replaces(257, "200 made"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("MKD d\r\n") == "200 made\r\n");
                      CHECK(host.says("MKD d\r\n").starts_with("550 ")); // another reply is not replaced
                      CHECK(host.says("CWD d\r\n").starts_with("250 "));
                  });
}

TEST_CASE("The port of a passive listener can be told in any form")
{
    in_all_pieces(
        [](odd_script& script) {
            script.on("PASV").replaces(227, "227 (10,0,0,1,{p1},{p2})");
            script.on("EPSV").replaces(229, "229 go to !!!{port}!");
        },
        [](odd_host& host) {
            host.log_in();
            host.heard();
            CHECK(host.says("PASV\r\n") == "227 (10,0,0,1,195,84)\r\n");
            CHECK(host.says("EPSV\r\n") == "229 go to !!!50004!\r\n");
        });
}

TEST_CASE("The connection ends behind the answer, before it, or within it")
{
    in_all_pieces([](odd_script& script) { script.on("NOOP").then_closes(); },
                  [](odd_host& host) {
                      host.heard();
                      CHECK(host.says("NOOP\r\nNOOP\r\n") == "200 OK.\r\n");
                      CHECK(host.end == "|");
                      CHECK(host.session().finished());
                  });
    in_all_pieces([](odd_script& script) { script.on("NOOP").stays_silent().then_resets(); },
                  [](odd_host& host) {
                      host.heard();
                      CHECK(host.says("NOOP\r\n").empty());
                      CHECK(host.end == "!");
                  });
    in_all_pieces([](odd_script& script) { script.on("FEAT").cuts_replies_after(20).then_closes(); },
                  [](odd_host& host) {
                      host.heard();
                      CHECK(host.says("FEAT\r\n").size() == 20);
                      CHECK(host.end == "|");
                  });
}

TEST_CASE("A held command waits with all that is behind it")
{
    in_all_pieces([](odd_script& script) { script.on("MKD").holds(); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("MKD d\r\nCWD d\r\n").empty());
                      host.script_changed();
                      CHECK(host.heard().empty());
                  });
    odd_script script;
    script.on("MKD").holds();
    odd_host host{script};
    host.log_in();
    host.says("MKD d\r\nPWD\r\n");
    script.release();
    host.script_changed();
    CHECK(host.heard() == "257 \"/d\" is made.\r\n257 \"/\" is the current directory.\r\n");
}

TEST_CASE("A held reply is said when it is released, though the command is done")
{
    odd_script script;
    script.on("MKD").holds_reply(257).replaces(257, "250 late");
    odd_host host{script};
    host.log_in();
    host.heard();
    CHECK(host.says("MKD /d\r\nNOOP\r\n").empty());
    CHECK(script.files().stat(store_path{}.resolve("/d").value()).has_value());
    script.release();
    host.script_changed();
    CHECK(host.heard() == "250 late\r\n200 OK.\r\n");
}

TEST_CASE("A release counts that comes before what it is for")
{
    odd_script script;
    script.on("NOOP").holds();
    odd_host host{script};
    host.heard();
    script.release();
    CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
    CHECK(host.says("NOOP\r\n").empty());
}

TEST_CASE("A client that leaves is not kept by what is held")
{
    odd_script script;
    script.on("NOOP").holds();
    odd_host host{script};
    host.says("NOOP\r\n");
    host.ends_input();
    CHECK(host.end == "|");
}

TEST_CASE("The script can speak while a command is held")
{
    odd_script script;
    script.on("NOOP").holds();
    odd_host host{script};
    host.heard();
    host.says("NOOP\r\n");
    script.says("garbage\xFF\r\n");
    host.script_changed();
    CHECK(host.heard() == "garbage\xFF\r\n");
}

TEST_CASE("Lines that are none are answered in their place")
{
    in_all_pieces([](odd_script& script) { script.options().max_line_bytes = 16; },
                  [](odd_host& host) {
                      host.heard();
                      CHECK(host.says("NOOP\r\nNOOP a\rb\r\nNOOP and much more than that\r\nNOOP\r\n") ==
                            "200 OK.\r\n500 A command line cannot hold CR or NUL.\r\n500 The command line is too "
                            "long.\r\n200 OK.\r\n");
                  });
}

TEST_CASE("Telnet options are refused, and a byte 255 reaches the files as one")
{
    odd_script script;
    odd_host host{script};
    host.log_in();
    host.heard();
    CHECK(host.says("\xFF\xFB\x01") == "\xFF\xFE\x01");
    host.says("MKD a\xFF\xFF\r\n");
    CHECK(script.files().stat(store_path{}.resolve("/a\xFF").value()).has_value());
}

TEST_CASE("Pipelined commands are answered in order, whoever answers them")
{
    in_all_pieces([](odd_script& script) { script.on("SIZE").answers("550 no"); },
                  [](odd_host& host) {
                      host.heard();
                      CHECK(host.says("USER ann\r\nPASS x\r\nSIZE a\r\nNOOP\r\nSIZE b\r\nQUIT\r\n") ==
                            "331 Send the password by PASS.\r\n230 Logged in.\r\n550 no\r\n200 OK.\r\n550 no\r\n221 "
                            "Goodbye.\r\n");
                      CHECK(host.end == "|");
                  });
}

TEST_CASE("A session that is over takes no more")
{
    odd_script script;
    odd_host host{script};
    host.says("QUIT\r\nNOOP\r\n");
    CHECK_FALSE(host.session().wants_input());
    CHECK(host.says("NOOP\r\n").empty());
    script.says("late\r\n");
    host.script_changed();
    CHECK(host.heard().empty());
}

TEST_CASE("A peer that sends commands without end is not read without end")
{
    odd_script script;
    script.on("NOOP").holds();
    odd_host host{script};
    std::size_t sent = 0;
    while (host.session().wants_input() && sent < 1'000'000) {
        host.says("NOOP\r\n");
        sent += 6;
    }
    CHECK(sent < 200'000);
}
