// The order of operations, unexpected input, limits, and the end of a client session (RFC 959 4.2, 5.4; RFC 854).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST_CASE("Operations run one after the other, in the order of their start")
{
    client_script s;
    s.command("MKD", "a").command("MKD", "b").sends("MKD a\r\n");
    s.receives("257 made\r\n").succeeds().nothing_is_done().sends("MKD b\r\n");
    s.receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550).sends_nothing();
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("An operation may be started while nothing runs, after others have ended")
{
    client_script s;
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds().sends_nothing();
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds();
}

TEST_CASE("An argument with CR, LF or NUL is refused before anything is sent")
{
    for (const auto& bad : {"a\rb"s, "a\nb"s, "a\0b"s, "\r\nDELE x"s}) {
        client_script s;
        const auto refused = [&] { s.sends_nothing().fails(protocol_errc::argument_invalid).asks_nothing(); };
        s.log_in(bad, "pw"), refused();
        s.log_in("ann", bad), refused();
        s.log_in("ann", "pw", bad), refused();
        s.command("MKD", bad), refused();
        s.start([bad] { return operation::password{secret{bad}}; }), refused();
        s.rename(bad, "b"), refused();
        s.rename("a", bad), refused();
        s.download(bad), refused();
        s.upload(bad, "x"), refused();
        s.list(bad), refused();
        s.command("NOOP").sends("NOOP\r\n");
    }
}

TEST_CASE("An argument that must be there is refused where it is empty")
{
    client_script s;
    const auto refused = [&] { s.sends_nothing().fails(protocol_errc::argument_invalid); };
    s.log_in("", "pw"), refused();
    s.command(""), refused();
    s.rename("", "b"), refused();
    s.rename("a", ""), refused();
    s.download(""), refused();
    s.upload("", "x"), refused();
    s.start([] { return operation::download{"a"}; }), refused();
    s.start([] { return operation::upload{"a"}; }), refused();
    s.start([] { return operation::listing{}; }), refused();
}

TEST_CASE("A refused operation does not disturb the one that runs")
{
    client_script s;
    s.command("NOOP").command("MKD", "a\nb").command("PWD").sends("NOOP\r\n").receives("200 ok\r\n");
    s.succeeds().fails(protocol_errc::argument_invalid).sends("PWD\r\n").receives("257 here\r\n").succeeds();
}

TEST_CASE("A byte 255 in an argument is doubled on the wire, and shown as it is")
{
    client_script s;
    s.command("MKD", "a\xff\xff.").sends("MKD a\xff\xff\xff\xff.\r\n");
    s.check([](client_script_host& h) { CHECK(h.heard<event::command_sent>().at(0).line == "MKD a\xff\xff."); });
}

TEST_CASE("Each command and each reply is reported")
{
    client_script s;
    s.command("REIN").sends("REIN\r\n").receives("120-Wait\r\n120 a bit\r\n").receives("220 go\r\n").succeeds();
    s.check([](client_script_host& h) {
        CHECK(h.heard<event::command_sent>().at(0).line == "REIN");
        const auto replies = h.heard<event::reply_received>();
        REQUIRE(replies.size() == 2);
        CHECK(replies[0].answer.code == 120);
        CHECK(replies[0].answer.lines == std::vector<std::string>{"Wait", "a bit"});
        CHECK(replies[1].answer.code == 220);
        CHECK(h.started_[0].done[0].answer.code == 220);
    });
    s.replay_at_every_split();
}

TEST_CASE("What has been sent of a password is overwritten in memory at once")
{
    client_script_host host{{}};
    host.start(operation::password{secret{"open sesame"}}, nullptr);
    REQUIRE(host.session_.output() == "PASS open sesame\r\n");
    constexpr std::size_t count = 16;
    host.session_.output_sent(count, host.now_);
    // The bytes before the rest still belong to the buffer.
    const std::string_view left{host.session_.output().data() - count, count};
    CHECK(left.find_first_not_of('\0') == std::string_view::npos);
    CHECK(host.session_.output() == "\r\n");
}

