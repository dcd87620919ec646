// Prints what happens on a server: one line an event.
#pragma once

#include <libftp/session/session_observer.hpp>

/// Safe from several threads. What comes from a peer is printed with its control bytes escaped.
class event_printer final : public libftp::session_observer {
public:
    void turned_away(const libftp::endpoint& peer, libftp::clock::time_point now) override;
    void opened(const libftp::session_facts& session) override;
    void logged_in(const libftp::session_facts& session) override;
    void login_refused(const libftp::session_facts& session, std::string_view user) override;
    void transfer_ended(const libftp::session_facts& session, const libftp::transfer_report& report) override;
    void changed(const libftp::session_facts& session, const libftp::change_report& report) override;
    void tls_failed(const libftp::session_facts& session, std::error_code error) override;
    void closed(const libftp::session_facts& session, libftp::close_reason reason) override;
};
