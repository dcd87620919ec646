// HOST, USER, PASS, ACCT, QUIT, REIN, CLNT, CSID (RFC 959 4.1.1, RFC 2577 5, RFC 7151).
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

TEST_CASE("USER and PASS log in")
{
    session_script s{just_connected{}};
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230).send("PWD\r\n").expect(257);
    s.replay_at_every_split();
}

TEST_CASE("USER answers alike whether the user exists or not, and so does PASS")
{
    for (const auto* name : {"ann", "nobody"}) {
        session_script s{just_connected{}};
        s.send(std::string{"USER "} + name + "\r\n").expect(331, "Send the password by PASS.");
        s.send("PASS wrong\r\n").expect_no_reply().passes(1s).expect(530, "Wrong name or password.");
    }
}

TEST_CASE("A wrong password is answered late, and nothing is read meanwhile")
{
    session_script s{just_connected{}, {.options = {.denial_delay = 2s}}};
    s.send("USER ann\r\nPASS wrong\r\nNOOP\r\n").expect(331).passes(1999ms).expect_no_reply();
    s.passes(1ms).expect(530).expect(200).expect_no_reply();
}

TEST_CASE("Too many wrong passwords end the session")
{
    session_script s{just_connected{}, {.options = {.max_failed_logins = 2}}};
    s.send("USER ann\r\n").expect(331).send("PASS a\r\n").passes(1s).expect(530);
    s.send("USER ann\r\n").expect(331).send("PASS b\r\n").passes(1s).expect(421);
    s.expect_closed(close_reason::not_logged_in);
}

TEST_CASE("A login does not make wrong passwords forgotten")
{
    session_script s{just_connected{}, {.options = {.max_failed_logins = 2}}};
    s.send("USER ann\r\n").expect(331).send("PASS a\r\n").passes(1s).expect(530);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("USER bob\r\n").expect(331).send("PASS b\r\n").passes(1s).expect(421);
}

TEST_CASE("REIN without a login does not extend the limit for it")
{
    session_script s{just_connected{}, {.options = {.login_limit = 60s}}};
    s.passes(40s).send("REIN\r\n").expect(220).passes(20s).expect(421).expect_closed(close_reason::not_logged_in);
}

TEST_CASE("REST does not outlive the login")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    s.send("TYPE I\r\n").expect(200).send("REST 2\r\n").expect(350).send("USER ann\r\n").expect(331);
    s.send("PASS secret\r\n").expect(230).data_ready().send("RETR a.txt\r\n").expect(150).sends("abc").expect(226);
}

TEST_CASE("PASS without USER, or after a login, answers 503")
{
    session_script s{just_connected{}};
    s.send("PASS secret\r\n").expect(503).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("PASS secret\r\n").expect(503).expect_no_action();
}

TEST_CASE("A password keeps its spaces")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\n").expect(331).send("PASS  a b \r\n");
    s.check([](script_host& h) { CHECK(h.expect_action<action::authenticate>().who.password.reveal() == " a b "); });
    s.replay_at_every_split();
}

TEST_CASE("USER after a login forgets it and drops the data connection")
{
    session_script s{logged_in{}};
    s.data_ready().send("USER bob\r\n").expect(331).expect_action<action::close_data>();
    s.send("PWD\r\n").expect(530).passes(60s).expect(421);
}

TEST_CASE("USER after a login leaves the transfer parameters as they are")
{
    session_script s{logged_in{}};
    s.send("TYPE I\r\n").expect(200).send("MODE C\r\n").expect(200).send("USER ann\r\n").expect(331);
    s.send("PASS secret\r\n").expect(230).send("STAT\r\n").expect(211, "TYPE I, STRU F, MODE C");
}

TEST_CASE("An authenticator that cannot work answers 421")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\n").expect(331).send("PASS secret\r\n");
    s.check([](script_host& h) {
        const auto id = h.expect_action<action::authenticate>().id;
        h.session_->authenticated(id, std::make_error_code(std::errc::io_error), h.now_);
        h.drain();
    });
    s.expect(421).expect_closed(close_reason::not_logged_in);
}