TEST_CASE("Output may leave in pieces")
{
    client_script_host host{{}};
    host.start(operation::command{"MKD", "abc"}, nullptr);
    host.session_.output_sent(3, host.now_);
    CHECK(host.session_.output() == " abc\r\n");
    host.session_.output_sent(0, host.now_);
    host.session_.output_sent(6, host.now_);
    CHECK(host.session_.output().empty());
}

TEST_CASE("Output that was under way when the session ended may still be confirmed")
{
    client_script_host host{{}};
    host.start(operation::command{"NOOP", {}}, nullptr);
    host.end_input();
    host.session_.output_sent(6, host.now_);
    CHECK(host.session_.output().empty());
}

TEST_CASE("A reply that nobody asked for ends the session: it would shift all later answers")
{
    client_script s;
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds();
    s.receives("200 ok\r\n").closes();
    s.command("NOOP").fails(protocol_errc::not_connected, 200).sends_nothing();
    s.replay_at_every_split();
}

TEST_CASE("A reply in the same piece as the one before it answers no command that this one made the session send")
{
    client_script s;
    s.log_in("ann", "pw").command("PWD").sends("USER ann\r\n").receives("331 password\r\n230 in\r\n");
    s.fails(protocol_errc::reply_unexpected, 230).fails(protocol_errc::reply_unexpected, 230).closes().sends_nothing();
}

TEST_CASE("421 ends the session at any time, and is told to every operation")
{
    client_script s;
    s.receives("421 bye\r\n").closes();
    client_script waiting;
    waiting.command("NOOP").command("PWD").sends("NOOP\r\n").receives("421 bye\r\n");
    waiting.fails(protocol_errc::service_closing, 421).fails(protocol_errc::service_closing, 421).closes();
    waiting.replay_at_every_split();
}

TEST_CASE("A preliminary reply to a command that has none ends the session")
{
    client_script s;
    s.log_in("ann", "pw").sends("USER ann\r\n").receives("150 what\r\n");
    s.fails(protocol_errc::reply_unexpected, 150).closes().replay_at_every_split();
}

TEST_CASE("A few preliminary replies do as well as one, and more end the session")
{
    client_script s;
    s.greeting()
        .receives("120 wait\r\n120 wait\r\n")
        .nothing_is_done()
        .receives("120 wait\r\n220 ready\r\n")
        .succeeds();
    s.replay_at_every_split();
}

TEST_CASE("A fourth preliminary reply ends the session")
{
    client_script s;
    s.greeting().receives("120 wait\r\n120 wait\r\n120 wait\r\n").nothing_is_done().receives("120 wait\r\n");
    s.fails(protocol_errc::reply_unexpected, 120).closes().replay_at_every_split();
}

TEST_CASE("Lines before a reply that is awaited, and that are none, are passed over")
{
    client_script s;
    s.greeting().receives("inetd: hello\r\nand\x1b more\r\n").nothing_is_done().receives("220 ready\r\n").succeeds();
    s.command("NOOP").sends("NOOP\r\n").receives("what?\r\n").nothing_is_done().receives("200 ok\r\n").succeeds();
    s.receives("what?\r\n").closes().replay_at_every_split();
}

TEST_CASE("A greeting may be several replies, until something else is answered")
{
    client_script s;
    s.greeting().receives("220 Hello\r\n220 you\r\n").succeeds().log_in("ann", "pw").sends("USER ann\r\n");
    s.receives("220 too\r\n").nothing_is_done().receives("331 go on\r\n").sends("PASS pw\r\n");
    s.receives("230 in\r\n").succeeds().receives("220 Hello\r\n").closes();
    client_script queued;
    queued.greeting().command("HOST", "h").receives("220 Hello\r\n220 you\r\n").succeeds().sends("HOST h\r\n");
    queued.receives("220 this is h\r\n").succeeds();
    client_script endless;
    endless.greeting();
    for (int i = 0; i < 100; ++i)
        endless.receives("220 Hello\r\n");
    endless.succeeds().receives("220 Hello\r\n").closes();
}

