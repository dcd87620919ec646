// Scripts against a server_session: what the client sends, what the host reports, what must come back. A script is run
// as it is written, and once more with the client's bytes cut at every place.
#pragma once

#include <doctest/doctest.h>

#include <libftp/protocol/reply_parser.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/store/memory_store.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

inline const endpoint client_end{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};
inline const endpoint server_end{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21};
inline const endpoint stranger{ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}}, 50000};
inline constexpr std::uint16_t data_port = 50004; // 195,84

/// Keeps what an observer hears as short lines.
struct event_log final : session_observer {
    std::vector<std::string> lines;
    std::vector<transfer_end> ends;
    std::vector<std::string> replies;

    void opened(const session_facts&) override { lines.emplace_back("opened"); }
    void command_received(const session_facts&, std::string_view name, std::string_view argument) override
    {
        lines.push_back("command " + std::string{name} + " " + std::string{argument});
    }
    void replied(const session_facts&, int code, std::string_view text) override
    {
        replies.push_back(std::to_string(code) + " " + std::string{text});
    }
    void logged_in(const session_facts& s) override { lines.push_back("logged in " + s.user); }
    void login_refused(const session_facts&, std::string_view user) override
    {
        lines.push_back("refused " + std::string{user});
    }
    void transfer_ended(const session_facts&, const transfer_report& r) override
    {
        lines.push_back("transfer " + r.path.string() + " " + std::to_string(r.bytes) + " " +
                        std::to_string(r.reply_code));
        ends.push_back(r.end);
    }
    void changed(const session_facts&, const change_report& c) override
    {
        lines.push_back("changed " + std::to_string(static_cast<int>(c.kind)) + " " + c.path.string() + " " +
                        c.to.string());
    }
    void closed(const session_facts&, close_reason reason) override
    {
        lines.push_back("closed " + std::to_string(static_cast<int>(reason)));
    }
};

/// The state a script begins in: connected, the greeting read.
struct just_connected {};
/// Logged in as `ann`, with these files and permissions.
struct logged_in {
    access_rules allowed = permissions::full();
};

struct script_setup {
    std::vector<std::pair<std::string, std::string>> files{}; ///< Path and content.
    access_rules allowed = permissions::full();
    session_options options{};
    std::shared_ptr<file_store> store{}; ///< Instead of one with `files`.
    std::string account{};               ///< What the login wants of ACCT.
    endpoint client = client_end;
    endpoint server = server_end;
};

/// One session with a host that answers logins and store calls at once (unless held), and leaves data connections to
/// the script.
class script_host {
public:
    explicit script_host(const script_setup& setup)
        : options_(setup.options), files_(std::make_shared<memory_store>(
                                       [] { return file_time{std::chrono::hours{1}}; },
                                       setup.allowed.differ_by_path() ? link_rule::refuse : link_rule::follow)),
          store_(setup.store ? setup.store : files_), allowed_(setup.allowed), wanted_account_(setup.account),
          client_(setup.client)
    {
        for (const auto& [path, content] : setup.files)
            files_->add_file(path, content);
        session_ = std::make_unique<server_session>(options_, log_, 1, setup.client, setup.server, now_);
        drain();
    }

    void receive(std::string_view bytes)
    {
        session_->received(bytes, now_);
        drain();
    }

    /// Takes what the session says until it has nothing more to say.
    void drain()
    {
        for (bool busy = true; busy;) {
            busy = false;
            if (reads_output_ && !session_->output().empty()) {
                wire_ += session_->output();
                auto bytes = session_->output();
                std::string copy{bytes};
                std::string_view input = copy;
                while (!input.empty()) {
                    const auto status = parser_.read(input);
                    if (status == reply_parser::status::complete)
                        replies_.push_back(std::move(parser_.value()));
                    else if (status != reply_parser::status::need_more)
                        break;
                }
                session_->output_sent(copy.size(), now_);
                busy = true;
            }
            while (auto next = session_->next_action()) {
                busy = true;
                take(std::move(*next));
            }
        }
    }

    void take(server_action next)
    {
        if (auto* login = std::get_if<action::authenticate>(&next); login && !holds_calls_)
            return session_->authenticated(login->id, check(login->who), now_);
        if (auto* call = std::get_if<action::call_store>(&next); call && !holds_calls_)
            return session_->store_answered(call->id, perform(call->store, call->request), now_);
        if (auto* own = std::get_if<action::run_command>(&next); own && !holds_calls_)
            return session_->command_answered(own->id, own->job(), now_);
        actions_.push_back(std::move(next));
    }

