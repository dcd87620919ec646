// Uploads of small files that follow each other over one data connection, before the server has said a word of them.
#include "client_kept_data_script.hpp"

#include <algorithm>
#include <span>
#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

/// The first of two uploads is out, and the commands for both.
client_script& sends_one(client_script& s)
{
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).upload("b", "de").sends("STOR b\r\n");
    return connects(s.receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends();
}

/// Both are.
client_script& sends_two(client_script& s)
{
    return sends_one(s).begins_to_send().puts(in_blocks("de")).data_ends().nothing_is_done();
}

} // namespace

TEST_CASE("The bytes of small files follow each other, whatever the server has said of those before")
{
    client_script s{orderly()};
    sends_two(s).receives("150 go\r\n").nothing_is_done().receives("250 done\r\n125 go\r\n").succeeds();
    s.receives("250 done\r\n").succeeds().check([](auto& h) {
        CHECK(h.transferred(4).bytes == 3);
        CHECK(h.transferred(5).bytes == 2);
    });
    s.upload("c", "").sends("STOR c\r\n").begins_to_send().puts(mark_of_end).data_ends();
    s.receives("125 go\r\n250 done\r\n").succeeds().asks_nothing().replay_at_every_split();
    client_script early{orderly()};
    sends_two(early).receives("150 go\r\n250 done\r\n125 go\r\n250 done\r\n").succeeds().succeeds().asks_nothing();
    early.fail_after_every_step();
}

TEST_CASE("Bytes that have gone are confirmed by 250 or 226 behind 125 alone")
{
    for (const int code : {211, 213, 220, 221, 230, 250, 257}) {
        client_script s{orderly()};
        sends_two(s).receives(std::to_string(code) + " what\r\n").closes_data();
        s.fails(protocol_errc::order_confused, code).fails(protocol_errc::order_confused, code).closes();
        client_script behind{orderly()}; // and one whose connection has ended
        sends_two(behind).receives("553 not here\r\n").closes_data().fails(protocol_errc::refused_permanently, 553);
        behind.receives(std::to_string(code) + " what\r\n").fails(protocol_errc::order_confused, code).closes();
    }
}

TEST_CASE("A command between small files does not hold their bytes back")
{
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).command("DELE", "old").sends("DELE old\r\n");
    s.upload("b", "de").sends("STOR b\r\n");
    connects(s.receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends();
    s.begins_to_send().puts(in_blocks("de")).data_ends().receives("150 go\r\n250 done\r\n").succeeds();
    s.receives("250 deleted\r\n").succeeds().receives("125 go\r\n250 done\r\n").succeeds().asks_nothing();
    s.replay_at_every_split();
}

TEST_CASE("An upload that is refused closes the connection, and what has followed it goes once more over another one")
{
    client_script s{orderly()};
    sends_two(s).receives("553 not here\r\n").closes_data().fails(protocol_errc::refused_permanently, 553);
    s.receives("425 no connection\r\n").sends("MODE S\r\n").receives("200 stream\r\n").sends("EPSV\r\n");
    connects(s.receives(address)).sends("STOR b\r\n").receives("150 go\r\n").begins_to_send().puts("de").data_ends();
    s.receives("226 done\r\n").succeeds().asks_nothing();
    s.upload("c", "f").sends("EPSV\r\nSTOR c\r\n").upload("d", "g").sends("MODE B\r\nEPSV\r\nSTOR d\r\n");
    s.replay_at_every_split();
}

