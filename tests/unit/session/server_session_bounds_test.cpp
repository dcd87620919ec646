// What a client can make the server hold, and for how long: memory and time in each phase of a session.
#include "command_walk.hpp"

#include <random>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

script_setup with_limits(session_options options = {})
{
    options.login_limit = 60s;
    options.idle_limit = 100s;
    options.data_connect_limit = 30s;
    options.stall_limit = 40s;
    return {.files = {{"/a.txt", "abc"}}, .options = std::move(options), .account = {}};
}

/// Byte for byte a line that never ends, one a second. How long it took until the session said something.
std::chrono::seconds drip(script_host& h, std::string_view line, std::chrono::seconds most)
{
    for (std::chrono::seconds passed{0}; passed < most; ++passed) {
        if (!h.replies_.empty())
            return passed;
        if (h.session_->wants_input())
            h.receive(line.substr(static_cast<std::size_t>(passed.count()) % line.size(), 1));
        h.now_ += 1s;
        if (const auto at = h.session_->deadline(); at && *at <= h.now_)
            h.session_->deadline_passed(h.now_);
        h.drain();
    }
    return most;
}

op_id running_upload(script_host& h)
{
    return std::get<action::receive_data>(h.actions_.front()).id;
}

} // namespace

TEST_CASE("A line of a byte a second does not extend the limit for the login, whatever the login waits for")
{
    for (const auto* before :
         {"", "USER ann\r\n", "USER ann\r\nPASS secret\r\n", "HOST x\r\n", "NOOP\r\n", "USER ann\r\nPASS wrong\r\n"}) {
        INFO("before: ", before);
        auto setup = with_limits({.denial_delay = 2s});
        setup.account = "books";
        session_script s{just_connected{}, setup};
        s.send(before).passes(2s).check([](script_host& h) {
            h.replies_.clear();
            CHECK(drip(h, "x", 1000s) == 58s);
        });
        s.expect(421).expect_closed(close_reason::not_logged_in);
    }
}

TEST_CASE("A login is not extended by USER, PASS, HOST, REIN, OPTS or lines that are no commands")
{
    for (const auto* line : {"USER bob\r\n", "USER ann\r\nPASS wrong\r\n", "HOST x\r\n", "REIN\r\n", "OPTS UTF8 ON\r\n",
                             "XYZZY\r\n", "\r\n", "A\rB\r\n", "\xff\xfd\x01"}) {
        INFO("line: ", line);
        auto setup = with_limits({.denial_delay = 1s, .max_failed_logins = 1000});
        session_script s{just_connected{}, setup};
        for (int i = 0; i < 5; ++i)
            s.send(line).passes(10s);
        s.send(line).passes(9s).check([](script_host& h) {
            h.replies_.clear();
            CHECK_FALSE(h.session_->finished());
        });
        s.passes(1s).check([](script_host& h) { REQUIRE_FALSE(h.replies_.empty()); });
        s.expect(421).expect_closed(close_reason::not_logged_in);
    }
}

TEST_CASE("A line of a byte a second, Telnet and malformed lines do not extend the idle limit")
{
    for (const auto* bytes : {"x", "\xff\xf1", "\xff\xfa", "\xff\xfb\x01", "A\rB\n"}) {
        INFO("bytes: ", bytes);
        session_script s{logged_in{}, with_limits()};
        s.check([bytes](script_host& h) {
            std::chrono::seconds passed{0};
            for (; passed < 1000s && !h.session_->finished(); ++passed) {
                drip(h,
                     std::string_view{bytes}.substr(static_cast<std::size_t>(passed.count()) %
                                                    std::string_view{bytes}.size()),
                     1s);
                std::erase_if(h.replies_, [](const auto& each) { return each.code == 500; });
            }
            CHECK(passed == 100s);
        });
        s.expect(421).expect_closed(close_reason::idle);
    }
}

