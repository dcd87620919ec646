// Where data connections come from, and their parameters (RFC 959 3, 4.1.2; RFC 2428; RFC 2577 3).
#include "session_script.hpp"

#include <algorithm>
#include <initializer_list>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

const ip_address v6_server{std::array<std::uint8_t, 16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
const ip_address v6_client{std::array<std::uint8_t, 16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}};

script_setup over_ipv6()
{
    script_setup setup;
    setup.client = {v6_client, 40000};
    setup.server = {v6_server, 21};
    return setup;
}

} // namespace

TEST_CASE("PASV answers 227 with the control connection's address and the listener's port")
{
    session_script s{logged_in{}};
    s.send("PASV\r\n").expect_no_reply().listener_opens().expect(227, "(192,0,2,1,195,84)").expect_no_action();
    s.replay_at_every_split();
}

TEST_CASE("Behind network address translation PASV announces the address it was told")
{
    session_script s{logged_in{},
                     {.options = {.passive_address = fixed_passive_address(
                                      ip_address{std::array<std::uint8_t, 4>{198, 51, 100, 3}})}}};
    s.send("PASV\r\n").listener_opens().expect(227, "(198,51,100,3,195,84)");
}

TEST_CASE("EPSV answers 229 with the port alone")
{
    session_script s{logged_in{}};
    s.send("EPSV\r\n").listener_opens().expect(229, "(|||50004|)");
    s.send("EPSV 1\r\n").expect_action<action::close_data>().listener_opens().expect(229);
    s.replay_at_every_split();
}

TEST_CASE("EPSV for another protocol answers 522 and names the right one")
{
    session_script v4{logged_in{}};
    v4.send("EPSV 2\r\n").expect(522, "(1)").send("EPSV x\r\n").expect(501).expect_no_action();
    session_script v6{logged_in{}, over_ipv6()};
    v6.send("EPSV 1\r\n").expect(522, "(2)").expect_no_action().send("EPSV 2\r\n").listener_opens().expect(229);
}

TEST_CASE("PASV over IPv6 is refused: its reply cannot hold the address")
{
    session_script s{logged_in{}, over_ipv6()};
    s.send("PASV\r\n").expect(501).expect_no_action();
}

TEST_CASE("After EPSV ALL every other way to a data connection answers 503")
{
    session_script s{logged_in{}};
    s.send("EPSV all\r\n").expect(200);
    s.send("PASV\r\n").expect(503).send("PORT 192,0,2,7,200,0\r\n").expect(503);
    s.send("EPRT |1|192.0.2.7|51200|\r\n").expect(503).expect_no_action();
    s.send("EPSV\r\n").listener_opens().expect(229);
}

TEST_CASE("A second PASV closes the first listener")
{
    session_script s{logged_in{}};
    s.send("PASV\r\n").listener_opens().expect(227).send("PASV\r\n");
    s.expect_action<action::close_data>().listener_opens().expect(227).expect_no_action();
}

TEST_CASE("PORT closes a listener")
{
    session_script s{logged_in{}};
    s.send("PASV\r\n").listener_opens().expect(227);
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).expect_action<action::close_data>().expect_no_action();
}

TEST_CASE("No free port for a listener answers 425 and the session goes on")
{
    session_script s{logged_in{}};
    s.send("EPSV\r\n").check([](script_host& h) {
        const auto id = h.expect_action<action::listen_data>().id;
        h.session_->data_listening(id, std::make_error_code(std::errc::address_in_use), h.now_);
        h.drain();
    });
    s.expect(425).send("NOOP\r\n").expect(200).send("LIST\r\n").expect(425);
}

TEST_CASE("A host need not look for a data connection before a transfer needs it")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    const auto awaits = [&s](bool expected) {
        s.check([expected](script_host& h) { CHECK(h.session_->awaits_data_connection() == expected); });
    };
    s.send("EPSV\r\n").listener_opens().expect(229);
    awaits(false);
    s.send("RETR a.txt\r\n").expect(150);
    awaits(true);
    s.data_connects();
    awaits(false);
}

TEST_CASE("Only the 150 of a short download in the clear need not be sent before its data connection is there")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    const auto is_awaited = [&s](bool expected) {
        s.check([expected](script_host& h) { CHECK(h.session_->is_output_awaited() == expected); });
    };
    is_awaited(true);
    s.send("EPSV\r\n").listener_opens().expect(229);
    is_awaited(true);
    s.send("RETR a.txt\r\n").expect(150);
    is_awaited(false);
    s.data_connects();
    is_awaited(true);

    for (const auto* const command : {"STOR b.txt\r\n", "LIST\r\n", "RETR long\r\n"}) {
        session_script other{logged_in{}, {.files = {{"/long", std::string(64U * 1024U, 'x')}}}};
        other.send("EPSV\r\n").listener_opens().expect(229).send(command).expect(150);
        other.check([](script_host& h) { CHECK(h.session_->is_output_awaited()); });
    }
}

