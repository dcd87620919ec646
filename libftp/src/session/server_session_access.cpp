// Who is there, and logging in and out: HOST, USER, PASS, ACCT, QUIT, REIN, CLNT, CSID (RFC 959 4.1.1, RFC 2228 3,
// RFC 2577 5, RFC 7151).
#include <libftp/session/server_session.hpp>

#include "../later.hpp"
#include "../protocol/ascii.hpp"
#include "server_session_request.hpp"

#include <libftp/protocol/glob.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

constexpr std::size_t max_name_bytes = 255; // of hosts and clients

bool is_host_label(std::string_view label)
{
    return !label.empty() && !label.starts_with('-') && !label.ends_with('-');
}

/// A name, whose letters need not be ASCII, an IPv4 address, or an IPv6 address in brackets (RFC 7151 3.1).
bool is_host(std::string_view text)
{
    if (text.starts_with('[')) {
        const auto inner = text.substr(1, text.size() - 2);
        const auto address = text.ends_with(']') ? ip_address::parse(inner) : std::nullopt;
        return address && address->family() == address_family::ipv6;
    }
    constexpr auto is_odd = [](char byte) {
        const auto code = static_cast<unsigned char>(byte); // from 0x80 on it is part of a letter
        return code <= ' ' || code == 0x7f || std::string_view{"/:[]*?"}.find(byte) != std::string_view::npos;
    };
    if (text.size() > max_name_bytes || std::ranges::any_of(text, is_odd))
        return false;
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        if (!is_host_label(text.substr(0, dot)))
            return false;
        text.remove_prefix(dot + 1);
    }
    return is_host_label(text);
}

} // namespace

void server_session::handle_host(const command& c)
{
    if (account_)
        return reply(reply_code::bad_sequence, "HOST comes before the login.");
    auto asked = c.argument;
    if (asked.ends_with('.'))
        asked.remove_suffix(1); // marks a fully qualified name
    if (!is_host(asked))
        return reply(reply_code::argument_error, "This is not the name of a host.");
    auto name = ascii::in_lower_case(asked);
    const auto fits = [&name](const std::string& pattern) { return glob_matches(ascii::in_lower_case(pattern), name); };
    if (!options_.hosts.empty() && std::ranges::none_of(options_.hosts, fits))
        return reply(reply_code::parameter_not_implemented, "There is no such host here.");
    facts_.host = std::move(name);
    password_ = {};
    observer_.facts_changed(facts_);
    enter(phase::identifying);
    reply_in_lines(reply_code::service_ready, options_.greeting);
}

void server_session::handle_user(const command& c)
{
    if (account_) {
        login_deadline_ = later(facts_.now, options_.login_limit);
        drop_data_connection();
        // The transfer parameters stay (RFC 959 4.1.1), but an offset in the last user's file means nothing now.
        restart_offset_ = 0;
        range_.reset();
    }
    log_out();
    user_ = c.argument;
    by_certificate_ = options_.tls.certificate_logins && facts_.tls && facts_.tls->peer;
    if (by_certificate_)
        return ask_authenticator({});
    ask_for_password();
}

void server_session::handle_pass(const command& c)
{
    if (phase_ != phase::password)
        return reply(reply_code::bad_sequence, account_ ? "Already logged in." : "Send the name by USER first.");
    password_ = secret{c.argument};
    ask_authenticator({});
}

void server_session::handle_acct(const command& c)
{
    if (phase_ == phase::naming_account)
        return ask_authenticator(secret{c.argument});
    if (account_)
        return reply(reply_code::superfluous, "No account is needed.");
    reply(reply_code::bad_sequence, "Log in with USER and PASS first.");
}

void server_session::ask_authenticator(secret account)
{
    enter(phase::authenticating);
    pending_ = request(action::authenticate{op_id::none,
                                            {.user = user_,
                                             .password = password_.clone(),
                                             .account = std::move(account),
                                             .host = facts_.host,
                                             .peer = facts_.peer,
                                             .tls = facts_.tls,
                                             .is_by_certificate = by_certificate_}});
}

void server_session::ask_for_password()
{
    enter(phase::password);
    reply(reply_code::password_needed, "Send the password by PASS.");
}

