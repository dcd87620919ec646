// Data connections that MODE B keeps for the next transfer, where the client has asked for it (RFC 959 3.3, 3.4.2).
#include "session_script.hpp"

#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

const std::string end_of_file{"\100\0\0", 3};

/// One block, and the end behind it.
std::string in_blocks(const std::string& content)
{
    return std::string{"\0\0", 2} + static_cast<char>(content.size()) + content + end_of_file;
}

script_setup two_files()
{
    return {.files = {{"/a", "one"}, {"/b", "two"}}, .options = {.keeps_data_connections = true}};
}

/// TYPE I and MODE B, a data connection for the next transfer, which is to be kept.
session_script keeping(script_setup setup = two_files())
{
    session_script s{logged_in{}, std::move(setup)};
    s.send("OPTS MODE B KEEP\r\n").expect(200).send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200);
    s.data_ready();
    return s;
}

} // namespace

TEST_CASE("A kept data connection serves one transfer after the other: 250 instead of 226, then 125 instead of 150")
{
    auto s = keeping();
    s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250).expect_no_action();
    s.send("RETR b\r\n").expect(125).sends(in_blocks("two")).expect(250);
    s.send("STOR c\r\n").expect(125).receives(in_blocks("three")).expect(250).expect_content("/c", "three");
    s.send("NLST\r\n").expect(125).expect_action<action::send_data>();
    s.replay_at_every_split();
}

TEST_CASE("Commands that were sent ahead go over one data connection")
{
    auto s = keeping();
    s.send("RETR a\r\nPWD\r\nRETR b\r\nSTOR c\r\n").expect(150).sends(in_blocks("one")).expect(250).expect(257);
    s.expect(125).sends(in_blocks("two")).expect(250).expect(125).receives(in_blocks("three")).expect(250);
    s.expect_no_action().replay_at_every_split();
}

TEST_CASE("The host hears which transfers leave the data connection open")
{
    const auto is_left_open = [](script_host& h) {
        CHECK(std::get<action::send_data>(h.actions_.front()).leaves_open);
    };
    const auto is_closed = [](script_host& h) {
        CHECK_FALSE(std::get<action::send_data>(h.actions_.front()).leaves_open);
    };
    keeping().send("RETR a\r\n").check(is_left_open);
    keeping().send("MODE S\r\n").send("RETR a\r\n").check(is_closed);
    keeping().send("MODE C\r\n").send("RETR a\r\n").check(is_closed);
}

TEST_CASE("Without OPTS MODE B KEEP a transfer in MODE B ends its data connection, since clients wait for that")
{
    session_script s{logged_in{}, two_files()};
    s.send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200).data_ready();
    s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(226).send("RETR b\r\n").expect(425);
    session_script other{logged_in{}, two_files()};
    other.send("OPTS MODE B\r\n").expect(501).send("OPTS MODE C KEEP\r\n").expect(501);
    other.send("OPTS MODE b keep\r\n").expect(200).send("FEAT\r\n").expect(211, "MODE B KEEP");
}

TEST_CASE("A host that cannot leave data connections open is not asked to")
{
    session_script s{logged_in{}};
    s.send("OPTS MODE B KEEP\r\n").expect(501).send("FEAT\r\n").check([](script_host& h) {
        CHECK(h.replies_.front().to_string().find("KEEP") == std::string::npos);
    });
}

TEST_CASE("A kept data connection is closed by whatever asks for another one, or would use it otherwise")
{
    for (const std::string command :
         {"EPSV\r\n", "PORT 192,0,2,7,200,10\r\n", "MODE S\r\n", "ABOR\r\n", "REIN\r\n", "QUIT\r\n", "USER ann\r\n"}) {
        CAPTURE(command);
        auto s = keeping();
        s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250).send(command);
        s.check([](script_host& h) { CHECK(h.expect_action<action::close_data>().id == h.data_); });
    }
}

TEST_CASE("PROT closes a kept data connection, which is protected as it was")
{
    session_script s{secured{}, two_files()};
    s.send("OPTS MODE B KEEP\r\n").expect(200).send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200);
    s.data_ready().send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250);
    s.send("RETR b\r\n").expect(125).sends(in_blocks("two")).expect(250); // no second handshake
    s.check([](script_host& h) { CHECK(h.log_.last_was_protected); });
    s.send("PROT C\r\n").expect(200).expect_action<action::close_data>().send("RETR b\r\n").expect(425);
}

