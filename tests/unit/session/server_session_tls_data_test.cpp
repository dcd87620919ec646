// TLS on data connections, from the server's side: when it begins, what it must be, and what happens meanwhile
// (RFC 4217 7, 9).
#include "session_script.hpp"

#include <algorithm>
#include <array>
#include <random>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

script_setup with_files(tls_policy policy = {})
{
    return {.files = {{"/a.txt", "abc"}}, .options = offering_tls(policy)};
}

/// RETR up to the handshake on its data connection, which is held.
session_script shaking_hands(tls_policy policy = {})
{
    session_script s{secured{}, with_files(policy)};
    s.holds_tls().data_ready().send("RETR a.txt\r\n").expect(150).expect_no_reply();
    return s;
}

const tls_facts other_session{.version = "TLSv1.3", .continues_control = false};

void expect_no_bytes(script_host& h)
{
    for (const auto& each : h.actions_) {
        CHECK_FALSE(std::holds_alternative<action::send_data>(each));
        CHECK_FALSE(std::holds_alternative<action::receive_data>(each));
    }
}

bool heard_of(const script_host& h, tls_errc error)
{
    return std::ranges::count(h.log_.lines, "tls failed: " + make_error_code(error).message()) == 1;
}

/// A client that says anything in any order, and a host whose answers come late, go wrong or do not come.
class random_session {
public:
    explicit random_session(unsigned seed) : random_(seed), host_(setup())
    {
        for (const auto* line : {"AUTH TLS\r\n", "USER ann\r\n", "PASS secret\r\n", "PBSZ 0\r\n", "PROT P\r\n"})
            host_.receive(line);
        host_.holds_tls_ = true;
        for (int i = 0; i < 300 && !host_.session_->finished(); ++i)
            one_in(2) ? say_something() : answer_something();
    }

private:
    static script_setup setup()
    {
        auto setup = with_files({.needs = {.data = true}});
        setup.options.denial_delay = 0s;
        return setup;
    }

    bool one_in(unsigned many) { return random_() % many == 0; }

    void say_something()
    {
        static constexpr std::array lines{"AUTH TLS",
                                          "AUTH SSL",
                                          "PBSZ 0\r\nPROT P",
                                          "PROT C",
                                          "CCC",
                                          "REIN",
                                          "USER ann\r\nPASS secret\r\nPBSZ 0\r\nPROT P",
                                          "EPSV\r\nRETR a.txt",
                                          "EPSV",
                                          "PORT 192,0,2,7,156,65",
                                          "RETR a.txt",
                                          "STOR b.txt",
                                          "LIST",
                                          "ABOR",
                                          "STAT",
                                          "NOOP"};
        std::string said;
        do {
            said += lines[random_() % lines.size()];
            said += "\r\n";
        } while (one_in(3));
        host_.receive(said);
    }

    void answer_something()
    {
        if (host_.actions_.empty())
            return host_.drain();
        auto next = std::move(host_.actions_.front());
        host_.actions_.pop_front();
        std::visit([this](auto& asked) { answer(asked); }, next);
        host_.drain();
    }
    void answer(const action::start_tls& asked) { host_.session_->tls_started(asked.id, host_.tls_, host_.now_); }
    void answer(const action::stop_tls& asked) { host_.session_->tls_ended(asked.id, {}, host_.now_); }
    void answer(const action::listen_data& asked)
    {
        secured_ = op_id::none;
        host_.session_->data_listening(asked.id, endpoint{server_end.address, data_port}, host_.now_);
        host_.session_->data_connected(asked.id, client_end, host_.now_);
        connection_ = asked.id;
    }
    void answer(const action::connect_data& asked)
    {
        secured_ = op_id::none;
        host_.session_->data_connected(asked.id, asked.to, host_.now_);
        connection_ = asked.id;
    }
    void answer(const action::secure_data& asked)
    {
        CHECK(asked.id == connection_);
        const bool works = !one_in(4);
        secured_ = works ? asked.id : op_id::none;
        host_.session_->data_secured(asked.id, works ? result<tls_facts>{host_.tls_} : tls_errc::handshake_failed,
                                     host_.now_);
    }
    void answer(const action::send_data& asked) { end(asked.id); }
    void answer(const action::receive_data& asked) { end(asked.id); }
    void answer(const action::close_control& /*asked*/) { CHECK(host_.session_->finished()); }
    template <class Other>
    void answer(const Other& /*asked*/)
    {
    }
    void end(op_id transfer)
    {
        CHECK(secured_ == connection_);
        CHECK(secured_ != op_id::none);
        host_.session_->transfer_finished(transfer, {3, transfer_fault::none, {}}, host_.now_);
    }