TEST_CASE("A late or unknown answer of the authenticator changes nothing")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) {
        h.session_->authenticated(op_id{99}, account{"eve", h.files_, {}, permissions::full()}, h.now_);
        h.drain();
    });
    s.expect_no_reply().send("PWD\r\n").expect(530);
}

TEST_CASE("QUIT answers 221 and closes, before the login too")
{
    session_script s{just_connected{}};
    s.send("QUIT\r\n").expect(221).expect_closed(close_reason::quit);
    s.replay_at_every_split();
}

TEST_CASE("What follows QUIT in the same piece is not read")
{
    session_script s{logged_in{}};
    s.send("QUIT\r\nNOOP\r\n").expect(221).expect_no_reply().expect_closed(close_reason::quit);
}

TEST_CASE("REIN starts over: no login, no data connection, no parameters")
{
    session_script s{logged_in{}, {.files = {{"/d/a.txt", "abc"}}}};
    s.send("CWD d\r\n").expect(250).send("TYPE I\r\n").expect(200).data_ready();
    s.send("REIN\r\n").expect(220).expect_action<action::close_data>().send("PWD\r\n").expect(530);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230).send("PWD\r\n").expect(257, "\"/\"");
    s.send("STAT\r\n").expect(211, "TYPE A");
    s.send("LIST\r\n").expect(425);
}

TEST_CASE("A login that wants an account answers 332, and ACCT completes it")
{
    session_script s{just_connected{}, {.account = "books"}};
    s.send("ACCT books\r\n").expect(503).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(332);
    s.send("PWD\r\n").expect(530).send("ACCT books\r\n").expect(230).send("ACCT books\r\n").expect(202);
    s.replay_at_every_split();
}

TEST_CASE("A wrong ACCT is a failed login, and ACCT without being asked checks nothing")
{
    session_script s{just_connected{}, {.account = "books"}};
    s.send("USER ann\r\n").expect(331).send("ACCT books\r\n").expect(503).send("PASS secret\r\n").expect(332);
    s.send("ACCT wrong\r\n").expect_no_reply().passes(1s).expect(530).send("ACCT books\r\n").expect(503);
}

TEST_CASE("Who is asked for ACCT has no longer for it than for the whole login")
{
    session_script s{just_connected{}, {.options = {.login_limit = 60s}, .account = "books"}};
    s.passes(30s).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(332);
    s.passes(30s).expect(421).expect_closed(close_reason::not_logged_in);
}

TEST_CASE("A user with as many sessions as allowed is told 421")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\n").expect(331).send("PASS secret\r\n");
    s.check([](script_host& h) {
        const auto id = h.expect_action<action::authenticate>().id;
        h.session_->authenticated(id, login_errc::too_many_sessions, h.now_);
        h.drain();
    });
    s.expect(421).expect_closed(close_reason::too_many_sessions);
}

TEST_CASE("A seat is free again when its session logs out, and when it ends")
{
    for (const auto* end : {"REIN\r\n", "USER bob\r\n", "QUIT\r\n"}) {
        auto seat = std::make_shared<int>();
        const std::weak_ptr<int> taken = seat;
        session_script s{just_connected{}};
        s.check([](script_host& h) { h.holds_calls_ = true; }).send("USER ann\r\nPASS secret\r\n").expect(331);
        s.check([&seat](script_host& h) {
            const auto id = h.expect_action<action::authenticate>().id;
            h.session_->authenticated(id, account{.name = "ann", .store = h.store_, .seat = std::move(seat)}, h.now_);
            h.drain();
        });
        s.expect(230);
        CHECK_FALSE(taken.expired());
        s.send(end);
        CHECK(taken.expired());
    }
}

TEST_CASE("HOST chooses among the names the server has, before the login only")
{
    session_script s{just_connected{}, {.options = {.hosts = {"ftp.example.com", "*.example.org"}}}};
    s.send("HOST ftp.example.com\r\n").expect(220).send("HOST A.Example.ORG\r\n").expect(220);
    s.send("HOST other.example\r\n").expect(504).send("HOST a b\r\n").expect(501).send("HOST\r\n").expect(501);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("HOST ftp.example.com\r\n").expect(503);
    s.check([](script_host& h) { CHECK(h.session_->facts().host == "a.example.org"); });
    s.replay_at_every_split();
}

