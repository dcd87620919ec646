// Rules for data connections.
#include <doctest/doctest.h>

#include "odd_host.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

const std::string opening = "150 Opening data connection for a.txt (5 bytes).\r\n";
const std::string complete = "226 Transfer complete.\r\n";
const std::string broken = "426 The data connection broke.\r\n";

/// Logged in with a passive connection, in all pieces; the file a.txt is there.
void in_transfers(const std::function<void(odd_script&)>& set_up, const std::function<void(odd_host&)>& check)
{
    in_all_pieces(
        [&](odd_script& script) {
            script.files().add_file("/a.txt", "hello");
            set_up(script);
        },
        [&](odd_host& host) {
            host.logs_in_passive();
            host.heard();
            check(host);
        });
}

} // namespace

TEST_CASE("Without a rule a transfer goes as usual")
{
    in_transfers([](odd_script&) {},
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + complete);
                     CHECK(host.data == "hello|");
                 });
}

TEST_CASE("A rule's bytes are sent as they are, for a file that is not there, in any TYPE")
{
    in_transfers([](odd_script& script) { script.on("RETR").sends("a\nb"); },
                 [](odd_host& host) {
                     const auto said = host.says("TYPE A\r\nRETR none\r\n");
                     CHECK(said.ends_with(complete));
                     CHECK(host.data == "a\nb|");
                 });
}

TEST_CASE("Any listing can be a rule's")
{
    for (const std::string verb : {"LIST", "NLST", "MLSD"}) {
        CAPTURE(verb);
        in_transfers([&](odd_script& script) { script.on(verb).sends("type=odd; x\r\n"); },
                     [&](odd_host& host) {
                         CHECK(host.says(verb + "\r\n").ends_with(complete));
                         CHECK(host.data == "type=odd; x\r\n|");
                     });
    }
}

TEST_CASE("A rule's bytes go over active connections too")
{
    in_transfers([](odd_script& script) { script.on("RETR").sends("hel").resets_data(); },
                 [](odd_host& host) {
                     CHECK(host.says("PORT 192,0,2,7,195,80\r\nRETR a.txt\r\n").ends_with(broken));
                     CHECK(host.data == "|hel!");
                 });
}

TEST_CASE("Without a data connection there is no transfer, whatever the rule")
{
    in_all_pieces([](odd_script& script) { script.on("RETR").sends("hel"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("RETR a.txt\r\n").starts_with("425 "));
                      CHECK(host.data.empty());
                  });
}

TEST_CASE("Data is cut after some bytes by a close or by a reset")
{
    in_transfers([](odd_script& script) { script.on("RETR").cuts_data_after(3); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + broken);
                     CHECK(host.data == "hel|");
                 });
    in_transfers([](odd_script& script) { script.on("RETR").resets_data_after(3); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + broken);
                     CHECK(host.data == "hel!");
                 });
    in_transfers([](odd_script& script) { script.on("RETR").cuts_data_after(0); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + broken);
                     CHECK(host.data == "|");
                 });
}

TEST_CASE("A cut behind the end cuts nothing")
{
    in_transfers([](odd_script& script) { script.on("RETR").cuts_data_after(6); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + complete);
                     CHECK(host.data == "hello|");
                 });
}

TEST_CASE("A server can lie about a cut")
{
    in_transfers([](odd_script& script) { script.on("RETR").cuts_data_after(3).replaces(426, "226 fine"); },
                 [](odd_host& host) { CHECK(host.says("RETR a.txt\r\n") == opening + "226 fine\r\n"); });
}

TEST_CASE("226 can come before the data, or never, and 150 in another form, or not at all")
{
    in_transfers([](odd_script& script) { script.on("RETR").replaces(150, "150 x\r\n226 y").omits(226); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == "150 x\r\n226 y\r\n");
                     CHECK(host.data == "hello|");
                 });
    in_transfers([](odd_script& script) { script.on("RETR").omits(226); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening);
                     CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
                 });
    in_transfers(
        [](odd_script& script) { script.on("RETR").replaces(150, "125 here it is (999 bytes)"); },
        [](odd_host& host) { CHECK(host.says("RETR a.txt\r\n") == "125 here it is (999 bytes)\r\n" + complete); });
    in_transfers([](odd_script& script) { script.on("RETR").omits(150); },
                 [](odd_host& host) { CHECK(host.says("RETR a.txt\r\n") == complete); });
}