TEST_CASE("A listener nobody connects to is closed after its limit")
{
    session_script s{logged_in{}, {.options = {.data_connect_limit = 30s}}};
    s.send("EPSV\r\n").listener_opens().expect(229).passes(30s).expect_action<action::close_data>();
    s.expect_no_reply().send("LIST\r\n").expect(425);
}

TEST_CASE("Only the control connection's peer may use a listener; others are dropped and it listens on")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    s.send("EPSV\r\n").listener_opens().expect(229).data_connects(stranger).expect_action<action::reject_data>();
    s.send("RETR a.txt\r\n").expect(150).data_connects(stranger).expect_action<action::reject_data>();
    s.expect_no_action().data_connects().sends("abc").expect(226);
}

TEST_CASE("PORT and EPRT accept the client's own address")
{
    session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
    const endpoint to{client_end.address, 51200};
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).expect_no_action();
    s.send("RETR a.txt\r\n").expect_no_reply().connects_to(to).expect(150).sends("abc").expect(226);
    s.send("EPRT |1|192.0.2.7|51200|\r\n").expect(200);
    s.send("RETR a.txt\r\n").connects_to(to).expect(150).sends("abc").expect(226);
    s.replay_at_every_split();
}

TEST_CASE("EPRT over IPv6 accepts the client's own address")
{
    session_script s{logged_in{}, over_ipv6()};
    s.send("EPRT |2|2001:db8::7|51200|\r\n").expect(200).send("NLST\r\n").connects_to({v6_client, 51200}).expect(150);
    s.sends("").expect(226);
}

TEST_CASE("PORT and EPRT to another host are refused: no bounce")
{
    session_script s{logged_in{}};
    s.send("PORT 203,0,113,9,200,0\r\n").expect(504).send("EPRT |1|203.0.113.9|51200|\r\n").expect(504);
    s.send("PORT 127,0,0,1,200,0\r\n").expect(504).send("LIST\r\n").expect(425).expect_no_action();
}

TEST_CASE("PORT and EPRT to a port below 1024 are refused")
{
    session_script s{logged_in{}};
    s.send("PORT 192,0,2,7,3,255\r\n").expect(504).send("EPRT |1|192.0.2.7|25|\r\n").expect(504);
    s.send("PORT 192,0,2,7,4,0\r\n").expect(200);
}

TEST_CASE("A PORT or EPRT that holds no address answers 501")
{
    session_script s{logged_in{}};
    for (const auto* line :
         {"PORT 1,2,3,4,5", "PORT 192,0,2,7,256,0", "PORT 1,2,3,4,5,6,7", "PORT a,b,c,d,e,f", "PORT 192.0.2.7:5",
          "EPRT", "EPRT |1|192.0.2.7|", "EPRT |1|x|51200|", "EPRT |1|192.0.2.7|70000|", "EPRT ||||"})
        s.send(std::string{line} + "\r\n").expect(501);
    s.expect_no_action();
}

TEST_CASE("EPRT for an unknown protocol answers 522")
{
    session_script s{logged_in{}};
    s.send("EPRT |3|192.0.2.7|51200|\r\n").expect(522, "(1)");
}

TEST_CASE("EPRT with an IPv6 address over IPv4 answers 522, and the other way round")
{
    session_script v4{logged_in{}};
    v4.send("EPRT |2|2001:db8::7|51200|\r\n").expect(522, "(1)");
    session_script v6{logged_in{}, over_ipv6()};
    v6.send("EPRT |1|192.0.2.7|51200|\r\n").expect(522, "(2)");
}

TEST_CASE("An EPRT without an address means the client itself")
{
    session_script s{logged_in{}, over_ipv6()};
    s.send("EPRT |2|::|51200|\r\n").expect(200).send("NLST\r\n").connects_to({v6_client, 51200}).expect(150);
}

TEST_CASE("A listener that fails is given up, and closed")
{
    session_script s{logged_in{}};
    s.send("EPSV\r\n").listener_opens().expect(229).check([](script_host& h) {
        h.session_->data_connected(h.data_, std::make_error_code(std::errc::too_many_files_open), h.now_);
        h.drain();
    });
    s.expect_action<action::close_data>().send("LIST\r\n").expect(425);
}

