// Commands on names (RFC 959 4.1, RFC 3659).
#include "session_script.hpp"
#include "support/store_access.hpp"

#include <libftp/store/store_decorator.hpp>

using namespace libftp;
using namespace libftp::testing;

namespace {

script_setup some_files()
{
    return {.files = {{"/a.txt", "hello"}, {"/d/b.txt", "x"}}};
}

} // namespace

TEST_CASE("CWD, CDUP and PWD, and their X forms, move about")
{
    session_script s{logged_in{}, some_files()};
    s.send("CWD d\r\n").expect(250).send("PWD\r\n").expect(257, "\"/d\"").send("CDUP\r\n").expect(250, "\"/\"");
    s.send("XCWD /d\r\n").expect(250).send("XPWD\r\n").expect(257, "\"/d\"").send("XCUP\r\n").expect(250);
    s.send("CDUP\r\n").expect(250).send("CWD ../../..\r\n").expect(250).send("PWD\r\n").expect(257, "\"/\"");
    s.replay_at_every_split();
}

TEST_CASE("CWD to a file or to nothing answers 550 and stays")
{
    session_script s{logged_in{}, some_files()};
    s.send("CWD a.txt\r\n").expect(550).send("CWD none\r\n").expect(550).send("PWD\r\n").expect(257, "\"/\"");
}

TEST_CASE("CWD and CDUP to a directory that the store lets nobody into answer 550 and stay")
{
    class closed_store final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        store_path closed{};
        result<void> find_directory(const store_path& path) override
        {
            return path == closed ? store_errc::permission_denied : store_decorator::find_directory(path);
        }
    };
    auto files = std::make_shared<memory_store>();
    files->add_file("/d/e/f", "");
    const auto store = std::make_shared<closed_store>(std::move(files));
    session_script s{logged_in{}, {.store = store}};
    s.send("CWD d/e\r\n").expect(250).check([&](script_host&) { store->closed = at("/d"); });
    s.send("CDUP\r\n").expect(550, "denied").send("CWD /d\r\n").expect(550, "denied");
    s.send("PWD\r\n").expect(257, "\"/d/e\"").send("MLST /d\r\n").expect(250);
}

TEST_CASE("The observer sees the working directory, which is the root again without a login")
{
    session_script s{logged_in{}, {.files = {{"/d/e/f", ""}}}};
    const auto is_in = [](const char* directory) {
        return [directory](script_host& h) { CHECK(h.log_.directory == directory); };
    };
    s.check(is_in("/")).send("CWD d/e\r\n").expect(250).check(is_in("/d/e"));
    s.send("CWD x\r\n").expect(550).check(is_in("/d/e")).send("CDUP\r\n").expect(250).check(is_in("/d"));
    s.send("REIN\r\n").expect(220).check(is_in("/"));
}

TEST_CASE("Quotes in a directory's name are doubled in 257")
{
    session_script s{logged_in{}};
    s.send("MKD a\"b\r\n").expect(257, "\"/a\"\"b\"").send("CWD a\"b\r\n").expect(250);
    s.send("PWD\r\n").expect(257, "\"/a\"\"b\"");
}

TEST_CASE("A name keeps its spaces and its bytes, also those that are not UTF-8")
{
    session_script s{logged_in{}};
    s.send("MKD  two  words \r\n").expect(257, "\"/ two  words \"");
    s.send("MKD \xe4\xf6\r\n").expect(257).send("CWD \xe4\xf6\r\n").expect(250);
    s.replay_at_every_split();
}

TEST_CASE("Byte 255 in a name travels doubled, both ways")
{
    session_script s{logged_in{}};
    s.send("MKD a\xff\xff"
           "b\r\n")
        .expect(257)
        .check([](script_host& h) {
            CHECK(h.files_
                      ->stat(*store_path{}.resolve("a\xff"
                                                   "b"))
                      .has_value());
            CHECK(h.wire_.find("a\xff\xff"
                               "b") != std::string::npos);
        });
    s.replay_at_every_split();
}

TEST_CASE("MKD, RMD and DELE change the store")
{
    session_script s{logged_in{}, some_files()};
    s.send("MKD n\r\n").expect(257, "\"/n\"").send("RMD n\r\n").expect(250).send("RMD n\r\n").expect(550);
    s.send("RMD d\r\n").expect(550).send("DELE d\r\n").expect(550).send("DELE a.txt\r\n").expect(250);
    s.send("DELE a.txt\r\n").expect(550).send("XMKD m\r\n").expect(257).send("XRMD m\r\n").expect(250);
}

TEST_CASE("RNFR and RNTO rename")
{
    session_script s{logged_in{}, some_files()};
    s.send("RNFR a.txt\r\n").expect(350).send("RNTO d/c.txt\r\n").expect(250).expect_content("/d/c.txt", "hello");
    s.expect_content("/a.txt", std::nullopt);
}

