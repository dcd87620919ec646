// What a transfer tells when it went well, and downloads of a part (RFC 959 4.1.3, RFC 1123 4.1.2.9, RFC 3659 5).
#include "client_transfer_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

TEST_CASE("A transfer tells how much went where, how that was agreed on, and how long it took")
{
    client_script s;
    begin_download(s, "150 go (4 bytes)\r\n").passes(2s).gets("abcd").data_ends().passes(1s).receives("226 done\r\n");
    s.passes(1h).commits().check([](client_script_host& h) {
        const auto& result = h.transferred(0);
        CHECK(result.bytes == 4);
        CHECK(result.offset == 0);
        CHECK(result.announced == 4);
        CHECK(result.announced_by == size_source::preliminary_reply);
        CHECK(result.verified == verification::size);
        CHECK(result.is_confirmed);
        CHECK(result.time == 3s);
        CHECK(result.data_peer == endpoint{script_server.address, script_passive_port});
        CHECK(result.data_command == data_command::epsv);
        CHECK(result.data_reason == data_command_reason::preferred);
        CHECK(h.started_[0].done[0].answer.code == 226);
        const auto progress = h.heard<event::progress>();
        REQUIRE(progress.size() == 1);
        CHECK(progress[0].made.bytes == 4);
        CHECK(progress[0].made.total == 4);
        CHECK(progress[0].made.bytes_per_second == 2);
        CHECK(progress[0].operation == h.started_[0].id);
    });
}

TEST_CASE("Without an announced size only the server's word tells that a download is whole")
{
    client_script s;
    begin_download(s).gets("abcd").data_ends().receives("226 done\r\n").commits().check([](client_script_host& h) {
        CHECK(!h.transferred(0).announced);
        CHECK(h.transferred(0).verified == verification::none);
        CHECK(h.transferred(0).is_confirmed);
    });
}

TEST_CASE("The size of an upload is what its source says")
{
    client_script s;
    begin_upload(s, "abcde").puts("abcde").data_ends().receives("226 done\r\n").check([](client_script_host& h) {
        CHECK(h.transferred(0).announced == 5);
        CHECK(h.transferred(0).announced_by == size_source::near_end);
        CHECK(h.heard<event::progress>().at(0).made.total == 5);
    });
}

TEST_CASE("The last that is heard of a transfer's progress is all of it, though it may end before the peer has all")
{
    client_script s;
    begin_upload(s, "abcde").check([](client_script_host& h) {
        h.progress(2);
        h.move(3);
    });
    s.data_ends().receives("226 done\r\n").check([](client_script_host& h) {
        const auto progress = h.heard<event::progress>();
        REQUIRE(progress.size() == 2);
        CHECK(progress[0].made.bytes == 2);
        CHECK(progress[1].made.bytes == 5);
    });
    client_script failed;
    begin_upload(failed, "abcde").check([](client_script_host& h) { h.move(5); }).data_ends();
    failed.receives("451 disk full\r\n").fails(protocol_errc::refused_transiently, 451);
    failed.check([](client_script_host& h) { CHECK(h.heard<event::progress>().empty()); });
}

TEST_CASE("The name that the server has chosen for a unique upload is told")
{
    for (const std::string answers : {"150 FILE: a.1\r\n226 done\r\n", "150 go\r\n226 done (unique file name:a.1).\r\n",
                                      "150 file: a.1\r\n250 done\r\n", "150 FILE: a.1\r\n125 go\r\n226 done\r\n"}) {
        INFO(answers);
        client_script s;
        s.start([] {
            return operation::upload{.path = "a",
                                     .source = std::make_unique<text_reader>("x"),
                                     .type = ascii,
                                     .verb = operation::upload_verb::store_unique};
        });
        const auto cut = answers.find("\r\n") + 2;
        s.opens_data().sends("STOU a\r\n").receives(answers.substr(0, cut)).begins_to_send().puts("x").data_ends();
        s.receives(answers.substr(cut)).check([](client_script_host& h) {
            CHECK(h.transferred(0).remote_name == "a.1");
        });
        s.replay_at_every_split();
    }
}

TEST_CASE("The time of a transfer goes up to its last byte where that comes behind the last reply")
{
    client_script s;
    begin_download(s)
        .gets("ab")
        .passes(1s)
        .receives("226 done\r\n")
        .passes(2s)
        .gets("c")
        .data_ends()
        .passes(4s)
        .commits();
    s.check([](client_script_host& h) { CHECK(h.transferred(0).time == 3s); }).succeeds().replay_at_every_split();
}

TEST_CASE("A unique upload needs no name, an appended one has no offset")
{
    client_script s;
    s.start([] {
        return operation::upload{
            .source = std::make_unique<text_reader>("x"), .type = ascii, .verb = operation::upload_verb::store_unique};
    });
    s.opens_data().sends("STOU\r\n");
    client_script append;
    append.start([] {
        return operation::upload{.path = "a",
                                 .source = std::make_unique<text_reader>("x"),
                                 .offset = 3,
                                 .verb = operation::upload_verb::append};
    });
    append.fails(protocol_errc::argument_invalid).sends_nothing();
}

namespace {

/// A download of at most `length` bytes from `offset` on, up to its transfer command.
client_script& begin_part(client_script& s, std::uint64_t offset, std::uint64_t length)
{
    return s.check([=](client_script_host& h) {
        auto file = std::make_shared<written_file>();
        h.start(operation::download{.path = "a",
                                    .sink = std::make_unique<recorded_writer>(file),
                                    .type = ascii,
                                    .offset = offset,
                                    .length = length},
                file);
    });
}

} // namespace

