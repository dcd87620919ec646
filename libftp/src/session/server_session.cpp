// The server session's machine: lines in, gates, phases, limits and the end (RFC 959 5.4, 6; RFC 2577).
#include <libftp/session/server_session.hpp>

#include "server_session_request.hpp"

#include <libftp/protocol/reply.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

server_session::server_session(const session_options& options, session_observer& observer, std::uint64_t id,
                               const endpoint& peer, const endpoint& local, clock::time_point now)
    : options_(options), observer_(observer), facts_{id, peer, {}}, local_(local), now_(now),
      lines_(options.max_line_bytes), login_deadline_(now + options.login_limit)
{
    enter(phase::identifying);
    observer_.opened(facts_);
    reply(reply_code::service_ready, options_.greeting);
}

server_session::~server_session() = default;

void server_session::received(std::string_view bytes, clock::time_point now)
{
    now_ = now;
    if (inbox_.empty())
        read_lines(bytes);
    if (phase_ != phase::closing && phase_ != phase::closed && !quitting_)
        inbox_ += bytes;
    advance();
}

void server_session::received_eof(clock::time_point now)
{
    now_ = now;
    input_ended_ = true;
    advance();
}

void server_session::connection_lost(clock::time_point now)
{
    now_ = now;
    close(close_reason::peer_gone);
    output_.clear();
    sent_ = 0;
}

bool server_session::wants_input() const noexcept
{
    return !input_ended_ && !quitting_ && phase_ != phase::closed && inbox_.size() < options_.max_line_bytes &&
           output().size() <= options_.max_output_bytes;
}

std::string_view server_session::output() const noexcept
{
    return std::string_view{output_}.substr(sent_);
}

void server_session::output_sent(std::size_t bytes, clock::time_point now)
{
    now_ = now;
    sent_ += bytes;
    // A peer that never takes everything must not make the rest grow.
    if (sent_ * 2 >= output_.size())
        output_.erase(0, std::exchange(sent_, 0));
    advance();
}

std::optional<server_action> server_session::next_action()
{
    if (!actions_.empty()) {
        std::optional<server_action> first{std::move(actions_.front())};
        actions_.erase(actions_.begin());
        return first;
    }
    if (phase_ == phase::closing && output().empty()) {
        enter(phase::closed);
        observer_.closed(facts_, close_reason_);
        return action::close_control{};
    }
    return std::nullopt;
}

std::optional<clock::time_point> server_session::deadline() const noexcept
{
    auto earliest = phase_deadline_;
    if (phase_ == phase::ready && data_ == data_state::listening)
        earliest = std::min(earliest, data_deadline_);
    if (shut_down_at_ && transfer_runs())
        earliest = std::min(earliest, *shut_down_at_);
    if (earliest == clock::time_point::max())
        return std::nullopt;
    return earliest;
}

void server_session::deadline_passed(clock::time_point now)
{
    now_ = now;
    if (shut_down_at_ && now >= *shut_down_at_ && transfer_runs())
        stop_transfer(stop_reason::shut_down);
    else if (phase_ == phase::ready && data_ == data_state::listening && now >= data_deadline_)
        drop_data_connection();
    if (now < phase_deadline_)
        return advance();
    switch (phase_) {
    case phase::identifying:
    case phase::password:
        reply(reply_code::service_not_available, "No login within the limit. Goodbye.");
        close(close_reason::not_logged_in);
        break;
    case phase::denying: answer_denied(); break;
    case phase::ready:
        reply(reply_code::service_not_available, "No command within the limit. Goodbye.");
        close(close_reason::idle);
        break;
    case phase::connecting:
        end_transfer(reply_code::cannot_open_data_connection, "No data connection within the limit.",
                     std::make_error_code(std::errc::timed_out));
        break;
    case phase::transferring: stop_transfer(stop_reason::stalled); break;
    case phase::closing:
        output_.clear();
        sent_ = 0;
        close_reason_ = close_reason::unread;
        break;
    default: break;
    }
    advance();
}

void server_session::shut_down(clock::duration grace, clock::time_point now)
{
    now_ = now;
    if (transfer_runs() || phase_ == phase::opening || phase_ == phase::aborting) {
        shut_down_at_ = now + grace;
    } else if (phase_ != phase::closing && phase_ != phase::closed) {
        reply(reply_code::service_not_available, "The server is shutting down. Goodbye.");
        close(close_reason::shut_down);
    }
}