TEST_CASE("Neither NOOP nor strangers extend the time that a data connection may take")
{
    session_script s{logged_in{}, with_limits()};
    s.send("EPSV\r\n").listener_opens().expect(229);
    for (int i = 0; i < 29; ++i)
        s.passes(1s).send("NOOP\r\n").expect(200).data_connects(stranger).expect_action<action::reject_data>();
    s.passes(1s).expect_action<action::close_data>().send("EPSV\r\n").listener_opens().expect(229);
    s.send("STOR new\r\n").expect(150);
    for (int i = 0; i < 29; ++i)
        s.passes(1s).send("NOOP\r\n").expect(200).data_connects(stranger).expect_action<action::reject_data>();
    s.passes(1s).expect(425).expect_action<action::close_data>().expect_no_action();
}

TEST_CASE("A transfer that stalls is cut though the client goes on talking")
{
    session_script s{logged_in{}, with_limits()};
    s.data_ready().send("STOR a.txt\r\n").expect(150);
    for (int i = 0; i < 39; ++i)
        s.passes(1s).send("NOOP\r\n").expect(200).send("STAT\r\n").expect(211).send("XYZZY\r\n").expect(500);
    s.passes(1s).transfer_ends<action::receive_data>({0, transfer_fault::canceled, {}});
    s.expect_action<action::close_data>().expect(426, "stalled").expect_content("/a.txt", "abc");
}

TEST_CASE("A report of the same number of bytes is no progress")
{
    session_script s{logged_in{}, with_limits()};
    s.data_ready().send("STOR a.txt\r\n").expect(150);
    for (int i = 0; i < 39; ++i) {
        s.passes(1s).check([](script_host& h) { h.session_->transfer_progressed(running_upload(h), 0, h.now_); });
    }
    s.passes(1s).transfer_ends<action::receive_data>({0, transfer_fault::canceled, {}});
    s.expect_action<action::close_data>().expect(426, "stalled");
}

TEST_CASE("A transfer that moves outlasts the limits for idling, connecting and stalling many times over")
{
    session_script s{logged_in{}, with_limits()};
    s.data_ready().send("STOR a.txt\r\n").expect(150).check([](script_host& h) {
        for (std::uint64_t bytes = 1; bytes < 100; ++bytes) {
            h.now_ += 39s;
            h.session_->deadline_passed(h.now_);
            h.session_->transfer_progressed(running_upload(h), bytes, h.now_);
        }
        h.drain();
    });
    s.expect_no_reply().receives("xyz").expect(226).expect_content("/a.txt", "xyz");
}

TEST_CASE("The idle limit begins anew when a transfer ends")
{
    session_script s{logged_in{}, with_limits()};
    s.data_ready().send("RETR a.txt\r\n").expect(150).passes(39s).sends("abc").expect(226);
    s.passes(99s).expect_no_reply().passes(1s).expect(421).expect_closed(close_reason::idle);
}

TEST_CASE("While nothing is read the session takes no more than one piece of input")
{
    for (const auto* busy : {"USER ann\r\nPASS secret\r\n", "USER ann\r\nPASS wrong\r\n"}) {
        session_script s{just_connected{}};
        s.check([](script_host& h) { h.holds_calls_ = true; }).send(busy).check([](script_host& h) {
            const std::string piece(1024, 'x');
            int pieces = 0;
            for (; h.session_->wants_input() && pieces < 1000; ++pieces)
                h.receive(piece);
            CHECK(pieces <= 4);
        });
    }
}

