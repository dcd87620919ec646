// What a hostile server may not achieve: by what it is asked, by what it says, by what it sends and by when it leaves.
#include "client_transfer_script.hpp"
#include "near_files.hpp"
#include "task_host.hpp"

#include <libftp/session/transfer_task.hpp>

#include <algorithm>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

const endpoint passive_port{script_server.address, script_passive_port};
const endpoint stranger{ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}}, 20};

/// One operation with a text in it, for each place where one can be.
std::vector<std::function<client_operation(const std::string&)>> operations_with_a_text()
{
    using text = const std::string&;
    const auto sink = [] { return std::make_unique<recorded_writer>(std::make_shared<written_file>()); };
    return {
        [](text t) {
            return operation::login{t, secret{"pw"}, secret{}};
        },
        [](text t) {
            return operation::login{"ann", secret{t}, secret{}};
        },
        [](text t) {
            return operation::login{"ann", secret{"pw"}, secret{t}};
        },
        [](text t) {
            return operation::command{t, {}};
        },
        [](text t) {
            return operation::command{"MKD", t};
        },
        [](text t) { return operation::password{secret{t}}; },
        [](text t) {
            return operation::rename{t, "b"};
        },
        [](text t) {
            return operation::rename{"a", t};
        },
        [](text t) { return operation::size{t}; },
        [](text t) { return operation::modified{t}; },
        [](text t) { return operation::stat{t}; },
        [](text t) {
            return operation::set_modified{t, {}};
        },
        [](text t) {
            return operation::set_mode{t, 0644};
        },
        [](text t) {
            return operation::hash{t, {}};
        },
        [](text t) { return operation::space{t}; },
        [sink](text t) {
            return operation::download{t, sink()};
        },
        [](text t) {
            return operation::upload{t, std::make_unique<text_reader>("x")};
        },
        [sink](text t) {
            return operation::listing{t, operation::listing_verb::best, sink()};
        },
        [](text t) { return operation::list{t}; },
    };
}

client_script_setup with_limits(reply_limits limits)
{
    client_script_setup setup;
    setup.options.replies = limits;
    return setup;
}

client_script_setup in_active_mode()
{
    client_script_setup setup;
    setup.options.data_mode = data_mode::active;
    return setup;
}

/// A directory's listing, up to where its bytes come.
client_script& begin_list(client_script& s)
{
    s.start([] { return operation::list{}; }).opens_data();
    return s.sends("LIST\r\n").receives("150 go\r\n");
}

client_script& answer_abort(client_script& s)
{
    return s.sends("ABOR\r\n").receives("426 cut\r\n226 ok\r\n").sends("PWD\r\n").receives("257 here\r\n");
}

client_result<transfer_result> download(task_host& host, const near_file& near, const transfer_options& options)
{
    download_task task{"f", near.place, options};
    return host.run(task);
}

void check_incomplete(const client_result<transfer_result>& made)
{
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol_errc::transfer_incomplete);
    CHECK(made.error().step == operation_step::verification);
}

} // namespace

TEST_CASE("CR, LF and NUL are refused in every text of every operation, and nothing is sent")
{
    using namespace std::string_literals;
    for (const auto& make : operations_with_a_text()) {
        for (const auto& text : {"\r"s, "\n"s, "\0"s, "a\r\nDELE b"s, "a\nDELE b"s, "a\0b"s, "a\r"s}) {
            client_script s;
            s.start([&] { return make(text); }).fails(protocol_errc::argument_invalid);
            s.failed_at(operation_step::arguments).sends_nothing().asks_nothing();
        }
    }
}

TEST_CASE("Bytes that look like an end of line in other systems are sent as they are")
{
    client_script s;
    s.command("CWD", "a\x0b\x0c\x85\xe2\x80\xa8%0d%0a\\r\\n ").sends("CWD a\x0b\x0c\x85\xe2\x80\xa8%0d%0a\\r\\n \r\n");
    s.receives("250 ok\r\n").succeeds();
}

TEST_CASE("A 229 without one port, or with an address, opens nothing and leaves the session usable")
{
    for (const std::string text : {"229", "229 ok", "229 (|||0|)", "229 (|||65536|)", "229 (|||-1|)", "229 (||||)",
                                   "229 (|1|203.0.113.9|25|)", "229 (((((", "229 (|||4294967317|)"}) {
        INFO(text);
        client_script s;
        s.list().sends("EPSV\r\n").receives(text + "\r\n").asks_nothing().sends("PASV\r\n").receives("502 no\r\n");
        is_usable(s.fails(protocol_errc::refused_permanently, 502));
    }
}

