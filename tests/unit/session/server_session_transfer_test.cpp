// Transfers (RFC 959 4.1.3, 5.4; RFC 3659 5, 7).
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

script_setup some_files()
{
    return {.files = {{"/a.txt", "one\ntwo\n"}, {"/d/b.txt", "x"}, {"/d/c.txt", "yy"}}};
}

} // namespace

TEST_CASE("A download: 150, the bytes, 226; the client may connect before the command")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n").expect(200).data_ready().send("RETR a.txt\r\n").expect(150, "(8 bytes)");
    s.sends("one\ntwo\n").expect(226).expect_no_action().expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("A download: the client may connect after 150")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n").expect(200).send("EPSV\r\n").listener_opens().expect(229);
    s.send("RETR a.txt\r\n").expect(150).expect_no_action().data_connects().sends("one\ntwo\n").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("TYPE A sends CRLF line ends and announces no size")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).sends("one\r\ntwo\r\n").expect(226);
    s.check([](script_host& h) { CHECK(h.wire_.find("bytes)") == std::string::npos); });
}

TEST_CASE("REST makes a download start later, once")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n").expect(200).send("REST 4\r\n").expect(350).data_ready();
    s.send("RETR a.txt\r\n").expect(150, "(4 bytes)").sends("two\n").expect(226);
    s.data_ready().send("RETR a.txt\r\n").expect(150).sends("one\ntwo\n").expect(226);
}

TEST_CASE("REST behind the end answers 554, REST of no number 501, REST in TYPE A 504 at the transfer")
{
    session_script s{logged_in{}, some_files()};
    s.send("REST x\r\n").expect(501).send("REST -1\r\n").expect(501).send("REST 99999999999999999999\r\n").expect(501);
    s.send("REST 4\r\n").expect(350).data_ready().send("RETR a.txt\r\n").expect(504);
    s.send("TYPE I\r\n").expect(200).send("REST 9\r\n").expect(350).send("RETR a.txt\r\n").expect(554);
}

TEST_CASE("A transfer without PASV or PORT answers 425 and opens no file")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) { h.holds_calls_ = true; });
    for (const auto* line : {"RETR a.txt", "STOR n", "APPE n", "LIST", "NLST", "MLSD"})
        s.send(std::string{line} + "\r\n").expect(425).expect_no_action();
}

TEST_CASE("A file that is not there answers 550 and uses the data connection up")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR none\r\n").expect(550).expect_action<action::close_data>();
    s.send("RETR a.txt\r\n").expect(425).send("RETR d\r\n").expect(425);
    s.data_ready().send("RETR d\r\n").expect(550);
}

TEST_CASE("An upload appears when it is complete")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n")
        .expect(200)
        .data_ready()
        .send("STOR n.bin\r\n")
        .expect(150)
        .expect_content("/n.bin", std::nullopt);
    s.receives(std::string{"\0\xff\r\n", 4}).expect(226).expect_content("/n.bin", std::string{"\0\xff\r\n", 4});
    s.replay_at_every_split();
}

TEST_CASE("An empty upload makes an empty file")
{
    session_script s{logged_in{}};
    s.data_ready().send("STOR n\r\n").expect(150).receives("").expect(226).expect_content("/n", "");
}

TEST_CASE("TYPE A stores LF line ends")
{
    session_script s{logged_in{}};
    s.data_ready().send("STOR n\r\n").expect(150).receives("one\r\ntwo\r\n\r").expect(226);
    s.expect_content("/n", "one\ntwo\n\r");
}

TEST_CASE("APPE writes at the end, and makes what is not there")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n").expect(200).data_ready().send("APPE a.txt\r\n").expect(150).receives("three").expect(226);
    s.expect_content("/a.txt", "one\ntwo\nthree").data_ready().send("APPE n\r\n").expect(150).receives("x").expect(226);
    s.expect_content("/n", "x").send("REST 3\r\n").expect(350).data_ready().send("APPE n\r\n").expect(503);
}

TEST_CASE("REST and STOR resume an upload; it needs the permission to change files in place")
{
    session_script s{logged_in{}, some_files()};
    s.send("TYPE I\r\n").expect(200).send("REST 4\r\n").expect(350).data_ready().send("STOR a.txt\r\n").expect(150);
    s.receives("2!").expect(226).expect_content("/a.txt", "one\n2!");
    session_script weak{logged_in{permissions{permission::write}}, some_files()};
    weak.send("TYPE I\r\n").expect(200).send("REST 4\r\n").expect(350).send("STOR a.txt\r\n").expect(550);
}

