// Notes who comes, logs in and goes, what was said last, and how far each transfer is.
#include "session_board.hpp"

#include <algorithm>

namespace libftp::net {

namespace {

constexpr std::size_t max_command_bytes = 250;
constexpr std::chrono::seconds rate_interval{1};

std::uint64_t per_second(std::uint64_t bytes, clock::duration time) noexcept
{
    return static_cast<std::uint64_t>(static_cast<double>(bytes) / std::chrono::duration<double>(time).count());
}

} // namespace

void session_board::opened(const session_facts& session)
{
    const std::lock_guard lock{mutex_};
    entries_.insert_or_assign(session.id, entry{{.facts = session, .began = session.now}});
}

void session_board::command_received(const session_facts& session, std::string_view name, std::string_view argument)
{
    const std::lock_guard lock{mutex_};
    auto& status = entries_[session.id].status;
    status.facts.now = session.now;
    status.command.assign(name.substr(0, max_command_bytes));
    const auto room = max_command_bytes - status.command.size();
    if (!argument.empty())
        status.command.append(" ").append(argument.substr(0, room));
}

/// The working directory may be another after each.
void session_board::replied(const session_facts& session, int /*code*/, std::string_view /*text*/)
{
    const std::lock_guard lock{mutex_};
    auto& facts = entries_[session.id].status.facts;
    facts.now = session.now;
    if (facts.directory != session.directory)
        facts.directory = session.directory;
}

void session_board::note(const session_facts& session)
{
    const std::lock_guard lock{mutex_};
    entries_[session.id].status.facts = session;
}

void session_board::transfer_began(const session_facts& session, transfer_kind kind, const store_path& path)
{
    const std::lock_guard lock{mutex_};
    auto& noted = entries_[session.id];
    noted.status.facts.now = session.now;
    noted.status.transfer = transfer_status{.kind = kind, .path = path, .began = session.now};
    noted.since = {session.now, 0};
}

void session_board::transfer_progressed(const session_facts& session, transfer_kind /*kind*/, std::uint64_t bytes)
{
    const std::lock_guard lock{mutex_};
    auto& [status, since] = entries_[session.id];
    status.facts.now = session.now;
    if (!status.transfer)
        return;
    auto& transfer = *status.transfer;
    transfer.bytes += bytes;
    if (session.now - since.taken >= rate_interval) {
        transfer.bytes_per_second = per_second(transfer.bytes - since.bytes, session.now - since.taken);
        since = {session.now, transfer.bytes};
    }
}

void session_board::transfer_ended(const session_facts& session, const transfer_report& /*report*/)
{
    const std::lock_guard lock{mutex_};
    auto& status = entries_[session.id].status;
    status.facts.now = session.now;
    status.transfer.reset();
}

void session_board::closed(const session_facts& session, close_reason /*reason*/)
{
    const std::lock_guard lock{mutex_};
    entries_.erase(session.id);
}

std::vector<session_status> session_board::sessions(clock::time_point now) const
{
    std::vector<session_status> all;
    {
        const std::lock_guard lock{mutex_};
        all.reserve(entries_.size());
        for (const auto& [id, noted] : entries_) {
            all.push_back(noted.status);
            auto& transfer = all.back().transfer;
            // What stalls must not seem to go on.
            if (transfer && now - noted.since.taken >= rate_interval)
                transfer->bytes_per_second = per_second(transfer->bytes - noted.since.bytes, now - noted.since.taken);
        }
    }
    std::ranges::sort(all, {}, [](const session_status& status) { return status.facts.id; });
    return all;
}

std::vector<session_facts> session_board::facts() const
{
    std::vector<session_facts> all;
    {
        const std::lock_guard lock{mutex_};
        all.reserve(entries_.size());
        for (const auto& [id, noted] : entries_)
            all.push_back(noted.status.facts);
    }
    std::ranges::sort(all, {}, &session_facts::id);
    return all;
}

bool session_board::has(std::uint64_t session) const
{
    const std::lock_guard lock{mutex_};
    return entries_.contains(session);
}

void session_board::clear()
{
    const std::lock_guard lock{mutex_};
    entries_.clear();
}

} // namespace libftp::net