TEST_CASE("A name with a slash at its end is no file's: neither to read or delete it, nor to rename or copy it to")
{
    session_script s{logged_in{}, some_files()};
    s.data_ready();
    for (const auto* line : {"RETR a.txt/", "DELE a.txt/", "HASH a.txt/", "SITE COPY a.txt new/", "COMB new/ a.txt"})
        s.send(std::string{line} + "\r\n").expect(550);
    s.send("RNFR a.txt\r\n").expect(350).send("RNTO new/\r\n").expect(550, "It is not a directory.");
    s.expect_content("/new", std::nullopt).expect_content("/a.txt", "hello");
    s.send("RNFR d\r\n").expect(350).send("RNTO e/\r\n").expect(250).send("CWD e\r\n").expect(250);
    s.replay_at_every_split();
}

TEST_CASE("RNTO without RNFR answers 503 and leaves the session usable")
{
    session_script s{logged_in{}};
    s.send("RNTO b.txt\r\n").expect(503).expect_no_action();
    s.send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("Any command between RNFR and RNTO undoes RNFR")
{
    session_script s{logged_in{}, some_files()};
    s.send("RNFR a.txt\r\n").expect(350).send("NOOP\r\n").expect(200).send("RNTO b\r\n").expect(503);
    s.send("RNFR a.txt\r\n").expect(350).send("XYZZY\r\n").expect(500).send("RNTO b\r\n").expect(503);
    s.send("RNFR a.txt\r\n").expect(350).send("CWD\r\n").expect(501).send("RNTO b\r\n").expect(503);
    s.send("RNFR none\r\n").expect(550).send("RNTO b\r\n").expect(503);
    s.send("RNFR a.txt\r\n").expect(350).send("CWD \rx\r\n").expect(500).send("RNTO b\r\n").expect(503);
    s.send("RNFR a.txt\r\n").expect(350).send("RNTO b\r\n").expect(250).send("RNTO c\r\n").expect(503);
}

TEST_CASE("What an account may not do answers 550 and asks nothing of the store")
{
    session_script s{logged_in{permissions::read_only()}, some_files()};
    for (const auto* line : {"STOR x", "APPE x", "DELE a.txt", "RMD d", "MKD x", "RNFR a.txt", "RNTO x"})
        s.send(std::string{line} + "\r\n").expect(550);
    s.expect_no_action();
    session_script blind{logged_in{permissions{permission::write}}, some_files()};
    for (const auto* line : {"LIST", "NLST", "MLSD", "MLST", "SIZE a.txt", "MDTM a.txt", "RETR a.txt"})
        blind.send(std::string{line} + "\r\n").expect(550);
    blind.expect_no_action();
}

TEST_CASE("While a store call runs the next commands wait for its answer")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("CWD d\r\nPWD\r\n").expect_no_reply();
    s.check([](script_host& h) {
        const auto call = h.expect_action<action::call_store>();
        CHECK(h.actions_.empty());
        h.session_->store_answered(op_id{12345}, std::make_error_code(std::errc::io_error), h.now_);
        CHECK(h.session_->output().empty());
        h.session_->store_answered(call.id, perform(call.store, call.request), h.now_);
        h.drain();
    });
    s.expect(250).expect(257, "\"/d\"");
}

TEST_CASE("A name that no file can have answers 553 where one would be stored or renamed to, 550 elsewhere")
{
    session_script s{logged_in{}, some_files()};
    const auto name = std::string(256, 'x') + "\r\n";
    for (const auto* verb : {"CWD ", "RETR ", "DELE ", "RMD ", "MKD ", "RNFR ", "SIZE ", "MDTM ", "MLST ", "STAT ",
                             "STAT -l ", "LIST ", "LIST -a ", "NLST ", "MLSD "})
        s.send(verb + name).expect(550).expect_no_action();
    for (const auto* verb : {"STOR ", "APPE ", "STOU "})
        s.send(verb + name).expect(553).expect_no_action();
    s.send("RNFR a.txt\r\n").expect(350).send("RNTO " + name).expect(553).expect_no_action();
    s.replay_at_every_split();
}

TEST_CASE("A store's own error becomes a reply without its text")
{
    session_script s{logged_in{}, some_files()};
    s.check([](script_host& h) { h.holds_calls_ = true; });
    const auto answers = [&s](std::error_code error, int code) {
        s.send("DELE a.txt\r\n").check([error](script_host& h) {
            const auto call = h.expect_action<action::call_store>();
            h.session_->store_answered(call.id, error, h.now_);
            h.drain();
        });
        s.expect(code);
    };
    answers(store_errc::busy, 450);
    answers(store_errc::insufficient_storage, 452);
    answers(store_errc::quota_exceeded, 552);
    answers(store_errc::name_not_allowed, 553);
    answers(std::make_error_code(std::errc::io_error), 451);
    s.check([](script_host& h) { CHECK(h.wire_.find("Input/output") == std::string::npos); });
}

TEST_CASE("The check before a rename that must not overwrite leaves nothing behind for the next command")
{
    session_script s{logged_in{permissions{permission::list, permission::rename, permission::make}}, some_files()};
    s.send("TYPE I\r\n").expect(200).send("RNFR a.txt\r\n").expect(350).send("RNTO d/b.txt\r\n").expect(550);
    s.send("SIZE missing\r\n").expect(550).send("MKD a.txt\r\n").expect(550);
}