TEST_CASE("Whoever asks may be told another address by PASV, or the server's own")
{
    const auto rule = [](const endpoint& peer, const endpoint& local) -> std::optional<ip_address> {
        CHECK(peer == client_end);
        CHECK(local == server_end);
        return std::nullopt;
    };
    session_script own{logged_in{}, {.options = {.passive_address = rule}}};
    own.send("PASV\r\n").listener_opens().expect(227, "(192,0,2,1,195,84)");

    session_script v6{logged_in{}, {.options = {.passive_address = fixed_passive_address(v6_server)}}};
    v6.send("PASV\r\n").listener_opens().expect(227, "(192,0,2,1,195,84)");
}

TEST_CASE("The host learns from whom a data connection must come, so that peers can share a port")
{
    session_script s{logged_in{}};
    s.send("EPSV\r\n").check([](script_host& h) {
        CHECK(h.expect_action<action::listen_data>().from == client_end.address);
    });
}

TEST_CASE("An active data connection comes from the port below the control port only where the options say so")
{
    for (const auto from : {active_port::any, active_port::control_port_minus_one}) {
        session_script s{logged_in{}, {.options = {.active_from = from}}};
        s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("NLST\r\n").check([from](script_host& h) {
            CHECK(h.expect_action<action::connect_data>().local_port == (from == active_port::any ? 0 : 20));
        });
    }
}

TEST_CASE("PASV without end keeps one listener at a time")
{
    session_script s{logged_in{}};
    s.send("PASV\r\n").listener_opens().expect(227);
    for (int i = 0; i < 100; ++i)
        s.send("PASV\r\n").expect_action<action::close_data>().listener_opens().expect(227).expect_no_action();
}

TEST_CASE("In no notation does PORT or EPRT name another host than the client, or a port below 1024")
{
    struct attempt {
        const char* line;
        int code;
    };
    session_script v4{logged_in{}};
    for (const auto& each : std::initializer_list<attempt>{{"PORT 0,0,0,0,200,0", 200},
                                                           {"EPRT |1|0.0.0.0|51200|", 200},
                                                           {"EPRT |2|::ffff:192.0.2.7|51200|", 200},
                                                           {"EPRT |2|::ffff:0.0.0.0|51200|", 200},
                                                           {"EPRT !1!192.0.2.7!1024!", 200},
                                                           {"PORT 192,0,2,7,4,0", 200},
                                                           {"PORT 192,0,2,7,0,0", 504},
                                                           {"PORT 192,0,2,7,3,255", 504},
                                                           {"PORT 0,0,0,0,0,21", 504},
                                                           {"PORT 127,0,0,1,200,0", 504},
                                                           {"PORT 192,0,2,1,200,0", 504},
                                                           {"PORT 255,255,255,255,200,0", 504},
                                                           {"PORT 224,0,0,1,200,0", 504},
                                                           {"EPRT |1|127.0.0.1|51200|", 504},
                                                           {"EPRT |1|192.0.2.7|1023|", 504},
                                                           {"EPRT |1|192.0.2.7|1|", 504},
                                                           {"EPRT |1|192.0.2.7|0|", 501},
                                                           {"EPRT |1|192.0.2.7|65536|", 501},
                                                           {"EPRT |1|192.0.2.7|4294967317|", 501},
                                                           {"EPRT |2|::ffff:203.0.113.9|51200|", 504},
                                                           {"EPRT |2|::ffff:127.0.0.1|51200|", 504},
                                                           {"EPRT |1|::ffff:192.0.2.7|51200|", 501},
                                                           {"EPRT |2|192.0.2.7|51200|", 501},
                                                           {"EPRT |2|::|51200|", 522},
                                                           {"EPRT |2|::1|51200|", 522},
                                                           {"EPRT |2|::192.0.2.7|51200|", 522},
                                                           {"EPRT |1|0300.0.2.7|51200|", 501},
                                                           {"EPRT |1|3221225991|51200|", 501},
                                                           {"EPRT |1|localhost|51200|", 501}}) {
        const auto* const line = each.line;
        const auto code = each.code;
        INFO(line);
        v4.send(std::string{line} + "\r\n").expect(code).expect_no_action();
        if (code == 200) // whatever was written, the connection goes to the control connection's peer
            v4.send("NLST\r\n").check([](script_host& h) {
                const auto asked = h.expect_action<action::connect_data>();
                CHECK(asked.to.address == client_end.address);
                CHECK(asked.to.port >= 1024);
                h.session_->data_connected(asked.id, std::make_error_code(std::errc::connection_refused), h.now_);
                h.drain();
                h.actions_.clear();
            });
        v4.check([](script_host& h) { h.replies_.clear(); });
    }

    session_script v6{logged_in{}, over_ipv6()};
    for (const auto& each : std::initializer_list<attempt>{{"EPRT |2|2001:DB8:0::0:7|51200|", 200},
                                                           {"EPRT |2|::|51200|", 200},
                                                           {"EPRT |2|2001:db8::7|1023|", 504},
                                                           {"EPRT |2|2001:db8::1|51200|", 504},
                                                           {"EPRT |2|::1|51200|", 504},
                                                           {"EPRT |2|ff02::1|51200|", 504},
                                                           {"EPRT |2|2001:db8::7%eth0|51200|", 501},
                                                           {"EPRT |2|::ffff:127.0.0.1|51200|", 522},
                                                           {"PORT 192,0,2,7,200,0", 522}}) {
        const auto* const line = each.line;
        const auto code = each.code;
        INFO(line);
        v6.send(std::string{line} + "\r\n").expect(code).expect_no_action();
    }
}