TEST_CASE("A line without an end does not grow, and neither does a subnegotiation of Telnet")
{
    for (const auto& bytes : {std::string(1000, 'x'), std::string{"\xff\xfa"} + std::string(998, 'x')}) {
        session_script s{just_connected{}};
        s.check([&](script_host& h) {
            for (int i = 0; i < 10'000; ++i)
                h.receive(bytes);
            CHECK(h.session_->wants_input()); // it keeps nothing back
            h.receive("\xff\xf0\r\n");
            h.replies_.clear();
            h.receive("NOOP\r\n");
            REQUIRE(h.replies_.size() == 1);
            CHECK(h.replies_[0].code == 200);
        });
    }
}

TEST_CASE("Refusals of Telnet's options that nobody reads stop the reading, and memory stays bounded")
{
    for (const bool transfers : {false, true}) {
        session_script s{logged_in{}, with_limits({.max_output_bytes = 1000})};
        s.data_ready();
        if (transfers)
            s.send("STOR a.txt\r\n").expect(150);
        s.check([](script_host& h) {
            h.reads_output_ = false;
            std::string requests;
            for (int i = 0; i < 100; ++i)
                requests += "\xff\xfd\x01";
            for (int i = 0; i < 1000 && h.session_->wants_input(); ++i)
                h.receive(requests);
            CHECK_FALSE(h.session_->wants_input());
            CHECK(h.session_->output().size() <= 1003);
        });
    }
}

TEST_CASE("Answers during a transfer that nobody reads are bounded, and the stalled transfer still ends")
{
    session_script s{logged_in{}, with_limits({.max_output_bytes = 1000})};
    s.data_ready().send("STOR a.txt\r\n").expect(150).check([](script_host& h) {
        h.reads_output_ = false;
        for (int i = 0; i < 1000 && h.session_->wants_input(); ++i)
            h.receive("STAT\r\nNOOP\r\nXYZZY\r\n");
        CHECK_FALSE(h.session_->wants_input());
        CHECK(h.session_->output().size() < 2000);
    });
    s.passes(40s).transfer_ends<action::receive_data>({0, transfer_fault::canceled, {}});
    s.expect_action<action::close_data>().passes(100s).passes(5s).expect_closed(close_reason::unread);
}

TEST_CASE("Who ends the session and takes the replies slowly gets them all, if it goes on taking")
{
    for (const bool says_quit : {true, false}) {
        INFO("QUIT: ", says_quit);
        session_script s{logged_in{}, with_limits({.close_limit = 5s})};
        s.check([](script_host& h) { h.reads_output_ = false; }).send("FEAT\r\nPWD\r\n");
        says_quit ? s.send("QUIT\r\n") : s.eof();
        s.check([says_quit](script_host& h) {
            std::string taken;
            while (!h.session_->output().empty()) {
                h.now_ += 4s;
                h.session_->deadline_passed(h.now_);
                REQUIRE_FALSE(h.session_->output().empty());
                const auto piece = std::min(h.session_->output().size(), std::size_t{64});
                taken += h.session_->output().substr(0, piece);
                h.session_->output_sent(piece, h.now_);
            }
            CHECK(taken.find("\r\n257 ") != std::string::npos);
            CHECK((taken.find("\r\n221 ") != std::string::npos) == says_quit);
            CHECK(taken.ends_with("\r\n"));
            h.drain();
        });
        s.expect_closed(says_quit ? close_reason::quit : close_reason::peer_gone);
    }
}

TEST_CASE("Who takes the last replies byte by byte holds the session no longer than it could have without")
{
    const auto take_bytes = [](script_host& h) {
        std::chrono::seconds passed{0};
        for (; !h.session_->finished() && passed < 1000s; ++passed) {
            h.now_ += 1s;
            h.session_->deadline_passed(h.now_);
            h.session_->output_sent(std::min(h.session_->output().size(), std::size_t{1}), h.now_);
            h.drain();
        }
        return passed;
    };
    const auto stop_reading = [](script_host& h) { h.reads_output_ = false; };
    session_script idle{logged_in{}, with_limits()};
    idle.check(stop_reading).send("HELP\r\nQUIT\r\n").check([&](script_host& h) { CHECK(take_bytes(h) == 100s); });
    idle.expect_closed(close_reason::unread);
    session_script unknown{just_connected{}, with_limits()};
    unknown.passes(20s).check(stop_reading).send("HELP\r\nQUIT\r\n");
    unknown.check([&](script_host& h) { CHECK(take_bytes(h) == 40s); }).expect_closed(close_reason::unread);
    session_script ended{logged_in{}, with_limits()};
    ended.check(stop_reading).send("HELP\r\n").check([&](script_host& h) {
        h.session_->shut_down({}, h.now_);
        CHECK(take_bytes(h) == 5s);
    });
    ended.expect_closed(close_reason::unread);
}

TEST_CASE("What clients say of themselves is kept up to a bound")
{
    session_script s{just_connected{}};
    const std::string name(2000, 'x');
    s.send("HOST " + name + "\r\n").expect(501).send("CLNT " + name + "\r\n").expect(200);
    s.check([](script_host& h) { CHECK(h.session_->facts().client.size() == 255); });
    s.send("CSID " + name + "\r\n").expect(200);
    s.check([](script_host& h) { CHECK(h.session_->facts().client.size() == 255); });
}

TEST_CASE("However many strangers connect, each is answered by one rejection")
{
    session_script s{logged_in{}, with_limits()};
    s.send("EPSV\r\n").listener_opens().expect(229).check([](script_host& h) {
        for (int i = 0; i < 1000; ++i) {
            h.session_->data_connected(h.data_, stranger, h.now_);
            REQUIRE(std::holds_alternative<action::reject_data>(h.session_->next_action().value()));
            REQUIRE_FALSE(h.session_->next_action().has_value());
        }
    });
    s.data_connects().send("RETR a.txt\r\n").expect(150).sends("abc").expect(226);
}

TEST_CASE("ABOR and QUIT act though the client reads no replies, and all replies come when it does")
{
    session_script s{logged_in{}, with_limits()};
    s.data_ready().send("STOR a.txt\r\n").expect(150).check([](script_host& h) { h.reads_output_ = false; });
    s.send("NOOP\r\n").send("STAT\r\n").send("ABOR\r\n").check([](script_host& h) {
        const auto upload = h.expect_action<action::receive_data>();
        CHECK(h.expect_action<action::close_data>().id == h.data_);
        h.session_->transfer_finished(upload.id, {2, transfer_fault::canceled, {}}, h.now_);
        h.drain();
    });
    s.data_connects().send("EPSV\r\n").listener_opens().data_connects().send("STOR b.txt\r\nQUIT\r\n");
    s.receives("b").check([](script_host& h) {
        h.reads_output_ = true;
        h.drain();
    });
    s.expect(200).expect(211).expect(426).expect(226).expect(229).expect(150).expect(221).expect(226);
    s.expect_closed(close_reason::quit).expect_content("/a.txt", "abc").expect_content("/b.txt", "b");
}

TEST_CASE(
    "Any commands in any order, with anything the host can say, leave replies well-formed and the session closable")
{
    std::vector<std::string> lines;
    for (const auto* name : {"a", "d", "../x", ".", "\xff\xff", "a\rb", "20200101000000", "\"", "-R"}) {
        for (auto& line : lines_with(name))
            lines.push_back(std::move(line.bytes));
    }
    for (const auto* line : {"USER ann\r\nPASS secret\r\n",
                             "PORT 192,0,2,7,200,0\r\n",
                             "EPRT |1|192.0.2.7|51200|\r\n",
                             "EPSV\r\n",
                             "PASV\r\n",
                             "TYPE I\r\n",
                             "TYPE A\r\n",
                             "MODE B\r\n",
                             "MODE C\r\n",
                             "MODE Z\r\n",
                             "MODE S\r\n",
                             "STRU R\r\n",
                             "STRU F\r\n",
                             "RANG 1 3\r\n",
                             "REST 2\r\n",
                             "\xff\xf4\xff\xf2",
                             "\xff\xfd\x01",
                             "OPTS MLST size;\r\n",
                             "RNFR a\r\nRNTO d/b\r\n",
                             "LIST\r\n",
                             "RETR a\r\n"})
        lines.insert(lines.end(), 10, line);

    for (unsigned seed = 0; seed < 300; ++seed) {
        INFO("seed ", seed);
        std::minstd_rand random{seed + 1};
        const auto upto = [&random](std::size_t count) { return static_cast<std::size_t>(random()) % count; };
        const auto allowed = seed % 3 == 0   ? permissions{permission::list, permission::rename}
                             : seed % 3 == 1 ? permissions{permission::list, permission::make, permission::append}
                                             : permissions::full();
        session_script s{logged_in{allowed}, {.files = {{"/a", "0123456789"}, {"/d/b", "x\n"}}}};
        s.check([&](script_host& h) {
            for (int i = 0; i < 200 && !h.session_->finished(); ++i) {
                h.holds_calls_ = upto(4) == 0;
                h.reads_output_ = upto(4) != 0;
                const auto& line = lines[upto(lines.size())];
                if (h.session_->wants_input() && line.find("QUIT") == std::string::npos)
                    h.receive(line.substr(0, upto(20) == 0 ? upto(line.size()) : line.size()));
                const op_id any{upto(400)};
                switch (upto(20)) {
                case 0: h.session_->data_connected(any, client_end, h.now_); break;
                case 1: h.session_->data_connected(any, stranger, h.now_); break;
                case 2: h.session_->data_connected(any, std::make_error_code(std::errc::io_error), h.now_); break;
                case 3: h.session_->data_listening(any, std::make_error_code(std::errc::io_error), h.now_); break;
                case 4: h.session_->transfer_finished(any, {1, transfer_fault::connection, {}}, h.now_); break;
                case 5: h.session_->transfer_progressed(any, upto(100), h.now_); break;
                case 6: h.session_->store_answered(any, store_errc::busy, h.now_); break;
                case 7: h.session_->transfer_marked(any, {"m", 1}, h.now_); break;
                case 8:
                    h.now_ += std::chrono::seconds{upto(40)};
                    h.session_->deadline_passed(h.now_);
                    break;
                default: settle(h, "7\x80\x02xy");
                }
                h.drain();
                // Calls that were held are made now, late and in order.
                h.holds_calls_ = false;
                for (auto held = std::exchange(h.actions_, {}); !held.empty(); held.pop_front())
                    h.take(std::move(held.front()));
                if (upto(3) != 0)
                    settle(h);
            }
            h.reads_output_ = true;
            h.session_->connection_lost(h.now_);
            h.drain();
            CHECK(h.session_->finished());
            // Refusals of Telnet's options are no lines.
            for (auto at = h.wire_.find("\xff\xfc\x01"); at != std::string::npos; at = h.wire_.find("\xff\xfc\x01"))
                h.wire_.erase(at, 3);
            h.wire_.erase(h.wire_.rfind('\n') + 1);
            CHECK(is_well_formed(h.wire_));
        });
    }
}

TEST_CASE("A line that is no command is answered in its turn: behind the commands that wait, and behind a listing")
{
    const std::string overlong(5000, 'x');
    for (const auto& bad : {overlong + "\r\n", std::string{"NO\0OP\r\n", 7}}) {
        session_script s{logged_in{}, with_limits()};
        s.data_ready().send("RETR a.txt\r\n").expect(150).send("PWD\r\n" + bad + "NOOP\r\n").sends("abc");
        s.expect(226).expect(257).expect(500).expect(200);
        s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("RETR a.txt\r\n" + bad);
        s.connects_to({client_end.address, 51200}).expect(150).sends("abc").expect(226).expect(500);
        s.expect_no_reply();
    }
}

TEST_CASE("A refused RNTO leaves nothing behind that a later failure could take for its own")
{
    session_script s{logged_in{permissions{permission::list, permission::rename}},
                     {.files = {{"/a", "1"}, {"/b", "2"}}}};
    for (const auto* line : {"CWD missing\r\n", "MLST missing\r\n", "RNFR missing\r\n", "MDTM missing\r\n"})
        s.send("RNFR a\r\n").expect(350).send("RNTO b\r\n").expect(550).send(line).expect(550);
    s.expect_content("/a", "1").expect_content("/b", "2");
}
