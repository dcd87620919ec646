// Who is connected now and what moves, as net::server and SITE WHO tell it.
#pragma once

#include <libftp/net/session_status.hpp>
#include <libftp/session/session_observer.hpp>

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace libftp::net {

/// For sessions on any threads.
class session_board final : public session_observer {
public:
    void opened(const session_facts& session) override;
    void command_received(const session_facts& session, std::string_view name, std::string_view argument) override;
    void replied(const session_facts& session, int code, std::string_view text) override;
    void logged_in(const session_facts& session) override { note(session); }
    void facts_changed(const session_facts& session) override { note(session); }
    void transfer_began(const session_facts& session, transfer_kind kind, const store_path& path) override;
    void transfer_progressed(const session_facts& session, transfer_kind kind, std::uint64_t bytes) override;
    void transfer_ended(const session_facts& session, const transfer_report& report) override;
    void closed(const session_facts& session, close_reason reason) override;

    /// In the order they came.
    [[nodiscard]] std::vector<session_status> sessions(clock::time_point now) const;
    [[nodiscard]] std::vector<session_facts> facts() const;
    [[nodiscard]] bool has(std::uint64_t session) const;
    /// Nobody is connected any more.
    void clear();

private:
    /// Where a transfer's rate is counted from.
    struct sample {
        clock::time_point taken{};
        std::uint64_t bytes = 0;
    };
    struct entry {
        session_status status{};
        sample since{};
    };

    void note(const session_facts& session);

    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, entry> entries_; ///< By session_facts::id.
};

} // namespace libftp::net