TEST_CASE("An upload whose data connection breaks answers 426 and leaves the old file")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR a.txt\r\n").expect(150);
    s.transfer_ends<action::receive_data>(
        {3, transfer_fault::connection, std::make_error_code(std::errc::connection_reset)});
    s.expect(426).expect_content("/a.txt", "one\ntwo\n").send("NOOP\r\n").expect(200);
}

TEST_CASE("A store that fails during a transfer answers its own code, never 226")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR n\r\n").expect(150);
    s.transfer_ends<action::receive_data>({3, transfer_fault::store, store_errc::insufficient_storage}).expect(452);
    s.data_ready().send("RETR a.txt\r\n").expect(150);
    s.transfer_ends<action::send_data>({3, transfer_fault::store, std::make_error_code(std::errc::io_error)})
        .expect(451);
    s.expect_no_reply();
}

TEST_CASE("No data connection within the limit answers 425; an upload is discarded")
{
    session_script s{logged_in{}, {.options = {.data_connect_limit = 30s}}};
    s.send("EPSV\r\n").listener_opens().expect(229).send("STOR n\r\n").expect(150).passes(29s).expect_no_reply();
    s.passes(1s).expect(425).expect_action<action::close_data>().expect_content("/n", std::nullopt);
    s.send("NOOP\r\n").expect(200);
}

TEST_CASE("An active data connection that fails answers 425 without 150")
{
    session_script s{logged_in{}, some_files()};
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("RETR a.txt\r\n").check([](script_host& h) {
        const auto id = h.expect_action<action::connect_data>().id;
        h.session_->data_connected(id, std::make_error_code(std::errc::connection_refused), h.now_);
        h.drain();
    });
    s.expect(425).expect_action<action::close_data>().send("RETR a.txt\r\n").expect(425);
}

TEST_CASE("A transfer that moves is never cut; one that stalls is")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}, .options = {.idle_limit = 50s, .stall_limit = 60s}}};
    s.data_ready().send("RETR a.txt\r\n").expect(150);
    for (std::uint64_t n = 1; n < 5; ++n) {
        s.passes(59s).check([n](script_host& h) {
            const auto id = std::get<action::send_data>(h.actions_.front()).id;
            h.session_->transfer_progressed(id, n, h.now_);
        });
    }
    s.expect_no_reply().passes(59s).expect_no_reply().passes(1s);
    s.transfer_ends<action::send_data>({5, transfer_fault::canceled, {}}).expect_action<action::close_data>();
    s.expect(426).send("NOOP\r\n").expect(200);
}

TEST_CASE("The observer hears of each piece that moves, and in all of as many bytes as the transfer had")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abcdefgh"}}}};
    s.data_ready().send("RETR a.txt\r\n").expect(150).check([](script_host& h) {
        const auto id = std::get<action::send_data>(h.actions_.front()).id;
        for (const std::uint64_t bytes : {0U, 2U, 5U, 5U, 4U}) // TLS may seem to take some back
            h.session_->transfer_progressed(id, bytes, h.now_);
    });
    s.transfer_ends<action::send_data>({8, transfer_fault::none, {}}).expect(226).check([](script_host& h) {
        CHECK(h.log_.moved == std::vector<std::uint64_t>{2, 3, 3});
        CHECK(h.log_.begun_transfers == 1);
        CHECK(h.log_.last_had_begun);
    });
}

TEST_CASE("A transfer that ends before it began is told as such")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR missing\r\n").expect(550).check([](script_host& h) {
        CHECK(h.log_.ends.size() == 1);
        CHECK(h.log_.begun_transfers == 0);
        CHECK_FALSE(h.log_.last_had_begun);
    });
}

TEST_CASE("A transfer that waits for its limit on bytes per second has not stalled")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}, .options = {.stall_limit = 60s}}};
    s.data_ready().send("RETR a.txt\r\n").expect(150);
    for (int n = 1; n < 5; ++n) {
        s.passes(59s).check([](script_host& h) {
            h.session_->transfer_held(std::get<action::send_data>(h.actions_.front()).id, h.now_);
        });
    }
    s.expect_no_reply().sends("abc").expect(226);
}

TEST_CASE("NOOP and STAT are answered at once during a transfer; STAT tells the bytes so far")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("NOOP\r\n").expect(200).check([](script_host& h) {
        const auto id = std::get<action::send_data>(h.actions_.front()).id;
        h.session_->transfer_progressed(id, 5, h.now_);
    });
    s.send("STAT\r\n").expect(211, "5 bytes so far").sends("one\r\ntwo\r\n").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("Other commands wait for the end of the transfer, and all behind them too")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("PWD\r\nNOOP\r\nXYZZY\r\n").expect_no_reply();
    s.sends("one\r\ntwo\r\n").expect(226).expect(257).expect(200).expect(500).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("An unknown command is answered at once during a transfer")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("XYZZY\r\n").expect(500);
    s.sends("one\r\ntwo\r\n").expect(226);
}

