// One line for each line of the protocol, so that it can be searched.
#include "protocol_trace.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

using namespace libftp;

namespace {

constexpr std::string_view sent = "--->";
constexpr std::string_view received = "<---";
constexpr std::string_view around = "****";

std::string end_of(const event::operation_done& done)
{
    if (done.outcome) {
        const auto* transfer = std::get_if<transfer_result>(&*done.outcome);
        if (transfer == nullptr)
            return {};
        return fmt::format("transferred {} bytes from {} on in {:.6f} s, {} with {} ({}), {}, verified by {}",
                           transfer->bytes, transfer->offset, std::chrono::duration<double>(transfer->time).count(),
                           to_string(transfer->data_command), transfer->data_peer.to_string(),
                           to_string(transfer->data_reason), transfer->tls ? transfer->tls->version : "in clear",
                           to_string(transfer->verified));
    }
    const auto& error = done.outcome.error();
    return fmt::format("failed at the step {}: {} [{} {}]{}", to_string(error.step), error.code.message(),
                       error.code.category().name(), error.code.value(),
                       error.session == session_state::closed ? "; the session is over" : "");
}

} // namespace

protocol_trace::protocol_trace(trace_detail detail, clock::time_point begin,
                               std::function<void(std::string_view)> write)
    : detail_(detail), begin_(begin), write_(std::move(write))
{
}

void protocol_trace::hear(const client_event& event, clock::time_point now) const
{
    if (const auto* command = std::get_if<event::command_sent>(&event))
        return line(sent, command->line, now);
    if (const auto* reply = std::get_if<event::reply_received>(&event)) {
        const auto text = reply->answer.to_string();
        std::string_view rest = text;
        while (!rest.empty()) {
            const auto one = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(one.size() + 1, rest.size()));
            line(received, one, now);
        }
        return;
    }
    if (const auto* done = std::get_if<event::operation_done>(&event)) {
        if (const auto text = end_of(*done); !text.empty())
            note(text, now);
    }
}

void protocol_trace::note(std::string_view text, clock::time_point now) const
{
    if (detail_ == trace_detail::all)
        line(around, text, now);
}

void protocol_trace::line(std::string_view mark, std::string_view text, clock::time_point now) const
{
    if (detail_ == trace_detail::dialogue)
        return write_(fmt::format("{} {}", mark, escape_controls(text)));
    const std::chrono::duration<double> passed = now - begin_;
    write_(fmt::format("{:10.6f} {} {}", passed.count(), mark, escape_controls(text)));
}
