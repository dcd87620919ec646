// STOU, permissions by path, rates, and reports of transfers (RFC 959 4.1.3, RFC 1123 4.1.2.9).
#include "session_script.hpp"

#include <libftp/error.hpp>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

access_rules full_but(std::string_view path, permissions allowed)
{
    access_rules rules{permissions::full()};
    rules.set(*store_path{}.resolve(path), allowed);
    return rules;
}

} // namespace

TEST_CASE("STOU announces the name it made up, in 150 and at the end, and keeps what is there")
{
    session_script s{logged_in{}, {.files = {{"/d/n", "old"}, {"/d/n.1", "older"}}}};
    s.send("CWD d\r\n").expect(250).data_ready().send("STOU n\r\n").expect(150, "FILE: n.2").receives("new");
    s.expect(226, "n.2")
        .expect_content("/d/n", "old")
        .expect_content("/d/n.1", "older")
        .expect_content("/d/n.2", "new");
    s.replay_at_every_split();
}

TEST_CASE("Nothing is uploaded to a name with a slash at its end, which is a directory's, there or not")
{
    session_script s{logged_in{}, {.files = {{"/a", "old"}}}};
    s.data_ready();
    for (const auto* line : {"STOR new/", "APPE new/", "STOR a/", "APPE a/"})
        s.send(std::string{line} + "\r\n").expect(550, "A name with a slash at its end is a directory's.");
    s.send("MLST new\r\n").expect(550).send("STOR new\r\n").expect(150).receives("x").expect(226);
    s.expect_content("/new", "x").expect_content("/a", "old");
}

TEST_CASE("STOU with a directory announces a name that can be used as it is")
{
    session_script s{logged_in{}, {.files = {{"/d/n", "old"}}}};
    s.data_ready().send("STOU d/n\r\n").expect(150, "FILE: d/n.1").receives("new").expect(226);
    s.expect_content("/d/n.1", "new");
}

TEST_CASE("STOU without a name makes one from the time and the session")
{
    session_script s{logged_in{}};
    s.data_ready().send("STOU\r\n").expect(150, "FILE: 19700211160000-1.upload").receives("new").expect(226);
    s.data_ready().send("STOU\r\n").expect(150, "FILE: 19700211160000-1.upload.1").receives("new").expect(226);
}

TEST_CASE("STOU gives up when all its names are taken")
{
    script_setup setup{.files = {{"/n", ""}}};
    for (int i = 1; i <= 100; ++i)
        setup.files.emplace_back("/n." + std::to_string(i), "");
    session_script s{logged_in{}, setup};
    s.data_ready().send("STOU n\r\n").expect(550).send("NOOP\r\n").expect(200);
}

TEST_CASE("Two STOU at the same time announce two names, of which one is free again when its upload has failed")
{
    const auto files = std::make_shared<memory_store>();
    const auto setup = script_setup{.store = files};
    session_script one{logged_in{}, setup};
    session_script two{logged_in{}, setup};
    one.data_ready().send("STOU n\r\n").expect(150, "FILE: n");
    two.data_ready().send("STOU n\r\n").expect(150, "FILE: n.1").receives("two").expect(226, "n.1");
    two.data_ready().send("STOU /n\r\n").expect(150, "FILE: /n.2").receives("three").expect(226);
    one.receives("one").expect(226, "Transfer complete: n");
    CHECK(files->content("/n").value() == "one");
    CHECK(files->content("/n.1").value() == "two");

    one.data_ready().send("STOU m\r\n").expect(150, "FILE: m");
    one.transfer_ends<action::receive_data>({1, transfer_fault::connection, {}}).expect(426);
    two.data_ready().send("STOU m\r\n").expect(150, "FILE: m").receives("m").expect(226);
}

TEST_CASE("A name that was taken while STOU's upload ran is not overwritten")
{
    session_script s{logged_in{}};
    s.data_ready().send("STOU n\r\n").expect(150, "FILE: n").check([](script_host& h) {
        h.files_->add_file("/n", "other");
    });
    s.receives("mine").expect(550).expect_content("/n", "other");
}

