// What a hostile server, or whoever is on the way to it, may not achieve against a session that is to be protected.
#include "client_tls_script.hpp"

#include <string>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

/// Answers each command by the next of `replies`, and each request for TLS at once. Checks what the session says.
class untrusting_host {
public:
    explicit untrusting_host(tls_use use) : options_{.tls = use}, session_(options_, script_server, script_client, now_)
    {
        session_.start(operation::greeting{}, now_);
        session_.start(operation::login{"ann", secret{"secret"}, {}}, now_);
        session_.start(operation::upload{.path = "a",
                                         .source = std::make_unique<text_reader>("x"),
                                         .type = representation_type::ascii},
                       now_);
        look();
    }

    void answer(int code)
    {
        if (code / 100 == 2 && last_command_ == "PROT P\r\n")
            has_protected_data_ = true;
        session_.received(std::to_string(code) + " (|||50004|)\r\n", now_);
        look();
    }

private:
    void look()
    {
        while (auto asked = session_.next_action()) {
            if (const auto* start = std::get_if<action::start_tls>(&*asked)) {
                is_in_tls_ = true;
                session_.tls_started(start->id, script_control_tls, now_);
            } else if (const auto* connect = std::get_if<action::connect_data>(&*asked)) {
                session_.data_connected(connect->id, connect->to, now_);
            } else if (const auto* secure = std::get_if<action::secure_data>(&*asked)) {
                is_data_in_tls_ = true;
                session_.data_secured(secure->id, script_data_tls, now_);
            } else if (std::holds_alternative<action::send_data>(*asked)) {
                CHECK(is_data_in_tls_);
            }
        }
        const std::string said{session_.output()};
        session_.output_sent(said.size(), now_);
        if (said.empty())
            return;
        last_command_ = said;
        const bool is_for_tls = said == "AUTH TLS\r\n" || said == "AUTH SSL\r\n";
        CHECK_MESSAGE((is_in_tls_ || is_for_tls), said);
        const bool is_for_data = said.starts_with("EPSV") || said.starts_with("PASV") || said.starts_with("STOR");
        CHECK_MESSAGE((has_protected_data_ || !is_for_data), said);
    }

    clock::time_point now_{1000h};
    client_options options_;
    client_session session_;
    std::string last_command_;
    bool is_in_tls_ = false;
    bool has_protected_data_ = false;
    bool is_data_in_tls_ = false;
};

} // namespace

TEST_CASE("Bytes in clear where TLS is to begin end the session, whatever they are and whenever they come")
{
    using namespace std::string_literals;
    for (const auto& bytes :
         {"200 ok\r\n"s, "200 ok\r\n200 ok\r\n230 in\r\n"s, "2"s, "\r"s, "\n"s, "\0"s, "\xff\xfd\x01"s, "\xff\xf1"s,
          "421 bye\r\n"s, "234 again\r\n"s, "@#!"s, "\x16\x03\x01"s}) {
        const auto ends = [](client_script& s) {
            s.fails(protocol_errc::plaintext_received).fails(protocol_errc::plaintext_received).sends_nothing();
            s.check([](client_script_host& h) {
                h.finish();
                CHECK(h.session_.finished());
                CHECK(h.session_.tls() == nullptr);
            });
        };
        for (const auto use : {tls_use::if_offered, tls_use::required}) {
            client_script same{with_tls(use)};
            same.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n");
            ends(same.receives("234 go\r\n" + bytes));
            same.replay_at_every_split();
            client_script before{with_tls(use)};
            before.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n");
            ends(before.receives("234 go\r\n").receives(bytes));
            client_script during{with_tls(use)};
            during.greeting().log_in("ann", "secret").receives("220 hello\r\n").sends("AUTH TLS\r\n");
            ends(during.receives("234 go\r\n").asks_for_tls().receives(bytes).tls_starts());
        }
        client_script implicit{with_tls(tls_use::implicit)};
        ends(implicit.greeting().log_in("ann", "secret").receives(bytes));
        client_script idle{with_tls(tls_use::implicit)};
        idle.receives(bytes).closes().greeting().fails(protocol_errc::not_connected);
    }
}