TEST_CASE("A data connection can stay open behind 226, and the next one is as usual")
{
    in_transfers([](odd_script& script) { script.on("RETR").leaves_data_open().once(); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening + complete);
                     CHECK(host.data == "hello");
                     host.says("EPSV\r\n");
                     host.connects();
                     CHECK(host.says("RETR a.txt\r\n") == opening + complete);
                     CHECK(host.data == "hellohello|");
                 });
}

TEST_CASE("An upload can be cut with any reply, and leaves no file")
{
    odd_script script;
    script.on("STOR").cuts_data_after(3).replaces(426, "452 full");
    odd_host host{script};
    host.logs_in_passive();
    host.heard();
    host.upload = "hello";
    CHECK(host.says("STOR b\r\n").ends_with("452 full\r\n"));
    CHECK(host.data == "|");
    CHECK(host.upload == "lo");
    CHECK_FALSE(script.files().content("/b").has_value());
}

TEST_CASE("An upload can be reset, or be stored without a word")
{
    odd_script script;
    script.on("STOR b").resets_data_after(2);
    script.on("STOR c").omits(226);
    script.on("STOR d").leaves_data_open();
    odd_host host{script};
    host.logs_in_passive();
    host.upload = "hello";
    CHECK(host.says("STOR b\r\n").ends_with(broken));
    CHECK(host.data == "!");

    host.says("EPSV\r\n");
    host.connects();
    host.heard();
    host.upload = "hello";
    CHECK(host.says("STOR c\r\n").starts_with("150 "));
    CHECK(script.files().content("/c").value() == "hello");

    host.says("EPSV\r\n");
    host.connects();
    host.upload = "hello";
    CHECK(host.says("STOR d\r\n").ends_with(complete));
    CHECK(script.files().content("/d").value() == "hello");
}

TEST_CASE("Held data goes on when it is released")
{
    odd_script script;
    script.files().add_file("/a.txt", "hello");
    script.on("RETR").holds_data_after(3);
    script.on("STOR").holds_data_after(2);
    odd_host host{script, 1};
    host.logs_in_passive();
    host.heard();
    CHECK(host.says("RETR a.txt\r\n") == opening);
    CHECK(host.data == "hel");
    script.release();
    host.script_changed();
    CHECK(host.heard() == complete);
    CHECK(host.data == "hello|");

    host.says("EPSV\r\n");
    host.connects();
    host.heard();
    host.upload = "abcd";
    CHECK(host.says("STOR b\r\n").starts_with("150 "));
    CHECK(host.upload == "cd");
    script.release();
    host.script_changed();
    CHECK(host.heard() == complete);
    CHECK(script.files().content("/b").value() == "abcd");
}

TEST_CASE("Data is held first and cut afterwards")
{
    odd_script script;
    script.on("RETR").sends("hello").holds_data_after(2).resets_data_after(4);
    odd_host host{script};
    host.logs_in_passive();
    host.says("RETR x\r\n");
    CHECK(host.data == "he");
    script.release();
    host.script_changed();
    CHECK(host.heard().ends_with(broken));
    CHECK(host.data == "hell!");
}

TEST_CASE("ABOR ends held data, and gets through before what waits")
{
    in_transfers([](odd_script& script) { script.on("RETR").holds_data_after(3); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening);
                     CHECK(host.says("PWD\r\nABOR\r\n") ==
                           "426 Transfer aborted.\r\n226 ABOR is done.\r\n257 \"/\" is the current directory.\r\n");
                     CHECK(host.data == "hel|");
                 });
}

TEST_CASE("STAT, NOOP and QUIT are answered while data is held")
{
    odd_script script;
    script.files().add_file("/a.txt", "hello");
    script.on("RETR").holds_data_after(3);
    odd_host host{script};
    host.logs_in_passive();
    host.heard();
    CHECK(host.says("RETR a.txt\r\n") == opening);
    CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
    CHECK(host.says("STAT\r\n").starts_with("211"));
    CHECK(host.says("QUIT\r\n") == "221 Goodbye.\r\n");
    script.release();
    host.script_changed();
    CHECK(host.heard() == complete);
    CHECK(host.end == "|");
}

