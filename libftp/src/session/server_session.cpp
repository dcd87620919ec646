// The server session's machine: lines in, phases, limits and the end (RFC 959 5.4, 6; RFC 2577).
#include <libftp/session/server_session.hpp>

#include "../later.hpp"

#include <libftp/protocol/reply.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

std::shared_ptr<rate_limit> limit_of(std::uint64_t bytes_per_second)
{
    return bytes_per_second == 0 ? nullptr : std::make_shared<rate_limit>(bytes_per_second);
}

// They stand for a line that cannot be read, so that its reply keeps its place: no other line holds a CR.
constexpr std::string_view malformed_line = "\r";
constexpr std::string_view too_long_line = "\r\r";

} // namespace

server_session::server_session(const session_options& options, session_observer& observer, std::uint64_t id,
                               const endpoint& peer, const endpoint& local, clock::time_point now, control_start start)
    : options_(options), observer_(observer), facts_{.id = id, .peer = peer, .now = now}, local_(local),
      lines_(options.max_line_bytes), began_in_tls_(start == control_start::in_tls),
      login_deadline_(later(now, options.login_limit)),
      idle_limit_(options.idle_limit), rates_{limit_of(options.max_download_rate), limit_of(options.max_upload_rate)}
{
    enter(phase::identifying);
    reset_protection();
    observer_.opened(facts_);
    if (began_in_tls_)
        start_tls();
    else
        reply_in_lines(reply_code::service_ready, options_.greeting);
}

server_session::~server_session() = default;

void server_session::received(std::string_view bytes, clock::time_point now)
{
    facts_.now = now;
    if (inbox_.empty())
        read_lines(bytes);
    inbox_ += bytes;
    advance();
}

void server_session::received_eof(clock::time_point now)
{
    facts_.now = now;
    input_ended_ = true;
    waits_for_reader_until_ = later(now, idle_limit_);
    advance();
}

void server_session::connection_lost(clock::time_point now)
{
    facts_.now = now;
    close(close_reason::peer_gone);
    output_.clear();
    sent_ = 0;
}

bool server_session::wants_input() const noexcept
{
    const bool changes_tls = phase_ == phase::securing || phase_ == phase::clearing;
    return !input_ended_ && !quitting_ && !changes_tls && phase_ != phase::closed &&
           inbox_.size() < options_.max_line_bytes && output().size() <= options_.max_output_bytes;
}

std::string_view server_session::output() const noexcept
{
    return std::string_view{output_}.substr(sent_);
}

void server_session::output_sent(std::size_t bytes, clock::time_point now)
{
    facts_.now = now;
    sent_ += bytes;
    // A peer that never takes all of it must not make it grow.
    if (sent_ * 2 >= output_.size())
        output_.erase(0, std::exchange(sent_, 0));
    if (phase_ == phase::closing && bytes != 0)
        phase_deadline_ =
            std::max(phase_deadline_, std::min(later(now, options_.close_limit), waits_for_reader_until_));
    advance();
}

bool server_session::is_output_last() const noexcept
{
    return phase_ == phase::closing && !output().empty();
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
    if (listens_in_vain())
        earliest = std::min(earliest, data_deadline_);
    if (shut_down_at_ && transfer_runs())
        earliest = std::min(earliest, *shut_down_at_);
    if (earliest == clock::time_point::max())
        return std::nullopt;
    return earliest;
}