TEST_CASE("A second greeting is none where 220 is the answer to what was sent")
{
    client_script s;
    s.greeting().receives("220 Hello\r\n").succeeds().command("HOST", "h").sends("HOST h\r\n");
    s.receives("220 this is h\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Where no reply follows the lines before it, the first of them tells what came instead")
{
    const auto told = [](client_script_host& h) {
        const auto& why = h.next_outcome().outcome.error();
        CHECK(why.code == protocol_errc::reply_malformed);
        CHECK(why.answer.text() == "SSH-2.0-x");
    };
    client_script gone;
    gone.greeting().receives("SSH-2.0-x\r\nmore\r\n").eof().check(told).closes();
    client_script silent;
    silent.greeting().receives("SSH-2.0-x\r\n").passes(5s).check(told).closes();
    client_script behind_command;
    behind_command.command("NOOP").sends("NOOP\r\n").receives("SSH-2.0-x\r\n").passes(5s).check(told).closes();
    client_script endless;
    endless.greeting().receives("SSH-2.0-x\r\n");
    for (int i = 0; i < 100; ++i)
        endless.receives("x\r\n");
    endless.fails(protocol_errc::reply_malformed).closes();
    client_script refusing;
    refusing.greeting().receives("hello\r\n421 full\r\n").fails(protocol_errc::service_closing, 421).closes();
}

TEST_CASE("What is not a reply ends the session")
{
    client_script s;
    s.command("NOOP").sends("NOOP\r\n").receives(" 200ok\r\n");
    s.fails(protocol_errc::reply_malformed).closes().replay_at_every_split();
}

TEST_CASE("The error for what is not a reply tells the line, also to operations that come too late")
{
    client_script s;
    s.command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds().receives("thank\x1b you\r\n").closes();
    s.command("NOOP").check([](client_script_host& h) {
        const auto& why = h.next_outcome().outcome.error();
        CHECK(why.code == protocol_errc::not_connected);
        CHECK(why.message() == why.code.message() + ": thank\\x1b you");
    });
}

TEST_CASE("A reply over the limits ends the session")
{
    client_script_setup setup;
    setup.options.replies = {.max_line_bytes = 20, .max_lines = 3, .max_bytes = 40};
    SUBCASE("in a line")
    {
        client_script s{setup};
        s.command("NOOP").receives("200 12345678901234567\r\n");
        s.fails(protocol_errc::reply_too_long).closes().replay_at_every_split();
    }
    SUBCASE("in lines")
    {
        client_script s{setup};
        s.command("NOOP").receives("200-1\r\n2\r\n3\r\n4\r\n");
        s.fails(protocol_errc::reply_too_long).closes().replay_at_every_split();
    }
}

TEST_CASE("After the end, input, time and answers change nothing")
{
    client_script s;
    s.command("NOOP").eof().fails(protocol_errc::connection_closed).closes();
    s.check([](client_script_host& h) {
        CHECK(!h.session_.wants_input());
        h.receive("200 ok\r\n\xff\xfd\x01");
        h.end_input();
        h.pass(1h);
        h.cancel(0);
        h.session_.data_connected(op_id{7}, script_server, h.now_);
        h.session_.transfer_finished(op_id{7}, {}, h.now_);
        h.session_.committed(op_id{7}, {}, h.now_);
        CHECK(h.actions_.empty());
        CHECK(h.started_[0].done.size() == 1);
        CHECK(h.heard<event::reply_received>().empty());
    });
    s.sends_nothing();
}

TEST_CASE("The end of the connection fails the active operation and all that wait, in their order")
{
    client_script s;
    s.command("PWD").command("NOOP").command("MKD", "a").receives("257-in the mid").eof();
    for (int i = 0; i < 3; ++i)
        s.fails(protocol_errc::connection_closed);
    s.closes().check([](client_script_host& h) {
        const auto done = h.heard<event::operation_done>();
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(done.at(i).operation == h.started_[i].id);
    });
}

TEST_CASE("The end of an operation comes with its last reply, also where that is not why it failed")
{
    client_script s;
    s.log_in("ann", "pw").receives("331 password\r\n").eof().fails(protocol_errc::connection_closed);
    s.check([](client_script_host& h) { CHECK(h.started_[0].done[0].answer.code == 331); });
}

TEST_CASE("The session is finished when the host has taken close_control")
{
    client_options options;
    client_session session{options, script_server, script_client, clock::time_point{}};
    CHECK(session.wants_input());
    session.received_eof(clock::time_point{});
    CHECK(!session.finished());
    const auto last = session.next_action();
    REQUIRE(last);
    CHECK(std::holds_alternative<action::close_control>(*last));
    CHECK(session.finished());
    CHECK(!session.next_action());
}

TEST_CASE("A session may be moved")
{
    client_options options;
    client_session first{options, script_server, script_client, clock::time_point{}};
    const auto id = first.start(operation::command{"NOOP", {}}, clock::time_point{});
    auto session = std::move(first);
    CHECK(session.output() == "NOOP\r\n");
    session.received("200 ok\r\n", clock::time_point{});
    int ends = 0;
    while (auto news = session.next_event()) {
        if (const auto* done = std::get_if<event::operation_done>(&*news)) {
            CHECK(done->operation == id);
            ++ends;
        }
    }
    CHECK(ends == 1);
    CHECK(session.peer() == script_server);
}

TEST_CASE("Telnet options are refused, in the middle of a reply too")
{
    client_script s;
    s.command("NOOP")
        .sends("NOOP\r\n")
        .receives("20\xff\xfd\x03"
                  "0 ok\r\n");
    s.succeeds().sends("\xff\xfc\x03").replay_at_every_split();
}

TEST_CASE("A server that asks for options without reading the refusals does not fill memory")
{
    client_script_host host{{}};
    for (int i = 0; i < 10'000; ++i)
        host.receive("\xff\xfd\x03");
    CHECK(host.session_.output().size() < 8192);
    CHECK(host.session_.wants_input());
}

TEST_CASE("A reply that does not come in time ends the session")
{
    client_script_setup setup;
    setup.options.reply_limit = 10s;
    client_script s{setup};
    s.check([](client_script_host& h) { CHECK(!h.session_.deadline()); });
    s.command("NOOP").command("PWD").check([](client_script_host& h) { CHECK(h.session_.deadline() == h.now_ + 10s); });
    s.passes(10s - 1ns).nothing_is_done().passes(1ns);
    s.fails(protocol_errc::timed_out).fails(protocol_errc::timed_out).closes();
}

TEST_CASE("The longest limits that can be written are none")
{
    client_script_setup setup;
    setup.options.reply_limit = std::chrono::seconds::max();
    setup.options.keep_alive_interval = std::chrono::seconds::max();
    client_script s{setup};
    s.command("NOOP").sends("NOOP\r\n").passes(1h).nothing_is_done().receives("200 ok\r\n").succeeds();
    s.passes(1h).sends_nothing();
}

TEST_CASE("The limit of a reply begins with its command, and again after a preliminary reply")
{
    client_script_setup setup;
    setup.options.reply_limit = 10s;
    client_script s{setup};
    s.command("REIN").command("NOOP").passes(9s).receives("120 wait\r\n").passes(9s).receives("220 go\r\n").succeeds();
    s.passes(9s).receives("200 ok\r\n").succeeds().check([](client_script_host& h) { CHECK(!h.session_.deadline()); });
    s.passes(1h).command("NOOP").passes(9s).nothing_is_done();
}

TEST_CASE("Canceling an operation that waits for its turn touches nothing else")
{
    client_script s;
    s.command("PWD").command("MKD", "a").command("NOOP").cancel(1).check([](client_script_host& h) {
        CHECK(h.started_[1].done.at(0).outcome.error().code == protocol_errc::canceled);
    });
    s.sends("PWD\r\n").receives("257 here\r\n").sends("NOOP\r\n").receives("200 ok\r\n");
    s.succeeds().fails(protocol_errc::canceled).succeeds();
}

TEST_CASE("A canceled command is over at once, and its reply answers no other")
{
    client_script s;
    s.command("PWD").command("NOOP").sends("PWD\r\n").cancel(0);
    s.fails(protocol_errc::canceled).failed_at(operation_step::command).sends("NOOP\r\n");
    s.receives("150-wait\r\n150 for it\r\n257 here\r\n").nothing_is_done().receives("200 ok\r\n").succeeds();
    s.replay_at_every_split();
}

TEST_CASE("Canceling the greeting, the login or QUIT ends the session: it has no known state then")
{
    client_script greeting;
    greeting.greeting().cancel(0).fails(protocol_errc::canceled);
    greeting.failed_at(operation_step::greeting, session_state::closed).closes();
    client_script login;
    login.log_in("ann", "pw").sends("USER ann\r\n").cancel(0).fails(protocol_errc::canceled).closes();
    client_script quit;
    quit.quit().sends("QUIT\r\n").cancel(0).fails(protocol_errc::canceled).closes();
}

TEST_CASE("An operation ends at its own limit, and the session goes on")
{
    client_script s;
    s.start_within(5s, [] { return operation::command{"SITE", "SLOW"}; }).sends("SITE SLOW\r\n");
    s.start_within(5s, [] { return operation::command{"NOOP", {}}; });
    s.check([](client_script_host& h) { CHECK(h.session_.deadline() == h.now_ + 5s); });
    s.passes(4s).nothing_is_done().passes(1s);
    s.fails(protocol_errc::timed_out)
        .failed_at(operation_step::command)
        .fails(protocol_errc::timed_out)
        .sends_nothing();
    s.command("PWD").sends("PWD\r\n").receives("200 slow\r\n257 here\r\n").succeeds();
}

TEST_CASE("A transfer that ends at its own limit is called off")
{
    client_script s;
    s.start_within(5s,
                   [] {
                       return operation::download{
                           .path = "a",
                           .sink = std::make_unique<recorded_writer>(std::make_shared<written_file>()),
                           .type = representation_type::ascii};
                   })
        .opens_data()
        .sends("RETR a\r\n")
        .receives("150 go\r\n")
        .begins_to_receive()
        .gets("ab")
        .passes(5s);
    s.closes_data().sends("ABOR\r\n").receives("426 cut\r\n226 ok\r\n").sends("PWD\r\n").receives("257 here\r\n");
    s.data_ends(transfer_fault::canceled).fails(protocol_errc::timed_out).failed_at(operation_step::transfer);
    s.check([](client_script_host& h) { CHECK(h.started_[0].done[0].outcome.error().bytes == 2); });
    s.command("NOOP").sends("NOOP\r\n");
}

TEST_CASE("A session that has nothing to do says NOOP in the interval that was asked for")
{
    client_script_setup setup;
    setup.options.keep_alive_interval = 30s;
    client_script s{setup};
    s.command("PWD").passes(29s).sends("PWD\r\n").receives("257 here\r\n").succeeds().passes(29s).sends_nothing();
    s.passes(1s).sends("NOOP\r\n").receives("200 ok\r\n").passes(30s).sends("NOOP\r\n").receives("500 no\r\n");
    s.command("PWD").sends("PWD\r\n").receives("257 here\r\n").succeeds();
    s.passes(30s).sends("NOOP\r\n").passes(client_options{}.reply_limit).closes();
}

TEST_CASE("Canceling an operation that has ended does nothing")
{
    client_script s;
    s.command("PWD").receives("257 here\r\n").succeeds().cancel(0).command("NOOP").cancel(0).receives("200 ok\r\n");
    s.succeeds();
}

TEST_CASE("Progress that nobody looks at is replaced by later progress")
{
    client_options options;
    client_session session{options, script_server, script_client, clock::time_point{}};
    const auto file = std::make_shared<written_file>();
    const auto id = session.start(
        operation::download{"a", std::make_unique<recorded_writer>(file), representation_type::ascii, 0}, {});
    session.received("229 (|||50004|)\r\n", {});
    session.data_connected(std::get<action::connect_data>(*session.next_action()).id, script_server, {});
    session.received("150 go\r\n", {});
    const auto transfer = std::get<action::receive_data>(*session.next_action()).id;
    while (session.next_event()) {
    }
    for (std::uint64_t bytes = 1; bytes <= 1000; ++bytes)
        session.transfer_progressed(transfer, bytes, {});
    const auto news = session.next_event();
    REQUIRE(news);
    CHECK(std::get<event::progress>(*news).made.bytes == 1000);
    CHECK(std::get<event::progress>(*news).operation == id);
    CHECK(!session.next_event());
}
