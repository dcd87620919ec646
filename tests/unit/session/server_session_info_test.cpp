// FEAT, HELP, STAT, OPTS (RFC 959, 2389, 2640, 3659).
#include "session_script.hpp"

#include <libftp/store/store_decorator.hpp>

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
    s.send("FEAT\r\n").expect(211, "MLST type;size*;modify;create;perm;");
    s.send("OPTS MLST\r\n").expect(200).send("FEAT\r\n").expect(211, "MLST type;size;");
}

TEST_CASE("OPTS MLST with what is no list of names changes nothing")
{
    session_script s{logged_in{}};
    s.send("OPTS MLST size;\r\n").expect(200);
    for (const auto* list : {"size; type;", "unique type;", ";size;", "size;;"})
        s.send("OPTS MLST " + std::string{list} + "\r\n").expect(501);
    s.send("FEAT\r\n").expect(211, "MLST type;size*;modify;create;perm;");
    s.replay_at_every_split();
}

TEST_CASE("HELP names every served command and none that is not, before the login too")
{
    session_script s{just_connected{}, {.options = offering_tls()}};
    s.send("HELP\r\n").expect(214).check([](script_host& h) {
        for (const auto& row : command_table())
            CHECK_MESSAGE((h.wire_.find(std::string{row.text} + " ") != std::string::npos) ==
                              (row.support == support::served && row.ability != store_ability::set_created),
                          row.text);
    });
}

TEST_CASE("HELP of a command shows its syntax; of an unknown one answers 502")
{
    session_script s{just_connected{}};
    s.send("HELP retr\r\n").expect(214, "RETR").send("HELP XYZZY\r\n").expect(502).send("HELP SMNT\r\n").expect(502);
}

TEST_CASE("STAT tells the state of the session in 211")
{
    session_script s{logged_in{}};
    s.send("STAT\r\n").expect(211, "Logged in as ann").send("STRU R\r\n").expect(200).send("MODE C\r\n").expect(200);
    s.send("STAT\r\n").expect(211, "TYPE A, STRU R, MODE C");
}

TEST_CASE("STAT of a directory lists it in 213 on the control connection, as LIST does")
{
    session_script s{logged_in{}, {.files = {{"/d/b.txt", "x"}, {"/d/1", "yy"}}}};
    s.send("STAT d\r\n").expect(213, "Status of d:").check([](script_host& h) {
        CHECK(h.wire_.ends_with("213-Status of d:\r\n"
                                "-rw-r--r--   1 ftp      ftp             2 Jan  1 01:00 1\r\n"
                                "-rw-r--r--   1 ftp      ftp             1 Jan  1 01:00 b.txt\r\n"
                                "213 End.\r\n"));
    });
    s.send("STAT d/b.txt\r\n").expect(213, "b.txt").send("STAT -l d/*.txt\r\n").expect(213, "b.txt");
    s.send("STAT none\r\n").expect(550).send("STAT\r\n").expect(211);
    s.replay_at_every_split();
}

TEST_CASE("A line of STAT that begins with a digit cannot be taken for the last one")
{
    session_script s{logged_in{}, {.files = {{"/213 x/213 y", "1"}, {"/213 x/d/213 z", "1"}}}};
    s.send("STAT -R1 213 x\r\n").expect(213, "213 y").expect_no_reply();
    s.send("STAT -R 213 x\r\n").expect(213, "213 z").expect_no_reply();
}

TEST_CASE("STAT of a large directory waits for the peer to take it, and ends the session if it never does")
{
    script_setup setup{.options = {.stall_limit = std::chrono::seconds{60}, .max_output_bytes = 5'000}};
    for (int i = 0; i < 3'000; ++i)
        setup.files.emplace_back("/" + std::to_string(i), "");
    session_script s{logged_in{}, setup};
    s.check([](script_host& h) { h.reads_output_ = false; }).send("STAT /\r\n").check([](script_host& h) {
        CHECK(h.session_->output().size() > 5'000);
        CHECK(h.session_->output().size() < 50'000);
        h.reads_output_ = true;
        h.drain();
    });
    s.expect(213, "2999").send("NOOP\r\n").expect(200);
    s.check([](script_host& h) { h.reads_output_ = false; }).send("STAT /\r\n").passes(std::chrono::seconds{60});
    s.passes(std::chrono::seconds{5}).expect_closed(close_reason::unread);
}

TEST_CASE("A shutdown ends the listing of STAT before it says 421")
{
    session_script s{logged_in{}, {.files = {{"/a", ""}}}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("STAT /\r\n").check([](script_host& h) {
        const auto call = h.expect_action<action::call_store>();
        h.session_->store_answered(call.id, perform(call.store, call.request), h.now_);
        h.session_->shut_down(std::chrono::seconds{1}, h.now_);
        h.drain();
    });
    s.expect(213, "ends early").expect(421).expect_closed(close_reason::shut_down);
}

TEST_CASE("STAT of a path needs the permission to list, and waits for a transfer's end")
{
    session_script weak{logged_in{permissions{permission::read}}, {.files = {{"/a", "1"}}}};
    weak.send("STAT /\r\n").expect(550).send("STAT\r\n").expect(211);
    session_script s{logged_in{}, {.files = {{"/a", "1"}}}};
    s.data_ready().send("RETR a\r\n").expect(150).send("STAT /\r\n").expect_no_reply().sends("1").expect(226);
    s.expect(213, "a");
}

TEST_CASE("HELP SITE and SITE HELP list the commands behind SITE, and explain one")
{
    session_script s{logged_in{}};
    for (const auto* line : {"HELP SITE", "help site", "SITE HELP"})
        s.send(std::string{line} + "\r\n").expect(214, "CHMOD");
    for (const auto* line : {"HELP SITE chmod", "SITE HELP CHMOD"})
        s.send(std::string{line} + "\r\n").expect(214, "SITE CHMOD mode pathname");
    s.send("SITE HELP XYZZY\r\n").expect(502).send("HELP SITES\r\n").expect(502);
}

TEST_CASE("FEAT, HELP and the answers promise only what the account's store can do")
{
    struct plain_store final : store_decorator {
        using store_decorator::store_decorator;
        [[nodiscard]] bool can(store_ability needed) const noexcept override { return needed == store_ability::none; }
    };
    script_setup setup{.store = std::make_shared<plain_store>(std::make_shared<memory_store>())};
    session_script s{logged_in{}, setup};
    s.send("MFMT 20200101000000 a\r\n")
        .expect(502)
        .send("SITE CHMOD 644 a\r\n")
        .expect(502)
        .send("AVBL\r\n")
        .expect(502);
    s.send("HELP MFMT\r\n").expect(502).send("FEAT\r\n").expect(211).check([](script_host& h) {
        for (const auto* line :
             {"\r\n MFMT", "\r\n MFF", "\r\n MFCT", "\r\n AVBL", "\r\n SITE CHMOD", "\r\n SITE UTIME"})
            CHECK_MESSAGE(h.wire_.find(line) == std::string::npos, line);
        CHECK(h.wire_.find("\r\n SITE COPY") != std::string::npos);
    });
}
