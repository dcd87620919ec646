// Notes who comes, logs in and goes.
#include "session_board.hpp"

namespace libftp::net {

void session_board::note(const session_facts& session)
{
    const std::lock_guard lock{mutex_};
    sessions_.insert_or_assign(session.id, session);
}

void session_board::closed(const session_facts& session, close_reason /*reason*/)
{
    const std::lock_guard lock{mutex_};
    sessions_.erase(session.id);
}

std::vector<session_facts> session_board::sessions() const
{
    const std::lock_guard lock{mutex_};
    std::vector<session_facts> all;
    all.reserve(sessions_.size());
    for (const auto& [id, facts] : sessions_)
        all.push_back(facts);
    return all;
}

} // namespace libftp::net
