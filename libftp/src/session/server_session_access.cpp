// Logging in and out: USER, PASS, QUIT, REIN (RFC 959 4.1.1, RFC 2577 5).
#include <libftp/session/server_session.hpp>

#include "server_session_request.hpp"

namespace libftp {

void server_session::handle_user(const command& c)
{
    if (account_) {
        login_deadline_ = now_ + options_.login_limit;
        drop_data_connection();
        restart_offset_ = 0;
    }
    account_.reset();
    facts_.user.clear();
    user_ = c.argument;
    enter(phase::password);
    reply(reply_code::password_needed, "Send the password by PASS.");
}

void server_session::handle_pass(const command& c)
{
    if (phase_ != phase::password)
        return reply(reply_code::bad_sequence, account_ ? "Already logged in." : "Send the name by USER first.");
    enter(phase::authenticating);
    pending_ = request(action::authenticate{op_id::none, {user_, secret{c.argument}, facts_.peer}});
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

void server_session::handle_rein()
{
    drop_data_connection();
    if (account_)
        login_deadline_ = now_ + options_.login_limit;
    account_.reset();
    facts_.user.clear();
    user_.clear();
    directory_ = {};
    type_ = representation::ascii;
    facts_chosen_ = fact_set::standard();
    restart_offset_ = 0;
    extended_only_ = false;
    enter(phase::identifying);
    reply(reply_code::service_ready, "Ready for a new user.");
}

} // namespace libftp
