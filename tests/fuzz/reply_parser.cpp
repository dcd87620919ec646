// Replies are the same however they are cut, within their limits, and written again they are read the same.
#include "fuzzing.hpp"

#include <libftp/protocol/reply_parser.hpp>

#include <utility>

namespace libftp::fuzz {

namespace {

using status = reply_parser::status;

struct outcome {
    std::vector<reply> replies{};
    std::string refusals{};
    status last = status::need_more;
    bool ends_inside = false;

    friend bool operator==(const outcome&, const outcome&) = default;
};

void check(const reply& read, const reply_limits& limits)
{
    require(read.code >= 100 && read.code <= 599, "a code has its three digits");
    require(!read.lines.empty() && read.lines.size() <= limits.max_lines, "a reply has one line to as many as allowed");
    std::size_t bytes = 0;
    for (const auto& line : read.lines) {
        bytes += line.size();
        require(line.size() <= limits.max_line_bytes, "a line is not over its limit");
        require(line.find('\n') == std::string::npos, "a line is one line");
        require(!line.ends_with('\r') && !line.ends_with('\0'), "the end of a line is not part of it");
    }
    require(bytes <= limits.max_bytes, "a reply is not over its limit");
    for (const char byte : read.to_string())
        require(static_cast<unsigned char>(byte) >= ' ' || byte == '\n', "a reply is shown without control bytes");
}

outcome read_replies(std::string_view text, const reply_limits& limits, std::size_t piece_size)
{
    outcome found;
    reply_parser parser{limits};
    for_each_piece(text, piece_size, [&](std::string_view piece) {
        while (true) {
            found.last = parser.read(piece);
            if (found.last == status::complete) {
                check(parser.value(), limits);
                found.replies.push_back(std::move(parser.value()));
            } else if (found.last == status::option_requested) {
                found.refusals += parser.refusal();
            } else {
                return;
            }
        }
    });
    if (found.last != status::need_more) // an endless line is not waited for, nor what it may ask for
        found.refusals.clear();
    else
        found.ends_inside = parser.in_reply();
    return found;
}

/// As append_reply() writes it.
std::string without_line_ends(std::string text)
{
    std::ranges::replace_if(
        text, [](char byte) { return byte == '\r' || byte == '\0'; }, '?');
    return text;
}

/// append_reply() indents what stands between, and doubles byte 255.
void write_and_read(const reply& read)
{
    std::string text;
    append_reply(text, read);
    const auto again = read_replies(text, {.max_line_bytes = 2 * text.size()}, text.size());
    require(again.replies.size() == 1 && !again.ends_inside, "a reply is written as one reply");
    const auto& written = again.replies.front();
    require(written.lines.size() == read.lines.size(), "a reply keeps its lines");
    require(written.code == (read.code >= 200 ? read.code : 451), "a reply keeps its code");
    require(written.lines.front() == without_line_ends(read.lines.front()) &&
                written.lines.back() == without_line_ends(read.lines.back()),
            "a reply keeps its text");
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const reply_limits limits{
        .max_line_bytes = choice.byte(), .max_lines = choice.byte() % 16U, .max_bytes = choice.byte() * 4U};
    const auto text = choice.rest();
    const auto whole = read_replies(text, limits, text.size());
    for (const auto size : piece_sizes)
        require(read_replies(text, limits, size) == whole, "replies do not depend on how they are cut");
    for (const auto& read : whole.replies)
        write_and_read(read);
}

} // namespace libftp::fuzz