TEST_CASE("The end of the line that agrees on TLS may come late")
{
    client_script s{with_tls(tls_use::required)};
    s.greeting().receives("220 hello\r\n").sends("AUTH TLS\r\n").receives("234-go\r\n234 on\r").asks_nothing();
    s.receives("\n").asks_for_tls().tls_starts().sends("PBSZ 0\r\n");
}

TEST_CASE("A 234 that comes along with the greeting answers no AUTH")
{
    client_script s{with_tls(tls_use::required)};
    s.greeting().receives("220 hello\r\n234 go\r\n").fails(protocol_errc::reply_unexpected, 234).closes();
}

TEST_CASE("Replies sent ahead within TLS answer no command that is sent later")
{
    client_script s{with_tls(tls_use::required)};
    begin_tls(s).receives("200 ok\r\n200 ok\r\n").fails(protocol_errc::reply_unexpected, 200).closes();
    client_script none{with_tls(tls_use::implicit)};
    none.greeting().asks_for_tls().tls_starts().receives("220 hello\r\n200 ok\r\n");
    none.fails(protocol_errc::reply_unexpected, 200).closes();
}

TEST_CASE("Where TLS is demanded, nothing runs without it and nothing is sent")
{
    for (const auto use : demanding_tls) {
        client_script s{with_tls(use)};
        const auto refused = [&s] {
            s.fails(protocol_errc::tls_refused).failed_at(operation_step::tls).sends_nothing().asks_nothing();
        };
        s.log_in("ann", "secret"), refused();
        s.command("NOOP"), refused();
        s.command("PROT", "P"), refused();
        s.start([] { return operation::password{secret{"secret"}}; }), refused();
        s.features(), refused();
        s.download("a"), refused();
        s.upload("a", "x"), refused();
        s.list(), refused();
        s.rename("a", "b"), refused();
        s.start([] { return operation::clear_control{}; }), refused();
        s.start([] { return operation::size{"a"}; }), refused();
        s.check([](client_script_host& h) {
            CHECK(h.started_[5].file->gone);
            CHECK(h.heard<event::command_sent>().empty());
            const auto& error = h.started_[0].done[0].outcome.error();
            CHECK(error.session == session_state::usable);
            CHECK(error.message() == make_error_code(protocol_errc::tls_refused).message());
        });
        greet_in_tls(s, use).command("NOOP").sends("NOOP\r\n");
    }
}

TEST_CASE("The session may be left without TLS: with QUIT where that can be understood")
{
    client_script s{with_tls(tls_use::required)};
    s.quit().sends("QUIT\r\n").receives("221 bye\r\n").succeeds().closes();
    client_script implicit{with_tls(tls_use::implicit)};
    implicit.quit().sends_nothing().succeeds().closes();
}

TEST_CASE("A session that lacks TLS is not kept alive by commands")
{
    auto setup = with_tls(tls_use::required);
    setup.options.keep_alive_interval = 10s;
    client_script s{setup};
    s.passes(10s).sends_nothing().check([](client_script_host& h) {
        REQUIRE(h.session_.deadline());
        CHECK(*h.session_.deadline() == h.now_ + 10s);
    });
    greet_in_tls(s).passes(10s).sends("NOOP\r\n");
}

TEST_CASE("Whatever a server answers in whatever order, no name goes out in clear and no file without TLS")
{
    constexpr std::array codes{120, 200, 220, 229, 230, 234, 331, 334, 500, 503, 530, 534};
    // Beginnings that lead to where it becomes interesting; behind each come up to three more, in all orders.
    const std::vector<std::vector<int>> ways{{}, {220}, {220, 234, 530}, {220, 200, 200, 230}, {220, 234, 200, 200}};
    constexpr std::size_t orders = codes.size() * codes.size() * codes.size();
    for (const auto use : demanding_tls) {
        for (const auto& way : ways) {
            for (std::size_t order = 0; order != orders; ++order) {
                untrusting_host host{use};
                for (const int code : way)
                    host.answer(code);
                for (auto rest = order; rest != 0; rest /= codes.size())
                    host.answer(codes[rest % codes.size()]);
            }
        }
    }
}
