// What an odd session says: the server_session's replies as its rules want them, and what rules say themselves.
#include "odd_machine.hpp"

#include "../protocol/ascii.hpp"

#include <libftp/protocol/command_parser.hpp>

#include <algorithm>
#include <charconv>

namespace libftp::testing {

namespace {

int code_of(std::string_view line)
{
    int code = 0;
    if (line.size() >= 3)
        std::from_chars(line.data(), line.data() + 3, code);
    return code;
}

/// The length of the first reply in `text`; 0 while it is not whole.
std::size_t whole_reply(std::string_view text)
{
    for (std::size_t begin = 0;;) {
        const auto end = text.find('\n', begin);
        if (end == std::string_view::npos)
            return 0;
        const auto line = text.substr(begin, end - begin);
        if (line.size() > 3 && line.starts_with(text.substr(0, 3)) && line[3] == ' ')
            return end + 1;
        begin = end + 1;
    }
}

/// Whether the last of these replies is a completion of the login.
bool lets_in(std::string_view replies)
{
    int code = 0;
    for (auto size = whole_reply(replies); size != 0; size = whole_reply(replies)) {
        code = code_of(replies);
        replies.remove_prefix(size);
    }
    return code == 230;
}

/// Whether it may be the last reply to a transfer command, and is none to what is answered during transfers.
bool ends_transfer(int code)
{
    return code == 226 || code / 100 == 4 || code / 10 == 55;
}

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

} // namespace

/// Gives the answer that a rule has.
void odd_session::machine::answer(running_command& to)
{
    const auto text = filled_in(*to.conduct.answer);
    say(&to, text);
    if (lets_in(text))
        log_in(to.line);
    finish(to);
}

/// The server_session learns what a rule has said to the client.
void odd_session::machine::log_in(std::string_view line)
{
    const auto spoken = parse_command(line);
    const bool is_named = ascii::equal_ignoring_case(spoken.name, "USER") && !spoken.argument.empty();
    is_trusted_ = true;
    swallowed_replies_ += 2;
    tell_server("USER " + std::string{is_named ? spoken.argument : "somebody"});
    tell_server("PASS x");
}

bool odd_session::machine::take_replies()
{
    const bool greeting_is_held = !running_.empty() && running_.front().is_greeting && running_.front().is_held;
    if (server_.output().empty() || greeting_is_held)
        return false;
    replies_ += server_.output();
    server_.output_sent(server_.output().size(), now_);
    for (auto size = whole_reply(replies_); size != 0 && end_ == connection_end::none; size = whole_reply(replies_)) {
        const auto text = replies_.substr(0, size);
        replies_.erase(0, size);
        replied(code_of(text), text);
    }
    return true;
}

void odd_session::machine::replied(int code, std::string_view text)
{
    if (swallowed_replies_ != 0) {
        if (code >= 200)
            --swallowed_replies_;
        return;
    }
    if (running_.empty())
        return say(nullptr, text);
    auto& to = owner_of(code);
    const auto odd = std::ranges::find(to.conduct.replies, code, &odd_reply::code);
    const bool is_odd = odd != to.conduct.replies.end();
    if (is_odd && odd->is_held) {
        replies_are_held_ = true;
        script_->count_hold();
    }
    say(&to, is_odd && odd->text ? filled_in(*odd->text) : text);
    if (code < 200)
        to.is_announced = true;
    else
        finish(to);
}

odd_session::machine::running_command& odd_session::machine::owner_of(int code)
{
    const bool is_for_transfer = code < 200 || ends_transfer(code);
    return is_for_transfer ? running_.front() : running_.back();
}

void odd_session::machine::say(running_command* to, std::string_view bytes)
{
    if (to != nullptr && to->conduct.reply_bytes) {
        bytes = bytes.substr(0, *to->conduct.reply_bytes);
        *to->conduct.reply_bytes -= bytes.size();
    }
    (replies_are_held_ ? held_output_ : output_) += bytes;
}

std::string odd_session::machine::filled_in(std::string text) const
{
    replace_all(text, "{port}", std::to_string(port_));
    replace_all(text, "{p1}", std::to_string(port_ / 256));
    replace_all(text, "{p2}", std::to_string(port_ % 256));
    return text;
}

} // namespace libftp::testing
