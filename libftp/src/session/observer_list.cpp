// Tells each observer of the list, one after the other.
#include <libftp/session/observer_list.hpp>

namespace libftp {

void observer_list::turned_away(const endpoint& peer, clock::time_point now)
{
    for (auto* observer : observers_)
        observer->turned_away(peer, now);
}

void observer_list::proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now)
{
    for (auto* observer : observers_)
        observer->proxy_failed(proxy, error, now);
}

void observer_list::opened(const session_facts& session)
{
    for (auto* observer : observers_)
        observer->opened(session);
}

void observer_list::command_received(const session_facts& session, std::string_view name, std::string_view argument)
{
    for (auto* observer : observers_)
        observer->command_received(session, name, argument);
}

void observer_list::replied(const session_facts& session, int code, std::string_view text)
{
    for (auto* observer : observers_)
        observer->replied(session, code, text);
}

void observer_list::logged_in(const session_facts& session)
{
    for (auto* observer : observers_)
        observer->logged_in(session);
}

void observer_list::facts_changed(const session_facts& session)
{
    for (auto* observer : observers_)
        observer->facts_changed(session);
}

void observer_list::login_refused(const session_facts& session, std::string_view user)
{
    for (auto* observer : observers_)
        observer->login_refused(session, user);
}

void observer_list::transfer_began(const session_facts& session, transfer_kind kind, const store_path& path)
{
    for (auto* observer : observers_)
        observer->transfer_began(session, kind, path);
}

void observer_list::transfer_progressed(const session_facts& session, transfer_kind kind, std::uint64_t bytes)
{
    for (auto* observer : observers_)
        observer->transfer_progressed(session, kind, bytes);
}

void observer_list::transfer_ended(const session_facts& session, const transfer_report& report)
{
    for (auto* observer : observers_)
        observer->transfer_ended(session, report);
}

void observer_list::changed(const session_facts& session, const change_report& report)
{
    for (auto* observer : observers_)
        observer->changed(session, report);
}

void observer_list::tls_failed(const session_facts& session, std::error_code error)
{
    for (auto* observer : observers_)
        observer->tls_failed(session, error);
}

void observer_list::closed(const session_facts& session, close_reason reason)
{
    for (auto* observer : observers_)
        observer->closed(session, reason);
}

} // namespace libftp