void server_session::authenticated(op_id id, result<account> outcome, clock::time_point now)
{
    now_ = now;
    if (id != pending_ || phase_ != phase::authenticating)
        return;
    pending_ = op_id::none;
    if (outcome && outcome->store) {
        account_ = std::move(*outcome);
        facts_.user = account_->name;
        directory_ = account_->home;
        observer_.logged_in(facts_);
        enter(phase::ready);
        reply(reply_code::logged_in, "Logged in.");
    } else if (outcome || outcome.error() == std::errc::permission_denied) {
        ++failed_logins_;
        observer_.login_refused(facts_, user_);
        enter(phase::denying);
    } else {
        observer_.login_refused(facts_, user_);
        reply(reply_code::service_not_available, "Logins are not possible at the moment.");
        close(close_reason::not_logged_in);
    }
    advance();
}

void server_session::store_answered(op_id id, store_response response, clock::time_point now)
{
    now_ = now;
    if (id != pending_)
        return;
    pending_ = op_id::none;
    if (phase_ == phase::opening)
        transfer_opened(std::move(response));
    else
        store_call_ended(std::move(response));
    advance();
}

void server_session::enter(phase next)
{
    phase_ = next;
    const auto limit = [this, next]() -> clock::time_point {
        switch (next) {
        case phase::identifying:
        case phase::password: return login_deadline_;
        case phase::denying: return now_ + options_.denial_delay;
        case phase::ready: return now_ + options_.idle_limit;
        case phase::connecting: return now_ + options_.data_connect_limit;
        case phase::transferring: return now_ + options_.stall_limit;
        case phase::closing: return now_ + options_.close_limit;
        default: return clock::time_point::max();
        }
    };
    phase_deadline_ = limit();
}

/// Goes on with what waits, as far as the phase allows.
void server_session::advance()
{
    while (!held_.empty() && takes_lines() && !transfer_runs()) {
        auto line = held_.substr(0, held_.find('\n'));
        wipe(held_.data(), line.size());
        held_.erase(0, line.size() + 1);
        take_line(line);
        wipe(line.data(), line.size());
    }
    if (!inbox_.empty()) {
        std::string_view input = inbox_;
        read_lines(input);
        const auto used = inbox_.size() - input.size();
        wipe(inbox_.data(), used);
        inbox_.erase(0, used);
    }
    if (!input_ended_ || quitting_)
        return;
    if (transfer_runs())
        stop_transfer(stop_reason::input_ended);
    if (takes_lines() && held_.empty())
        close(close_reason::peer_gone);
}

void server_session::read_lines(std::string_view& input)
{
    while (!input.empty() && takes_lines() && held_.size() < options_.max_line_bytes) {
        switch (lines_.read(input)) {
        case line_reader::status::line: take_line(lines_.line()); break;
        case line_reader::status::too_long: reply(reply_code::syntax_error, "The command line is too long."); break;
        case line_reader::status::malformed:
            reply(reply_code::syntax_error, "A command line cannot hold CR or NUL.");
            break;
        case line_reader::status::option_requested: output_ += lines_.refusal(); break;
        case line_reader::status::need_more: break;
        }
    }
    if (quitting_ || phase_ == phase::closing || phase_ == phase::closed)
        input = {};
}

bool server_session::takes_lines() const noexcept
{
    switch (phase_) {
    case phase::identifying:
    case phase::password:
    case phase::ready:
    case phase::connecting:
    case phase::transferring: return !quitting_ && output().size() <= options_.max_output_bytes;
    default: return false;
    }
}

/// Whether a transfer waits for its data connection or moves bytes: then only some commands are answered.
bool server_session::transfer_runs() const noexcept
{
    return phase_ == phase::connecting || phase_ == phase::transferring;
}

void server_session::take_line(std::string_view line)
{
    if (std::exchange(first_line_, false) && is_foreign_protocol(line)) {
        reply(reply_code::service_not_available, "This is an FTP server. Goodbye.");
        return close(close_reason::foreign_protocol);
    }
    const auto c = parse_command(line);
    if (transfer_runs() && !runs_during_transfer(c)) {
        held_ += line;
        held_ += '\n';
        return;
    }
    run(c);
    if (phase_ == phase::ready)
        enter(phase::ready);
}