TEST_CASE("ABOR overtakes the commands that wait; they are answered after it")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("PWD\r\nNOOP\r\nABOR\r\n").expect_no_reply();
    s.transfer_ends<action::send_data>({1, transfer_fault::canceled, {}});
    s.expect(426).expect(226).expect(257).expect(200).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("Commands that wait for the end of a transfer are bounded")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).check([](script_host& h) {
        std::size_t taken = 0;
        while (h.session_->wants_input()) {
            h.receive("PWD\r\nPWD\r\nPWD\r\n");
            taken += 15;
        }
        CHECK(taken < 20'000);
    });
}

TEST_CASE("QUIT during a transfer answers at once; the transfer ends before the session does")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("QUIT\r\nNOOP\r\n").expect(221);
    s.sends("one\r\ntwo\r\n").expect(226).expect_no_reply().expect_closed(close_reason::quit);
}

TEST_CASE("ABOR during a transfer answers 426 and 226, and an upload is discarded")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR a.txt\r\n").expect(150).send("ABOR\r\n").expect_no_reply();
    s.check([](script_host& h) {
        const auto upload = h.expect_action<action::receive_data>();
        CHECK(h.expect_action<action::close_data>().id == h.data_);
        h.session_->transfer_finished(upload.id, {2, transfer_fault::canceled, {}}, h.now_);
        h.drain();
    });
    s.expect(426).expect(226).expect_no_reply().expect_content("/a.txt", "one\ntwo\n").send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("ABOR that comes too late answers 226 for the transfer and 226 for itself")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("ABOR\r\n").sends("one\r\ntwo\r\n").expect(226).expect(226);
}

TEST_CASE("ABOR while the data connection is awaited answers 426 and 226")
{
    session_script s{logged_in{}, some_files()};
    s.send("EPSV\r\n").listener_opens().expect(229).send("RETR a.txt\r\n").expect(150).send("ABOR\r\n");
    s.expect(426).expect(226).expect_action<action::close_data>().expect_no_action();
}

TEST_CASE("What waits behind a transfer that ABOR ends is answered before what is behind ABOR")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "x"}}}};
    s.send("EPSV\r\n").listener_opens().expect(229).send("RETR a.txt\r\n").expect(150);
    s.send("PWD\r\nNOOP\r\nABOR\r\nSYST\r\n").expect(426).expect(226).expect(257).expect(200).expect(215);
    s.replay_at_every_split();
}

TEST_CASE("ABOR without a transfer answers 226 if it closes a data connection, else 225")
{
    session_script s{logged_in{}};
    s.send("ABOR\r\n").expect(225).data_ready().send("ABOR\r\n").expect(226).expect_action<action::close_data>();
    s.send("LIST\r\n").expect(425);
}

TEST_CASE("ABOR without a transfer leaves the address that PORT named for the next one")
{
    session_script s{logged_in{}, some_files()};
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("ABOR\r\n").expect(225);
    s.send("LIST\r\n").connects_to({client_end.address, 51200}).expect(150);
}

TEST_CASE("The end of the control connection gives a running transfer up")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR n\r\n").expect(150).eof();
    s.transfer_ends<action::receive_data>({2, transfer_fault::canceled, {}}).expect(426);
    s.expect_closed(close_reason::peer_gone).expect_content("/n", std::nullopt);
}

TEST_CASE("The end of the control connection during the opening of a file gives the transfer up")
{
    session_script s{logged_in{}, some_files()};
    s.send("EPSV\r\n").listener_opens().expect(229).send("TYPE I\r\nRETR a.txt\r\n").expect(200).expect(150).eof();
    s.expect(426).expect_closed(close_reason::peer_gone);
}

TEST_CASE("A transfer with QUIT behind it goes on when the control connection ends")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR n\r\nQUIT\r\n").expect(150).expect(221).eof().receives("all").expect(226);
    s.expect_closed(close_reason::quit).expect_content("/n", "all");
}

TEST_CASE("So does one whose QUIT waits for its 150, or behind another command")
{
    session_script active{logged_in{}, some_files()};
    active.send("TYPE I\r\nPORT 192,0,2,7,200,0\r\nRETR a.txt\r\nquit\r\n").expect(200).expect(200).eof();
    active.connects_to({client_end.address, 51200}).expect(150).sends("one\ntwo\n").expect(226).expect(221);
    active.expect_closed(close_reason::quit);

    session_script s{logged_in{}, some_files()};
    s.data_ready().send("STOR n\r\nPWD\r\nQUIT\r\n").expect(150).eof().receives("all").expect(226).expect(257);
    s.expect(221).expect_closed(close_reason::quit).expect_content("/n", "all");
}

