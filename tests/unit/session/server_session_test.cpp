// The server session's machine: lines, gates, order, limits, the end.
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

TEST_CASE("The greeting is 220 and nothing is asked of the host")
{
    session_script s{just_connected{}};
    s.expect_no_action().expect_no_reply();
}

TEST_CASE("The greeting and the welcome are the owner's, with as many lines as they have")
{
    script_setup setup;
    setup.options.greeting = "This is ours.\nCome in.";
    setup.options.welcome = "One.\n230 is not the end.\nThree.";
    session_script s{just_accepted{}, setup};
    s.expect(220, "This is ours.\nCome in.");
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230, "One.\n 230 is not the end.\nThree.");
    s.send("NOOP\r\n").expect(200);
}

TEST_CASE("Commands are answered in the order they came, also when they come in one piece")
{
    session_script s{just_connected{}};
    s.send("NOOP\r\nSYST\r\nnoop\r\nFEAT\r\n").expect(200).expect(215, "UNIX Type: L8").expect(200).expect(211);
    s.expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("A whole login in one piece is worked off step by step")
{
    session_script s{just_connected{}};
    s.send("USER ann\r\nPASS secret\r\nPWD\r\nQUIT\r\n").expect(331).expect(230).expect(257, "\"/\"").expect(221);
    s.expect_closed(close_reason::quit);
    s.replay_at_every_split();
}

TEST_CASE("A verb that is not known answers 500, one of RFC 959 that is not offered 502")
{
    session_script s{logged_in{}};
    s.send("XYZZY\r\n").expect(500);
    s.send("\r\n").expect(500);
    s.send(" NOOP\r\n").expect(500);
    for (const auto* verb : {"SMNT x", "ESTA", "ESTP", "LPRT 6,16,1", "LPSV", "PRET RETR x"})
        s.send(std::string{verb} + "\r\n").expect(502);
    s.send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("Before the login, commands on files and data connections answer 530")
{
    session_script s{just_connected{}};
    for (const auto& row : command_table()) {
        if (row.login == login_rule::needed && row.support == support::served)
            s.send(std::string{row.text} + " x\r\n").expect(530).expect_no_action();
    }
}

TEST_CASE("A missing argument and a superfluous one answer 501")
{
    session_script s{logged_in{}, {.options = offering_tls()}};
    for (const auto& row : command_table()) {
        if (row.support != support::served)
            continue;
        if (row.argument == argument_rule::required)
            s.send(std::string{row.text} + "\r\n").expect(501).expect_no_action();
        if (row.argument == argument_rule::none)
            s.send(std::string{row.text} + " x\r\n").expect(501).expect_no_action();
    }
}

TEST_CASE("A line over the limit answers one 500 and the session goes on")
{
    session_script s{logged_in{}, {.options = {.max_line_bytes = 64}}};
    s.send(std::string(1000, 'x') + "\r\nNOOP\r\n").expect(500).expect(200).expect_no_reply();
}

TEST_CASE("NUL and CR inside a line answer 500 and never reach a path")
{
    session_script s{logged_in{}};
    s.send(std::string{"MKD a\0b\r\n", 9}).expect(500).expect_no_action();
    s.send("MKD a\rb\r\n").expect(500).expect_no_action();
    s.send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("A line that is too long or malformed is answered in its place among the others")
{
    session_script s{logged_in{}, {.files = {{"/a", "1"}}, .options = {.max_line_bytes = 64}}};
    const auto odd = std::string{"NO\0P\r\n", 6} + std::string(100, 'x') + "\r\n";
    s.data_ready().send("RETR a\r\n").expect(150).send("PWD\r\n" + odd).expect_no_reply().sends("1").expect(226);
    s.expect(257).expect(500, "CR or NUL").expect(500, "too long");
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("CWD /\r\n" + odd).expect_no_reply();
    s.check([](script_host& h) {
        const auto call = h.expect_action<action::call_store>();
        h.session_->store_answered(call.id, perform(call.store, call.request), h.now_);
        h.drain();
    });
    s.expect(250).expect(500).expect(500).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("Telnet commands before ABOR do not disturb it")
{
    session_script s{logged_in{}};
    s.send("\xff\xf4\xff\xf2"
           "ABOR\r\n")
        .expect(225);
    s.replay_at_every_split();
}

TEST_CASE("A Telnet option is refused, and the command around it is understood")
{
    session_script s{logged_in{}};
    s.send("NO\xff\xfd\x01OP\r\n").check([](script_host& h) {
        CHECK(h.wire_.find("\xff\xfc\x01") != std::string::npos);
    });
    s.expect(200);
}

TEST_CASE("A browser is sent away: another protocol's verb as first line ends the session")
{
    for (const auto* line : {"GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\n", "EHLO mail.example\r\n"}) {
        session_script s{just_connected{}};
        s.send(line).expect(421).expect_closed(close_reason::foreign_protocol);
        s.replay_at_every_split();
    }
}

TEST_CASE("Replies the peer does not take stop the reading of commands, and memory stays bounded")
{
    session_script s{just_connected{}, {.options = {.max_output_bytes = 1000}}};
    s.check([](script_host& h) {
        h.reads_output_ = false;
        while (h.session_->wants_input())
            h.receive("HELP\r\nHELP\r\nHELP\r\n");
        CHECK(h.session_->output().size() < 10'000);
        h.reads_output_ = true;
        h.drain();
        CHECK(h.session_->wants_input());
    });
}

TEST_CASE("A peer that never takes everything does not make the replies grow")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) {
        h.reads_output_ = false;
        const auto* place = h.session_->output().data();
        for (int i = 0; i < 1'000; ++i) {
            h.receive("HELP\r\n");
            h.session_->output_sent(h.session_->output().size() - 100, h.now_);
            if (i == 10)
                place = h.session_->output().data();
        }
        // The rest stands where it stood long ago: what was sent has been dropped, and no room was added.
        CHECK(h.session_->output().data() == place);
    });
}

TEST_CASE("Without a login within the limit the session ends with 421, whatever is said meanwhile")
{
    session_script s{just_connected{}, {.options = {.login_limit = 60s}}};
    s.passes(40s).send("NOOP\r\n").expect(200).send("USER ann\r\n").expect(331);
    s.passes(19s).expect_no_reply().passes(1s).expect(421).expect_closed(close_reason::not_logged_in);
}

TEST_CASE("Without a command within the limit the session ends with 421; commands extend it")
{
    session_script s{logged_in{}, {.options = {.idle_limit = 100s}}};
    s.passes(99s).send("NOOP\r\n").expect(200).passes(99s).expect_no_reply();
    s.send("NO").passes(1s).expect(421).expect_closed(close_reason::idle);
}

TEST_CASE("The longest limits that can be written are none")
{
    constexpr auto none = std::chrono::seconds::max();
    session_options without_limits;
    for (auto* const limit : {&without_limits.login_limit, &without_limits.idle_limit,
                              &without_limits.data_connect_limit, &without_limits.stall_limit})
        *limit = none;
    session_script s{just_connected{}, {.files = {{"/a.txt", "abc"}}, .options = without_limits}};
    s.passes(1h).expect_no_reply().send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.passes(1h).expect_no_reply().send("EPSV\r\n").listener_opens().expect(229).passes(1h).expect_no_reply();
    s.send("RETR a.txt\r\n").expect(150).passes(1h).data_connects().passes(1h);
    s.check([](script_host& h) { h.session_->shut_down(clock::duration::max(), h.now_); }).passes(1h).sends("abc");
    s.expect(226).expect(421).expect_closed(close_reason::shut_down);
}

TEST_CASE("A last reply that nobody takes does not hold the session for ever")
{
    session_script s{logged_in{}};
    s.check([](script_host& h) { h.reads_output_ = false; }).send("QUIT\r\n").expect_no_action();
    s.passes(5s).expect_closed(close_reason::unread);
}

TEST_CASE("The control connection is closed only when all replies are sent")
{
    session_script s{logged_in{}};
    s.check([](script_host& h) { h.reads_output_ = false; }).send("QUIT\r\n").expect_no_action();
    s.check([](script_host& h) {
        CHECK(h.session_->is_output_last());
        h.session_->output_sent(3, h.now_);
        CHECK(h.session_->is_output_last());
        CHECK_FALSE(h.session_->next_action().has_value());
        h.session_->output_sent(h.session_->output().size(), h.now_);
    });
    s.check([](script_host& h) { CHECK_FALSE(h.session_->is_output_last()); });
    s.expect_no_action().check([](script_host& h) { h.drain(); }).expect_closed(close_reason::quit);
}

TEST_CASE("No output but that before the end of the connection is the last")
{
    session_script s{just_connected{}};
    const auto is_last = [&s](bool expected) {
        s.check([expected](script_host& h) {
            h.reads_output_ = false;
            CHECK(h.session_->is_output_last() == expected);
        });
    };
    is_last(false);
    s.send("NOOP\r\n");
    is_last(false);
    s.send("QUIT\r\n");
    is_last(true);
}

TEST_CASE("An end of the input lets the commands before it finish")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\nPASS secret\r\nPWD\r\n").expect(331).eof();
    s.check([](script_host& h) {
        const auto login = h.expect_action<action::authenticate>();
        h.session_->authenticated(login.id, h.check(login.who), h.now_);
        h.drain();
    });
    s.expect(230).expect(257).expect_closed(close_reason::peer_gone);
}

TEST_CASE("An end of the input in the middle of a line ends the session")
{
    session_script s{logged_in{}};
    s.send("NOO").eof().expect_closed(close_reason::peer_gone);
}

TEST_CASE("A broken control connection ends the session at once and discards the replies")
{
    session_script s{logged_in{}};
    s.check([](script_host& h) {
        h.reads_output_ = false;
        h.receive("NOOP\r\n");
        h.session_->connection_lost(h.now_);
        h.drain();
    });
    s.expect_closed(close_reason::peer_gone);
}

TEST_CASE("A shutdown says 421 to an idle session and waits for a transfer")
{
    session_script idle{logged_in{}};
    idle.check([](script_host& h) {
            h.session_->shut_down(10s, h.now_);
            h.drain();
        })
        .expect(421)
        .expect_closed(close_reason::shut_down);

    session_script busy{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    busy.data_ready().send("RETR a.txt\r\n").expect(150);
    busy.check([](script_host& h) { h.session_->shut_down(10s, h.now_); }).sends("abc");
    busy.expect(226).expect(421).expect_closed(close_reason::shut_down);
}

TEST_CASE("A shutdown stops a transfer that outlasts its grace")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    s.data_ready().send("RETR a.txt\r\n").expect(150);
    s.check([](script_host& h) { h.session_->shut_down(10s, h.now_); }).passes(10s);
    s.transfer_ends<action::send_data>({1, transfer_fault::canceled, {}});
    s.expect(426).expect(421).expect_closed(close_reason::shut_down);
}

TEST_CASE("A session that the server's owner ends is told so, and its transfer is stopped at once")
{
    const auto disconnect = [](script_host& h) {
        h.session_->shut_down({}, h.now_, close_reason::disconnected);
        h.drain();
    };
    session_script idle{logged_in{}};
    idle.check(disconnect).expect(421, "owner").expect_closed(close_reason::disconnected);

    session_script busy{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    busy.data_ready().send("RETR a.txt\r\n").expect(150).check(disconnect).passes(0s);
    busy.transfer_ends<action::send_data>({1, transfer_fault::canceled, {}});
    busy.expect(426).expect(421, "owner").expect_closed(close_reason::disconnected);
}

TEST_CASE("The observer hears of everything, but of no password and no account")
{
    session_script s{just_connected{}, {.files = {{"/a.txt", "abc"}}, .account = "books"}};
    s.send("USER ann\r\n").expect(331).send("PASS wrong\r\n").passes(1s).expect(530);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(332).send("ACCT books\r\n").expect(230);
    s.data_ready().send("RETR a.txt\r\n").expect(150).sends("abc").expect(226);
    s.send("QUIT\r\n").expect(221).expect_closed(close_reason::quit).check([](script_host& h) {
        const std::vector<std::string> expected{
            "opened",           "command USER ann",   "command PASS ***",      "refused ann",
            "command USER ann", "command PASS ***",   "command ACCT ***",      "logged in ann",
            "command EPSV ",    "command RETR a.txt", "transfer /a.txt 3 226", "command QUIT ",
            "closed 0"};
        CHECK(h.log_.lines == expected);
    });
}

TEST_CASE("A password is not told either where the line that has it is a little off")
{
    for (const auto* line : {" PASS secret", "PASS\tsecret", "PASS:secret", "\tpass secret", "PASSsecret",
                             "SITE PASS secret", "ACCT=secret", "\x1bPASS secret", "PSAS secret"}) {
        session_script s{just_connected{}};
        s.send("USER ann\r\n").expect(331).send(std::string{line} + "\r\n").check([&](script_host& h) {
            CAPTURE(line);
            CHECK_FALSE(h.log_.lines.empty());
            for (const auto& told : h.log_.lines)
                CHECK(told.find("secret") == std::string::npos);
        });
    }
}

TEST_CASE("A reply cannot be split by what a client sends")
{
    session_script s{logged_in{}};
    s.send("CWD \"\xff\xffx\r\n").expect(550);
    s.send("HELP a\tb\r\n").expect(502);
    s.replay_at_every_split();
}

TEST_CASE("Another protocol is sent away also behind a line that is none, and when its first line is too long")
{
    for (const auto& bytes : {"\r\nGET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "x\r\nEHLO me\r\n"}) {
        session_script s{just_connected{}};
        s.send(bytes).check([](script_host& h) {
            while (h.replies_.size() > 1)
                h.replies_.pop_front();
        });
        s.expect(421).expect_closed(close_reason::foreign_protocol);
    }
    session_script s{just_connected{}, {.options = {.max_line_bytes = 64}}};
    s.send("POST /" + std::string(200, 'x') + "\r\nUSER ann\r\n")
        .expect(421)
        .expect_closed(close_reason::foreign_protocol);
    session_script known{just_connected{}};
    known.send("NOOP\r\n").expect(200).send("GET / HTTP/1.1\r\n").expect(500).send("NOOP\r\n").expect(200);
}