    std::mt19937 random_;
    script_host host_;
    op_id connection_ = op_id::none;
    op_id secured_ = op_id::none;
};

} // namespace

TEST_CASE("Where data must be protected no byte moves in clear, whatever is said and answered in whatever order")
{
    for (unsigned seed = 0; seed < 300; ++seed)
        random_session{seed};
}

TEST_CASE("With PROT P bytes move when 150 was said and the data connection has its handshake behind it")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().data_ready().expect_no_action().send("RETR a.txt\r\n").expect(150).check(expect_no_bytes);
    s.data_secures().sends("abc").expect(226).check([](script_host& h) { CHECK(h.log_.last_was_protected); });
    s.data_ready().send("STOR new.txt\r\n").expect(150).check(expect_no_bytes).data_secures();
    s.receives("new").expect(226).expect_content("/new.txt", "new");
    s.data_ready().send("MLSD\r\n").expect(150).check(expect_no_bytes).data_secures();
    s.transfer_ends<action::send_data>({}).expect(226);
    s.replay_at_every_split();
}

TEST_CASE("With PROT P the handshake waits for the client to connect")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().send("PASV\r\n").listener_opens().expect(227).send("RETR a.txt\r\n").expect(150).expect_no_action();
    s.check([](script_host& h) { CHECK(h.session_->is_output_awaited()); }); // by who begins TLS after the 150
    s.data_connects().data_secures().sends("abc").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("With PROT P the server is the one that accepts TLS where it has connected itself, too")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().send("PORT 192,0,2,7,156,65\r\n").expect(200).send("RETR a.txt\r\n").expect_no_reply();
    s.connects_to({client_end.address, 40001}).expect(150).check(expect_no_bytes).data_secures().sends("abc");
    s.expect(226);
    s.replay_at_every_split();
}

TEST_CASE("With PROT C there is no handshake, and the observer hears that the transfer was in clear")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().send("PROT C\r\n").expect(200).data_ready().send("RETR a.txt\r\n").expect(150).sends("abc");
    s.expect(226).check([](script_host& h) { CHECK_FALSE(h.log_.last_was_protected); });
}

TEST_CASE("What PROT says when the transfer begins counts, not what it said when the connection came")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().send("PROT C\r\n").expect(200).data_ready().send("PROT P\r\n").expect(200);
    s.send("RETR a.txt\r\n").expect(150).check(expect_no_bytes).data_secures().sends("abc").expect(226);
    s.data_ready().send("PROT C\r\n").expect(200).send("RETR a.txt\r\n").expect(150).sends("abc").expect(226);
    s.send("PASV\r\n").listener_opens().expect(227).send("PROT P\r\n").expect(200).data_connects();
    s.send("RETR a.txt\r\n").expect(150).check(expect_no_bytes).data_secures().sends("abc").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("PROT during a transfer waits for its end")
{
    auto s = shaking_hands();
    s.send("PROT C\r\n").expect_no_reply().data_secures().sends("abc").expect(226).expect(200);
    s.check([](script_host& h) { CHECK(h.log_.last_was_protected); });
    s.replay_at_every_split();
}