TEST_CASE("A 227 leads to no port 0 and to no other host")
{
    const auto ask_plain = [](client_script& s) -> client_script& {
        return s.list().sends("EPSV\r\n").receives("500 no\r\n").sends("PASV\r\n");
    };
    client_script zero;
    ask_plain(zero).receives("227 (192,0,2,1,0,0)\r\n").fails(protocol_errc::address_malformed, 227);
    is_usable(zero);
    client_script foreign;
    ask_plain(foreign).receives("227 (203,0,113,9,195,84)\r\n").connects_to(passive_port);
}

TEST_CASE("Strangers who connect in active mode neither get the data nor prolong the wait for the server")
{
    client_script s{in_active_mode()};
    s.list().listens_on({script_client.address, 50001});
    s.sends("EPRT |1|192.0.2.7|50001|\r\n").receives("200 ok\r\n").sends("LIST\r\n").receives("150 go\r\n");
    for (int i = 0; i < 29; ++i)
        s.passes(1s).data_connected_from(stranger).rejects_data().asks_nothing();
    s.nothing_is_done().passes(1s).closes_data();
    is_usable(answer_abort(s).fails(protocol_errc::timed_out));
}

TEST_CASE("A reply past one of its limits ends the session, wherever it comes")
{
    const reply_limits limits{.max_line_bytes = 40, .max_lines = 5, .max_bytes = 100};
    std::string lines{"200-"};
    for (int i = 0; i < 6; ++i)
        lines += "\r\n";
    std::string bytes{"200-"};
    for (int i = 0; i < 4; ++i)
        bytes += std::string(35, 'x') + "\r\n";
    for (const std::string& endless : {"200 " + std::string(50, 'x') + "\r\n", lines, bytes}) {
        INFO(endless);
        client_script idle{with_limits(limits)};
        idle.receives(endless).closes();
        client_script command{with_limits(limits)};
        command.command("NOOP").sends("NOOP\r\n").receives(endless).fails(protocol_errc::reply_too_long).closes();
        client_script transfer{with_limits(limits)};
        begin_download(transfer).gets("abc").receives(endless).fails(protocol_errc::reply_too_long);
        transfer.closes_data().data_ends(transfer_fault::canceled).closes();
        expect_file(transfer, "abc", false);
    }
}

