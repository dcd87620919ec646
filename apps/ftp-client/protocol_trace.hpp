// The protocol as it goes over the wire, for --verbose and --debug: on standard error, with secrets masked.
#pragma once

#include <libftp/session/client_operation.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

enum class trace_detail : std::uint8_t {
    dialogue, ///< Commands and replies.
    all,      ///< With times, how connections came about, and how operations ended.
};

class protocol_trace {
public:
    using clock = std::chrono::steady_clock;

    /// `write` takes a line without its end, escaped.
    protocol_trace(trace_detail detail, clock::time_point begin, std::function<void(std::string_view)> write);

    void hear(const libftp::client_event& event, clock::time_point now) const;
    /// What no event tells; nothing with trace_detail::dialogue.
    void note(std::string_view text, clock::time_point now) const;

private:
    void line(std::string_view mark, std::string_view text, clock::time_point now) const;

    trace_detail detail_;
    clock::time_point begin_;
    std::function<void(std::string_view)> write_;
};
