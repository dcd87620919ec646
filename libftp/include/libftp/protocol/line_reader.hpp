// Cuts the control connection's byte stream into lines (RFC 959 3.1.1.5.2, 5.3.1) and keeps Telnet out of them
// (RFC 854: IAC sequences; RFC 1123 3.2.1: every option offered is refused).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// A byte machine for both directions: commands on the server, replies on the client.
///
/// A line ends at LF and nowhere else; one CR directly before it belongs to the end, or more as line_end says. The text
/// holds every other byte as it came, except for Telnet: commands (IAC IP, IAC DM, ...) and subnegotiations vanish, IAC
/// IAC is one byte 255, and IAC before a byte that is no Telnet command is kept as it is (names in Latin-1 hold such
/// bytes), as is one that asks for an option and meets the end of the line. Memory: nothing on the heap while lines
/// arrive whole; never more than `max_line_bytes` plus a constant.
class line_reader {
public:
    /// What may stand between a line and its LF, and what CR and NUL are elsewhere.
    enum class line_end : std::uint8_t {
        strict, ///< One CR. Any other CR, and any NUL, makes the line malformed.
        padded, ///< Any CRs and NULs, as in the CR CR LF of servers that turn LF twice. Elsewhere they are text.
    };

    /// What read() found.
    enum class status {
        need_more, ///< The input is used up; the line goes on in the next piece.
        line,      ///< line() is one line, without its end.
        too_long,  ///< A line over the limit has ended; it was dropped. Reading goes on with the next line.
        malformed, ///< A line holds a NUL or CR that line_end::strict does not take; it was dropped. Reading goes on
                   ///< with the next line.
        option_requested, ///< The peer asked for a Telnet option; answer with refusal().
    };

    /// `max_line_bytes` bounds a line without its end. The first line that arrives in pieces reserves as much.
    explicit line_reader(std::size_t max_line_bytes, line_end ends = line_end::strict) noexcept
        : max_line_bytes_(max_line_bytes), ends_(ends)
    {
    }
    line_reader(line_reader&&) noexcept = default;
    line_reader& operator=(line_reader&&) noexcept = default;
    ~line_reader() { reset(); }

    /// Takes bytes off the front of `input`, up to the end of one line at most.
    status read(std::string_view& input);

    /// The line that read() just returned, or the beginning of one that it dropped. It points into that input or into
    /// this object: valid until the next read() and as long as the input.
    [[nodiscard]] std::string_view line() const noexcept { return line_; }

    /// The three bytes to send after status::option_requested.
    [[nodiscard]] std::string_view refusal() const noexcept { return {refusal_.data(), refusal_.size()}; }

    /// Whether an unfinished line has begun.
    [[nodiscard]] bool in_line() const noexcept
    {
        return !line_taken_ && (!partial_.empty() || fault_ != fault::none || end_pending_);
    }

    /// Whether an unfinished line is over the limit already: its end will bring status::too_long.
    [[nodiscard]] bool exceeds_limit() const noexcept { return fault_ == fault::too_long; }

    /// Forgets an unfinished line, overwriting its bytes.
    void reset() noexcept;

private:
    enum class telnet_state : std::uint8_t { text, iac, option, subnegotiation, subnegotiation_iac };
    enum class fault : std::uint8_t { none, too_long, malformed };

    bool take_whole_line(std::string_view& input) noexcept;
    status take(char byte);
    status take_telnet_command(char byte);
    status take_text(char byte);
    status end_line();
    void append(char byte);

    std::string partial_;
    std::string_view line_;
    std::size_t max_line_bytes_;
    std::array<char, 3> refusal_{};
    telnet_state telnet_ = telnet_state::text;
    fault fault_ = fault::none;
    line_end ends_;
    bool end_pending_ = false; // A CR, which LF has to follow.
    bool line_taken_ = false;  // line() views partial_, whose bytes are overwritten when the next read() begins.
};

} // namespace libftp