TEST_CASE("A handshake that fails on a data connection is answered 522, and no byte of the file moves")
{
    auto s = shaking_hands();
    s.data_secures(tls_errc::handshake_failed).expect(522).expect_action<action::close_data>().expect_no_action();
    s.check([](script_host& h) {
        CHECK(heard_of(h, tls_errc::handshake_failed));
        CHECK(h.log_.ends == std::vector{transfer_end::no_connection});
        CHECK_FALSE(h.log_.last_was_protected);
    });
    s.send("RETR a.txt\r\n").expect(425).data_ready().send("RETR a.txt\r\n").expect(150).data_secures().sends("abc");
    s.expect(226);
    s.replay_at_every_split();
}

TEST_CASE("A handshake that is never begun is told from a data connection that never came")
{
    auto s = shaking_hands();
    s.passes(30s).expect(425, "No TLS on the data connection within the limit.").check([](script_host& h) {
        const auto told = "tls failed: " + std::make_error_code(std::errc::timed_out).message();
        CHECK(std::ranges::count(h.log_.lines, told) == 1);
    });
}

TEST_CASE("An upload whose handshake fails leaves nothing behind")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().data_ready().send("STOR new.txt\r\n").expect(150).data_secures(tls_errc::record_invalid);
    s.expect(522).expect_action<action::close_data>().expect_content("/new.txt", std::nullopt);
}

TEST_CASE("A data connection of another TLS session is refused where binding is required")
{
    auto s = shaking_hands({.binding = session_binding::require});
    s.data_secures(other_session).expect(522, "resume").expect_action<action::close_data>().expect_no_action();
    s.check([](script_host& h) {
        CHECK(heard_of(h, tls_errc::session_not_resumed));
        CHECK(h.log_.ends == std::vector{transfer_end::no_connection});
    });
    s.data_ready().send("RETR a.txt\r\n").expect(150).data_secures().sends("abc").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("A data connection of another TLS session is served and told of where binding is preferred")
{
    auto s = shaking_hands({.binding = session_binding::prefer});
    s.data_secures(other_session).sends("abc").expect(226).check([](script_host& h) {
        CHECK(heard_of(h, tls_errc::session_not_resumed));
    });
}

TEST_CASE("Nobody looks at the TLS session of a data connection where binding is off")
{
    auto s = shaking_hands({.binding = session_binding::off});
    s.data_secures(other_session).sends("abc").expect(226).check([](script_host& h) {
        CHECK_FALSE(heard_of(h, tls_errc::session_not_resumed));
    });
}

TEST_CASE("ABOR in a handshake ends the transfer, and the handshake's late end changes nothing")
{
    auto s = shaking_hands();
    s.check([](script_host& h) { (void)h.expect_action<action::secure_data>(); });
    s.send("ABOR\r\n").expect(426).expect(226).expect_action<action::close_data>().check([](script_host& h) {
        h.session_->data_secured(h.data_, h.tls_, h.now_);
        h.drain();
    });
    s.expect_no_action().expect_no_reply().send("NOOP\r\n").expect(200);
    s.replay_at_every_split();
}

TEST_CASE("STAT and NOOP are answered in a handshake, and QUIT ends the session behind the transfer")
{
    auto s = shaking_hands();
    s.send("STAT\r\n").expect(211, "0 bytes").send("NOOP\r\n").expect(200).send("QUIT\r\n").expect(221);
    s.data_secures().sends("abc").expect(226).expect_closed(close_reason::quit);
    s.replay_at_every_split();
}

TEST_CASE("A data connection has one limit for coming about and for its handshake")
{
    auto setup = with_files();
    setup.options.data_connect_limit = 30s;
    session_script s{secured{}, setup};
    s.holds_tls().send("EPSV\r\n").listener_opens().expect(229).send("RETR a.txt\r\n").expect(150).passes(20s);
    s.data_connects().passes(9s).expect_no_reply().passes(1s).expect(425);
    s.check([](script_host& h) {
        (void)h.expect_action<action::secure_data>();
        (void)h.expect_action<action::close_data>();
        CHECK(h.log_.ends == std::vector{transfer_end::no_connection});
    });
    s.send("NOOP\r\n").expect(200);
}

TEST_CASE("The end of the control connection ends a handshake on the data connection with it")
{
    auto s = shaking_hands();
    s.eof().expect(426).expect_closed(close_reason::peer_gone);
    s.check([](script_host& h) { CHECK(h.log_.ends == std::vector{transfer_end::session_ended}); });
}

TEST_CASE("A shut-down leaves a handshake on the data connection its time")
{
    auto s = shaking_hands();
    s.check([](script_host& h) { h.session_->shut_down(10s, h.now_); }).data_secures().sends("abc").expect(226);
    s.expect(421).expect_closed(close_reason::shut_down);
}

TEST_CASE("Where data must be protected, every transfer command with PROT C is answered 521")
{
    for (const bool is_for_all : {true, false}) {
        auto setup = with_files({.needs = {.data = is_for_all}});
        setup.needs_tls.data = !is_for_all;
        session_script s{just_connected{}, setup};
        s.send("AUTH TLS\r\nUSER ann\r\n").expect(234);
        s.send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230).data_ready();
        for (const auto* line :
             {"RETR a.txt\r\n", "STOR new\r\n", "STOU new\r\n", "APPE a.txt\r\n", "LIST\r\n", "NLST\r\n", "MLSD\r\n"})
            s.send(line).expect(521, "PROT P").expect_no_action();
        s.send("PBSZ 0\r\nPROT P\r\n").expect(200).expect(200).holds_tls().send("RETR a.txt\r\n").expect(150);
        s.data_secures().sends("abc").expect(226).expect_content("/new", std::nullopt);
    }
}

