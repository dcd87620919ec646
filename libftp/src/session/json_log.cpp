// Chooses the members of each event's object.
#include <libftp/session/json_log.hpp>

#include "event_names.hpp"

#include <libftp/protocol/json_text.hpp>

namespace libftp {

namespace {

json_object begin(std::string_view event, const session_facts& session)
{
    json_object object;
    object.time("time", session.now).text("event", event).number("session", session.id);
    object.text("peer", session.peer.address.to_string()).number("peer_port", session.peer.port);
    if (!session.user.empty())
        object.text("user", session.user);
    if (session.is_anonymous)
        object.yes("is_anonymous");
    if (!session.client.empty())
        object.text("client", session.client);
    if (!session.host.empty())
        object.text("host", session.host);
    if (session.tls)
        object.text("tls", session.tls->version);
    return object;
}

std::uint64_t number(int code)
{
    return code < 0 ? 0 : static_cast<std::uint64_t>(code);
}

} // namespace

void json_log::turned_away(const endpoint& peer, clock::time_point now)
{
    json_object object;
    object.time("time", now).text("event", "turned_away");
    object.text("peer", peer.address.to_string()).number("peer_port", peer.port);
    write_(object.to_string());
}

void json_log::proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point now)
{
    json_object object;
    object.time("time", now).text("event", "proxy_failed");
    object.text("peer", proxy.address.to_string()).number("peer_port", proxy.port).text("error", error.message());
    write_(object.to_string());
}

void json_log::opened(const session_facts& session)
{
    write_(begin("opened", session).to_string());
}

void json_log::command_received(const session_facts& session, std::string_view name, std::string_view argument)
{
    write_(begin("command_received", session).text("name", name).text("argument", argument).to_string());
}

void json_log::replied(const session_facts& session, int code, std::string_view text)
{
    write_(begin("replied", session).number("code", number(code)).text("text", text).to_string());
}

void json_log::logged_in(const session_facts& session)
{
    write_(begin("logged_in", session).to_string());
}

void json_log::facts_changed(const session_facts& session)
{
    write_(begin("facts_changed", session).to_string());
}

void json_log::login_refused(const session_facts& session, std::string_view user)
{
    write_(begin("login_refused", session).text("refused_user", user).to_string());
}

void json_log::transfer_began(const session_facts& session, transfer_kind kind, const store_path& path)
{
    write_(begin("transfer_began", session).text("kind", name_of(kind)).text("path", path.string()).to_string());
}

void json_log::transfer_ended(const session_facts& session, const transfer_report& report)
{
    auto object = begin("transfer_ended", session);
    object.text("kind", name_of(report.kind)).text("path", report.path.string()).text("end", name_of(report.end));
    object.number("offset", report.offset).number("bytes", report.bytes).seconds("seconds", report.time);
    object.text("type", name_of(report.coding.type)).text("structure", name_of(report.coding.structure));
    object.text("mode", name_of(report.coding.mode)).number("reply_code", number(report.reply_code));
    if (report.is_protected)
        object.yes("is_protected");
    if (report.error)
        object.text("error", report.error.message());
    write_(object.to_string());
}

void json_log::changed(const session_facts& session, const change_report& report)
{
    auto object = begin("changed", session);
    object.text("kind", name_of(report.kind)).text("path", report.path.string());
    if (report.kind == change_kind::renamed || report.kind == change_kind::link_made ||
        report.kind == change_kind::copied)
        object.text("to", report.to.string());
    write_(object.to_string());
}

void json_log::tls_failed(const session_facts& session, std::error_code error)
{
    write_(begin("tls_failed", session).text("error", error.message()).to_string());
}

void json_log::closed(const session_facts& session, close_reason reason)
{
    write_(begin("closed", session).text("reason", name_of(reason)).to_string());
}

} // namespace libftp