TEST_CASE("A transfer that the end of the session cuts off is reported")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).check([](script_host& h) {
        h.session_->connection_lost(h.now_);
        CHECK(h.log_.lines.back() == "transfer /a.txt 0 0");
        h.drain();
    });
    s.expect_closed(close_reason::peer_gone);
}

TEST_CASE("Late answers of the host are ignored, and what they bring is discarded")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) { h.holds_calls_ = true; }).data_ready().send("STOR n\r\n").check([](script_host& h) {
        auto call = h.expect_action<action::call_store>();
        h.session_->connection_lost(h.now_);
        auto answer = perform(call.store, call.request);
        h.session_->store_answered(call.id, std::move(answer), h.now_);
        h.session_->data_connected(h.data_, client_end, h.now_);
        h.session_->transfer_finished(call.id, {}, h.now_);
        h.session_->transfer_progressed(call.id, 1, h.now_);
        h.drain();
    });
    s.expect_closed(close_reason::peer_gone).expect_content("/n", std::nullopt);
}

TEST_CASE("LIST sends Unix lines, NLST names, MLSD facts")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("LIST d\r\n").expect(150);
    s.sends("-rw-r--r--   1 ftp      ftp             1 Jan  1 01:00 b.txt\r\n"
            "-rw-r--r--   1 ftp      ftp             2 Jan  1 01:00 c.txt\r\n")
        .expect(226);
    s.data_ready().send("NLST d\r\n").expect(150).sends("d/b.txt\r\nd/c.txt\r\n").expect(226);
    s.send("OPTS MLST type;size;\r\n").expect(200).data_ready().send("MLSD d\r\n").expect(150);
    s.sends("type=file;size=1; b.txt\r\ntype=file;size=2; c.txt\r\n").expect(226);
}

TEST_CASE("LIST and NLST of the working directory, of options alone, and of a file")
{
    session_script s{logged_in{}, some_files()};
    s.send("CWD d\r\n").expect(250);
    for (const auto* line : {"NLST", "NLST -A", "NLST -A -1", "NLST -A .", "NLST ."})
        s.data_ready().send(std::string{line} + "\r\n").expect(150).sends("b.txt\r\nc.txt\r\n").expect(226);
    s.data_ready().send("NLST b.txt\r\n").expect(150).sends("b.txt\r\n").expect(226);
    s.data_ready().send("NLST -A /a.txt\r\n").expect(150).sends("/a.txt\r\n").expect(226);
}

TEST_CASE("The names that NLST gives can be used as they are")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("NLST d/\r\n").expect(150).sends("d/b.txt\r\nd/c.txt\r\n").expect(226);
    s.data_ready().send("NLST d/b.txt\r\n").expect(150).sends("d/b.txt\r\n").expect(226);
    s.data_ready().send("NLST /\r\n").expect(150).sends("/a.txt\r\n/d\r\n").expect(226);
}

TEST_CASE("A directory named like an option is reached by ./")
{
    session_script s{logged_in{}, {.files = {{"/-la/x", "1"}}}};
    s.data_ready().send("NLST ./-la\r\n").expect(150).sends("./-la/x\r\n").expect(226);
    s.data_ready().send("MLSD -la\r\n").expect(150);
}

TEST_CASE("An empty directory is an empty listing; MLSD of a file answers 501, of nothing 550")
{
    session_script s{logged_in{}, some_files()};
    s.send("MKD e\r\n").expect(257).data_ready().send("LIST e\r\n").expect(150).sends("").expect(226);
    s.data_ready().send("MLSD a.txt\r\n").expect(501).expect_action<action::close_data>();
    s.data_ready().send("MLSD none\r\n").expect(550).expect_action<action::close_data>();
    s.data_ready().send("LIST none\r\n").expect(550);
}

TEST_CASE("Two commands in one piece transfer one after the other")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("NLST d\r\nEPSV\r\n").expect(150).sends("d/b.txt\r\nd/c.txt\r\n").expect(226);
    s.listener_opens().expect(229);
    s.replay_at_every_split();
}

TEST_CASE("The host learns whether the store may block")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).check([](script_host& h) {
        const auto asked = h.expect_action<action::send_data>();
        CHECK_FALSE(asked.may_block);
        CHECK_FALSE(asked.seldom_slow);
    });
}

TEST_CASE("The host learns that what is sent compressed may take long, whatever the store is")
{
    for (const auto* mode : {"MODE Z", "MODE C"}) {
        session_script s{logged_in{}, some_files()};
        s.send(std::string{mode} + "\r\n").expect(200).data_ready().send("STOR new\r\n").expect(150);
        s.check([](script_host& h) { CHECK(h.expect_action<action::receive_data>().may_block); });
    }
}
