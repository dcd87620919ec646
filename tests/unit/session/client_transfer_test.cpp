// Downloads and uploads from their command to their end (RFC 959 4.1.3, 5.4; RFC 3659 5).
#include "client_transfer_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

TEST_CASE("A download is committed when the server has confirmed it and all bytes are there")
{
    client_script s;
    begin_download(s, "150 go (4 bytes).\r\n").gets("ab").gets("cd").data_ends().asks_nothing().nothing_is_done();
    s.receives("226 done\r\n").nothing_is_done().commits().succeeds();
    expect_file(s, "abcd", true);
    is_usable(s).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("The server's confirmation may come before the last bytes")
{
    client_script s;
    begin_download(s).gets("ab").receives("226 done\r\n").gets("cd").asks_nothing().data_ends();
    s.passes(1h).commits().succeeds();
    expect_file(s, "abcd", true);
    is_usable(s).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A confirmed transfer goes on when the session ends: its last bytes are still on their way")
{
    for (const auto* end : {"421 Shutting down.\r\n", ""}) {
        client_script s;
        begin_download(s).gets("ab").receives(std::string{"226 done\r\n"} + end);
        s.check([](client_script_host& h) { h.end_input(); });
        s.nothing_is_done().gets("cd").data_ends().commits().succeeds();
        expect_file(s, "abcd", true);
        s.command("NOOP").fails(protocol_errc::not_connected, *end == '\0' ? 0 : 421);
    }
}

TEST_CASE("A confirmed transfer that stalls behind the session's end is over, also if the host does not say so")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    client_script s{setup};
    begin_download(s).gets("ab").receives("226 done\r\n421 Shutting down.\r\n").nothing_is_done();
    s.passes(7s).closes_data().nothing_is_done().passes(setup.options.abort_limit).fails(protocol_errc::timed_out);
    s.closes().check([](client_script_host& h) {
        CHECK_FALSE(h.session_.deadline().has_value());
        CHECK_FALSE(h.started_[0].file->committed);
    });
}

TEST_CASE("125 and 250 do as well as 150 and 226")
{
    client_script s;
    begin_download(s, "125 going\r\n").gets("ab").data_ends().receives("250 done\r\n").commits().succeeds();
}

TEST_CASE("A second preliminary reply does not begin the transfer again")
{
    client_script s;
    begin_download(s).receives("125 going (2 bytes)\r\n").gets("ab").receives("125 going on\r\n").data_ends();
    s.nothing_is_done().receives("226 done\r\n").commits().succeeds().replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A confirmation without a preliminary reply begins the transfer and confirms it")
{
    client_script s;
    begin_download(s, "226 done\r\n").gets("ab").nothing_is_done().data_ends().commits().succeeds();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("An upload that is confirmed before any of it was sent has stored nothing")
{
    for (const int code : {226, 200}) {
        client_script s;
        s.upload("a", "some bytes").sends("TYPE I\r\n").receives("200 ok\r\n").opens_data().sends("STOR a\r\n");
        s.receives(std::to_string(code) + " ok\r\n").fails(protocol_errc::reply_unexpected, code);
        s.closes_data().closes();
    }
    client_script unknown;
    unknown.upload("a", "some bytes").sends("TYPE I\r\n").receives("200 ok\r\n").opens_data().sends("STOR a\r\n");
    unknown.receives("202 no\r\n").closes_data().fails(protocol_errc::not_supported, 202);
    is_usable(unknown);
}

TEST_CASE("A transfer that is called superfluous does not wait for data")
{
    client_script s;
    s.download("a", image).sends("TYPE I\r\n").receives("200 ok\r\n").opens_data().sends("RETR a\r\n");
    s.receives("202 no\r\n").closes_data().fails(protocol_errc::not_supported, 202);
    is_usable(s);
}

TEST_CASE("Both replies may come at once")
{
    client_script s;
    begin_download(s, "150 go (2 bytes)\r\n226 done\r\n").gets("ab").data_ends().commits().succeeds();
    s.replay_at_every_split();
}

TEST_CASE("An upload is over when the server has confirmed it")
{
    client_script s;
    begin_upload(s, "some bytes").puts("some bytes").data_ends().nothing_is_done().receives("226 done\r\n").succeeds();
    s.check([](client_script_host& h) { CHECK(h.transferred(0).bytes == 10); });
    is_usable(s).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("TYPE A converts line ends on the way")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("150 go (99 bytes)\r\n").begins_to_receive();
    s.gets("one\r").gets("\ntwo\r\n").data_ends().receives("226 done\r\n").commits().succeeds();
    expect_file(s, "one\ntwo\n", true);
    s.upload("b", "one\ntwo\n", ascii).opens_data().sends("STOR b\r\n").receives("150 go\r\n").begins_to_send();
    s.puts("one\r\ntwo\r\n").data_ends().receives("226 done\r\n").succeeds();
}

TEST_CASE("A download that ends before the announced size is not committed")
{
    client_script s;
    begin_download(s, "150 go (5 bytes)\r\n").gets("abcd").data_ends().receives("226 done\r\n");
    s.fails(protocol_errc::transfer_incomplete);
    expect_file(s, "abcd", false);
    is_usable(s).replay_at_every_split();
}

TEST_CASE("The announced size is what stands in parentheses at the end")
{
    const auto announced = [](const std::string& text) {
        client_script s;
        std::optional<std::uint64_t> size;
        s.download("a", ascii).opens_data().sends("RETR a\r\n").receives(text + "\r\n").begins_to_receive();
        s.data_ends().receives("226 done\r\n").commits().check([&size](client_script_host& h) {
            size = h.transferred(0).announced;
        });
        return size;
    };
    CHECK(announced("150 Opening BINARY mode data connection for a (1234 bytes).") == 1234);
    CHECK(announced("150 x (3 bytes) (4 bytes). ") == 4);
    CHECK(announced("150-first\r\n150 a (18446744073709551615 bytes)") == 18446744073709551615U);
    for (const auto* none :
         {"150", "150 ", "150 12 bytes)", "150 (bytes)", "150 ( bytes)", "150 (18446744073709551616 bytes)",
          "150 (-1 bytes)", "150 (1 2 bytes)", "150 \"a (12 bytes)\" comes", "150 (12 kbytes)", "150 (0 bytes)"})
        CHECK(announced(none) == std::nullopt);
}

TEST_CASE("A download from an offset asks for it by REST")
{
    for (const auto* answer : {"150 go (4 bytes)\r\n", "150 go (104 bytes)\r\n", "150 go\r\n"}) {
        client_script s;
        begin_download(s, answer, 100).gets("abcd").data_ends().receives("226 done\r\n").commits().succeeds();
        s.replay_at_every_split().fail_after_every_step();
    }
    client_script s;
    begin_download(s, "150 go (103 bytes)\r\n", 100).gets("abcd").data_ends().receives("226 done\r\n");
    s.fails(protocol_errc::transfer_incomplete);
}

TEST_CASE("An upload from an offset asks for it by REST")
{
    client_script s;
    s.upload("a", "rest", ascii, 7).opens_data().sends("REST 7\r\n").receives("350 ok\r\n").sends("STOR a\r\n");
}

TEST_CASE("Without 350 to REST nothing is transferred")
{
    client_script s;
    s.download("a", ascii, 7).opens_data().sends("REST 7\r\n").receives("502 no\r\n").closes_data();
    s.fails(protocol_errc::refused_permanently, 502).sends_nothing();
    s.download("a", ascii, 7).opens_data().sends("REST 7\r\n").receives("200 what\r\n").closes_data();
    s.fails(protocol_errc::reply_unexpected, 200).sends_nothing();
    is_usable(s);
}

TEST_CASE("A transfer that the server refuses has no data connection, and the session goes on")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("450 busy\r\n").closes_data();
    s.fails(protocol_errc::refused_transiently, 450);
    expect_file(s, "", false);
    s.upload("a", "x", ascii).opens_data().sends("STOR a\r\n").receives("553 no\r\n").closes_data();
    s.fails(protocol_errc::refused_permanently, 553);
    is_usable(s).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A refused transfer leaves the next one no place in the file to begin at")
{
    client_script s;
    s.download("a", ascii, 4).opens_data().sends("REST 4\r\n").receives("350 at 4\r\n").sends("RETR a\r\n");
    s.receives("550 no\r\n").closes_data().fails(protocol_errc::refused_permanently, 550);
    s.download("b", ascii).opens_data().sends("REST 0\r\n").receives("350 at 0\r\n").sends("RETR b\r\n");
    s.receives("550 no\r\n").closes_data().fails(protocol_errc::refused_permanently, 550);
    s.download("c", ascii).opens_data().sends("RETR c\r\n").replay_at_every_split();
}

TEST_CASE("A transfer that the server breaks off ends when its data connection has ended too")
{
    client_script s;
    begin_download(s).gets("ab").receives("451 disk trouble\r\n").closes_data().nothing_is_done();
    s.passes(1h).nothing_is_done();
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::refused_transiently, 451);
    expect_file(s, "ab", false);
    is_usable(s).replay_at_every_split();
}

TEST_CASE("A transfer that ended in order on the data connection alone has failed if the server says so")
{
    client_script s;
    begin_download(s).gets("ab").data_ends().receives("426 broken\r\n");
    s.fails(protocol_errc::refused_transiently, 426).asks_nothing();
    expect_file(s, "ab", false);
    client_script up;
    begin_upload(up, "x").puts("x").data_ends().receives("552 full\r\n");
    up.fails(protocol_errc::refused_permanently, 552).asks_nothing();
}

TEST_CASE("A data connection that breaks fails the transfer, also if the server confirms it")
{
    const auto reset = std::make_error_code(std::errc::connection_reset);
    client_script s;
    begin_download(s).gets("ab").data_ends(transfer_fault::connection, reset).nothing_is_done().asks_nothing();
    s.receives("226 done\r\n").fails(reset, 226).failed_at(operation_step::transfer);
    expect_file(s, "ab", false);
    is_usable(s).replay_at_every_split();
    client_script confirmed;
    begin_download(confirmed).gets("ab").receives("226 done\r\n").data_ends(transfer_fault::connection, reset);
    expect_file(confirmed.fails(reset, 226).failed_at(operation_step::transfer), "ab", false);
    client_script up;
    begin_upload(up, "x").data_ends(transfer_fault::connection, reset).receives("226 done\r\n").fails(reset, 226);
    client_script silent;
    begin_upload(silent, "x").data_ends(transfer_fault::connection, reset).passes(client_options{}.reply_limit);
    silent.fails(reset).closes();
}

TEST_CASE("A download that is reset behind the last byte that was announced is complete if the server confirms it")
{
    const auto reset = std::make_error_code(std::errc::connection_reset);
    client_script s;
    begin_download(s, "150 go (2 bytes).\r\n").gets("ab").data_ends(transfer_fault::connection, reset);
    s.asks_nothing().nothing_is_done().receives("226 done\r\n").commits().succeeds();
    expect_file(s, "ab", true);
    is_usable(s).replay_at_every_split();
    client_script less;
    begin_download(less, "150 go (3 bytes).\r\n").gets("ab").data_ends(transfer_fault::connection, reset);
    expect_file(less.receives("226 done\r\n").fails(reset, 226), "ab", false);
    client_script refused;
    begin_download(refused, "150 go (2 bytes).\r\n").gets("ab").data_ends(transfer_fault::connection, reset);
    expect_file(refused.receives("451 bad disk\r\n").fails(protocol_errc::refused_transiently, 451), "ab", false);
}

TEST_CASE("The reply tells why the server has broken a transfer off, whichever of the two is seen first")
{
    const auto pipe = std::make_error_code(std::errc::broken_pipe);
    client_script first;
    begin_upload(first, "x").receives("552 full\r\n").closes_data().data_ends(transfer_fault::connection, pipe);
    is_usable(first.fails(protocol_errc::refused_permanently, 552)).replay_at_every_split();
    client_script later;
    begin_upload(later, "x").data_ends(transfer_fault::connection, pipe).nothing_is_done().receives("552 full\r\n");
    is_usable(later.fails(protocol_errc::refused_permanently, 552)).replay_at_every_split();
    client_script down;
    begin_download(down).gets("ab").data_ends(transfer_fault::connection, pipe).receives("426 broken\r\n");
    is_usable(down.fails(protocol_errc::refused_transiently, 426)).replay_at_every_split();
    expect_file(down, "ab", false);
}

TEST_CASE("A fault without a reason is an incomplete transfer")
{
    client_script s;
    begin_upload(s, "x").receives("226 done\r\n").data_ends(transfer_fault::connection);
    s.fails(protocol_errc::transfer_incomplete);
}

TEST_CASE("A fault of the own store ends the transfer at once, with the store's error")
{
    const auto full = std::make_error_code(std::errc::no_space_on_device);
    client_script s;
    begin_download(s).gets("ab").data_ends(transfer_fault::store, full).closes_data().sends("ABOR\r\n");
    s.nothing_is_done().receives("426 broken\r\n").sends("PWD\r\n").receives("226 aborted\r\n257 here\r\n");
    s.fails(full).failed_at(operation_step::near_end);
    expect_file(s, "ab", false);
    is_usable(s).replay_at_every_split();
    client_script over;
    begin_download(over).receives("226 done\r\n").data_ends(transfer_fault::store, full).closes_data().fails(full);
    over.sends_nothing();
}

TEST_CASE("A commit that fails is told with its reason")
{
    const auto full = std::make_error_code(std::errc::no_space_on_device);
    client_script s;
    begin_download(s).gets("ab").data_ends().receives("226 done\r\n").commits(full).fails(full);
    expect_file(s, "ab", false);
    is_usable(s);
}

TEST_CASE("A confirmed download is committed even if the connection ends meanwhile")
{
    client_script s;
    begin_download(s).gets("ab").data_ends().command("NOOP").receives("226 done\r\n").eof().cancel(0);
    s.nothing_is_done().check([](client_script_host& h) {
        CHECK(h.started_[1].done.at(0).outcome.error().code == protocol_errc::connection_closed);
        CHECK(!h.session_.finished());
    });
    s.commits().succeeds().fails(protocol_errc::connection_closed).closes();
    expect_file(s, "ab", true);
}

TEST_CASE("The host cannot commit what it receives: a sink that it drops is gone")
{
    client_script s;
    begin_download(s).gets("ab").data_ends().check(
        [](client_script_host& h) { CHECK(!h.started_[0].file->committed); });
    s.eof().fails(protocol_errc::connection_closed).closes();
    expect_file(s, "ab", false);
}

TEST_CASE("A sink that the host still writes to outlives the session's end")
{
    client_script s;
    begin_download(s).gets("ab").eof().closes_data().fails(protocol_errc::connection_closed);
    s.check([](client_script_host& h) { CHECK(!h.started_[0].file->gone); }).data_ends(transfer_fault::canceled);
    expect_file(s, "ab", false);
}

TEST_CASE("A transfer that does not move for too long is aborted")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    client_script s{setup};
    begin_download(s).passes(7s - 1ns).gets("ab").passes(7s - 1ns).asks_nothing().sends_nothing();
    // Progress that is none does not count.
    s.check([](client_script_host& h) { h.progress(0); }).passes(1ns).closes_data().sends("ABOR\r\n");
    s.data_ends(transfer_fault::canceled)
        .receives("426 aborted\r\n226 ok\r\n")
        .sends("PWD\r\n")
        .receives("257 here\r\n");
    s.fails(protocol_errc::timed_out);
    expect_file(s, "ab", false);
    is_usable(s);
}

TEST_CASE("A stalled transfer that the server has confirmed already needs no ABOR")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    client_script s{setup};
    begin_download(s).receives("226 done\r\n").passes(7s).closes_data().sends_nothing().nothing_is_done();
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::timed_out);
    is_usable(s);
}

