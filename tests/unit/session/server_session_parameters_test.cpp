// TYPE, STRU, MODE, ALLO, REST, RANG, LANG, OPTS (RFC 959 3, 4.1.2; RFC 2389 4; RFC 2640 4).
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

script_setup one_file()
{
    return {.files = {{"/a.txt", "one\ntwo\n"}}};
}

} // namespace

TEST_CASE("TYPE takes A, A N, A T, I and L 8, and answers 504 for the rest of RFC 959")
{
    session_script s{logged_in{}};
    for (const auto* type : {"A", "a", "A N", "A T", "I", "i", "L 8", "L8", "I "})
        s.send(std::string{"TYPE "} + type + "\r\n").expect(200);
    for (const auto* type : {"E", "A C", "L 7", "E N"})
        s.send(std::string{"TYPE "} + type + "\r\n").expect(504);
    for (const auto* type : {"X", "L", "AX", " ", "I 8"})
        s.send(std::string{"TYPE "} + type + "\r\n").expect(501);
}

TEST_CASE("STRU takes F and R, and answers 504 for P")
{
    session_script s{logged_in{}};
    s.send("STRU R\r\n").expect(200).send("STRU f\r\n").expect(200).send("STRU P\r\n").expect(504);
    s.send("STRU X\r\n").expect(501).send("STRU\r\n").expect(501);
}

TEST_CASE("MODE takes S, B, C and Z, answers 504 for other letters and 501 for other words")
{
    session_script s{logged_in{}};
    for (const auto* mode : {"S", "b", "C", "Z", "z", "S "})
        s.send(std::string{"MODE "} + mode + "\r\n").expect(200);
    s.send("MODE X\r\n").expect(504).send("MODE SS\r\n").expect(501).send("MODE 1\r\n").expect(501);
}

TEST_CASE("ALLO is checked and superfluous")
{
    session_script s{logged_in{}};
    s.send("ALLO 1000\r\n").expect(202).send("ALLO 1000 R 10\r\n").expect(202).send("ALLO 1000 r 10\r\n").expect(202);
    s.send("ALLO x\r\n").expect(501).send("ALLO 10 R\r\n").expect(501).send("ALLO 10 R x\r\n").expect(501);
    s.send("ALLO 10 X 5\r\n").expect(501).send("ALLO  10\r\n").expect(501);
}

TEST_CASE("MODE B sends a file in blocks with an end mark, and keeps a marker's offset for REST")
{
    session_script s{logged_in{}, one_file()};
    s.send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200).data_ready();
    s.send("RETR a.txt\r\n").expect(150).check([](script_host& h) {
        CHECK(h.wire_.find("bytes)") == std::string::npos); // on the wire there are more
        std::array<char, 64> bytes{};
        const auto asked = h.expect_action<action::send_data>();
        std::string sent;
        while (const auto n = asked.source->read(bytes).value())
            sent.append(bytes.data(), n);
        CHECK(sent.find("one\ntwo\n") == 3);
        CHECK(sent.find('\x40') != std::string::npos); // the end of the file
        h.session_->transfer_finished(asked.id, {sent.size(), transfer_fault::none, {}}, h.now_);
        h.drain();
    });
    s.expect(226).send("REST 4\r\n").expect(350);
}

TEST_CASE("A listing in STRU R has a record for each line")
{
    session_script s{logged_in{}, one_file()};
    s.send("STRU R\r\n").expect(200).data_ready().send("NLST\r\n").expect(150);
    s.sends("a.txt\xff\x01\xff\x02").expect(226);
}

TEST_CASE("A text file in STRU R has a record for each line, both ways")
{
    session_script s{logged_in{}, one_file()};
    s.send("STRU R\r\n").expect(200).data_ready().send("RETR a.txt\r\n").expect(150);
    s.sends("one\xff\x01two\xff\x01\xff\x02").expect(226).data_ready().send("STOR b.txt\r\n").expect(150);
    s.receives("x\xff\x01y\xff\x03").expect(226).expect_content("/b.txt", "x\ny\n");
}