TEST_CASE("A reply that trickles in without an end is over with the limit of its command")
{
    client_script s;
    s.command("NOOP").sends("NOOP\r\n");
    for (int i = 0; i < 59; ++i)
        s.passes(1s).receives("200-still\r\n").nothing_is_done();
    s.passes(1s).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("A listing is bounded in bytes as it comes, and in entries as it is read")
{
    client_script_setup setup;
    setup.options.max_listing_bytes = 10;
    client_script bytes{setup};
    begin_list(bytes).check([](client_script_host& h) {
        auto asked = h.take_action<action::receive_data>();
        CHECK(asked.sink->write("0123456789").has_value());
        CHECK_FALSE(asked.sink->write("x").has_value());
    });
    setup = {};
    setup.options.max_listing_entries = 2;
    client_script entries{setup};
    begin_list(entries).begins_to_receive().gets("-rw-r--r-- 1 a a 1 Jan 1 2020 x\r\n\r\n? ?\r\n");
    entries.gets("-rw-r--r-- 1 a a 1 Jan 1 2020 y\r\n").data_ends().receives("226 ok\r\n").commits();
    entries.check([](client_script_host& h) {
        const auto& read = std::get<parsed_listing>(*h.next_outcome().outcome);
        CHECK(read.entries.size() == 1);
        REQUIRE(read.refused.size() == 2);
        CHECK(read.refused.back().reason == refusal_reason::too_many_entries);
    });
}

TEST_CASE("The end of the connection ends every operation at every step, and commits nothing unconfirmed")
{
    client_script greeting;
    greeting.greeting().receives("120-Soon\r\n120 now\r\n").receives("220-Hello\r\n 220\r\n220 you\r\n").succeeds();
    greeting.fail_after_every_step();
    client_script login;
    login.log_in("ann", "pw", "acct").sends("USER ann\r\n").receives("331-a\r\n331 b\r\n").sends("PASS pw\r\n");
    login.receives("332 c\r\n").sends("ACCT acct\r\n").receives("230 in\r\n").succeeds().fail_after_every_step();
    client_script transfers;
    begin_download(transfers, "150-a\r\n150 go\r\n").command("PWD").gets("abc").data_ends().receives("226 ok\r\n");
    transfers.commits().succeeds().sends("PWD\r\n").receives("257 \"/\"\r\n").succeeds().fail_after_every_step();
    client_script upload;
    begin_upload(upload, "abc").puts("abc").data_ends().receives("226 ok\r\n").succeeds().fail_after_every_step();
    client_script others;
    others.rename("a", "b").start([] { return operation::stat{"a"}; }).sends("RNFR a\r\n").receives("350 ok\r\n");
    others.sends("RNTO b\r\n").receives("250 ok\r\n").succeeds().sends("MLST a\r\n");
    others.receives("250-a\r\n type=file;size=1; a\r\n250 end\r\n").succeeds().fail_after_every_step();
}

TEST_CASE("A reply nobody asked for ends the session, also while data moves and behind the last reply of a transfer")
{
    client_script idle;
    idle.receives("200 ok\r\n").closes();
    client_script moving;
    begin_download(moving)
        .gets("a")
        .receives("150 again\r\n125 and\r\n150 again\r\n")
        .fails(protocol_errc::reply_unexpected, 150);
    moving.closes_data().data_ends(transfer_fault::canceled).closes();
    client_script behind;
    begin_download(behind).gets("a").data_ends().receives("226 ok\r\n").commits().succeeds();
    behind.receives("226 ok\r\n").closes();
    client_script ahead;
    ahead.command("PWD").command("NOOP").sends("PWD\r\n").receives("257 \"/\"\r\n200 ok\r\n").succeeds();
    ahead.fails(protocol_errc::reply_unexpected, 200).closes();
}

TEST_CASE("A line that is no reply does not shorten the wait for the end of a transfer")
{
    client_script moving;
    begin_upload(moving, "a").puts("a").receives("still here\r\n").passes(6s).nothing_is_done().data_ends();
    moving.receives("226 ok\r\n").succeeds();
    client_script moved;
    begin_upload(moved, "a").puts("a").data_ends().receives("still here\r\n").passes(6s).nothing_is_done();
    moved.receives("226 ok\r\n").succeeds();
}

TEST_CASE("A transfer that ends a second time answers no later command")
{
    client_script removal;
    begin_upload(removal, "a").puts("a").data_ends().receives("226 ok\r\n").succeeds();
    removal.command("DELE", "b").sends("DELE b\r\n").receives("226 ok\r\n");
    removal.fails(protocol_errc::reply_unexpected, 226).closes().replay_at_every_split();
    client_script size;
    begin_upload(size, "a")
        .puts("a")
        .data_ends()
        .receives("426 broken\r\n")
        .fails(protocol_errc::refused_transiently, 426);
    size.start([] { return operation::size{"a"}; }).sends("SIZE a\r\n").receives("226 ok\r\n");
    size.fails(protocol_errc::reply_unexpected, 226).closes();
    client_script next;
    begin_upload(next, "a").puts("a").data_ends().receives("226 ok\r\n").succeeds();
    next.download("b").sends("EPSV\r\n").receives("226 ok\r\n").fails(protocol_errc::reply_unexpected, 226).closes();
    client_script abort;
    begin_upload(abort, "a").puts("a").data_ends().receives("226 ok\r\n").succeeds();
    abort.command("ABOR").sends("ABOR\r\n").receives("226 nothing to abort\r\n").succeeds();
}

TEST_CASE("The reply that nobody waits for any more has a few preliminary replies at most")
{
    client_script s;
    s.command("PWD").sends("PWD\r\n").cancel(0).fails(protocol_errc::canceled);
    s.receives("150 wait\r\n150 wait\r\n150 wait\r\n").asks_nothing().receives("150 wait\r\n").closes();
    client_script next;
    next.command("PWD").command("PWD").sends("PWD\r\n").cancel(0).fails(protocol_errc::canceled).sends("PWD\r\n");
    next.cancel(1).fails(protocol_errc::canceled).receives("150 a\r\n257 b\r\n150 c\r\n257 d\r\n");
    is_usable(next);
}

TEST_CASE("421 ends the session in the middle of a transfer, and nothing is committed")
{
    client_script s;
    begin_download(s).command("NOOP").gets("abc").receives("421 going\r\n").fails(protocol_errc::service_closing, 421);
    s.fails(protocol_errc::service_closing, 421).closes_data().data_ends(transfer_fault::canceled).closes();
    expect_file(s, "abc", false);
}

TEST_CASE("Replies after a part was cut off come to an end")
{
    client_script s;
    s.start([] {
         auto sink = std::make_unique<recorded_writer>(std::make_shared<written_file>());
         return operation::download{.path = "a", .sink = std::move(sink), .length = 3};
     }).sends("TYPE I\r\n");
    s.receives("200 ok\r\n").opens_data().sends("RETR a\r\n").receives("150 go\r\n").begins_to_receive();
    s.gets("abcdef").data_ends().receives("150 again\r\n").sends("PWD\r\n");
    for (int i = 0; i < 4; ++i)
        s.receives("226 ok\r\n").nothing_is_done();
    s.receives("226 ok\r\n").fails(protocol_errc::reply_unexpected, 226).closes();
}

TEST_CASE("Names that are no path component come out of no listing, in whatever form")
{
    using namespace std::string_literals;
    const std::array prefixes{"type=file;size=1; "s, "-rw-r--r-- 1 ann ann 1 Jan  1 2020 "s, "01-01-20  10:00AM  1 "s,
                              "+s1,\t"s};
    const std::array names{"../x"s, "/etc/passwd"s, "a/b"s, "con\1trol"s, "a\nb"s, "a\0b"s, ".."s, "."s, "a\x1b[2J"s};
    for (const auto& prefix : prefixes) {
        for (const auto& name : names) {
            const auto read = parse_listing(prefix + name + "\r\n", {});
            for (const auto& entry : read.entries) {
                CHECK_MESSAGE(entry.name.find_first_of("/\n\r\0\1\x1b"s) == std::string::npos, prefix, name);
                CHECK((!entry.name.empty() && entry.name != "." && entry.name != ".."));
            }
        }
    }
}

TEST_CASE("A download that gets more than was announced is given up at once")
{
    client_script s;
    begin_download(s, "150 go (5 bytes).\r\n").gets("abcde").nothing_is_done().gets("f").closes_data();
    answer_abort(s.data_ends(transfer_fault::canceled))
        .fails(protocol_errc::transfer_incomplete)
        .failed_at(operation_step::transfer);
    expect_file(s, "abcdef", false);
    is_usable(s).replay_at_every_split();
}

TEST_CASE("226 makes no complete file of fewer bytes than were announced, in either order")
{
    client_script late;
    begin_download(late, "150 go (5 bytes).\r\n").gets("abcd").data_ends().receives("226 ok\r\n");
    expect_file(late.fails(protocol_errc::transfer_incomplete), "abcd", false);
    is_usable(late);
    client_script early;
    begin_download(early, "150 go (18446744073709551615 bytes).\r\n").receives("226 ok\r\n").gets("abcd").data_ends();
    expect_file(early.fails(protocol_errc::transfer_incomplete), "abcd", false);
    is_usable(early);
}

TEST_CASE("A transfer whose data connection stays open after 226 is over with the limit for stalls")
{
    client_script s;
    begin_download(s).gets("abc").receives("226 ok\r\n").nothing_is_done().passes(60s).closes_data();
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::timed_out);
    expect_file(s, "abc", false);
    is_usable(s);
}

