// A log for programs: every event of every session as one JSON object (RFC 8259).
#pragma once

#include <libftp/session/session_observer.hpp>

#include <functional>
#include <string_view>
#include <utility>

namespace libftp {

/// One line for each event but transfer_progressed, named as the functions of session_observer:
///
///     {"time":"2026-11-19T10:07:03.250Z","event":"replied","session":7,"peer":"192.0.2.7","peer_port":40000,
///      "user":"ann","code":226,"text":"Transfer complete."}
///
/// (in one line). Those of session_facts but `directory` come with every event if they say anything. Times are UTC,
/// durations seconds, and enumerators have their own names. Bytes from the peer are escaped as append_json_string()
/// says. Secrets are not in it: a session does not report them.
class json_log final : public session_observer {
public:
    /// Called with each line, without its end. Calls come from several threads if the sessions do; it must not block
    /// and must not throw.
    using line_writer = std::function<void(std::string_view line)>;

    /// Precondition: `write` is not empty.
    explicit json_log(line_writer write) : write_(std::move(write)) {}

    void turned_away(const endpoint& peer, clock::time_point now) override;
    void proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now) override;
    void opened(const session_facts& session) override;
    void command_received(const session_facts& session, std::string_view name, std::string_view argument) override;
    void replied(const session_facts& session, int code, std::string_view text) override;
    void logged_in(const session_facts& session) override;
    void facts_changed(const session_facts& session) override;
    void login_refused(const session_facts& session, std::string_view user) override;
    void transfer_began(const session_facts& session, transfer_kind kind, const store_path& path) override;
    void transfer_ended(const session_facts& session, const transfer_report& report) override;
    void changed(const session_facts& session, const change_report& report) override;
    void tls_failed(const session_facts& session, std::error_code error) override;
    void closed(const session_facts& session, close_reason reason) override;

private:
    line_writer write_;
};

} // namespace libftp
