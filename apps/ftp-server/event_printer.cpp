// One line an event: time, session, who, what.
#include "event_printer.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

using namespace libftp;

namespace {

void print(std::string_view who, std::string_view what)
{
    const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    // One call a line: lines of several threads do not mix.
    fmt::print("{:%H:%M:%S} {} {}\n", fmt::localtime(time), who, what);
    std::fflush(stdout);
}

void print(const session_facts& session, std::string_view what)
{
    const auto user = session.user.empty() ? std::string{} : " " + escape_controls(session.user);
    print(fmt::format("#{} {}{}:", session.id, session.peer.address.to_string(), user), what);
}

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

std::string_view text_of(close_reason reason)
{
    switch (reason) {
    case close_reason::quit: return "left";
    case close_reason::peer_gone: return "left without QUIT";
    case close_reason::idle: return "sent away: idle for too long";
    case close_reason::not_logged_in: return "sent away: no login";
    case close_reason::foreign_protocol: return "sent away: does not speak FTP";
    case close_reason::shut_down: return "sent away: shutting down";
    case close_reason::unread: return "dropped: does not read";
    }
    return "";
}

} // namespace

void event_printer::turned_away(const endpoint& peer)
{
    print(peer.address.to_string() + ":", "turned away: too many connections");
}

void event_printer::opened(const session_facts& session)
{
    print(session, "connected");
}

void event_printer::logged_in(const session_facts& session)
{
    print(session, "logged in");
}

void event_printer::login_refused(const session_facts& session, std::string_view user)
{
    print(session, fmt::format("login refused for {}", escape_controls(user)));
}

void event_printer::transfer_ended(const session_facts& session, const transfer_report& report)
{
    const auto path = escape_controls(report.path.string());
    const auto seconds = std::chrono::duration<double>(report.time).count();
    if (report.reply_code == 226) {
        const auto rate = seconds > 0 ? static_cast<double>(report.bytes) / seconds / 1e6 : 0.0;
        print(session, fmt::format("{} {}: {} bytes in {:.3f} s ({:.1f} MB/s)", verb_of(report.kind), path,
                                   report.bytes, seconds, rate));
    } else {
        print(session, fmt::format("{} {} failed after {} bytes: {} {}", verb_of(report.kind), path, report.bytes,
                                   report.reply_code, report.error ? report.error.message() : ""));
    }
}

void event_printer::closed(const session_facts& session, close_reason reason)
{
    print(session, text_of(reason));
}
