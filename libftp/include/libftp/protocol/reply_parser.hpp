// Reads replies from the control connection (RFC 959 4.2: one line, or lines from `123-` to `123 `).
#pragma once

#include <libftp/protocol/line_reader.hpp>
#include <libftp/protocol/reply.hpp>

#include <cstddef>
#include <string_view>

namespace libftp {

/// What a server may send as one reply.
struct reply_limits {
    std::size_t max_line_bytes = 8192;
    std::size_t max_lines = 4096;
    std::size_t max_bytes = 256 * 1024;
};

/// Reads replies (RFC 959 4.2) in pieces of any size. CRs and NULs before LF are dropped; others are text as all else.
class reply_parser {
public:
    /// What read() found.
    enum class status {
        need_more,        ///< The input is used up; no reply is complete.
        complete,         ///< value() is one whole reply.
        malformed,        ///< No code where one must be. The stream cannot be trusted any more.
        too_long,         ///< A limit was exceeded. The stream cannot be trusted any more.
        option_requested, ///< Answer with refusal() and go on.
    };

    /// Beyond the limits a reply is status::too_long.
    explicit reply_parser(reply_limits limits = {}) noexcept;

    /// Takes bytes off the front of `input`, up to the end of one reply at most. Empty lines between replies are
    /// skipped. After malformed or too_long every further call says the same.
    status read(std::string_view& input);

    /// The reply that read() just completed; moving from it is fine. After malformed: the line, with code 0.
    [[nodiscard]] reply& value() noexcept { return reply_; }
    /// What to send after status::option_requested (RFC 854).
    [[nodiscard]] std::string_view refusal() const noexcept { return lines_.refusal(); }
    /// Whether a reply has begun and not ended: an end of the connection now is a lost reply.
    [[nodiscard]] bool in_reply() const noexcept { return !done_ || lines_.in_line(); }

private:
    status take_line(std::string_view line);

    line_reader lines_;
    reply_limits limits_;
    reply reply_;
    std::size_t bytes_ = 0;
    bool done_ = true;
    status failed_ = status::need_more;
};

} // namespace libftp