TEST_CASE("A server that takes REST and sends the file from its beginning is found out by the size")
{
    task_host host;
    host.files["f"] = {"0123456789", {}};
    host.ignores_restart = true;
    SUBCASE("resumed")
    {
        const near_file near{"0123"};
        transfer_options options;
        options.existing = existing_file::resume;
        check_incomplete(download(host, near, options));
    }
    SUBCASE("tried again")
    {
        const near_file near;
        transfer_options options;
        options.retry.attempts = 2;
        host.fail_at(2, lost_connection(), 4);
        check_incomplete(download(host, near, options));
        CHECK(!near.content());
    }
}

TEST_CASE("A file that is confirmed with fewer bytes than it has been said to have is not committed")
{
    task_host host;
    host.files["f"] = {"0123456789", {}};
    host.announces_size = false;
    host.before(2, [&] { host.files["f"].content = "0123"; });
    const near_file near;
    transfer_options options;
    options.retry.attempts = 2;
    SUBCASE("by nobody but SIZE")
    {
        check_incomplete(download(host, near, options));
        CHECK(!near.content());
    }
    SUBCASE("but has that size by now, as the server says when it begins")
    {
        host.announces_size = true;
        const auto made = download(host, near, options).value();
        CHECK(made.announced == 4);
        CHECK(near.content() == "0123");
    }
}

TEST_CASE("A server that sends a line without end loses the session, also while nothing is asked of it")
{
    client_script s;
    s.receives(std::string(10'000, '2')).closes().command("NOOP").fails(protocol_errc::not_connected);
}