TEST_CASE("An upload in MODE B without its end mark answers 426 and is not kept")
{
    session_script s{logged_in{}};
    s.send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200).data_ready().send("STOR n\r\n").expect(150);
    s.receives(std::string{"\0\0\3abc", 6}).expect(426).expect_content("/n", std::nullopt);
    s.data_ready().send("STOR n\r\n").expect(150).receives(std::string{"\100\0\3abc", 6}).expect(226);
    s.expect_content("/n", "abc");
}

TEST_CASE("A client's restart marker answers 110 with the server's own, but not without end to who takes no replies")
{
    session_script s{logged_in{}, {.files = {{"/n", "0123456789"}}, .options = {.max_output_bytes = 1000}}};
    s.send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200).data_ready();
    s.send("REST 5\r\n").expect(350).send("STOR n\r\n").expect(150);
    s.check([](script_host& h) {
        const auto id = std::get<action::receive_data>(h.actions_.front()).id;
        h.session_->transfer_marked(id, {"here", 4711}, h.now_);
        h.session_->transfer_marked(op_id{9999}, {"late", 1}, h.now_);
        h.drain();
    });
    s.expect(110, "MARK here = 4711").expect_no_reply().check([](script_host& h) {
        h.reads_output_ = false;
        const auto id = std::get<action::receive_data>(h.actions_.front()).id;
        for (int i = 0; i < 1'000; ++i)
            h.session_->transfer_marked(id, {"m", 1}, h.now_);
        CHECK(h.session_->output().size() < 1'100);
        h.reads_output_ = true;
        h.wire_.clear();
    });
}

TEST_CASE("A client's restart marker gets no 110 where nothing stays at the place: in a new file, or what is appended")
{
    for (const auto* command : {"STOR old\r\n", "STOR new\r\n", "STOU\r\n", "APPE old\r\n"}) {
        CAPTURE(command);
        session_script s{logged_in{}, {.files = {{"/old", "0123456789"}}}};
        s.send("TYPE I\r\n").expect(200).send("MODE B\r\n").expect(200).data_ready().send(command).expect(150);
        s.check([](script_host& h) {
            const auto id = std::get<action::receive_data>(h.actions_.front()).id;
            h.session_->transfer_marked(id, {"here", 3}, h.now_);
            h.drain();
        });
        s.expect_no_reply();
    }
}

TEST_CASE("MODE Z carries files and listings, and its level is an option")
{
    session_script s{logged_in{}, one_file()};
    s.send("OPTS MODE Z LEVEL 9\r\n").expect(200).send("opts mode z level 1\r\n").expect(200);
    for (const auto* level : {"0", "10", "x", ""})
        s.send(std::string{"OPTS MODE Z LEVEL "} + level + "\r\n").expect(501);
    s.send("MODE Z\r\n").expect(200).data_ready().send("LIST\r\n").expect(150).check([](script_host& h) {
        const auto asked = h.expect_action<action::send_data>();
        std::array<char, 512> bytes{};
        CHECK(asked.source->read(bytes).value() > 0);
        CHECK(bytes[0] == '\x78'); // RFC 1950
    });
}

TEST_CASE("RANG chooses the bytes of the next RETR, both ends included, once")
{
    session_script s{logged_in{}, one_file()};
    s.send("TYPE I\r\n").expect(200).send("RANG 4 6\r\n").expect(350).data_ready();
    s.send("RETR a.txt\r\n").expect(150, "(3 bytes)").sends("two").expect(226);
    s.data_ready().send("RETR a.txt\r\n").expect(150).sends("one\ntwo\n").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("RANG past the end sends what is there, and nothing where nothing is")
{
    session_script s{logged_in{}, one_file()};
    s.send("TYPE I\r\n").expect(200).send("RANG 6 99\r\n").expect(350).data_ready();
    s.send("RETR a.txt\r\n").expect(150).sends("o\n").expect(226).send("RANG 100 200\r\n").expect(350).data_ready();
    s.send("RETR a.txt\r\n").expect(150).sends("").expect(226);
}

TEST_CASE("RANG 1 0 and a malformed RANG mean the whole file; REST takes its place")
{
    session_script s{logged_in{}, one_file()};
    s.send("TYPE I\r\n").expect(200);
    for (const auto* reset : {"RANG 1 0", "RANG 5 4", "RANG x", "RANG 1", "RANG 1 18446744073709551615"}) {
        s.send("RANG 1 1\r\n").expect(350).send(std::string{reset} + "\r\n");
        s.check([](script_host& h) { h.replies_.clear(); }).data_ready();
        s.send("RETR a.txt\r\n").expect(150).sends("one\ntwo\n").expect(226);
    }
    s.send("RANG 1 1\r\n").expect(350).send("REST 4\r\n").expect(350).data_ready();
    s.send("RETR a.txt\r\n").expect(150).sends("two\n").expect(226);
}

TEST_CASE("A malformed REST means the whole file, whatever one before it or RANG chose")
{
    session_script s{logged_in{}, {.files = {{"/n", "0123456789"}}}};
    s.send("TYPE I\r\n").expect(200).send("REST 4\r\n").expect(350).send("REST 18446744073709551616\r\n").expect(501);
    s.data_ready().send("STOR n\r\n").expect(150).receives("new").expect(226).expect_content("/n", "new");
    s.send("RANG 1 1\r\n").expect(350).send("REST x\r\n").expect(501).data_ready();
    s.send("RETR n\r\n").expect(150).sends("new").expect(226);
}

TEST_CASE("RANG does not go with uploads or TYPE A")
{
    session_script s{logged_in{}, one_file()};
    s.data_ready().send("RANG 0 1\r\n").expect(350).send("RETR a.txt\r\n").expect(504);
    s.send("RANG 0 1\r\n").expect(350).send("STOR n\r\n").expect(504).send("STOR n\r\n").expect(150);
}

TEST_CASE("LANG knows English only, and goes back to it without an argument")
{
    session_script s{just_connected{}};
    s.send("LANG\r\n").expect(200).send("LANG en\r\n").expect(200).send("LANG EN-us\r\n").expect(200);
    s.send("LANG de\r\n").expect(504).send("LANG english\r\n").expect(504);
}

TEST_CASE("OPTS UTF8 ON is accepted, before the login too; other options answer 501")
{
    session_script s{just_connected{}};
    s.send("OPTS UTF8 ON\r\n").expect(200).send("OPTS utf8 on\r\n").expect(200).send("OPTS UTF8\r\n").expect(200);
    s.send("OPTS UTF8 OFF\r\n").expect(501).send("OPTS RETR x\r\n").expect(501).send("OPTS MODE S\r\n").expect(501);
}

TEST_CASE("There are no options of commands that are not there; MLST's are those of MLSD too")
{
    session_options options;
    for (const auto* forbidden : {"HASH", "MLST", "MODE"})
        options.commands.forbid(forbidden);
    session_script with_mlsd{logged_in{}, {.options = options}};
    with_mlsd.send("OPTS HASH\r\n").expect(501).send("OPTS MODE Z LEVEL 9\r\n").expect(501);
    with_mlsd.send("OPTS MLST size;\r\n").expect(200, "MLST OPTS size;");
    options.commands.forbid("MLSD");
    session_script without_mlsd{logged_in{}, {.options = options}};
    without_mlsd.send("OPTS MLST size;\r\n").expect(501);
}

TEST_CASE("OPTS HASH tells and chooses the algorithm; FEAT marks it by a star")
{
    session_script s{logged_in{}, one_file()};
    s.send("OPTS HASH\r\n").expect(200, "SHA-256").send("OPTS HASH md5\r\n").expect(200, "MD5");
    s.send("OPTS HASH ROT13\r\n").expect(501).send("OPTS HASH\r\n").expect(200, "MD5");
    s.send("FEAT\r\n").expect(211, "HASH SHA-512;SHA-256;SHA-1;MD5*;CRC32;");
}
