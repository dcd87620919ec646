// Chooses columns and keys; bytes from peers are escaped.
#include "status_report.hpp"

#include "../../common/quantities.hpp"

#include <libftp/protocol/json_text.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/version.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

using libftp::escape_controls;
using libftp::json_object;
using libftp::transfer_kind;
using libftp::net::session_status;

namespace {

std::string_view name_of(transfer_kind kind)
{
    switch (kind) {
    case transfer_kind::download: return "download";
    case transfer_kind::upload: return "upload";
    case transfer_kind::append: return "append";
    case transfer_kind::listing: return "listing";
    }
    return "";
}

std::chrono::seconds between(libftp::clock::time_point from, libftp::clock::time_point to)
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::max(to, from) - from);
}

std::string count(std::size_t number, std::string_view what)
{
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string describe(const std::vector<libftp::net::listener_status>& listeners)
{
    if (listeners.empty())
        return "takes no more sessions";
    std::string text;
    for (const auto& listener : listeners) {
        text += text.empty() ? "listens on " : ", ";
        text += listener.where.to_string();
        if (listener.start == libftp::control_start::in_tls)
            text += " (TLS)";
    }
    return text;
}

std::string describe_activity(const session_status& session, libftp::clock::time_point now)
{
    if (const auto& moving = session.transfer)
        return fmt::format("{} of {}: {}, {}", name_of(moving->kind), escape_controls(moving->path.string()),
                           format_size(moving->bytes), format_rate(static_cast<double>(moving->bytes_per_second)));
    const auto idle = format_duration(between(session.facts.now, now));
    return session.command.empty() ? fmt::format("idle {}", idle)
                                   : fmt::format("idle {} after {}", idle, escape_controls(session.command));
}

std::string name_of(const session_status& session)
{
    return session.facts.user.empty() ? "-" : escape_controls(session.facts.user);
}

std::string json_of(const session_status& session)
{
    const auto& facts = session.facts;
    json_object object;
    object.number("session", facts.id).time("began", session.began).time("last_event", facts.now);
    object.text("peer", facts.peer.address.to_string()).number("peer_port", facts.peer.port);
    if (!facts.user.empty())
        object.text("user", facts.user);
    if (facts.is_anonymous)
        object.yes("is_anonymous");
    if (!facts.client.empty())
        object.text("client", facts.client);
    if (facts.tls)
        object.text("tls", facts.tls->version);
    if (!session.command.empty())
        object.text("command", session.command);
    if (const auto& moving = session.transfer)
        object.text("transfer", name_of(moving->kind))
            .text("path", moving->path.string())
            .time("transfer_began", moving->began)
            .number("bytes", moving->bytes)
            .number("bytes_per_second", moving->bytes_per_second);
    return object.to_string();
}

} // namespace

std::string to_table(const server_report& report)
{
    std::size_t transfers = 0;
    std::uint64_t rate = 0;
    std::size_t widest_user = 4;
    std::size_t widest_address = 4;
    for (const auto& session : report.sessions) {
        transfers += session.transfer ? 1U : 0U;
        rate += session.transfer ? session.transfer->bytes_per_second : 0U;
        widest_user = std::max(widest_user, name_of(session).size());
        widest_address = std::max(widest_address, session.facts.peer.address.to_string().size());
    }
    auto text = fmt::format("ftp-server {}, process {}, up {}, {}\n{}, {}, {}\n", LIBFTP_VERSION, report.process,
                            format_duration(between(report.began, report.now)), describe(report.listeners),
                            count(report.sessions.size(), "session"), count(transfers, "transfer"),
                            format_rate(static_cast<double>(rate)));
    if (report.sessions.empty())
        return text;
    const auto add_row = [&](std::string_view id, std::string_view user, std::string_view from, std::string_view tls,
                             std::string_view time, std::string_view activity) {
        text += fmt::format("{:>6}  {:<{}}  {:<{}}  {:<7}  {:>8}  {}\n", id, user, widest_user, from, widest_address,
                            tls, time, activity);
    };
    text += "\n";
    add_row("ID", "USER", "FROM", "TLS", "SINCE", "DOES");
    for (const auto& session : report.sessions)
        add_row(std::to_string(session.facts.id), name_of(session), session.facts.peer.address.to_string(),
                session.facts.tls ? session.facts.tls->version : "-",
                format_duration(between(session.began, report.now)), describe_activity(session, report.now));
    return text;
}

std::string to_json_lines(const server_report& report)
{
    json_object server;
    server.text("server", "ftp-server").text("version", LIBFTP_VERSION).number("process", report.process);
    server.time("began", report.began).time("now", report.now).number("sessions", report.sessions.size());
    if (report.listeners.empty())
        server.yes("is_ending");
    auto text = server.to_string() + "\n";
    for (const auto& listener : report.listeners) {
        json_object object;
        object.text("listener", listener.where.to_string());
        if (listener.start == libftp::control_start::in_tls)
            object.yes("begins_in_tls");
        text += object.to_string() + "\n";
    }
    for (const auto& session : report.sessions)
        text += json_of(session) + "\n";
    return text;
}
