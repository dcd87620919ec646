// Several observers where a server takes one.
#pragma once

#include <libftp/session/session_observer.hpp>

#include <initializer_list>
#include <vector>

namespace libftp {

/// Passes every event on to its observers, in the order they were added. They are not owned: each must live as long as
/// any session that reports to this list. Add them before the first session begins.
class observer_list final : public session_observer {
public:
    observer_list() = default;
    /// None may be null.
    observer_list(std::initializer_list<session_observer*> observers) : observers_(observers) {}
    /// `observer` must live as long as any session that reports to this list.
    void add(session_observer& observer) { observers_.push_back(&observer); }

    void turned_away(const endpoint& peer, clock::time_point now) override;
    void proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now) override;
    void opened(const session_facts& session) override;
    void command_received(const session_facts& session, std::string_view name, std::string_view argument) override;
    void replied(const session_facts& session, int code, std::string_view text) override;
    void logged_in(const session_facts& session) override;
    void facts_changed(const session_facts& session) override;
    void login_refused(const session_facts& session, std::string_view user) override;
    void transfer_began(const session_facts& session, transfer_kind kind, const store_path& path) override;
    void transfer_progressed(const session_facts& session, transfer_kind kind, std::uint64_t bytes) override;
    void transfer_ended(const session_facts& session, const transfer_report& report) override;
    void changed(const session_facts& session, const change_report& report) override;
    void tls_failed(const session_facts& session, std::error_code error) override;
    void closed(const session_facts& session, close_reason reason) override;

private:
    std::vector<session_observer*> observers_;
};

} // namespace libftp
