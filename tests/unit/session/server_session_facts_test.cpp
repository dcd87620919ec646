// SIZE, MDTM, MLST, MFMT, MFCT, MFF, AVBL, DSIZ, HASH and the X digests (RFC 3659; draft-somers-ftp-mfxx;
// draft-bryan-ftpext-hash).
#include "session_script.hpp"

#include <libftp/store/store_decorator.hpp>

using namespace libftp;
using namespace libftp::testing;

namespace {

script_setup some_files()
{
    return {.files = {{"/a.txt", "one\ntwo\n"}, {"/d/b 1 2", "123456789"}, {"/d/e/c", "xyz"}}};
}

/// Files that are made when they are read.
class generating_store final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<file_info> stat(const store_path& path) override
    {
        auto known = store_decorator::stat(path);
        if (known)
            known->size.reset();
        return known;
    }
};

} // namespace

TEST_CASE("SIZE tells the bytes of a file, in TYPE A as they travel there")
{
    session_script s{logged_in{}, some_files()};
    s.send("SIZE a.txt\r\n")
        .expect(213, "213 10")
        .send("TYPE I\r\n")
        .expect(200)
        .send("SIZE a.txt\r\n")
        .expect(213, "213 8");
    s.send("SIZE d\r\n").expect(550).send("SIZE none\r\n").expect(550);
    s.send("TYPE A\r\n").expect(200).send("SIZE d\r\n").expect(550).send("SIZE none\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("SIZE of a file whose size the store does not know is 550 for that reason, and in TYPE A is counted")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "one\ntwo\n");
    session_script s{logged_in{}, {.store = std::make_shared<generating_store>(files)}};
    s.send("SIZE a.txt\r\n").expect(213, "213 10").send("TYPE I\r\n").expect(200);
    s.send("SIZE a.txt\r\n").expect(550, "Its size is not known.");
}

TEST_CASE("Who may not read a file is not told its size in TYPE A, which takes reading")
{
    session_script s{logged_in{permissions{permission::list}}, some_files()};
    s.send("SIZE a.txt\r\n").expect(550).send("TYPE I\r\n").expect(200).send("SIZE a.txt\r\n").expect(213);
}

TEST_CASE("MDTM tells a time, and sets it where a time comes before the name")
{
    session_script s{logged_in{}, some_files()};
    s.send("MDTM a.txt\r\n").expect(213, "19700101010000");
    s.send("MDTM 20010203040506 a.txt\r\n").expect(213, "20010203040506");
    s.send("MDTM a.txt\r\n").expect(213, "20010203040506").send("MDTM none\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("A file whose name looks like MDTM's setting is reached by ./")
{
    session_script s{logged_in{}, {.files = {{"/20010203040506 a", "1"}}}};
    s.send("MDTM 20010203040506 a\r\n").expect(550).send("MDTM ./20010203040506 a\r\n").expect(213, "19700101");
    s.send("MDTM 20019903040506 a\r\n").expect(550);
}

TEST_CASE("MFMT and MFCT set times and repeat what was set")
{
    session_script s{logged_in{}, some_files()};
    s.send("MFMT 20010203040506 d/b 1 2\r\n").expect(213, "Modify=20010203040506; d/b 1 2");
    s.send("MFCT 19990203040506 a.txt\r\n").expect(213, "Create=19990203040506; a.txt");
    s.send("OPTS MLST modify;create;\r\n").expect(200).send("MLST d/b 1 2\r\n").expect(250, "modify=20010203040506;");
    s.send("MLST a.txt\r\n").expect(250, "create=19990203040506;");
    s.send("MFMT x a.txt\r\n").expect(501).send("MFMT 20010203040506\r\n").expect(501);
    s.send("MFMT 20010203040506 none\r\n").expect(550).send("MFMT 20011332040506 a.txt\r\n").expect(501);
    s.send("MFMT 24000101000000 a.txt\r\n").expect(501, "from 1678 to 2261");
    s.replay_at_every_split();
}

TEST_CASE("MFF sets several facts at once, or none where one cannot be")
{
    session_script s{logged_in{}, some_files()};
    s.send("MFF Modify=20010203040506;UNIX.mode=0600; a.txt\r\n")
        .expect(213, "Modify=20010203040506;UNIX.mode=0600; a.txt");
    s.send("OPTS MLST modify;UNIX.mode;\r\n").expect(200);
    s.send("MLST a.txt\r\n").expect(250, "modify=20010203040506;UNIX.mode=0600;");
    s.send("MFF modify=20020203040506;size=5; a.txt\r\n").expect(504);
    s.send("MFF modify=20020203040506;UNIX.mode=999; a.txt\r\n").expect(501);
    for (const auto* line :
         {"MFF a.txt", "MFF modify=20020203040506 a.txt", "MFF modify=x; a.txt", "MFF modify; a.txt"})
        s.send(std::string{line} + "\r\n").expect(501);
    s.send("MLST a.txt\r\n").expect(250, "modify=20010203040506;UNIX.mode=0600;");
    s.replay_at_every_split();
}

TEST_CASE("MFF needs the permission for each kind of fact")
{
    session_script s{logged_in{permissions{permission::times}}, some_files()};
    s.send("MFF modify=20020203040506; a.txt\r\n").expect(213).send("MFF UNIX.mode=0600; a.txt\r\n").expect(550);
}

TEST_CASE("MLST tells the facts of one path on the control connection")
{
    session_script s{logged_in{}, some_files()};
    s.send("OPTS MLST type;size;\r\n").expect(200, "MLST OPTS type;size;");
    s.send("MLST a.txt\r\n").expect(250, "type=file;size=8; /a.txt").send("MLST none\r\n").expect(550);
    s.check([](script_host& h) { CHECK(h.wire_.find("\r\n type=file;size=8; /a.txt\r\n250 ") != std::string::npos); });
}

TEST_CASE("MLST without a name tells the facts of the working directory")
{
    session_script s{logged_in{}, some_files()};
    s.send("CWD d\r\n")
        .expect(250)
        .send("MLST\r\n")
        .expect(250, "type=dir;")
        .send("MLST e/c\r\n")
        .expect(250, "/d/e/c");
}

TEST_CASE("DSIZ tells the size of a tree, AVBL needs a store that knows its space")
{
    session_script s{logged_in{}, some_files()};
    s.send("DSIZ\r\n").expect(213, "213 20").send("DSIZ d\r\n").expect(213, "213 12").send("DSIZ none\r\n").expect(550);
    s.send("AVBL\r\n").expect(502);
}

TEST_CASE("HASH tells the algorithm, the range, the digest and the name")
{
    session_script s{logged_in{}, {.files = {{"/a b", "abc"}, {"/empty", ""}}}};
    s.send("HASH a b\r\n")
        .expect(213, "SHA-256 0-2 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad a b");
    s.send("OPTS HASH CRC32\r\n").expect(200).send("HASH a b\r\n").expect(213, "CRC32 0-2 352441c2 a b");
    s.send("HASH empty\r\n").expect(213, "CRC32 0-0 00000000 empty").send("HASH none\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("HASH of a directory answers 550")
{
    session_script s{logged_in{}, some_files()};
    s.send("HASH d\r\n").expect(550);
}

TEST_CASE("HASH takes the range of RANG, once")
{
    session_script s{logged_in{}, {.files = {{"/a", "xabcx"}}}};
    s.send("OPTS HASH CRC32\r\n").expect(200).send("RANG 1 3\r\n").expect(350);
    s.send("HASH a\r\n").expect(213, "CRC32 1-3 352441c2 a").send("HASH a\r\n").expect(213, "CRC32 0-4 ");
    s.send("RANG 9 10\r\n").expect(350).send("HASH a\r\n").expect(554);
    s.send("RANG 5 5\r\n").expect(350).send("HASH a\r\n").expect(554); // behind its last byte
}

TEST_CASE("XCRC, XMD5 and XSHA answer the digest in 250, of a file or of a part")
{
    session_script s{logged_in{}, {.files = {{"/a", "xabcx"}, {"/b 1", "abc"}, {"/b 1 2", "abc"}}}};
    s.send("XCRC a 1 4\r\n").expect(250, "250 352441c2").send("XCRC \"a\" 1 4\r\n").expect(250, "250 352441c2");
    s.send("XCRC b 1\r\n").expect(250, "250 352441c2").send("XCRC \"b 1 2\"\r\n").expect(250, "250 352441c2");
    s.send("XMD5 b 1\r\n").expect(250, "900150983cd24fb0d6963f7d28e17f72");
    s.send("XSHA1 b 1\r\n").expect(250, "a9993e364706816aba3e25717850c26c9cd0d89d");
    s.send("XSHA b 1\r\n").expect(250, "a9993e364706816aba3e25717850c26c9cd0d89d");
    s.send("XSHA256 b 1\r\n").expect(250, "ba7816bf").send("XSHA512 b 1\r\n").expect(250, "ddaf35a193617aba");
    s.send("XCRC \"a\" 2\r\n").expect(250).send("XCRC \"a\" 4 1\r\n").expect(501).send("XCRC \"a\r\n").expect(501);
    s.send("XCRC \"a\" x\r\n").expect(501).send("XCRC none\r\n").expect(550);
    s.replay_at_every_split();
}

TEST_CASE("ABOR ends a digest after the step that runs, and the digest is answered first")
{
    session_script s{logged_in{}, {.files = {{"/big", std::string(5'000'000, 'x')}}}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("HASH big\r\nNOOP\r\nABOR\r\n").expect_no_reply();
    s.check([](script_host& h) {
        const auto step = h.expect_action<action::call_store>();
        h.session_->store_answered(step.id, perform(step.store, step.request), h.now_);
        h.drain();
        CHECK(h.actions_.empty());
    });
    s.expect(426).expect(226).expect(200).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("ABOR that comes too late for a digest or a copy answers what it has become")
{
    session_script s{logged_in{}, some_files()};
    for (const auto* line : {"XCRC a.txt", "SITE COPY a.txt b.txt"}) {
        s.check([](script_host& h) { h.holds_calls_ = true; }).send(std::string{line} + "\r\nABOR\r\n");
        s.check([](script_host& h) {
            h.holds_calls_ = false;
            const auto step = h.expect_action<action::call_store>();
            h.session_->store_answered(step.id, perform(step.store, step.request), h.now_);
            h.drain();
        });
        s.expect(250).expect(226).expect_no_reply();
    }
    s.expect_content("/b.txt", "one\ntwo\n").check([](script_host& h) {
        CHECK(h.log_.lines.back() == "changed 6 /a.txt /b.txt");
    });
}

TEST_CASE("Commands and their ABORs in one piece ask the host for one thing at a time")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) {
        h.holds_calls_ = true;
        for (int i = 0; i < 500; ++i)
            h.receive("XMD5 a.txt\r\nABOR\r\n");
        CHECK(h.actions_.size() == 1);
    });
}

TEST_CASE("A digest of a large file is made step by step, and QUIT waits for it")
{
    session_script s{logged_in{}, {.files = {{"/big", std::string(5'000'000, 'x')}}}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("XCRC big\r\nQUIT\r\n").check([](script_host& h) {
        int steps = 0;
        while (!h.actions_.empty() && h.replies_.empty()) {
            const auto call = h.expect_action<action::call_store>();
            h.session_->store_answered(call.id, perform(call.store, call.request), h.now_);
            h.drain();
            ++steps;
        }
        CHECK(steps >= 5);
    });
    s.expect(250).expect(221).expect_closed(close_reason::quit);
}

TEST_CASE("COMB appends files to a target and removes them")
{
    session_script s{logged_in{}, {.files = {{"/t", "1"}, {"/p a", "2"}, {"/p b", "3"}}}};
    s.send("COMB \"t\" \"p a\" \"p b\"\r\n")
        .expect(250)
        .expect_content("/t", "123")
        .expect_content("/p a", std::nullopt);
    s.send("COMB t\r\n").expect(501).send("COMB \"t\r\n").expect(501).send("COMB t none\r\n").expect(550);
    s.expect_content("/t", "123");
    s.replay_at_every_split();
}

TEST_CASE("SIZE is not told where what travels is more than the file's bytes (RFC 3659 4)")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    for (const auto* line : {"MODE B", "MODE C", "STRU R"}) {
        s.send(std::string{line} + "\r\n").expect(200).send("SIZE a.txt\r\n").expect(550, "STRU F and MODE S");
        s.send("MODE S\r\n").expect(200).send("STRU F\r\n").expect(200).send("SIZE a.txt\r\n").expect(213, "3");
    }
    s.replay_at_every_split();
}

TEST_CASE("SIZE in TYPE A does not read files over the limit")
{
    session_script s{logged_in{}, {.files = {{"/a", "12345"}}, .options = {.max_ascii_size_bytes = 4}}};
    s.send("SIZE a\r\n").expect(550).send("TYPE I\r\n").expect(200).send("SIZE a\r\n").expect(213, "213 5");
}

TEST_CASE("Long work is given up when the client has gone, or after the idle limit if it has put something behind it")
{
    const script_setup setup{.files = {{"/big", std::string(5'000'000, 'x')}}};
    const auto one_step = [](script_host& h) {
        const auto step = h.expect_action<action::call_store>();
        h.session_->store_answered(step.id, perform(step.store, step.request), h.now_);
        h.drain();
    };
    session_script gone{logged_in{}, setup};
    gone.check([](script_host& h) { h.holds_calls_ = true; }).send("HASH big\r\n").eof().check(one_step);
    gone.expect(426).expect_closed(close_reason::peer_gone);
    session_script waits{logged_in{}, setup};
    waits.check([](script_host& h) { h.holds_calls_ = true; }).send("HASH big\r\nQUIT\r\n").eof().check(one_step);
    waits.check([](script_host& h) { CHECK_FALSE(h.actions_.empty()); });
    waits.passes(session_options{}.idle_limit).check(one_step).check(one_step).expect(426).expect(221);
    waits.expect_closed(close_reason::quit);
}

TEST_CASE("COMB that has reached its target is not given up any more")
{
    session_script s{logged_in{}, {.files = {{"/t", "1"}, {"/p", "2"}}}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("COMB t p\r\n").check([](script_host& h) {
        const auto step = [&h] {
            const auto asked = h.expect_action<action::call_store>();
            h.session_->store_answered(asked.id, perform(asked.store, asked.request), h.now_);
            h.drain();
        };
        while (h.files_->content("/t").value() == "1")
            step();
        h.receive("ABOR\r\n");
        while (!h.actions_.empty())
            step();
    });
    s.expect(250).expect(226).expect_content("/t", "12").expect_content("/p", std::nullopt);
}

TEST_CASE("The mode of the root stays, or nobody could get in to undo it")
{
    session_script s{logged_in{}};
    s.send("SITE CHMOD 0 /\r\n").expect(550).send("MFF UNIX.mode=0000; .\r\n").expect(550);
    s.send("MFMT 20200101000000 /\r\n").expect(213);
}

TEST_CASE("Work that says nothing on its way does not wait for a client that takes nothing")
{
    session_script s{logged_in{}, {.files = {{"/t", "1"}, {"/p", "2"}}, .options = {.max_output_bytes = 10}}};
    s.check([](script_host& h) {
        h.holds_calls_ = true;
        h.receive("COMB t p\r\n");
        h.reads_output_ = false;
        for (int i = 0; i < 10; ++i)
            h.receive("\xff\xfd\x01"); // each Telnet option is refused
        CHECK(h.session_->output().size() > 10);
        while (!h.actions_.empty()) {
            const auto step = h.expect_action<action::call_store>();
            h.session_->store_answered(step.id, perform(step.store, step.request), h.now_);
            h.drain();
        }
    });
    s.expect_content("/t", "12").expect_content("/p", std::nullopt);
}