void server_session::deadline_passed(clock::time_point now)
{
    facts_.now = now;
    if (shut_down_at_ && now >= *shut_down_at_ && transfer_runs())
        stop_transfer(stop_reason::shut_down);
    else if (listens_in_vain() && now >= data_deadline_)
        drop_data_connection();
    if (now < phase_deadline_)
        return advance();
    switch (phase_) {
    case phase::identifying:
    case phase::password:
    case phase::naming_account:
        reply(reply_code::service_not_available, "No login within the limit. Goodbye.");
        close(close_reason::not_logged_in);
        break;
    case phase::denying: answer_denied(); break;
    case phase::ready:
        reply(reply_code::service_not_available, "No command within the limit. Goodbye.");
        close(close_reason::idle);
        break;
    case phase::securing:
    case phase::clearing:
        observer_.tls_failed(facts_, std::make_error_code(std::errc::timed_out));
        close(close_reason::tls_failed);
        break;
    case phase::working: close(close_reason::unread); break;
    case phase::connecting: {
        const auto timed_out = std::make_error_code(std::errc::timed_out);
        const bool lacks_only_tls = data_ == data_state::securing;
        if (lacks_only_tls)
            observer_.tls_failed(facts_, timed_out);
        end_transfer(transfer_end::no_connection, reply_code::cannot_open_data_connection,
                     lacks_only_tls ? "No TLS on the data connection within the limit."
                                    : "No data connection within the limit.",
                     timed_out);
        break;
    }
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

void server_session::shut_down(clock::duration grace, clock::time_point now, close_reason why)
{
    facts_.now = now;
    shut_down_reason_ = why;
    if (transfer_runs() || phase_ == phase::opening || phase_ == phase::aborting) {
        shut_down_at_ = later(now, grace);
    } else if (phase_ == phase::securing || phase_ == phase::clearing) {
        close(why); // a reply would go out in the middle of TLS
    } else if (phase_ != phase::closing && phase_ != phase::closed) {
        if (work_.lists)
            end_status("The listing ends early.");
        say_goodbye();
    }
}

void server_session::say_goodbye()
{
    reply(reply_code::service_not_available, shut_down_reason_ == close_reason::disconnected
                                                 ? "The session was ended by the server's owner. Goodbye."
                                                 : "The server is shutting down. Goodbye.");
    close(shut_down_reason_);
}

void server_session::store_answered(op_id id, store_response response, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_)
        return;
    pending_ = op_id::none;
    if (phase_ == phase::opening)
        transfer_opened(std::move(response));
    else if (phase_ == phase::working)
        task_stepped(std::move(response));
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
        case phase::password:
        case phase::naming_account:
        case phase::securing: return login_deadline_;
        case phase::denying: return later(facts_.now, options_.denial_delay);
        case phase::ready: return later(facts_.now, idle_limit_);
        case phase::connecting: return later(facts_.now, options_.data_connect_limit);
        case phase::transferring: return later(facts_.now, options_.stall_limit);
        case phase::clearing:
        case phase::closing: return later(facts_.now, options_.close_limit);
        default: return clock::time_point::max();
        }
    };
    phase_deadline_ = limit();
}