TEST_CASE("A kept data connection outlasts a file that is not there, but no transfer that fails")
{
    auto s = keeping();
    s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250).send("RETR missing\r\n").expect(550);
    s.expect_no_action().send("RETR b\r\n").expect(125);
    s.transfer_ends<action::send_data>({1, transfer_fault::store, std::make_error_code(std::errc::io_error)});
    s.expect(451).send("RETR b\r\n").expect(425);
}

TEST_CASE("The first file of a data connection that is not there closes it, as without KEEP")
{
    auto s = keeping();
    s.send("RETR missing\r\n").expect(550).expect_action<action::close_data>().send("RETR b\r\n").expect(425);
}

TEST_CASE("ABOR closes a kept data connection with the transfer that uses it")
{
    auto s = keeping();
    s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250).send("RETR b\r\nABOR\r\n").expect(125);
    s.check([](script_host& h) {
        const auto id = h.expect_action<action::send_data>().id;
        (void)h.expect_action<action::close_data>();
        h.session_->transfer_finished(id, {0, transfer_fault::canceled, {}}, h.now_);
        h.drain();
    });
    s.expect(426).expect(226).expect_no_action().send("RETR b\r\n").expect(425);
}

TEST_CASE("A transfer that was complete when ABOR came keeps no data connection")
{
    auto s = keeping();
    s.send("RETR a\r\nABOR\r\n").expect(150).check([](script_host& h) {
        const auto id = h.expect_action<action::send_data>().id;
        (void)h.expect_action<action::close_data>();
        h.session_->transfer_finished(id, {3, transfer_fault::none, {}}, h.now_);
        h.drain();
    });
    s.expect(226).expect(226).send("RETR b\r\n").expect(425);
}

TEST_CASE("STOU over a kept data connection announces its name by 125")
{
    auto s = keeping();
    s.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250).send("STOU c\r\n").expect(125, "FILE: c");
    s.receives(in_blocks("three")).expect(250, "c");
}

TEST_CASE("An upload over a kept data connection that ends without its mark answers 426 and is not kept")
{
    auto s = keeping();
    s.send("STOR c\r\n").expect(150).receives(in_blocks("x")).expect(250).send("STOR d\r\n").expect(125);
    s.receives(std::string{"\0\0\3abc", 6})
        .expect(426)
        .expect_content("/d", std::nullopt)
        .send("STOR d\r\n")
        .expect(425);
}

TEST_CASE("An upload that is refused closes the data connection, on which its bytes may be already")
{
    const std::string refused[] = {"STOR missing/c\r\n",
                                   "STOR ..\r\n",
                                   "APPE /\r\n",
                                   "STOR\r\n",
                                   "STORE c\r\n",
                                   "STOR c\rd\r\n",
                                   "STOR " + std::string(5000, 'c') + "\r\n"};
    for (const auto& command : refused) {
        CAPTURE(command);
        auto kept = keeping();
        kept.send("RETR a\r\n").expect(150).sends(in_blocks("one")).expect(250);
        auto fresh = keeping();
        for (auto* s : {&kept, &fresh}) {
            s->send(command + "STOR d\r\n").check([](script_host& h) {
                REQUIRE(h.replies_.size() >= 2);
                CHECK(h.replies_[0].is_permanent_failure());
                CHECK(h.replies_[1].code == 425);
                CHECK(h.expect_action<action::close_data>().id == h.data_);
            });
            s->replay_at_every_split();
        }
    }
}

TEST_CASE("Where data connections are not kept, an upload that is refused leaves its own to the next one")
{
    session_script s{logged_in{}, two_files()};
    s.send("TYPE I\r\n").expect(200).data_ready().send("STOR\r\n").expect(501).send("STOR c\r\n").expect(150);
}

TEST_CASE("What is no command waits for the end of a transfer, since it may be an upload with bytes behind those")
{
    for (const std::string line : {"STRO b\r\n", "STOR b\rc\r\n"}) {
        CAPTURE(line);
        auto s = keeping();
        s.send("STOR c\r\n").expect(150).send(line + "STOR d\r\n").receives(in_blocks("three")).expect(250);
        s.expect(500).expect(425).expect_content("/c", "three").expect_content("/d", std::nullopt);
        s.replay_at_every_split();
    }
}
