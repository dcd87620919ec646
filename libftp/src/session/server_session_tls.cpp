// TLS on the control connection and on data connections: AUTH, PBSZ, PROT, CCC (RFC 2228 3; RFC 4217; RFC 7151).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"
#include "server_session_request.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

/// Whether the data connection's certificate, or the lack of one, proves that.
bool is_of_another_client(const tls_facts& data, const tls_facts* control) noexcept
{
    if (data.continues_control || control == nullptr || !control->peer)
        return false;
    return !data.peer || data.peer->fingerprint != control->peer->fingerprint;
}

} // namespace

/// Also after CCC and REIN: RFC 4217 forbids no second handshake, and RFC 2228 3 has AUTH begin anew whenever it comes.
void server_session::handle_auth(const command& c)
{
    if (facts_.tls)
        return reply(reply_code::bad_sequence, "TLS is there already.");
    const auto is = [&c](std::string_view name) { return ascii::equal_ignoring_case(c.argument, name); };
    const bool is_with_data = is("SSL") || is("TLS-P");
    if (!is_with_data && !is("TLS") && !is("TLS-C"))
        return reply(reply_code::parameter_not_implemented, "The only mechanism is TLS.");
    auto host = std::move(facts_.host); // comes before AUTH, so that the certificate can be that host's
    begin_anew();
    facts_.host = std::move(host);
    facts_.client.clear();
    buffer_size_said_ = false;
    protects_data_ = is_with_data;
    reply(reply_code::security_accepted, "TLS begins.");
    start_tls();
}

/// Forgets what has come in clear and was not read yet: it need not have come from the client.
void server_session::start_tls()
{
    wipe(held_.data(), held_.size());
    held_.clear();
    pending_ = request(action::start_tls{});
    enter(phase::securing);
}

void server_session::tls_started(op_id id, result<tls_facts> outcome, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_ || phase_ != phase::securing)
        return;
    if (!outcome) {
        observer_.tls_failed(facts_, outcome.error());
        return close(close_reason::tls_failed);
    }
    pending_ = op_id::none;
    lines_.reset();
    facts_.tls = std::make_shared<const tls_facts>(*std::move(outcome));
    // Somebody else said HOST in clear if the client asks for another host by SNI.
    const auto& asked = facts_.tls->server_name;
    if (!asked.empty() && !ascii::equal_ignoring_case(asked, facts_.host))
        facts_.host.clear();
    observer_.facts_changed(facts_);
    enter(phase::identifying);
    if (!has_spoken_ftp_) // not even AUTH
        reply_in_lines(reply_code::service_ready, options_.greeting);
    // An attacker may have sent AUTH, and led the client of another protocol here to do the rest.
    has_spoken_ftp_ = false;
    advance();
}

void server_session::stop_tls()
{
    pending_ = request(action::stop_tls{});
    enter(phase::clearing);
}

void server_session::tls_ended(op_id id, result<void> outcome, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_ || phase_ != phase::clearing)
        return;
    if (!outcome) {
        observer_.tls_failed(facts_, outcome.error());
        return close(close_reason::tls_failed);
    }
    pending_ = op_id::none;
    facts_.tls.reset();
    observer_.facts_changed(facts_);
    enter(account_ ? phase::ready : phase::identifying);
    advance();
}

void server_session::handle_pbsz(const command& c)
{
    if (!facts_.tls)
        return reply(reply_code::bad_sequence, "AUTH TLS comes first.");
    if (!ascii::parse_number<std::uint32_t>(c.argument))
        return reply(reply_code::argument_error, "PBSZ takes a number.");
    buffer_size_said_ = true;
    reply(reply_code::ok, "PBSZ=0");
}

/// Not in clear after CCC either: whoever sits in between could take the protection away.
void server_session::handle_prot(const command& c)
{
    if (!facts_.tls || !buffer_size_said_)
        return reply(reply_code::bad_sequence, "AUTH TLS and PBSZ come first.");
    const auto is = [&c](std::string_view level) { return ascii::equal_ignoring_case(c.argument, level); };
    if (is("S") || is("E"))
        return reply(reply_code::protection_not_supported, "TLS protects wholly or not at all: PROT P or C.");
    if (!is("P") && !is("C"))
        return reply(reply_code::parameter_not_implemented, "PROT can be P or C.");
    if (is("C") && needed_tls().data)
        return reply(reply_code::security_denied, "Data connections need PROT P here.");
    drop_kept_connection(); // it is protected as it was
    protects_data_ = is("P");
    reply(reply_code::ok, protects_data_ ? "Data connections will be in TLS." : "Data connections will be in clear.");
}

/// Data connections stay as PROT has them.
void server_session::handle_ccc()
{
    if (!facts_.tls)
        return reply(reply_code::command_not_protected, "There is no TLS to end.");
    if (!account_)
        return reply(reply_code::bad_sequence, "CCC comes after the login.");
    if (needed_tls().login)
        return reply(reply_code::security_denied, "The control connection stays in TLS here.");
    reply(reply_code::ok, "TLS ends on the control connection.");
    stop_tls();
}

/// As they are at the beginning of a session.
void server_session::reset_protection()
{
    buffer_size_said_ = began_in_tls_;
    protects_data_ = began_in_tls_;
}

bool server_session::offers_tls() const noexcept
{
    return options_.tls.is_offered || began_in_tls_;
}

/// What the server demands and, once it is known, the account.
tls_needs server_session::needed_tls() const noexcept
{
    auto needs = options_.tls.needs;
    if (account_) {
        needs.login = needs.login || account_->needs_tls.login;
        needs.data = needs.data || account_->needs_tls.data;
    }
    return needs;
}

/// Whether names and passwords have to wait for TLS.
bool server_session::lacks_tls() const noexcept
{
    return !facts_.tls && needed_tls().login;
}

void server_session::refuse_login_in_clear()
{
    reply(reply_code::not_logged_in,
          offers_tls() ? "Begin TLS with AUTH TLS first." : "Logins need TLS, which is not offered here.");
}

/// Behind 150, which tells the client that it may begin with the handshake.
void server_session::secure_data_connection()
{
    data_ = data_state::securing;
    actions_.emplace_back(action::secure_data{data_id_});
    if (phase_ != phase::connecting) // one limit for all that a data connection takes
        enter(phase::connecting);
}

void server_session::data_secured(op_id id, result<tls_facts> outcome, clock::time_point now)
{
    facts_.now = now;
    if (id != data_id_ || data_ != data_state::securing)
        return;
    const bool is_another_client = outcome && is_of_another_client(*outcome, facts_.tls.get());
    if (is_another_client)
        outcome = make_error_code(outcome->peer ? tls_errc::certificate_changed : tls_errc::certificate_missing);
    if (outcome && options_.tls.binding != session_binding::off && !outcome->continues_control) {
        observer_.tls_failed(facts_, tls_errc::session_not_resumed);
        if (options_.tls.binding == session_binding::require)
            outcome = make_error_code(tls_errc::session_not_resumed);
    } else if (!outcome) {
        observer_.tls_failed(facts_, outcome.error());
    }
    if (outcome) {
        data_ = data_state::connected;
        job_->is_protected = true;
        start_transfer();
    } else {
        end_transfer(transfer_end::no_connection, reply_code::tls_not_negotiated,
                     is_another_client ? "The data connection must show the control connection's certificate."
                     : outcome.error() == tls_errc::session_not_resumed
                         ? "The data connection must resume the TLS session of the control connection."
                         : "TLS failed on the data connection.",
                     outcome.error());
    }
    advance();
}

} // namespace libftp
