// One line an event: time, session, who, what.
#include "event_printer.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

using namespace libftp;

namespace {

std::string_view verb_of(transfer_kind kind)
{
    switch (kind) {
    case transfer_kind::download: return "download of";
    case transfer_kind::upload: return "upload of";
    case transfer_kind::append: return "append to";
    case transfer_kind::listing: return "listing of";
    }
    return "";
}

std::string_view text_of(transfer_end end)
{
    switch (end) {
    case transfer_end::completed: return "completed";
    case transfer_end::no_connection: return "no data connection";
    case transfer_end::connection_broken: return "the data connection broke";
    case transfer_end::store_failed: return "the files failed";
    case transfer_end::malformed: return "malformed data";
    case transfer_end::aborted: return "aborted by the client";
    case transfer_end::stalled: return "stalled";
    case transfer_end::session_ended: return "the session ended";
    }
    return "";
}

std::string_view text_of(change_kind kind)
{
    switch (kind) {
    case change_kind::file_removed: return "removed";
    case change_kind::directory_removed: return "removed directory";
    case change_kind::directory_made: return "made directory";
    case change_kind::renamed: return "renamed";
    case change_kind::attributes_set: return "set attributes of";
    case change_kind::link_made: return "linked";
    case change_kind::copied: return "copied";
    case change_kind::combined: return "combined into";
    }
    return "";
}

std::string_view text_of(close_reason reason)
{
    switch (reason) {
    case close_reason::quit: return "left";
    case close_reason::peer_gone: return "left without QUIT";
    case close_reason::idle: return "sent away: idle for too long";
    case close_reason::not_logged_in: return "sent away: no login";
    case close_reason::too_many_sessions: return "sent away: too many sessions of this user";
    case close_reason::foreign_protocol: return "sent away: does not speak FTP";
    case close_reason::tls_failed: return "dropped: no TLS";
    case close_reason::shut_down: return "sent away: shutting down";
    case close_reason::disconnected: return "sent away by the server's owner";
    case close_reason::unread: return "dropped: does not read";
    }
    return "";
}

/// Valid until the thread asks for another. Kept, as the lines of a busy server are many in a second, and local time is
/// dear.
std::string_view text_of(clock::time_point time, time_stamp form)
{
    struct told {
        std::time_t second = -1;
        time_stamp form{};
        std::string text{};
    };
    thread_local told last;
    const auto second = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    if (last.text.empty() || last.second != second || last.form != form) {
        const auto local = fmt::localtime(static_cast<std::time_t>(second));
        last = {static_cast<std::time_t>(second), form,
                form == time_stamp::time ? fmt::format("{:%H:%M:%S}", local)
                                         : fmt::format("{:%Y-%m-%d %H:%M:%S}", local)};
    }
    return last.text;
}

} // namespace

void event_printer::print(clock::time_point time, std::string_view who, std::string_view what)
{
    write_(fmt::format("{} {} {}", text_of(time, stamp_), who, what));
}

void event_printer::print(const session_facts& session, std::string_view what)
{
    const auto user = session.user.empty() ? std::string{} : ' ' + escape_controls(session.user);
    write_(fmt::format("{} #{} {}{}: {}", text_of(session.now, stamp_), session.id, session.peer.address.to_string(),
                       user, what));
}

void event_printer::turned_away(const endpoint& peer, clock::time_point now)
{
    print(now, peer.address.to_string() + ":", "turned away: too many connections");
}

void event_printer::proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now)
{
    print(now, proxy.address.to_string() + ":", fmt::format("dropped: {}", error.message()));
}

void event_printer::opened(const session_facts& session)
{
    print(session, "connected");
}

void event_printer::logged_in(const session_facts& session)
{
    if (!session.tls)
        print(session, "logged in");
    else if (const auto& certificate = session.tls->peer)
        print(session,
              fmt::format("logged in by {}, as {}", session.tls->version, escape_controls(certificate->subject)));
    else
        print(session, fmt::format("logged in by {}", session.tls->version));
}

void event_printer::login_refused(const session_facts& session, std::string_view user)
{
    print(session, fmt::format("login refused for {}", escape_controls(user)));
}

void event_printer::transfer_ended(const session_facts& session, const transfer_report& report)
{
    const auto path = escape_controls(report.path.string());
    const auto seconds = std::chrono::duration<double>(report.time).count();
    if (report.end == transfer_end::completed) {
        const auto rate = seconds > 0 ? static_cast<double>(report.bytes) / seconds / 1e6 : 0.0;
        print(session, fmt::format("{} {}: {} bytes in {:.3f} s ({:.1f} MB/s)", verb_of(report.kind), path,
                                   report.bytes, seconds, rate));
    } else {
        const auto cause = report.error ? ": " + report.error.message() : std::string{};
        print(session, fmt::format("{} {} failed after {} bytes: {}{}", verb_of(report.kind), path, report.bytes,
                                   text_of(report.end), cause));
    }
}

void event_printer::changed(const session_facts& session, const change_report& report)
{
    const auto to = report.to.is_root() ? std::string{} : " to " + escape_controls(report.to.string());
    print(session, fmt::format("{} {}{}", text_of(report.kind), escape_controls(report.path.string()), to));
}

void event_printer::tls_failed(const session_facts& session, std::error_code error)
{
    print(session, fmt::format("TLS: {}", error.message()));
}

void event_printer::closed(const session_facts& session, close_reason reason)
{
    print(session, text_of(reason));
}