TEST_CASE("A part of a file is cut off by closing the data connection, and PWD tells when the server has said all")
{
    for (const std::string answer : {"426 broken\r\n", "451 broken\r\n", "226 done\r\n", "150 2.1 seconds\r\n"}) {
        for (const std::string more : {"", "426 broken\r\n", "226 done\r\n"}) {
            client_script s;
            begin_part(s, 2, 3).opens_data().sends("REST 2\r\n").receives("350 ok\r\n").sends("RETR a\r\n");
            s.receives("150 go (9 bytes).\r\n").begins_to_receive().gets("cd").gets("efgh").data_ends();
            s.nothing_is_done().receives(answer).sends("PWD\r\n").nothing_is_done().receives(more + "257 here\r\n");
            s.commits().check([answer](client_script_host& h) {
                CHECK(h.transferred(0).bytes == 3);
                CHECK(h.transferred(0).is_confirmed == answer.starts_with('2'));
            });
            expect_file(s, "cde", true);
            is_usable(s.succeeds()).replay_at_every_split();
        }
    }
}

TEST_CASE("What came behind a part of a file is not counted in the end, and makes no rate that there cannot be")
{
    client_script s;
    begin_part(s, 0, 3).opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive().passes(1s);
    s.gets("abcdef").data_ends().receives("426 broken\r\n").sends("PWD\r\n").passes(1s).receives("257 here\r\n");
    s.commits().succeeds().check([](client_script_host& h) {
        const auto last = h.heard<event::progress>().back().made;
        CHECK(last.bytes == 3);
        CHECK(last.bytes_per_second <= 6);
    });
}

TEST_CASE("A server without PWD has said all about a cut when it refuses that")
{
    client_script s;
    begin_part(s, 0, 3).opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive().gets("abcd");
    s.data_ends().receives("426 broken\r\n").sends("PWD\r\n").receives("226 aborted\r\n502 no PWD\r\n").commits();
    is_usable(s.succeeds()).replay_at_every_split();
}

TEST_CASE("A server that leaves at a cut has sent what was wanted")
{
    for (const std::string answer : {"", "426 broken\r\n", "421 bye\r\n"}) {
        client_script s;
        begin_part(s, 0, 3).opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive().gets("abcd");
        s.data_ends().nothing_is_done();
        if (!answer.empty())
            s.receives(answer);
        s.eof().commits().check([](client_script_host& h) {
            CHECK(h.transferred(0).bytes == 3);
            CHECK_FALSE(h.transferred(0).is_confirmed);
        });
        expect_file(s, "abc", true);
        s.succeeds().command("NOOP").fails(protocol_errc::not_connected, answer.starts_with("421") ? 421 : 0);
        s.replay_at_every_split();
    }
}

TEST_CASE("A server that leaves at a cut does not make up for a disk that is full")
{
    const auto full = std::make_error_code(std::errc::no_space_on_device);
    client_script s;
    begin_part(s, 0, 3).opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive().gets("abcd");
    s.data_ends().eof().commits(full).fails(full).closes();
}

TEST_CASE("A cut that is canceled while PWD is asked waits for both answers to it")
{
    client_script s;
    begin_part(s, 2, 3).opens_data().sends("REST 2\r\n").receives("350 ok\r\n").sends("RETR a\r\n");
    s.receives("150 go (9 bytes).\r\n").begins_to_receive().gets("cdefgh").data_ends().nothing_is_done();
    s.receives("150 2.1 seconds\r\n").sends("PWD\r\n").cancel(0).sends("ABOR\r\n");
    s.receives("257 here\r\n226 no transfer\r\n").nothing_is_done().sends("PWD\r\n").receives("257 here\r\n");
    is_usable(s.fails(protocol_errc::canceled));
}

TEST_CASE("A part is asked for by RANG where the server has it")
{
    client_script s;
    s.features().sends("FEAT\r\n").receives("211-Features\r\n RANG STREAM\r\n211 End\r\n").succeeds();
    begin_part(s, 2, 3).opens_data().sends("RANG 2 4\r\n").receives("350 ok\r\n").sends("RETR a\r\n");
    s.receives("150 go\r\n").begins_to_receive().gets("cde").data_ends().receives("226 done\r\n").commits().succeeds();
    is_usable(s).replay_at_every_split();
}

TEST_CASE("A server that goes on behind the end of a range has sent something else")
{
    client_script s;
    s.features().sends("FEAT\r\n").receives("211-Features\r\n RANG STREAM\r\n211 End\r\n").succeeds();
    begin_part(s, 2, 3).opens_data().sends("RANG 2 4\r\n").receives("350 ok\r\n").sends("RETR a\r\n");
    s.receives("150 go\r\n").check([](client_script_host& h) {
        const auto asked = h.take_action<action::receive_data>();
        CHECK(asked.sink->write("abc").has_value());
        CHECK(!asked.sink->is_complete());
        CHECK(asked.sink->write("d").error() == protocol_errc::limit_exceeded);
    });
}

TEST_CASE("A part of no bytes is refused")
{
    client_script s;
    begin_part(s, 2, 0).fails(protocol_errc::argument_invalid).sends_nothing();
}

TEST_CASE("A transfer that waits for its rate limit is not taken for stalled")
{
    client_script_setup setup;
    setup.options.stall_limit = 7s;
    setup.options.rates.download = std::make_shared<rate_limit>(1000);
    client_script s{setup};
    s.download("a", ascii).opens_data().sends("RETR a\r\n").receives("150 go\r\n").check([](client_script_host& h) {
        const auto& asked = std::get<action::receive_data>(h.actions_.front());
        CHECK(asked.limits[0] == h.options_.rates.download);
    });
    s.begins_to_receive().passes(6s).is_held().passes(6s).is_held().passes(6s).sends_nothing().passes(1s).closes_data();
}
