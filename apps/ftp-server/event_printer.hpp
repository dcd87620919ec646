// Puts what happens on a server into words: one line an event.
#pragma once

#include <libftp/session/session_observer.hpp>

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

/// In local time.
enum class time_stamp : std::uint8_t { time, date_and_time };

/// Safe from several threads, if the writer is. What comes from a peer has its control bytes escaped.
class event_printer final : public libftp::session_observer {
public:
    /// Called with each line, without its end.
    using line_writer = std::function<void(std::string_view line)>;

    event_printer(line_writer write, time_stamp stamp) : write_(std::move(write)), stamp_(stamp) {}

    void turned_away(const libftp::endpoint& peer, libftp::clock::time_point now) override;
    void proxy_failed(const libftp::endpoint& proxy, std::error_code error, libftp::clock::time_point now) override;
    void opened(const libftp::session_facts& session) override;
    void logged_in(const libftp::session_facts& session) override;
    void login_refused(const libftp::session_facts& session, std::string_view user) override;
    void transfer_ended(const libftp::session_facts& session, const libftp::transfer_report& report) override;
    void changed(const libftp::session_facts& session, const libftp::change_report& report) override;
    void tls_failed(const libftp::session_facts& session, std::error_code error) override;
    void closed(const libftp::session_facts& session, libftp::close_reason reason) override;

private:
    void print(libftp::clock::time_point time, std::string_view who, std::string_view what);
    void print(const libftp::session_facts& session, std::string_view what);

    line_writer write_;
    time_stamp stamp_;
};
