// Puts lines together into replies, within limits.
#include <libftp/protocol/reply_parser.hpp>

#include "ascii.hpp"

#include <algorithm>

namespace libftp {

namespace {

constexpr std::size_t code_size = 3;

/// The code that the line begins with; 0 if it does not begin with one.
int code_of(std::string_view line) noexcept
{
    const auto digits = line.substr(0, code_size);
    if (digits.size() != code_size || digits[0] < '1' || digits[0] > '5' || !ascii::is_digit(digits[1]) ||
        !ascii::is_digit(digits[2]))
        return 0;
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

/// What stands behind the code. A line may end there: that is the same as a space before no text.
char separator_of(std::string_view line) noexcept
{
    return line.size() == code_size ? ' ' : line[code_size];
}

std::string_view text_of(std::string_view line) noexcept
{
    return line.substr(std::min(code_size + 1, line.size()));
}

} // namespace

reply_parser::reply_parser(reply_limits limits) noexcept
    : lines_(limits.max_line_bytes, line_reader::line_end::padded), limits_(limits)
{
}

reply_parser::status reply_parser::read(std::string_view& input)
{
    if (failed_ != status::need_more)
        return failed_;
    while (true) {
        auto progress = status::need_more;
        switch (lines_.read(input)) {
        case line_reader::status::need_more:
            // The end of an endless line is not waited for.
            return lines_.exceeds_limit() ? failed_ = status::too_long : status::need_more;
        case line_reader::status::option_requested: return status::option_requested;
        case line_reader::status::too_long: return failed_ = status::too_long;
        case line_reader::status::malformed: // is said of strict line ends only
        case line_reader::status::line: progress = take_line(lines_.line()); break;
        }
        if (progress == status::complete)
            return progress;
        if (progress == status::malformed)
            reply_ = {.lines = {std::string{lines_.line()}}};
        if (progress != status::need_more)
            return failed_ = progress;
    }
}

reply_parser::status reply_parser::take_line(std::string_view line)
{
    if (done_ && line.empty())
        return status::need_more;

    const auto code = code_of(line);
    const char separator = code == 0 ? '\0' : separator_of(line);
    if (done_) {
        if (separator != ' ' && separator != '-')
            return status::malformed;
        reply_.code = code;
        reply_.lines.clear();
        bytes_ = 0;
        done_ = false;
    }

    bytes_ += line.size();
    if (bytes_ > limits_.max_bytes || reply_.lines.size() == limits_.max_lines)
        return status::too_long;
    const bool has_code = code == reply_.code && (separator == ' ' || separator == '-');
    reply_.lines.emplace_back(has_code ? text_of(line) : line);
    done_ = has_code && separator == ' ';
    return done_ ? status::complete : status::need_more;
}

} // namespace libftp