TEST_CASE("A rule may have but one reply to ABOR, or none")
{
    odd_script script;
    script.files().add_file("/a.txt", "hello");
    script.on("RETR").holds_data_after(3);
    script.on("ABOR").stays_silent().once();
    script.on("ABOR").answers("226 only this");
    odd_host host{script};
    host.logs_in_passive();
    host.heard();
    CHECK(host.says("RETR a.txt\r\n") == opening);
    CHECK(host.says("ABOR\r\n").empty());
    CHECK(host.data == "hel");
    CHECK(host.says("ABOR\r\n") == "226 only this\r\n");
    CHECK(host.data == "hel|");
    CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
}

TEST_CASE("A rule's replies for a transfer are not taken for those of ABOR")
{
    odd_script script;
    script.on("RETR").sends("hello").holds_data_after(3).replaces(426, "425 odd").omits(226);
    odd_host host{script};
    host.logs_in_passive();
    host.says("RETR a.txt\r\n");
    host.heard();
    CHECK(host.says("ABOR\r\n") == "425 odd\r\n226 ABOR is done.\r\n");
}

TEST_CASE("A client that leaves while data is held leaves nothing behind")
{
    odd_script script;
    script.on("STOR").holds_data_after(2);
    odd_host host{script};
    host.logs_in_passive();
    host.upload = "abcd";
    host.says("STOR b\r\n");
    host.ends_input();
    CHECK(host.end == "|");
    CHECK_FALSE(script.files().content("/b").has_value());
}

TEST_CASE("A client that leaves ends its transfers, and what it has asked for besides is still done")
{
    in_all_pieces([](odd_script& script) { script.files().add_file("/a", "hello"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.says("TYPE I\r\nEPSV\r\nRETR a\r\nSTOR b\r\nPWD\r\n");
                      CHECK(host.end.empty());
                      host.ends_input();
                      const auto said = host.heard();
                      CHECK(said.starts_with("426 "));
                      CHECK(said.find("\r\n257 ") != std::string::npos);
                      CHECK(said.find("226 ") == std::string::npos);
                      CHECK(host.end == "|");
                  });
}

TEST_CASE("A client that leaves with a QUIT behind its transfer still gets the file")
{
    odd_script script;
    script.files().add_file("/a", "hello");
    odd_host host{script};
    host.log_in();
    host.says("TYPE I\r\nEPSV\r\nRETR a\r\nQUIT\r\n");
    host.ends_input();
    CHECK(host.end.empty());
    host.connects();
    CHECK(host.data == "hello|");
    CHECK(host.heard().find("226 ") != std::string::npos);
    CHECK(host.end == "|");
}

TEST_CASE("The server can tell a port where nobody listens")
{
    in_all_pieces([](odd_script& script) { script.on("EPSV").refuses_connections().once(); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("EPSV\r\n") == "229 Entering Extended Passive Mode (|||50004|)\r\n");
                      CHECK(host.data == "|");
                      host.says("EPSV\r\n");
                      CHECK(host.data == "|"); // the next one is as usual
                  });
}

TEST_CASE("The server can leave alone who connects")
{
    odd_script script;
    script.on("EPSV").ignores_connections().once();
    odd_host host{script};
    host.logs_in_passive();
    host.heard();
    CHECK(host.says("LIST\r\n").starts_with("150 "));
    CHECK(host.data.empty());
    CHECK(host.says("ABOR\r\n") == "426 Transfer aborted.\r\n226 ABOR is done.\r\n");
    host.says("EPSV\r\n");
    host.connects();
    CHECK(host.says("LIST\r\n").ends_with(complete));
}

TEST_CASE("The control connection can end behind a transfer, or instead of its last reply")
{
    in_transfers([](odd_script& script) { script.on("RETR").omits(226).then_resets(); },
                 [](odd_host& host) {
                     CHECK(host.says("RETR a.txt\r\n") == opening);
                     CHECK(host.data == "hello|");
                     CHECK(host.end == "!");
                 });
}

TEST_CASE("Restarts and listings of real files stay what they are under a rule")
{
    in_transfers([](odd_script& script) { script.on("RETR").resets_data(); },
                 [](odd_host& host) {
                     host.says("REST 2\r\nRETR a.txt\r\n");
                     CHECK(host.data == "llo!");
                 });
}
