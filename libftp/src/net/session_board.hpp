// Who is connected now, as SITE WHO tells it.
#pragma once

#include <libftp/session/session_observer.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace libftp::net {

/// For sessions on any threads.
class session_board final : public session_observer {
public:
    void opened(const session_facts& session) override { note(session); }
    void logged_in(const session_facts& session) override { note(session); }
    void facts_changed(const session_facts& session) override { note(session); }
    void closed(const session_facts& session, close_reason reason) override;

    /// What the sessions reported last, in the order they came.
    [[nodiscard]] std::vector<session_facts> sessions() const;

private:
    void note(const session_facts& session);

    mutable std::mutex mutex_;
    std::map<std::uint64_t, session_facts> sessions_;
};

} // namespace libftp::net