    result<account> check(const credentials& who) const
    {
        if (who.user != "ann" || who.password.reveal() != "secret")
            return std::make_error_code(std::errc::permission_denied);
        if (who.account.reveal() != wanted_account_)
            return who.account.empty() ? make_error_code(login_errc::account_needed)
                                       : std::make_error_code(std::errc::permission_denied);
        return account{.name = "ann", .store = store_, .allowed = allowed_, .rates = rates_};
    }

    template <class Action>
    Action expect_action()
    {
        REQUIRE_MESSAGE(!actions_.empty(), "the session asked for nothing");
        auto* wanted = std::get_if<Action>(&actions_.front());
        REQUIRE_MESSAGE(wanted != nullptr, "another action came: index ", actions_.front().index());
        auto taken = std::move(*wanted);
        actions_.pop_front();
        return taken;
    }

    session_options options_;
    event_log log_;
    std::shared_ptr<memory_store> files_;
    std::shared_ptr<file_store> store_;
    access_rules allowed_;
    std::string wanted_account_;
    rate_limits rates_;
    endpoint client_;
    clock::time_point now_{std::chrono::hours{1'000}};
    std::unique_ptr<server_session> session_;
    std::string wire_;
    reply_parser parser_{{.max_line_bytes = 1 << 20, .max_lines = 1 << 16, .max_bytes = 1 << 24}};
    std::deque<libftp::reply> replies_;
    std::deque<server_action> actions_;
    op_id data_ = op_id::none;
    bool holds_calls_ = false;
    bool reads_output_ = true;
};

class session_script {
public:
    using step = std::function<void(script_host&)>;

    explicit session_script(just_connected /*state*/, script_setup setup = {}) : setup_(std::move(setup))
    {
        begin();
        expect(220);
    }
    explicit session_script(logged_in state, script_setup setup = {}) : setup_(std::move(setup))
    {
        setup_.allowed = state.allowed;
        begin();
        expect(220).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
        sends_.clear();
        send_base_ = steps_.size();
    }

    session_script& send(std::string bytes)
    {
        sends_.push_back({steps_.size(), bytes});
        return add([bytes](script_host& h) { h.receive(bytes); });
    }
    session_script& expect(int code) { return expect(code, ""); }
    /// The next reply has this code and its text holds `part`.
    session_script& expect(int code, std::string part)
    {
        return add([code, part](script_host& h) {
            REQUIRE_MESSAGE(!h.replies_.empty(), "no reply came, expected ", code);
            const auto got = std::move(h.replies_.front());
            h.replies_.pop_front();
            INFO("reply: ", got.to_string());
            CHECK(got.code == code);
            CHECK(got.to_string().find(part) != std::string::npos);
        });
    }
    session_script& expect_no_reply()
    {
        return add([](script_host& h) {
            CHECK_MESSAGE(h.replies_.empty(), "a reply came: ", h.replies_.empty() ? "" : h.replies_[0].to_string());
        });
    }
    session_script& expect_no_action()
    {
        return add([](script_host& h) { CHECK_MESSAGE(h.actions_.empty(), "an action came"); });
    }
    template <class Action>
    session_script& expect_action()
    {
        return add([](script_host& h) { (void)h.expect_action<Action>(); });
    }
    session_script& expect_closed(close_reason reason)
    {
        return add([reason](script_host& h) {
            while (!h.actions_.empty() && !std::holds_alternative<action::close_control>(h.actions_.front()))
                h.actions_.pop_front();
            (void)h.expect_action<action::close_control>();
            CHECK(h.session_->finished());
            CHECK(h.log_.lines.back() == "closed " + std::to_string(static_cast<int>(reason)));
            CHECK(h.replies_.empty());
        });
    }
    session_script& check(step what) { return add(std::move(what)); }

    /// The session asks for a listener; it gets one on data_port.
    session_script& listener_opens()
    {
        return add([](script_host& h) {
            h.data_ = h.expect_action<action::listen_data>().id;
            h.session_->data_listening(h.data_, endpoint{server_end.address, data_port}, h.now_);
            h.drain();
        });
    }
    session_script& data_connects() { return data_connects(client_end); }
    session_script& data_connects(endpoint peer)
    {
        return add([peer](script_host& h) {
            h.session_->data_connected(h.data_, peer, h.now_);
            h.drain();
        });
    }
    /// EPSV with its listener and the connection on it.
    session_script& data_ready()
    {
        return send("EPSV\r\n").listener_opens().expect(229, "(|||50004|)").data_connects();
    }
    /// The session asks to connect to `to`; that works.
    session_script& connects_to(endpoint to)
    {
        return add([to](script_host& h) {
            const auto asked = h.expect_action<action::connect_data>();
            CHECK(asked.to == to);
            h.data_ = asked.id;
            h.session_->data_connected(asked.id, asked.to, h.now_);
            h.drain();
        });
    }
    /// The session sends exactly this, and the transfer goes well.
    session_script& sends(std::string content)
    {
        return add([content](script_host& h) {
            auto asked = h.expect_action<action::send_data>();
            std::string sent;
            std::array<char, 7> buffer{};
            while (true) {
                const auto n = asked.source->read(buffer);
                REQUIRE(n.has_value());
                if (*n == 0)
                    break;
                sent.append(buffer.data(), *n);
            }
            CHECK(sent == content);
            h.session_->transfer_finished(asked.id, {sent.size(), transfer_fault::none, {}}, h.now_);
            h.drain();
        });
    }
    /// The session receives this, and the peer closes in order.
    session_script& receives(std::string content)
    {
        return add([content](script_host& h) {
            auto asked = h.expect_action<action::receive_data>();
            REQUIRE(asked.sink->write(content).has_value());
            const auto committed = asked.sink->commit();
            h.session_->transfer_finished(asked.id,
                                          {content.size(), committed ? transfer_fault::none : transfer_fault::store,
                                           committed ? std::error_code{} : committed.error()},
                                          h.now_);
            h.drain();
        });
    }
    /// A transfer that was begun ends like this; what it had is discarded.
    template <class Action>
    session_script& transfer_ends(transfer_outcome outcome)
    {
        return add([outcome](script_host& h) {
            const auto id = h.expect_action<Action>().id;
            h.session_->transfer_finished(id, outcome, h.now_);
            h.drain();
        });
    }
    session_script& passes(std::chrono::nanoseconds time)
    {
        return add([time](script_host& h) {
            h.now_ += time;
            if (const auto at = h.session_->deadline(); at && *at <= h.now_)
                h.session_->deadline_passed(h.now_);
            h.drain();
        });
    }
    session_script& eof()
    {
        return add([](script_host& h) {
            h.session_->received_eof(h.now_);
            h.drain();
        });
    }
    session_script& expect_content(std::string path, std::optional<std::string> content)
    {
        return add([path, content](script_host& h) {
            const auto got = h.files_->content(path);
            CHECK(got.has_value() == content.has_value());
            if (got && content)
                CHECK(*got == *content);
        });
    }

    /// Runs the script again, with each thing sent cut in two at every place, and once byte by byte.
    void replay_at_every_split()
    {
        for (const auto& [index, bytes] : sends_) {
            for (std::size_t cut = 1; cut < bytes.size(); ++cut)
                replay(index, {bytes.substr(0, cut), bytes.substr(cut)});
            std::vector<std::string> single;
            for (const char c : bytes)
                single.emplace_back(1, c);
            replay(index, single);
        }
    }

private:
    void begin() { host_ = std::make_unique<script_host>(setup_); }

    session_script& add(step what)
    {
        what(*host_);
        steps_.push_back(std::move(what));
        return *this;
    }

    void replay(std::size_t at, const std::vector<std::string>& pieces)
    {
        INFO("split, first piece: ", pieces.front(), " of send step ", at - send_base_);
        script_host host{setup_};
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (i != at) {
                steps_[i](host);
                continue;
            }
            for (const auto& piece : pieces)
                host.receive(piece);
        }
    }

    struct sent_piece {
        std::size_t step;
        std::string bytes;
    };

    script_setup setup_;
    std::unique_ptr<script_host> host_;
    std::vector<step> steps_;
    std::vector<sent_piece> sends_;
    std::size_t send_base_ = 0;
};

} // namespace libftp::testing