TEST_CASE("A refused PORT or EPRT leaves no address behind")
{
    session_script s{logged_in{}};
    s.send("PORT 192,0,2,7,200,0\r\n").expect(200).send("PORT 203,0,113,9,200,0\r\n").expect(504);
    s.send("NLST\r\n").connects_to({client_end.address, 51200}).expect(150).sends("").expect(226);
    s.send("EPRT |1|203.0.113.9|51200|\r\n").expect(504).send("NLST\r\n").expect(425).expect_no_action();
}

TEST_CASE("A listener and its connection are closed once by whatever ends their use")
{
    struct end_of_use {
        const char* name;
        std::function<void(script_host&)> bring;
    };
    const auto says = [](const char* line) { return [line](script_host& h) { h.receive(line); }; };
    const auto passes = [](std::chrono::seconds time) {
        return [time](script_host& h) {
            h.now_ += time;
            h.session_->deadline_passed(h.now_);
        };
    };
    const std::vector<end_of_use> ends{
        {"PASV", says("PASV\r\n")},
        {"EPSV", says("EPSV\r\n")},
        {"PORT", says("PORT 192,0,2,7,200,0\r\n")},
        {"EPRT", says("EPRT |1|192.0.2.7|51200|\r\n")},
        {"REIN", says("REIN\r\n")},
        {"USER", says("USER bob\r\n")},
        {"ABOR", says("ABOR\r\n")},
        {"QUIT", says("QUIT\r\n")},
        {"a refused transfer", says("RETR missing\r\n")},
        {"idling", passes(1000s)},
        {"EOF", [](script_host& h) { h.session_->received_eof(h.now_); }},
        {"a lost control connection", [](script_host& h) { h.session_->connection_lost(h.now_); }},
        {"a shutdown", [](script_host& h) { h.session_->shut_down(10s, h.now_); }},
    };
    for (const auto& end : ends) {
        for (const bool connected : {false, true}) {
            INFO(end.name, connected ? " while connected" : " while listening");
            session_script s{logged_in{}};
            s.send("EPSV\r\n").listener_opens();
            if (connected)
                s.data_connects();
            s.check([&end](script_host& h) {
                end.bring(h);
                h.drain();
                const auto closes = std::ranges::count_if(h.actions_, [&h](const auto& each) {
                    const auto* close = std::get_if<action::close_data>(&each);
                    return close != nullptr && close->id == h.data_;
                });
                CHECK(closes == 1);
            });
        }
    }
}

TEST_CASE("The end of a transfer lets go of its data connection, however it ends")
{
    for (const auto fault : {transfer_fault::none, transfer_fault::connection, transfer_fault::store}) {
        session_script s{logged_in{}, {.files = {{"/a.txt", "abc"}}}};
        s.data_ready().send("RETR a.txt\r\n").expect(150).transfer_ends<action::send_data>({0, fault, {}});
        s.check([](script_host& h) { h.replies_.clear(); }).send("NLST\r\n").expect(425).expect_no_action();
    }
}

TEST_CASE("A listener nobody connects to is closed after its limit also while a command takes its time")
{
    session_script s{logged_in{}, {.files = {{"/a", "1"}}, .options = {.data_connect_limit = 30s}}};
    s.send("EPSV\r\n").listener_opens().expect(229).check([](script_host& h) { h.holds_calls_ = true; });
    s.send("HASH a\r\n").expect_action<action::call_store>().passes(30s).expect_action<action::close_data>();
    s.expect_no_reply();
}