/// Replies come in the order of the commands, so what is behind a command that waits waits too; except for ABOR, which
/// ends the waiting.
bool server_session::runs_during_transfer(const command& c) const noexcept
{
    if (c.row != nullptr && c.row->verb == verb::abor)
        return true;
    return held_.empty() && (c.row == nullptr || c.row->during_transfer == transfer_rule::answered);
}

void server_session::run(const command& c)
{
    const bool secret_argument = c.row != nullptr && c.row->verb == verb::pass && !c.argument.empty();
    observer_.command_received(facts_, c.name, secret_argument ? "***" : c.argument);
    if (!passes_gate(c))
        return;
    if (c.row->verb != verb::rnto)
        rename_from_.reset();
    dispatch(c);
}

bool server_session::passes_gate(const command& c)
{
    const auto* row = c.row;
    if (row == nullptr) {
        reply(reply_code::syntax_error, "Unknown command.");
    } else if (row->support == support::recognized) {
        reply(reply_code::not_implemented, "This command is not offered.");
    } else if (row->login == login_rule::needed && !account_) {
        reply(reply_code::not_logged_in, "Log in with USER and PASS first.");
    } else if (row->argument == argument_rule::required && c.argument.empty()) {
        reply(reply_code::argument_error, "This command needs an argument; HELP shows which.");
    } else if (row->argument == argument_rule::none && !c.argument.empty()) {
        reply(reply_code::argument_error, "This command takes no argument.");
    } else if (row->needs != permission::none && !account_->allowed.allows(row->needs)) {
        reply(reply_code::file_unavailable, "Permission denied.");
    } else {
        return true;
    }
    return false;
}

void server_session::dispatch(const command& c)
{
    switch (c.row->verb) {
    case verb::user: return handle_user(c);
    case verb::pass: return handle_pass(c);
    case verb::quit: return handle_quit();
    case verb::rein: return handle_rein();
    case verb::noop: return reply(reply_code::ok, "OK.");
    case verb::syst: return reply(reply_code::system_type, "UNIX Type: L8");
    case verb::help: return handle_help(c);
    case verb::feat: return handle_feat();
    case verb::opts: return handle_opts(c);
    case verb::stat: return handle_stat(c);
    case verb::pasv: return handle_pasv();
    case verb::epsv: return handle_epsv(c);
    case verb::port: return handle_port(c);
    case verb::eprt: return handle_eprt(c);
    case verb::type: return handle_type(c);
    case verb::stru: return handle_stru(c);
    case verb::mode: return handle_mode(c);
    case verb::allo: return handle_allo(c);
    case verb::rest: return handle_rest(c);
    case verb::retr: return handle_retr(c);
    case verb::stor: return handle_stor(c, write_mode::replace);
    case verb::appe: return handle_stor(c, write_mode::append);
    case verb::list: return handle_listing(c, listing_form::unix_lines);
    case verb::nlst: return handle_listing(c, listing_form::names);
    case verb::mlsd: return handle_listing(c, listing_form::facts);
    case verb::abor: return handle_abor();
    case verb::pwd: return handle_pwd();
    case verb::rnto: return handle_rnto(c);
    case verb::cwd:
    case verb::cdup:
    case verb::mkd:
    case verb::rmd:
    case verb::dele:
    case verb::rnfr:
    case verb::size:
    case verb::mdtm:
    case verb::mlst: return handle_name(c);
    case verb::acct:
    case verb::site:
    case verb::smnt:
    case verb::stou: return;
    }
}

void server_session::reply(reply_code code, std::string_view text)
{
    append_reply(output_, code, text);
    observer_.replied(facts_, to_int(code), text);
}

/// Ends the session when the replies given so far have been taken. What still runs is given up.
void server_session::close(close_reason reason)
{
    if (phase_ == phase::closing || phase_ == phase::closed)
        return;
    close_reason_ = reason;
    drop_data_connection();
    pending_ = op_id::none;
    if (const auto job = std::move(job_))
        report(*job, 0, std::make_error_code(std::errc::operation_canceled));
    wipe(held_.data(), held_.size());
    held_.clear();
    enter(phase::closing);
}

} // namespace libftp