TEST_CASE("Data that must be protected does not move in clear where TLS is not offered either, and PROT is not named")
{
    for (const bool is_for_all : {true, false}) {
        session_script s{logged_in{},
                         {.files = {{"/a.txt", "abc"}},
                          .options = {.tls = {.needs = {.data = is_for_all}}},
                          .needs_tls = {.data = !is_for_all}}};
        s.data_ready();
        for (const auto* line : {"RETR a.txt\r\n", "STOR new\r\n", "LIST\r\n"})
            s.send(line).expect(521, "TLS, which is not offered").expect_no_action();
    }
}

TEST_CASE("In an implicit session data connections are protected from the start")
{
    auto setup = with_files();
    setup.start = control_start::in_tls;
    session_script s{logged_in{}, setup};
    s.holds_tls().data_ready().send("RETR a.txt\r\n").expect(150).check(expect_no_bytes).data_secures().sends("abc");
    s.expect(226);
}

TEST_CASE("A stranger is still turned away before any handshake")
{
    session_script s{secured{}, with_files()};
    s.holds_tls().send("EPSV\r\n").listener_opens().expect(229).send("RETR a.txt\r\n").expect(150);
    s.data_connects(stranger).expect_action<action::reject_data>().expect_no_action();
    s.data_connects().data_secures().sends("abc").expect(226);
}

TEST_CASE("A second connection during a handshake is not heard of")
{
    auto s = shaking_hands();
    s.data_connects().check([](script_host& h) { CHECK(h.actions_.size() == 1); }).data_secures().sends("abc");
    s.expect(226);
}

TEST_CASE("A transfer that breaks, stalls or is aborted behind its handshake was a protected one")
{
    auto s = shaking_hands();
    s.data_secures().transfer_ends<action::send_data>(
        {1, transfer_fault::connection, make_error_code(tls_errc::truncated)});
    s.expect(426).check([](script_host& h) { CHECK(h.log_.last_was_protected); });
}
