// Hears what goes over the connection, and keeps what commands and prompt want to know of it.
#include "session.hpp"

#include "local_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

using namespace libftp;

namespace {

ftp_url copy(const ftp_url& url)
{
    ftp_url copied;
    copied.scheme = url.scheme;
    copied.host = url.host;
    copied.port = url.port;
    copied.user = url.user;
    if (url.password)
        copied.password = url.password->clone();
    copied.path = url.path;
    copied.type = url.type;
    return copied;
}

/// What the server refuses, where that is not the file but a command that prepares its transfer: its words alone would
/// be taken for those to the file. Empty: something else went wrong.
std::string_view lack_of(const operation_error& error, data_mode mode)
{
    const bool is_refusal = error.answer.is_transient_failure() || error.answer.is_permanent_failure();
    if (!is_refusal || error.session == session_state::closed || error.answer.code == to_int(reply_code::not_logged_in))
        return {};
    switch (error.step) {
    case operation_step::type: return "the server does not take the type of the transfer (TYPE)";
    case operation_step::data_address:
        return mode == data_mode::passive ? "the server names no port for the data (EPSV, PASV)"
                                          : "the server does not take a port for the data (EPRT, PORT)";
    case operation_step::restart: return "the server cannot continue it, and without -c it comes whole (REST)";
    default: return {};
    }
}

} // namespace

session::session(reporter& its_out, libftp::data_mode mode, tls_wishes wishes)
    : out(its_out), trust(its_out, std::move(wishes)), data_mode(mode)
{
    std::error_code error; // one that is gone shows when a file is to be opened
    local_directory = std::filesystem::current_path(error);
}

std::unique_ptr<session> session::clone(reporter& its_out) const
{
    auto other = std::make_unique<session>(its_out, data_mode, trust.wishes_for_others());
    other->active = active;
    other->tls = tls;
    other->type = type;
    other->logins = logins;
    if (server)
        other->server = copy(*server);
    other->local_directory = local_directory;
    other->known_directory = known_directory;
    other->has_left_home = has_left_home;
    other->time_limit = time_limit;
    other->attempts = attempts;
    if (shown_detail_)
        other->show_protocol(*shown_detail_);
    other->rate = rate;
    other->bytes_per_second = bytes_per_second;
    return other;
}

result<void, std::string> session::begin(tls_use use)
{
    tls = use;
    client_options options{.tls = use, .data_mode = data_mode, .active = active};
    if (time_limit) {
        options.reply_limit = options.data_connect_limit = options.stall_limit = *time_limit;
        options.abort_limit = std::min(options.abort_limit, *time_limit);
    }
    {
        const std::lock_guard lock{client_changes_};
        client = net::client{options};
    }
    client.on_event([this](const client_event& event) { hear(event); });
    if (use == tls_use::off)
        return {};
    if (const auto used = client.use_tls(trust.options()); !used)
        return used.error().text;
    return {};
}

void session::hear(const client_event& event)
{
    const auto now = std::chrono::steady_clock::now();
    last_used = now;
    if (trace_)
        trace_->hear(event, now);
    const auto* done = std::get_if<event::operation_done>(&event);
    if (done != nullptr)
        farewell.reset();
    // A QUIT that is cut off has succeeded without a reply: those of the sessions that pget had opened besides are,
    // behind the answer to the last one.
    if (done != nullptr && (done->answer.code != 0 || !done->outcome))
        last_reply = done->answer;
    // A download may be taken for whole although its data connection was reset behind the last byte.
    if (done != nullptr && (done->outcome ? std::holds_alternative<transfer_result>(*done->outcome)
                                          : done->outcome.error().step == operation_step::transfer))
        last_transfer_reply = done->outcome ? done->answer : done->outcome.error().answer;
    const auto* received = std::get_if<event::reply_received>(&event);
    if (received && received->answer.code == to_int(reply_code::service_not_available))
        farewell = received->answer;
    if (const auto* sent = std::get_if<event::command_sent>(&event)) {
        user_was_sent = user_was_sent || sent->line.starts_with("USER ");
        listings.heard(sent->line);
    }
}

void session::show_protocol(trace_detail detail)
{
    shown_detail_ = detail;
    trace_.emplace(detail, std::chrono::steady_clock::now(), [this](std::string_view line) { out.trace(line); });
}

void session::note(std::string_view text) const
{
    if (trace_)
        trace_->note(text, std::chrono::steady_clock::now());
}

void session::use_data_mode(libftp::data_mode mode)
{
    data_mode = mode;
    client.use_data_mode(mode);
}

std::string session::local(std::string_view name) const
{
    return to_name(local_directory / to_path(name));
}

void session::interrupt()
{
    const std::lock_guard lock{client_changes_};
    is_interrupted_ = true;
    client.interrupt();
}

outcome session::refuse(cause why, std::string_view sentence)
{
    out.error(why, sentence);
    return outcome::failed;
}

outcome session::refuse(std::string_view what, const operation_error& error)
{
    if (const auto lack = lack_of(error, data_mode); !lack.empty())
        return refuse(cause_of(error), fmt::format("{}: {}: {}", what, lack, error.message()));
    // The server's last words are a reply that nobody asked for, unless they say that it leaves.
    const auto last_code = error.answer.code;
    if (error.code == protocol_errc::not_connected && last_code != 0 &&
        last_code != to_int(reply_code::service_not_available)) {
        const operation_error before{.code = protocol_errc::reply_unexpected, .answer = error.answer};
        return refuse(cause_of(error), fmt::format("{}: the session has ended before: {}", what, before.message()));
    }
    if (error.step == operation_step::tls && error.code == protocol_errc::timed_out)
        return refuse(cause_of(error), fmt::format("{}: the server did not answer the TLS handshake of the data "
                                                   "connection in time.",
                                                   what));
    // Whoever hears that the peer is silent looks for the fault at the wrong connection.
    const bool lacks_data_connection =
        error.step == operation_step::data_connection && last_code == 0 &&
        (error.code == protocol_errc::timed_out || error.code == protocol_errc::data_connection_refused);
    if (lacks_data_connection)
        return refuse(cause_of(error),
                      fmt::format("{}: the data connection did not come about. A firewall may be in the way: {}.", what,
                                  data_mode == libftp::data_mode::passive
                                      ? "in active mode (--active, passive off) the server opens it"
                                      : "in passive mode (passive on) this side opens it"));
    return refuse(cause_of(error), fmt::format("{}: {}", what, error.message()));
}

outcome session::show(const reply& answer)
{
    out.answer(answer);
    return outcome::done;
}

outcome session::show(const client_result<reply>& answer, std::string_view what)
{
    return answer ? show(*answer) : refuse(what, answer.error());
}

outcome session::acknowledge(const client_result<reply>& reply, std::string_view what)
{
    if (!reply)
        return refuse(what, reply.error());
    out.reply(*reply);
    return outcome::done;
}
