// Counts what sessions do, and tells it in the text format of Prometheus.
#pragma once

#include <libftp/protocol/command_table.hpp>
#include <libftp/session/session_observer.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace libftp {

/// Counters of all sessions that report to it. Every function may be called from any thread at any time. Nothing that a
/// peer says becomes a label, so that no peer can add time series.
class session_metrics final : public session_observer {
public:
    /// Commands are counted by the texts of `commands`, which must live as long as the metrics: the standard ones, or
    /// the rows of a command_set with a program's own. All others are counted as `other`.
    explicit session_metrics(std::span<const command_row> commands = command_table());

    /// The text exposition format 0.0.4: to be served as `text/plain; version=0.0.4`. Each counter is exact; they are
    /// read one after the other while sessions go on.
    [[nodiscard]] std::string to_prometheus() const;

    void turned_away(const endpoint& peer, clock::time_point now) override;
    void proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now) override;
    void opened(const session_facts& session) override;
    void command_received(const session_facts& session, std::string_view name, std::string_view argument) override;
    void replied(const session_facts& session, int code, std::string_view text) override;
    void logged_in(const session_facts& session) override;
    void login_refused(const session_facts& session, std::string_view user) override;
    void transfer_began(const session_facts& session, transfer_kind kind, const store_path& path) override;
    void transfer_progressed(const session_facts& session, transfer_kind kind, std::uint64_t bytes) override;
    void transfer_ended(const session_facts& session, const transfer_report& report) override;
    void changed(const session_facts& session, const change_report& report) override;
    void tls_failed(const session_facts& session, std::error_code error) override;
    void closed(const session_facts& session, close_reason reason) override;

private:
    using counter = std::atomic<std::uint64_t>;

    std::span<const command_row> commands_;
    using gauge = std::atomic<std::int64_t>;

    gauge open_{0};
    std::vector<gauge> moving_; ///< By transfer_kind.
    counter opened_{0};
    counter turned_away_{0};
    counter proxy_failed_{0};
    counter logged_in_{0};
    counter login_refused_{0};
    counter tls_failed_{0};
    std::vector<counter> protected_; ///< Logins, by the version of TLS.
    std::vector<counter> closed_;    ///< By close_reason.
    std::vector<counter> received_;  ///< By row of commands_; the last are others.
    std::vector<counter> replied_;   ///< By the code's first digit, from 1 on.
    std::vector<counter> transfers_; ///< By transfer_kind, and in each by transfer_end.
    std::vector<counter> bytes_;     ///< By transfer_kind.
    std::vector<counter> time_;      ///< By transfer_kind, in nanoseconds.
    std::vector<counter> changes_;   ///< By change_kind.
};

} // namespace libftp
