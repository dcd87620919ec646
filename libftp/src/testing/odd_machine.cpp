// The lines of an odd session: whose turn it is, what is held, and how it ends.
#include "odd_machine.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/protocol/command_parser.hpp>

#include <algorithm>
#include <utility>

namespace libftp::testing {

namespace {

constexpr std::size_t max_waiting_bytes = 64 * 1024;

bool is_verb(std::string_view line, std::string_view verb)
{
    return ascii::equal_ignoring_case(parse_command(line).name, verb);
}

/// Whether the server_session answers it during a transfer.
bool runs_meanwhile(std::string_view line)
{
    const auto spoken = parse_command(line);
    return spoken.row != nullptr && spoken.row->during_transfer == transfer_rule::answered && spoken.argument.empty();
}

} // namespace

odd_session::machine::machine(std::shared_ptr<odd_state> script, const endpoint& peer, const endpoint& local,
                              clock::time_point now)
    : now_(now), script_(std::move(script)), options_(script_->session_options_now()),
      server_(options_, silence_, script_->count_connection(), peer, local, now), lines_(options_.max_line_bytes),
      heard_of_script_(script_->said().size())
{
    begin({.conduct = script_->conduct_at(std::nullopt), .is_greeting = true});
    advance();
}

void odd_session::machine::script_changed()
{
    const auto said = script_->said();
    if (end_ == connection_end::none)
        output_ += said.substr(std::exchange(heard_of_script_, said.size()));
    advance();
}

void odd_session::machine::received(std::string_view bytes)
{
    while (!bytes.empty() && end_ == connection_end::none) {
        const auto status = lines_.read(bytes);
        if (status == line_reader::status::need_more)
            break;
        if (status == line_reader::status::option_requested) {
            output_ += lines_.refusal();
            continue;
        }
        script_->hear(lines_.line());
        waiting_line line;
        if (status == line_reader::status::too_long)
            line.fault = "500 The command line is too long.\r\n";
        else if (status == line_reader::status::malformed)
            line.fault = "500 A command line cannot hold CR or NUL.\r\n";
        else
            line.text = lines_.line();
        queued_bytes_ += line.text.size() + 1;
        queue_.push_back(std::move(line));
    }
    advance();
}

void odd_session::machine::received_eof()
{
    input_ended_ = true;
    if (is_holding())
        return connection_lost(); // nobody waits for what is held
    advance();
}

void odd_session::machine::connection_lost()
{
    end_connection(connection_end::close);
    output_.clear();
    held_output_.clear();
    replies_are_held_ = false;
}

bool odd_session::machine::wants_input() const noexcept
{
    return !input_ended_ && end_ == connection_end::none && queued_bytes_ < max_waiting_bytes &&
           output_.size() < max_waiting_bytes;
}

void odd_session::machine::output_sent(std::size_t bytes)
{
    output_.erase(0, bytes);
}

std::optional<odd_action> odd_session::machine::next_action()
{
    if (!actions_.empty()) {
        auto first = std::move(actions_.front());
        actions_.erase(actions_.begin());
        return first;
    }
    if (end_ == connection_end::none || finished_ || !output_.empty() || replies_are_held_)
        return std::nullopt;
    finished_ = true;
    if (end_ == connection_end::reset)
        return reset_control{};
    return action::close_control{};
}

std::optional<clock::time_point> odd_session::machine::deadline() const noexcept
{
    return end_ == connection_end::none ? server_.deadline() : std::nullopt;
}

void odd_session::machine::deadline_passed()
{
    advance(); // which meets it
}

/// Goes on with everything that can.
void odd_session::machine::advance()
{
    while (carry_out_requests() || take_replies() || meet_deadline() || go_on() || begin_next()) {
    }
}

/// A deadline that is now, as that of a wrong password's answer, waits for no timer.
bool odd_session::machine::meet_deadline()
{
    const auto at = deadline();
    if (!at || *at > now_)
        return false;
    server_.deadline_passed(now_);
    return deadline() != at;
}

bool odd_session::machine::begin_next()
{
    if (end_ != connection_end::none || replies_are_held_ || swallowed_replies_ != 0)
        return false;
    if (!running_.empty())
        return begin_meanwhile();
    if (!queue_.empty()) {
        take_line(queue_.begin());
        return true;
    }
    if (!input_ended_ || std::exchange(server_knows_end_, true))
        return false;
    server_.received_eof(now_);
    return true;
}

/// During a transfer: ABOR, even if other lines wait before it, or the next line. A client that has gone without a QUIT
/// behind the transfer wants no more of it (RFC 959 4.1.1).
bool odd_session::machine::begin_meanwhile()
{
    if (running_.size() != 1 || !running_.front().is_announced)
        return false;
    auto next = std::ranges::find_if(queue_, [](const waiting_line& each) { return is_verb(each.text, "ABOR"); });
    if (next == queue_.end() && !queue_.empty() && runs_meanwhile(queue_.front().text))
        next = queue_.begin();
    if (next != queue_.end())
        take_line(next);
    else if (input_ended_ && (queue_.empty() || !is_verb(queue_.back().text, "QUIT")))
        begin({.line = "ABOR", .conduct = {.reply_bytes = 0}}); // nobody has sent it: nobody gets the answer
    else
        return false;
    return true;
}

void odd_session::machine::take_line(const std::deque<waiting_line>::iterator& which)
{
    const auto line = std::move(*which);
    queue_.erase(which);
    queued_bytes_ -= line.text.size() + 1;
    if (!line.fault.empty())
        return say(nullptr, line.fault);
    begin({.line = line.text, .conduct = script_->conduct_at(line.text)});
}

void odd_session::machine::begin(running_command command)
{
    auto& started = running_.emplace_back(std::move(command));
    if (started.conduct.is_held) {
        started.is_held = true;
        script_->count_hold();
    } else {
        perform(started);
    }
}

void odd_session::machine::perform(running_command& started)
{
    if (!started.conduct.answer) {
        if (!started.is_greeting)
            tell_server(started.line);
        return;
    }
    if (started.is_greeting)
        ++swallowed_replies_;
    if (is_verb(started.line, "ABOR") && running_.front().is_announced && !started.conduct.answer->empty())
        stop_transfer_silently();
    answer(started);
}

void odd_session::machine::tell_server(std::string_view line)
{
    std::string wire;
    for (const char byte : line) {
        wire += byte;
        if (byte == '\xFF')
            wire += byte; // RFC 854: one IAC stands for itself by two
    }
    server_.received(wire + "\r\n", now_);
}

/// A rule has its own answer to ABOR, the only one.
void odd_session::machine::stop_transfer_silently()
{
    swallowed_replies_ += 2;
    running_.pop_front();
    tell_server("ABOR");
}

/// Takes it out of those that run; the reference is not valid afterwards.
void odd_session::machine::finish(const running_command& done)
{
    const auto then = done.conduct.then;
    running_.erase(std::ranges::find_if(running_, [&](const running_command& each) { return &each == &done; }));
    if (then != connection_end::none)
        end_connection(then);
}

/// Lets something go on that was held, if that is allowed.
bool odd_session::machine::go_on()
{
    if (!is_holding() || !script_->take_release())
        return false;
    if (replies_are_held_) {
        replies_are_held_ = false;
        output_ += std::exchange(held_output_, {});
        return true;
    }
    if (transfer_ && transfer_->is_held) {
        transfer_->is_held = false;
        next_part();
        return true;
    }
    auto& held = *std::ranges::find_if(running_, &running_command::is_held);
    held.is_held = false;
    perform(held);
    return true;
}

bool odd_session::machine::is_holding() const noexcept
{
    return replies_are_held_ || (transfer_ && transfer_->is_held) ||
           std::ranges::any_of(running_, &running_command::is_held);
}

/// Nothing more is done; what was said is still sent.
void odd_session::machine::end_connection(connection_end how)
{
    if (end_ == connection_end::none)
        end_ = how;
    running_.clear();
    queue_.clear();
    swallowed_replies_ = 0;
    server_.connection_lost(now_);
    carry_out_requests();
    transfer_.reset();
}

} // namespace libftp::testing