TEST_CASE("A transfer that moves has no limit")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    setup.options.reply_limit = 7s;
    client_script s{setup};
    begin_download(s);
    for (int i = 0; i < 100; ++i)
        s.passes(6s).gets("x");
    s.data_ends().passes(6s).receives("226 done\r\n").passes(1h).commits().succeeds();
}

TEST_CASE("A transfer command that is not answered in time ends the session")
{
    client_script s;
    s.download("a", ascii).opens_data().sends("RETR a\r\n").passes(client_options{}.reply_limit).closes_data();
    s.fails(protocol_errc::timed_out).closes();
    client_script earlier;
    earlier.download("a", ascii).sends("EPSV\r\n").passes(client_options{}.reply_limit);
    earlier.fails(protocol_errc::timed_out).closes();
}

TEST_CASE("A confirmation that does not come in time ends the session")
{
    client_script_setup setup;
    setup.options.reply_limit = 7s;
    client_script s{setup};
    begin_download(s).gets("ab").passes(8s).data_ends().passes(7s - 1ns).nothing_is_done();
    s.passes(1ns).fails(protocol_errc::timed_out).closes();
    expect_file(s, "ab", false);
}

TEST_CASE("Answers to another transfer are ignored")
{
    const auto foreign_answers = [](client_script_host& h) {
        h.session_.transfer_progressed(op_id{999}, 5, h.now_);
        h.session_.transfer_finished(op_id{999}, {5, transfer_fault::none, {}}, h.now_);
        h.session_.committed(op_id{999}, {}, h.now_);
        h.session_.data_listening(op_id{999}, script_client, h.now_);
    };
    client_script s;
    begin_download(s).receives("226 done\r\n").check(foreign_answers).gets("ab").asks_nothing().data_ends();
    s.check(foreign_answers).nothing_is_done().commits().succeeds();
    s.check([](client_script_host& h) {
        CHECK(h.heard<event::progress>().size() == 1);
        CHECK(h.transferred(0).bytes == 2);
    });
}

TEST_CASE("A stalled transfer that the server has confirmed already leaves the session usable")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    client_script s{setup};
    begin_download(s).gets("ab").receives("226 done\r\n").passes(7s).closes_data().passes(1s);
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::timed_out);
    s.failed_at(operation_step::transfer).command("NOOP").sends("NOOP\r\n");
}
