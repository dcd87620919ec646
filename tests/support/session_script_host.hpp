// A server_session with a host for scripts, which keeps what comes out of it.
#pragma once

#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/store/memory_store.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
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
    std::size_t fact_changes = 0;
    bool last_was_protected = false;    ///< The last transfer.
    bool last_had_begun = false;        ///< As transfer_ended() has it.
    std::size_t begun_transfers = 0;    ///< As transfer_began() has it.
    std::vector<std::uint64_t> moved{}; ///< Of each piece.
    std::string directory{};            ///< Behind the last reply.

    void opened(const session_facts&) override { lines.emplace_back("opened"); }
    void command_received(const session_facts&, std::string_view name, std::string_view argument) override
    {
        lines.push_back("command " + std::string{name} + " " + std::string{argument});
    }
    void replied(const session_facts& s, int code, std::string_view text) override
    {
        directory = s.directory.string();
        replies.push_back(std::to_string(code) + " " + std::string{text});
    }
    void logged_in(const session_facts& s) override { lines.push_back("logged in " + s.user); }
    void facts_changed(const session_facts&) override { ++fact_changes; }
    void login_refused(const session_facts&, std::string_view user) override
    {
        lines.push_back("refused " + std::string{user});
    }
    void transfer_began(const session_facts&, transfer_kind, const store_path&) override { ++begun_transfers; }
    void transfer_progressed(const session_facts&, transfer_kind, std::uint64_t bytes) override
    {
        moved.push_back(bytes);
    }
    void transfer_ended(const session_facts&, const transfer_report& r) override
    {
        last_had_begun = r.has_begun;
        lines.push_back("transfer " + r.path.string() + " " + std::to_string(r.bytes) + " " +
                        std::to_string(r.reply_code));
        ends.push_back(r.end);
        last_was_protected = r.is_protected;
    }
    void changed(const session_facts&, const change_report& c) override
    {
        lines.push_back("changed " + std::to_string(static_cast<int>(c.kind)) + " " + c.path.string() + " " +
                        c.to.string());
    }
    void tls_failed(const session_facts&, std::error_code error) override
    {
        lines.push_back("tls failed: " + error.message());
    }
    void closed(const session_facts&, close_reason reason) override
    {
        lines.push_back("closed " + std::to_string(static_cast<int>(reason)));
    }
};

struct script_setup {
    std::vector<std::pair<std::string, std::string>> files{}; ///< Path and content.
    access_rules allowed = permissions::full();
    session_options options{};
    std::shared_ptr<file_store> store{}; ///< Instead of one with `files`.
    std::string account{};               ///< What the login wants of ACCT.
    endpoint client = client_end;
    endpoint server = server_end;
    control_start start = control_start::in_clear;
    tls_needs needs_tls{}; ///< Of the account.
    /// What handshakes find; data connections are resumed.
    tls_facts tls{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .continues_control = true};
    bool holds_tls = false;
};

/// Offers TLS and demands nothing.
inline session_options offering_tls(tls_policy policy = {})
{
    policy.is_offered = true;
    return {.tls = policy};
}

/// One session with a host that answers logins, store calls and what is asked of TLS at once (unless held), and leaves
/// data connections to the script.
class script_host {
public:
    explicit script_host(const script_setup& setup)
        : options_(setup.options), files_(std::make_shared<memory_store>(
                                       [] { return file_time{std::chrono::hours{1}}; },
                                       setup.allowed.differ_by_path() ? link_rule::refuse : link_rule::follow)),
          store_(setup.store ? setup.store : files_), allowed_(setup.allowed), wanted_account_(setup.account),
          client_(setup.client), needs_tls_(setup.needs_tls), tls_(setup.tls), holds_tls_(setup.holds_tls)
    {
        for (const auto& [path, content] : setup.files)
            files_->add_file(path, content);
        session_ = std::make_unique<server_session>(options_, log_, 1, setup.client, setup.server, now_, setup.start);
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
        if (auto* begin = std::get_if<action::start_tls>(&next); begin && !holds_tls_)
            return session_->tls_started(begin->id, tls_, now_);
        if (auto* end = std::get_if<action::stop_tls>(&next); end && !holds_tls_)
            return session_->tls_ended(end->id, {}, now_);
        if (auto* secure = std::get_if<action::secure_data>(&next); secure && !holds_tls_)
            return session_->data_secured(secure->id, tls_, now_);
        actions_.push_back(std::move(next));
    }

    result<account> check(const credentials& who) const
    {
        const bool is_known =
            who.is_by_certificate ? who.tls->peer->common_name == who.user : who.password.reveal() == "secret";
        if (who.user != "ann" || !is_known)
            return std::make_error_code(std::errc::permission_denied);
        if (who.account.reveal() != wanted_account_)
            return who.account.empty() ? make_error_code(login_errc::account_needed)
                                       : std::make_error_code(std::errc::permission_denied);
        return account{.name = "ann", .store = store_, .allowed = allowed_, .rates = rates_, .needs_tls = needs_tls_};
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
    tls_needs needs_tls_;
    tls_facts tls_;
    bool holds_tls_;
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

} // namespace libftp::testing
