// Lines are the same however they are cut, and those without Telnet are what a plain splitter makes of them.
#include "fuzzing.hpp"

#include <libftp/protocol/line_reader.hpp>

#include <utility>

namespace libftp::fuzz {

namespace {

using status = line_reader::status;
using events = std::vector<std::pair<status, std::string>>;

events read_lines(std::string_view text, std::size_t limit, std::size_t piece_size)
{
    events found;
    line_reader reader{limit};
    for_each_piece(text, piece_size, [&](std::string_view piece) {
        while (true) {
            const auto what = reader.read(piece);
            if (what == status::need_more) {
                require(piece.empty(), "need_more takes all of the input");
                return;
            }
            require(what != status::line || reader.line().size() <= limit, "a line is not over its limit");
            if (what == status::option_requested)
                found.emplace_back(what, reader.refusal());
            else
                found.emplace_back(what, what == status::line ? reader.line() : std::string_view{});
        }
    });
    return found;
}

events split_plainly(std::string_view text, std::size_t limit)
{
    events found;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto odd = line.find_first_of(std::string_view{"\r\0", 2});
        if (odd <= limit && odd != std::string_view::npos)
            found.emplace_back(status::malformed, "");
        else if (line.size() > limit)
            found.emplace_back(status::too_long, "");
        else
            found.emplace_back(status::line, line);
    }
    return found;
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const std::size_t limit = choice.byte();
    const auto text = choice.rest();
    const auto whole = read_lines(text, limit, text.size());
    for (const auto size : piece_sizes)
        require(read_lines(text, limit, size) == whole, "lines do not depend on how they are cut");
    if (text.find('\xff') == std::string_view::npos)
        require(split_plainly(text, limit) == whole, "lines end at LF and hold neither NUL nor CR");
}

} // namespace libftp::fuzz
