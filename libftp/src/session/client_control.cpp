// Commands as they go to the server (RFC 959 5.3, RFC 854 for byte 255) and as they are shown to the caller.
#include "client_control.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace libftp {

namespace {

constexpr char telnet_iac = '\xff';

/// Refusals are dropped past this many bytes of output: a server that asks and does not read must not fill memory.
constexpr std::size_t max_output_for_refusals = 4096;

constexpr std::string_view mask = "***";

bool hides_argument(std::string_view verb) noexcept
{
    return verb == "PASS" || verb == "ACCT";
}

template <class T>
std::optional<T> take_front(std::deque<T>& queue)
{
    if (queue.empty())
        return std::nullopt;
    std::optional<T> front{std::move(queue.front())};
    queue.pop_front();
    return front;
}

} // namespace

bool client_control::is_tls_demanded() const noexcept
{
    return options_.tls == tls_use::required || options_.tls == tls_use::implicit;
}

bool client_control::lacks_tls() const noexcept
{
    const bool is_in_clear =
        protection_.control == control_security::in_clear || protection_.control == control_security::starting;
    return is_tls_demanded() && is_in_clear;
}

bool client_control::lacks_tls_for_login() const noexcept
{
    return is_tls_demanded() && protection_.control != control_security::in_tls;
}

bool client_control::awaits_tls() const noexcept
{
    return protection_.control == control_security::starting ||
           (protection_.control == control_security::in_clear && options_.tls == tls_use::implicit);
}

void client_control::send(std::string_view verb, std::string_view argument)
{
    if (ends_data(verb))
        close_kept_data();
    if (!ahead_.empty() && ahead_.front().line.verb == verb && ahead_.front().line.argument == argument)
        return ahead_.pop_front();
    disown_ahead();
    write(verb, argument);
    just_sent_ = true;
}

commands_ahead_of client_control::may_go_ahead() const noexcept
{
    const auto known = server_.manners.effects;
    if (options_.pipelining == pipelining::off || server_.confuses_order || has(known, server_effect::step_by_step))
        return commands_ahead_of::nothing;
    if (has(known, server_effect::keeps_order))
        return commands_ahead_of::everything;
    if (options_.pipelining == pipelining::always)
        return commands_ahead_of::one_begun_transfer;
    // A transfer command that comes before its data connection leaves pyftpdlib no time for the handshake on it.
    return has(known, server_effect::reads_ahead) && !protection_.data ? commands_ahead_of::no_transfer
                                                                       : commands_ahead_of::nothing;
}

void client_control::send_ahead(op_id owner, std::span<const command_line> lines)
{
    for (const auto& line : lines) {
        write(line.verb, line.argument);
        ahead_.push_back({owner, line});
    }
}

void client_control::send_at_once(op_id owner, std::span<const command_line> lines)
{
    if (lines.empty())
        return;
    send_ahead(owner, lines);
    just_sent_ = true;
}

bool client_control::has_ahead(op_id owner) const noexcept
{
    return std::ranges::find(ahead_, owner, &sent_ahead::owner) != ahead_.end();
}

bool client_control::has_ahead_of_others(op_id than) const noexcept
{
    return std::ranges::any_of(ahead_, [than](const auto& each) { return each.owner != than; });
}

bool client_control::is_state_known_behind_ahead() const noexcept
{
    return std::ranges::none_of(ahead_, [](const auto& each) {
        const auto& verb = each.line.verb;
        return verb == "TYPE" || verb == "MODE" || verb == "OPTS" || verb == "REST" || verb == "RANG";
    });
}

void client_control::disown_ahead()
{
    disowned_ += take_ahead().size();
}

void client_control::disown_ahead(op_id owner)
{
    for (; !ahead_.empty() && ahead_.front().owner == owner; ahead_.pop_front()) {
        ++disowned_;
        leave(ahead_.front().line);
    }
}

/// The server may obey it, and nobody sees whether it did: what it sets is unknown from now on.
void client_control::leave(const command_line& line)
{
    if (line.verb == "TYPE")
        server_.type.reset();
    if (line.verb == "MODE")
        server_.mode.reset();
    if (transfers_data(line.verb)) { // what it brings is not read
        shared_.nobody_reads();
        close_kept_data();
    }
    if (line.verb == "REST" || line.verb == "RANG")
        server_.has_restart_point = true;
}

void client_control::break_data(op_id connection)
{
    if (connection != op_id::none)
        close_data(shared_.broke(connection));
}

void client_control::lose_data() noexcept
{
    shared_.lost(std::ranges::any_of(ahead_, [](const auto& each) { return transfers_data(each.line.verb); }));
}

void client_control::close_data(op_id connection)
{
    if (connection != op_id::none)
        request(action::close_data{connection});
}

std::vector<command_line> client_control::take_ahead()
{
    std::vector<command_line> lines;
    for (auto& each : std::exchange(ahead_, {})) {
        leave(each.line);
        lines.push_back(std::move(each.line));
    }
    return lines;
}

bool client_control::takes_disowned(const reply& answer) noexcept
{
    if (disowned_ == 0)
        return false;
    if (answer.is_preliminary())
        return disowned_begun_++ < most_preliminary_replies;
    disowned_begun_ = 0;
    --disowned_;
    return true;
}

void client_control::write(std::string_view verb, std::string_view argument)
{
    output_.append(verb);
    // An empty password is still an argument.
    if (!argument.empty() || hides_argument(verb))
        output_.append(" ");
    for (const auto& byte : argument) {
        output_.append({&byte, 1});
        if (byte == telnet_iac)
            output_.append({&byte, 1});
    }
    output_.append("\r\n");
    shared_.sent(verb, argument);

    password_ = hides_argument(verb) ? secret{argument} : secret{};
    std::string line{verb};
    if (hides_argument(verb))
        line.append(" ").append(mask);
    else if (!argument.empty())
        line.append(" ").append(argument);
    report(event::command_sent{std::move(line)});
}

void client_control::hide_password(reply& answer) const
{
    constexpr std::size_t min_bytes = 4; // a shorter one would be found in every other word
    const auto password = password_.reveal();
    if (password.size() < min_bytes)
        return;
    for (auto& line : answer.lines)
        for (auto at = line.find(password); at != std::string::npos; at = line.find(password, at + mask.size()))
            line.replace(at, password.size(), mask);
}

void client_control::refuse_option(std::string_view refusal)
{
    if (output_.view().size() < max_output_for_refusals)
        output_.append(refusal);
}

std::optional<client_action> client_control::next_action()
{
    return take_front(actions_);
}

std::optional<client_event> client_control::next_event()
{
    return take_front(events_);
}

void client_control::report_progress(op_id operation, const transfer_progress& made)
{
    // A caller that looks rarely sees only the latest number.
    const auto pending = std::ranges::find_if(events_, [operation](const client_event& news) {
        const auto* progress = std::get_if<event::progress>(&news);
        return progress && progress->operation == operation;
    });
    if (pending == events_.end())
        report(event::progress{operation, made});
    else
        *pending = event::progress{operation, made};
}

bool is_sendable(std::string_view argument) noexcept
{
    using namespace std::string_view_literals;
    return argument.find_first_of("\r\n\0"sv) == std::string_view::npos;
}

operation_error refusal(const reply& answer)
{
    if (answer.is_transient_failure())
        return {protocol_errc::refused_transiently, answer};
    if (answer.is_permanent_failure())
        return {protocol_errc::refused_permanently, answer};
    return {protocol_errc::reply_unexpected, answer};
}

} // namespace libftp