TEST_CASE("Permissions can differ by path, for every command that names one")
{
    const auto setup = script_setup{.files = {{"/a", "1"}, {"/ro/a", "1"}, {"/ro/d/b", "1"}}};
    session_script s{logged_in{full_but("/ro", permissions::read_only())}, setup};
    for (const auto* line : {"STOR ro/n", "APPE ro/a", "STOU ro/n", "DELE ro/a", "RMD ro/d", "MKD ro/n", "RNFR ro/a",
                             "MFMT 20200101000000 ro/a", "MDTM 20200101000000 ro/a", "SITE CHMOD 600 ro/a",
                             "MFF modify=20200101000000; ro/a", "MFF UNIX.mode=0600; ro/a", "SITE COPY a ro/n",
                             "SITE MKDIR ro/n/n", "SITE RMDIR ro/d", "COMB \"ro/a\" \"a\"", "COMB \"a\" \"ro/a\"",
                             "SITE UTIME 20200101000000 ro/a", "SITE CHGRP g ro/a"})
        s.send(std::string{line} + "\r\n").expect(550, "Permission denied");
    s.data_ready().send("RETR ro/a\r\n").expect(150).sends("1").expect(226).send("HASH ro/a\r\n").expect(213);
    s.send("RNFR a\r\n").expect(350).send("RNTO ro/a\r\n").expect(550).expect_content("/ro/a", "1");
    s.data_ready().send("STOR n\r\n").expect(150).receives("x").expect(226);
}

TEST_CASE("What may not be read by its path is not read by any command")
{
    const auto setup = script_setup{.files = {{"/in/a", "secret"}, {"/b", "1"}}};
    session_script s{logged_in{full_but("/in", {permission::write})}, setup};
    for (const auto* line : {"RETR in/a", "HASH in/a", "XCRC in/a", "SIZE in/a", "MDTM in/a", "MLST in/a", "STAT in",
                             "SITE COPY in/a b", "SITE CPFR in/a", "DSIZ in", "COMB b in/a"})
        s.send(std::string{line} + "\r\n").expect(550, "Permission denied");
    for (const auto* line : {"LIST in", "NLST in", "MLSD in", "LIST in/a"})
        s.data_ready().send(std::string{line} + "\r\n").expect(550).expect_action<action::close_data>();
    s.data_ready().send("STOR in/new\r\n").expect(150).receives("x").expect(226);
}

TEST_CASE("A directory with rules in it is not renamed: they would not follow")
{
    session_script s{logged_in{full_but("/d/in", {})}, {.files = {{"/d/in/a", "secret"}}}};
    s.send("RNFR d\r\n").expect(550).send("RNFR d/in\r\n").expect(550);
    s.send("MKD e\r\n").expect(257).send("RNFR e\r\n").expect(350).send("RNTO d\r\n").expect(550);
}

TEST_CASE("Where rules differ by path no link can be made to lead around them")
{
    session_script s{logged_in{full_but("/in", {})}, {.files = {{"/in/a", "secret"}}}};
    s.send("SITE SYMLINK in/a b\r\n").expect(502);
}

TEST_CASE("Rules by path with a store that follows links let nobody in, because links could lead around them")
{
    script_setup setup{.allowed = full_but("/in", {}), .store = std::make_shared<memory_store>()};
    session_script s{just_connected{}, setup};
    s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(421).expect_closed(close_reason::not_logged_in);
}

TEST_CASE("Who may rename but neither write nor delete does not replace a file by renaming")
{
    const permissions renamer{permission::rename, permission::list};
    session_script s{logged_in{renamer}, {.files = {{"/a", "1"}, {"/b", "2"}}}};
    s.send("RNFR a\r\n").expect(350).send("RNTO b\r\n").expect(550).expect_content("/b", "2");
    s.send("RNFR a\r\n").expect(350).send("RNTO c\r\n").expect(250).expect_content("/c", "1");
}

TEST_CASE("Who may not replace a file by renaming does not do so because the store cannot tell whether it is there")
{
    session_script s{logged_in{permissions{permission::rename}}, {.files = {{"/a", "1"}, {"/b", "2"}}}};
    s.send("RNFR a\r\n").expect(350).check([](script_host& h) { h.holds_calls_ = true; }).send("RNTO b\r\n");
    s.check([](script_host& h) {
        const auto id = h.expect_action<action::call_store>().id;
        h.session_->store_answered(id, std::make_error_code(std::errc::io_error), h.now_);
        h.drain();
    });
    s.expect(451).expect_no_action().expect_content("/b", "2");
}

TEST_CASE("STOR after REST needs both permissions: to write and to change in place")
{
    for (const auto each : {permission::write, permission::append}) {
        session_script s{logged_in{permissions{each}}, {.files = {{"/a", "123"}}}};
        s.send("TYPE I\r\n").expect(200).send("REST 1\r\n").expect(350).data_ready().send("STOR a\r\n").expect(550);
    }
}