void server_session::authenticated(op_id id, result<account> outcome, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_ || phase_ != phase::authenticating)
        return;
    pending_ = op_id::none;
    if (!outcome && outcome.error() == login_errc::account_needed) {
        enter(phase::naming_account);
        reply(reply_code::account_needed, "Send the account by ACCT.");
        return advance();
    }
    const bool was_by_certificate = std::exchange(by_certificate_, false);
    if (was_by_certificate && !outcome && outcome.error() == std::errc::permission_denied) {
        ask_for_password(); // nothing was guessed: this is no failed login
        return advance();
    }
    password_ = {};
    // Links would lead around rules by path: better no login than rules that do not hold.
    if (outcome && outcome->store && outcome->allowed.differ_by_path() && outcome->store->follows_links())
        outcome = std::make_error_code(std::errc::not_supported);
    if (outcome && outcome->needs_tls.login && !facts_.tls) {
        observer_.login_refused(facts_, user_);
        enter(phase::identifying);
        refuse_login_in_clear();
        return advance();
    }
    if (outcome && outcome->store) {
        account_ = std::make_shared<const account>(std::move(*outcome));
        facts_.user = account_->name;
        facts_.is_anonymous = account_->is_anonymous;
        facts_.directory = account_->home;
        observer_.logged_in(facts_);
        enter(phase::ready);
        reply_in_lines(was_by_certificate ? reply_code::logged_in_by_certificate : reply_code::logged_in,
                       options_.welcome);
        return advance();
    }
    observer_.login_refused(facts_, user_);
    if (outcome || outcome.error() == std::errc::permission_denied) {
        ++failed_logins_;
        enter(phase::denying);
    } else if (outcome.error() == login_errc::too_many_sessions) {
        reply(reply_code::service_not_available, "This user has too many sessions. Goodbye.");
        close(close_reason::too_many_sessions);
    } else {
        reply(reply_code::service_not_available, "Logins are not possible at the moment.");
        close(close_reason::not_logged_in);
    }
    advance();
}

void server_session::answer_denied()
{
    if (failed_logins_ >= options_.max_failed_logins) {
        reply(reply_code::service_not_available, "Too many failed logins. Goodbye.");
        return close(close_reason::not_logged_in);
    }
    enter(phase::identifying);
    reply(reply_code::not_logged_in, "Wrong name or password.");
}

void server_session::handle_quit()
{
    reply(reply_code::service_closing, "Goodbye.");
    if (transfer_runs())
        quitting_ = true;
    else
        close(close_reason::quit);
}

/// The reply to REIN is protected as the command was; then TLS ends, where it began by AUTH (RFC 4217 13).
void server_session::handle_rein()
{
    begin_anew();
    reset_protection();
    reply(reply_code::service_ready, "Service ready for a new user.");
    if (facts_.tls && !began_in_tls_)
        stop_tls();
}

/// As if the client had just connected.
void server_session::begin_anew()
{
    drop_data_connection();
    if (account_)
        login_deadline_ = later(facts_.now, options_.login_limit);
    log_out();
    user_.clear();
    facts_.host.clear();
    facts_.directory = {};
    reset_parameters();
    enter(phase::identifying);
}

/// Releases the account, and with it its seat.
void server_session::log_out()
{
    const bool was_in = account_ != nullptr;
    account_.reset();
    password_ = {};
    facts_.user.clear();
    facts_.is_anonymous = false;
    rename_from_.reset();
    copy_from_.reset();
    umask_.reset();
    idle_limit_ = options_.idle_limit;
    if (was_in)
        observer_.facts_changed(facts_);
}

void server_session::handle_clnt(const command& c)
{
    facts_.client = c.argument.substr(0, max_name_bytes);
    observer_.facts_changed(facts_);
    reply(reply_code::ok, "Noted.");
}

void server_session::handle_csid(const command& c)
{
    facts_.client = c.argument.substr(0, max_name_bytes);
    observer_.facts_changed(facts_);
    reply(reply_code::ok, fmt::format("Name={}; CaseSensitive=1; DirSep=/;", options_.product));
}

} // namespace libftp