TEST_CASE("What follows an upload that is refused is sent once more even if the server claims to have it")
{
    client_script s{orderly()};
    sends_two(s).receives("553 not here\r\n").closes_data().fails(protocol_errc::refused_permanently, 553);
    s.receives("125 go\r\n250 done\r\n").nothing_is_done().sends("MODE S\r\n").receives("200 stream\r\n");
    connects(s.sends("EPSV\r\n").receives(address))
        .sends("STOR b\r\n")
        .receives("150 go\r\n")
        .begins_to_send()
        .puts("de")
        .data_ends();
    s.receives("226 done\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("What is on its way behind an upload that is refused is stopped before it goes once more")
{
    for (const bool is_stopped_first : {true, false}) {
        client_script s{orderly()};
        sends_one(s).begins_to_send().receives("553 not here\r\n").closes_data();
        s.fails(protocol_errc::refused_permanently, 553);
        if (is_stopped_first)
            s.data_ends(transfer_fault::canceled).receives("425 no connection\r\n");
        else
            s.receives("425 no connection\r\n").sends_nothing().data_ends(transfer_fault::canceled);
        s.sends("MODE S\r\n").receives("200 stream\r\n");
        connects(s.sends("EPSV\r\n").receives(address))
            .sends("STOR b\r\n")
            .receives("150 go\r\n")
            .begins_to_send()
            .puts("de");
        s.data_ends().receives("226 done\r\n").succeeds().replay_at_every_split();
    }
}

TEST_CASE("A file that cannot be read fails alone, also when its turn has not come")
{
    const auto unreadable = std::make_error_code(std::errc::io_error);
    client_script s{orderly()};
    sends_one(s).begins_to_send().data_ends(transfer_fault::store, unreadable).receives("150 go\r\n250 done\r\n");
    s.succeeds().receives("125 go\r\n").nothing_is_done().receives("426 broken\r\n").fails(unreadable);
    small_download(s, "c").sends("MODE S\r\nEPSV\r\nRETR c\r\n").replay_at_every_split();
}

TEST_CASE("An upload that is canceled when all of it is out leaves the connection to what has followed it")
{
    client_script s{orderly()};
    sends_two(s).cancel(4).asks_nothing().sends_nothing().receives("150 go\r\n").asks_nothing();
    s.receives("250 done\r\n").fails(protocol_errc::canceled).receives("125 go\r\n250 done\r\n").succeeds();
    small_download(s, "c").sends("RETR c\r\n").replay_at_every_split();
}

TEST_CASE("An upload that is canceled on its way ends the connection, even if the server has it all")
{
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).upload("b", "de").sends("STOR b\r\n");
    connects(s.receives(address)).begins_to_send().cancel(4).closes_data().data_ends(transfer_fault::canceled);
    s.receives("150 go\r\n250 done\r\n").fails(protocol_errc::canceled).asks_nothing();
    s.receives("425 no connection\r\n").sends("EPSV\r\n").receives(address);
    connects(s).sends("STOR b\r\n").begins_to_send().puts(in_blocks("de")).replay_at_every_split();
}

TEST_CASE("A server that ends the connection behind an upload gets what has followed it once more")
{
    client_script s{orderly()};
    sends_two(s).receives("150 go\r\n226 done\r\n").closes_data().succeeds().receives("425 no connection\r\n");
    s.sends("EPSV\r\n").receives(address);
    connects(s).sends("STOR b\r\n").begins_to_send().puts(in_blocks("de")).data_ends();
    s.receives("150 go\r\n226 done\r\n").closes_data().succeeds().replay_at_every_split();
}

TEST_CASE("What was all sent before the connection ended is done when the server has it")
{
    const auto unreadable = std::make_error_code(std::errc::io_error);
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).upload("b", "de").upload("c", "f").sends("STOR b\r\nSTOR c\r\n");
    connects(s.receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends();
    s.begins_to_send().puts(in_blocks("de")).data_ends().begins_to_send().data_ends(transfer_fault::store, unreadable);
    s.receives("150 go\r\n250 done\r\n").succeeds().receives("125 go\r\n250 done\r\n").succeeds().sends_nothing();
    s.receives("125 go\r\n426 broken\r\n").fails(unreadable).replay_at_every_split();
}

TEST_CASE("No bytes follow where the server has refused to keep data connections")
{
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives("501 no\r\n200 blocks\r\n").upload("b", "de").sends("MODE S\r\nEPSV\r\nSTOR b\r\n");
    connects(s.receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends().asks_nothing();
}

TEST_CASE("What turns out to be long is not remembered, and fails where it would have to go once more")
{
    struct grown_reader final : file_reader {
        result<std::size_t> read(std::span<char> buffer) override
        {
            const auto count = std::min(buffer.size(), left);
            std::fill_n(buffer.begin(), count, 'x');
            left -= count;
            return count;
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return left == 0 ? 0 : 1; }

        std::size_t left = operation::most_shared_bytes + 1;
    };
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).start(
        [] { return operation::upload{.path = "b", .source = std::make_unique<grown_reader>()}; });
    connects(s.sends("STOR b\r\n").receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends();
    s.begins_to_send().check([](client_script_host& h) { CHECK(h.read_all().size() > operation::most_shared_bytes); });
    s.data_ends().receives("553 not here\r\n").closes_data().fails(protocol_errc::refused_permanently, 553);
    s.receives("425 no connection\r\n").fails(protocol_errc::transfer_incomplete).asks_nothing();
}

TEST_CASE("Nothing follows over a connection that has broken under an upload, whatever the server says of that")
{
    client_script s{orderly()};
    begins_first(s).upload("a", "abc").sends(asks_to_keep + "EPSV\r\nSTOR a\r\n");
    ends_first(s).receives(keeps).upload("b", "de").command("DELE", "old").upload("c", "f");
    s.sends("STOR b\r\nDELE old\r\nSTOR c\r\n");
    connects(s.receives(address)).begins_to_send().puts(in_blocks("abc")).data_ends().begins_to_send();
    s.receives("150 go\r\n250 done\r\n").succeeds();
    s.data_ends(transfer_fault::connection, std::make_error_code(std::errc::connection_reset));
    s.receives("125 go\r\n250 done\r\n").check([](client_script_host& h) { CHECK(h.outcomes().at(5) == false); });
    s.check([](client_script_host& h) {
        for (const auto& asked : h.actions_)
            CHECK_FALSE(std::holds_alternative<action::send_data>(asked));
    });
}

TEST_CASE("A file that is busy is refused behind its 125 without confusing the order")
{
    client_script s{orderly()};
    sends_two(s).receives("150 go\r\n450 busy\r\n").closes_data().sends_nothing();
    s.fails(protocol_errc::refused_transiently, 450).receives("425 no connection\r\n").sends("MODE S\r\n");
    s.check([](client_script_host& h) { CHECK_FALSE(h.session_.confuses_order()); });
}
