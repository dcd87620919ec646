// Scripts against a server_session: what the client sends, what the host reports, what must come back. A script is run
// as it is written, and once more with the client's bytes cut at every place.
#pragma once

#include "session_script_host.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

/// The state a script begins in: connected, whatever is said then.
struct just_accepted {};
/// Connected, the greeting read.
struct just_connected {};
/// Logged in as `ann`, with these permissions.
struct logged_in {
    access_rules allowed = permissions::full();
};
/// Logged in as `ann` behind AUTH TLS, and PROT P said.
struct secured {};

class session_script {
public:
    using step = std::function<void(script_host&)>;

    explicit session_script(just_accepted /*state*/, script_setup setup = {}) : setup_(std::move(setup)) { begin(); }
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
        forget_sends();
    }
    explicit session_script(secured /*state*/, script_setup setup = {}) : setup_(std::move(setup))
    {
        setup_.options.tls.is_offered = true;
        begin();
        expect(220).send("AUTH TLS\r\n").expect(234).send("USER ann\r\n").expect(331).send("PASS secret\r\n");
        expect(230).send("PBSZ 0\r\n").expect(200).send("PROT P\r\n").expect(200);
        forget_sends();
    }

    session_script& send(std::string bytes)
    {
        sends_.push_back({steps_.size(), bytes});
        last_sent_ = escape_controls(bytes);
        return add([bytes](script_host& h) { h.receive(bytes); });
    }
    session_script& expect(int code) { return expect(code, ""); }
    /// The next reply has this code and its text holds `part`.
    session_script& expect(int code, std::string part)
    {
        return add([code, part, sent = last_sent_, failed = has_failed_](script_host& h) {
            INFO("sent last: ", sent);
            REQUIRE_MESSAGE(!h.replies_.empty(), "no reply came, expected ", code);
            const auto got = std::move(h.replies_.front());
            h.replies_.pop_front();
            INFO("reply: ", got.to_string());
            CHECK(got.code == code);
            CHECK(got.to_string().find(part) != std::string::npos);
            *failed = *failed || got.code != code || got.to_string().find(part) == std::string::npos;
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
    session_script& holds_tls()
    {
        return add([](script_host& h) { h.holds_tls_ = true; });
    }
    /// The session asks for TLS on the control connection; that works.
    session_script& tls_starts()
    {
        return add([](script_host& h) {
            CHECK(h.session_->output().empty());
            h.session_->tls_started(h.expect_action<action::start_tls>().id, h.tls_, h.now_);
            h.drain();
        });
    }
    session_script& tls_fails(tls_errc why)
    {
        return add([why](script_host& h) {
            h.session_->tls_started(h.expect_action<action::start_tls>().id, why, h.now_);
            h.drain();
        });
    }
    session_script& tls_ends()
    {
        return add([](script_host& h) {
            CHECK(h.session_->output().empty());
            h.session_->tls_ended(h.expect_action<action::stop_tls>().id, {}, h.now_);
            h.drain();
        });
    }
    /// The session asks for TLS on the data connection, and this is what becomes of it.
    session_script& data_secures(result<tls_facts> outcome = tls_facts{.continues_control = true})
    {
        return add([outcome](script_host& h) {
            const auto asked = h.expect_action<action::secure_data>();
            CHECK(asked.id == h.data_);
            h.session_->data_secured(asked.id, outcome, h.now_);
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
        if (*has_failed_)
            return; // or else the same would be told for each split
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
    /// What was sent so far is not cut by replays.
    void forget_sends()
    {
        sends_.clear();
        send_base_ = steps_.size();
    }

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
    std::string last_sent_{};                                          ///< As it can be shown.
    std::shared_ptr<bool> has_failed_ = std::make_shared<bool>(false); ///< Of the steps, wherever this moves to.
};

} // namespace libftp::testing