TEST_CASE("REST works in TYPE A where restart markers tell the place")
{
    session_script s{logged_in{}, {.files = {{"/a", "one\ntwo\n"}}}};
    s.send("MODE B\r\n").expect(200).send("REST 4\r\n").expect(350).data_ready().send("STOR a\r\n").expect(150);
    s.receives(std::string{"\x40\0\5xyz\r\n", 8}).expect(226).expect_content("/a", "one\nxyz\n");
    s.send("MODE Z\r\n").expect(200).send("REST 4\r\n").expect(350).data_ready().send("STOR a\r\n").expect(504);
}

TEST_CASE("The host learns the limits that a transfer shares: of the session, the user, the server")
{
    script_setup setup{.files = {{"/a", "1"}}, .options = {.max_download_rate = 1000}};
    setup.options.shared_rates.upload = std::make_shared<rate_limit>(5000);
    session_script s{logged_in{}, setup};
    s.data_ready().send("RETR a\r\n").expect(150).check([](script_host& h) {
        const auto asked = h.expect_action<action::send_data>();
        CHECK(asked.limits[0] != nullptr);
        CHECK(asked.limits[1] == nullptr);
        CHECK(asked.limits[2] == nullptr);
        h.session_->transfer_finished(asked.id, {1, transfer_fault::none, {}}, h.now_);
        h.drain();
    });
    s.expect(226).data_ready().send("STOR n\r\n").expect(150).check([](script_host& h) {
        const auto asked = h.expect_action<action::receive_data>();
        CHECK(asked.limits[0] == nullptr);
        CHECK(asked.limits[2] == h.options_.shared_rates.upload);
    });
}

TEST_CASE("The observer hears why each transfer ended")
{
    session_script s{logged_in{},
                     {.files = {{"/a", "123"}}, .options = {.data_connect_limit = 30s, .stall_limit = 60s}}};
    const auto reset = std::make_error_code(std::errc::connection_reset);
    s.data_ready().send("RETR a\r\n").expect(150).sends("123").expect(226);
    s.data_ready()
        .send("RETR a\r\n")
        .expect(150)
        .transfer_ends<action::send_data>({1, transfer_fault::connection, reset});
    s.expect(426).data_ready().send("STOR n\r\n").expect(150);
    s.transfer_ends<action::receive_data>({1, transfer_fault::store, store_errc::quota_exceeded}).expect(552);
    s.data_ready().send("STOR n\r\n").expect(150);
    s.transfer_ends<action::receive_data>({1, transfer_fault::store, protocol_errc::transfer_malformed}).expect(426);
    s.send("EPSV\r\n").listener_opens().expect(229).send("RETR a\r\n").expect(150).passes(30s).expect(425);
    s.check([](script_host& h) {
        CHECK(h.log_.ends == std::vector{transfer_end::completed, transfer_end::connection_broken,
                                         transfer_end::store_failed, transfer_end::malformed,
                                         transfer_end::no_connection});
    });
}

TEST_CASE("An upload that is given up before the host has it is discarded with the reason")
{
    struct spying_writer final : file_writer {
        explicit spying_writer(std::error_code& to) : why(to) {}
        result<void> write(std::string_view) override { return {}; }
        result<void> commit() override { return {}; }
        void discard(std::error_code reason) override { why = reason; }
        std::error_code& why;
    };
    std::error_code why;
    session_script s{logged_in{}, {.options = {.data_connect_limit = 30s}}};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("EPSV\r\n").listener_opens().expect(229);
    s.send("STOR n\r\n").check([&why](script_host& h) {
        const auto call = h.expect_action<action::call_store>();
        h.session_->store_answered(call.id, store_answer{std::unique_ptr<file_writer>{new spying_writer{why}}}, h.now_);
        h.drain();
    });
    s.expect(150).passes(30s).expect(425);
    CHECK(why == std::errc::timed_out);
}

TEST_CASE("Nothing is answered between a transfer command and its 150")
{
    session_script s{logged_in{}, {.files = {{"/a", "1"}}}};
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("RETR a\r\nNOOP\r\nSTAT\r\n").expect_no_reply();
    s.connects_to({client_end.address, 51200}).expect(150).sends("1").expect(226).expect(200).expect(211);
}

TEST_CASE("STOU of a directory makes a name in it, and takes no `..` for the beginning of a name")
{
    session_script s{logged_in{}, {.files = {{"/d/a", "1"}}}};
    s.data_ready().send("STOU d/\r\n").expect(150, "FILE: d/19700211160000-1.upload").receives("x").expect(226);
    for (const auto* line : {"STOU ..", "STOU d/..", "STOU ."})
        s.send(std::string{line} + "\r\n").expect(553);
    s.send("RNFR /\r\n").expect(550);
}