TEST_CASE("The case of a host's name means nothing, neither in HOST nor among the names the server has")
{
    session_script s{just_connected{}, {.options = {.hosts = {"FTP.Example.org", "*.Test.org"}}}};
    for (const auto* line : {"HOST ftp.example.org\r\n", "HOST FTP.Example.org\r\n", "HOST a.test.org\r\n"})
        s.send(line).expect(220);
    s.send("HOST other.example\r\n").expect(504);
}

TEST_CASE("Where no hosts are named, HOST takes any, and the authenticator hears which")
{
    session_script s{just_connected{}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("HOST [2001:db8::1]\r\n").expect(220);
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").check([](script_host& h) {
        CHECK(h.expect_action<action::authenticate>().who.host == "[2001:db8::1]");
    });
}

TEST_CASE("HOST answers 501 to what cannot be the name of a host, and the session goes on as if it had not been said")
{
    session_script s{just_connected{}, {.options = {.hosts = {"*"}}}};
    s.send("HOST ftp.example.com\r\n").expect(220);
    for (const auto* odd : {"[::1", "[192.0.2.1]", "[]", "[", "::1", "h.example:21", "foo/bar", "a..b", "-", "a.-b",
                            "a-.b", ".", "a.b..", "*.example.com", ".example.com", "a/b.example.com", "h?"})
        s.send(std::string{"HOST "} + odd + "\r\n").expect(501);
    s.check([](script_host& h) { CHECK(h.session_->facts().host == "ftp.example.com"); });
    for (const auto* name : {"a-1.example.com", "192.0.2.1", "xn--bcher-kva.example",
                             "b\xc3\xbc"
                             "cher.example",
                             "box"})
        s.send(std::string{"HOST "} + name + "\r\n").expect(220);
}

TEST_CASE("HOST takes a name that ends with the dot of the root for the same name")
{
    session_script s{just_connected{}, {.options = {.hosts = {"ftp.example.com"}}}};
    s.send("HOST ftp.example.com.\r\n").expect(220);
    s.check([](script_host& h) { CHECK(h.session_->facts().host == "ftp.example.com"); });
}

TEST_CASE("CLNT and CSID tell who the client is, and CSID who the server is, without a version")
{
    session_script s{just_connected{}, {.options = {.product = "box"}}};
    s.send("CLNT lftp\r\n").expect(200).check([](script_host& h) { CHECK(h.session_->facts().client == "lftp"); });
    s.send("CSID Name=x; Version=1;\r\n").expect(200, "Name=box; CaseSensitive=1; DirSep=/;");
}

TEST_CASE("Nothing that a client can see of a failed login depends on whether the user exists")
{
    // Whom the authenticator of the scripts knows, and whom not: of the same length, so that the lines compare.
    const auto seen = [](const std::string& name, const std::string& account) {
        std::vector<std::string> told;
        session_script s{just_connected{}, {.options = {.max_failed_logins = 2}, .account = account}};
        s.check([&](script_host& h) {
            for (const auto* line : {"PASS wrong", "ACCT x", "PWD", "PASS", "ACCT", "USER", "NOOP", "PASS wrong"}) {
                h.receive("USER " + name + "\r\n" + line + "\r\n");
                const auto at = h.session_->deadline();
                told.push_back(std::to_string(at ? (*at - h.now_).count() : -1));
                told.push_back(std::to_string(h.actions_.size()));
                told.push_back(h.session_->wants_input() ? "reads" : "waits");
                told.push_back(std::exchange(h.wire_, {}));
                h.now_ += 1s;
                h.session_->deadline_passed(h.now_);
                h.drain();
                told.push_back(std::exchange(h.wire_, {}));
            }
            CHECK(h.session_->finished());
        });
        return told;
    };
    CHECK(seen("ann", "") == seen("bob", ""));
    CHECK(seen("ann", "books") == seen("bob", "books"));
}