/// Goes on with what waits, as far as the phase allows.
void server_session::advance()
{
    if (work_.waits_for_room && output().size() <= options_.max_output_bytes)
        next_step();
    // ABOR is read past the lines that wait for the end of what it aborts; these are next then.
    do {
        while (is_held_line_due()) {
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
    } while (is_held_line_due());
    if (!input_ended_ || quitting_)
        return;
    if (transfer_runs() && !is_quit_held())
        stop_transfer(stop_reason::input_ended);
    // A client that only waits for replies cannot be told from one that has gone: work for it must come to an end.
    const bool is_last = held_.empty() && inbox_.empty();
    if (phase_ == phase::working && (is_last || facts_.now >= waits_for_reader_until_))
        give_up_work();
    if (takes_lines() && !is_busy() && held_.empty())
        close(close_reason::peer_gone);
}

void server_session::read_lines(std::string_view& input)
{
    while (!input.empty() && takes_lines() && !is_held_line_due() && held_.size() < options_.max_line_bytes) {
        switch (lines_.read(input)) {
        case line_reader::status::line: take_line(lines_.line()); break;
        case line_reader::status::too_long:
            if (!turn_foreigner_away(lines_.line()))
                take_line(too_long_line);
            break;
        case line_reader::status::malformed:
            if (!turn_foreigner_away(lines_.line()))
                take_line(malformed_line);
            break;
        case line_reader::status::option_requested: output_ += lines_.refusal(); break;
        case line_reader::status::need_more: break;
        }
    }
    if (drops_input())
        input = {};
}

/// What follows QUIT is ignored, and so is what came in clear behind AUTH: an attacker may have put it there.
bool server_session::drops_input() const noexcept
{
    return quitting_ || phase_ == phase::securing || phase_ == phase::closing || phase_ == phase::closed;
}

bool server_session::takes_lines() const noexcept
{
    switch (phase_) {
    case phase::identifying:
    case phase::password:
    case phase::naming_account:
    case phase::ready:
    case phase::working:
    case phase::connecting:
    case phase::transferring: return !quitting_ && output().size() <= options_.max_output_bytes;
    default: return false;
    }
}

/// Whether a transfer waits for its data connection or moves bytes.
bool server_session::transfer_runs() const noexcept
{
    return phase_ == phase::connecting || phase_ == phase::transferring;
}

/// Whether a listener has its own limit, because no transfer waits for a connection to it.
bool server_session::listens_in_vain() const noexcept
{
    return data_ == data_state::listening && !job_;
}

/// Whether lines are read, but only some commands are answered.
bool server_session::is_busy() const noexcept
{
    return transfer_runs() || phase_ == phase::working;
}

/// Whether a line that has waited is the next to be taken.
bool server_session::is_held_line_due() const noexcept
{
    return !held_.empty() && takes_lines() && !is_busy();
}

/// Whether the last line that waits is QUIT.
bool server_session::is_quit_held() const noexcept
{
    std::string_view last = held_;
    last.remove_suffix(last.empty() ? 0 : 1);
    const auto c = parse_command(last.substr(last.rfind('\n') + 1), options_.commands.rows());
    return c.row != nullptr && c.row->verb == verb::quit;
}

/// An attacker may have led a client of another protocol here, to have it send FTP further down in its request.
bool server_session::turn_foreigner_away(std::string_view line)
{
    if (has_spoken_ftp_ || !is_foreign_protocol(line))
        return false;
    reply(reply_code::service_not_available, "This is an FTP server. Goodbye.");
    close(close_reason::foreign_protocol);
    return true;
}

void server_session::take_line(std::string_view line)
{
    const bool is_none = line.starts_with('\r');
    if (turn_foreigner_away(line))
        return;
    const auto c = parse_command(line, options_.commands.rows());
    has_spoken_ftp_ = has_spoken_ftp_ || c.row != nullptr;
    if (is_busy() && !runs_meanwhile(c)) {
        held_ += line;
        held_ += '\n';
        return;
    }
    if (is_none) {
        rename_from_.reset();
        if (keeps_data_connection_) // it may have been an upload
            drop_data_connection();
        return reply(reply_code::syntax_error,
                     line == too_long_line ? "The command line is too long." : "A command line cannot hold CR or NUL.");
    }
    run(c);
    if (phase_ == phase::ready)
        enter(phase::ready);
}

/// Replies keep the order of the commands: nothing is answered before the 150 of a transfer, and what follows a command
/// that waits has to wait too. Only ABOR does not, since it ends the waiting.
bool server_session::runs_meanwhile(const command& c) const noexcept
{
    if (c.row != nullptr && c.row->verb == verb::abor && c.argument.empty())
        return !work_.is_aborted;
    if (c.row == nullptr && keeps_data_connection_)
        return false; // it may be an upload, whose bytes come behind those of this transfer
    if (!job_ || !job_->is_announced || !held_.empty())
        return false;
    if (c.row != nullptr && c.row->verb == verb::stat)
        return c.argument.empty();
    return c.row == nullptr || c.row->during_transfer == transfer_rule::answered;
}

/// Ends the session when the replies given so far have been taken. What still runs is given up.
void server_session::close(close_reason reason)
{
    if (phase_ == phase::closing || phase_ == phase::closed)
        return;
    close_reason_ = reason;
    // A client that ends the session is owed the replies to its earlier commands, but cannot prolong the session so.
    const bool is_asked_for = reason == close_reason::quit || reason == close_reason::peer_gone;
    const auto longest = account_ ? later(facts_.now, idle_limit_) : login_deadline_;
    waits_for_reader_until_ = is_asked_for ? longest : facts_.now;
    drop_data_connection();
    pending_ = op_id::none;
    work_ = {};
    if (const auto job = std::move(job_))
        report(*job, transfer_end::session_ended, 0, std::make_error_code(std::errc::operation_canceled));
    wipe(held_.data(), held_.size());
    held_.clear();
    account_.reset();
    enter(phase::closing);
}

} // namespace libftp
