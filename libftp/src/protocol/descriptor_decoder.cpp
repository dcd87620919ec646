// Takes turns between headers and strings, and tells what the descriptor says when its string has ended.
#include <libftp/protocol/descriptor_decoder.hpp>

#include <algorithm>

namespace libftp {

namespace {

bool is_printable(char byte) noexcept
{
    return byte > ' ' && byte <= '~';
}

} // namespace

bool descriptor_decoder::describe(std::uint8_t codes) noexcept
{
    constexpr unsigned known =
        descriptor::end_of_record | descriptor::end_of_file | descriptor::suspected_errors | descriptor::restart_marker;
    codes_ |= codes;
    return (codes | known) == known;
}

void descriptor_decoder::begin_string(std::size_t size)
{
    run_.clear();
    marker_.clear();
    left_ = size;
    in_string_ = true;
}

void descriptor_decoder::begin_run(std::size_t size, char byte)
{
    begin_string(size);
    run_.assign(size, byte);
}

bool descriptor_decoder::awaits_last_string() const noexcept
{
    return !in_string_ && has(descriptor::end_of_file) && !has(descriptor::restart_marker);
}

data_event descriptor_decoder::decode(std::string_view& input)
{
    while (true) {
        if (in_string_ && left_ == 0) {
            if (const auto event = end_string(); event != data_event::need_more)
                return event;
        }
        if (input.empty() && (!in_string_ || run_.empty()))
            return data_event::need_more;
        if (!in_string_) {
            const char byte = input.front();
            input.remove_prefix(1);
            if (ended_ || !take_header(byte))
                return data_event::malformed;
            continue;
        }
        text_ = take_piece(input);
        if (!has(descriptor::restart_marker))
            return data_event::bytes;
        if (!append_to_marker(text_))
            return data_event::malformed;
    }
}

std::string_view descriptor_decoder::take_piece(std::string_view& input) noexcept
{
    if (!run_.empty()) {
        left_ = 0;
        return run_;
    }
    const auto piece = input.substr(0, left_);
    input.remove_prefix(piece.size());
    left_ -= piece.size();
    return piece;
}

bool descriptor_decoder::append_to_marker(std::string_view piece)
{
    if (marker_.size() + piece.size() > max_marker_bytes || !std::all_of(piece.begin(), piece.end(), is_printable))
        return false;
    marker_.append(piece);
    return true;
}

/// What the descriptor has still to say, one thing at a time.
data_event descriptor_decoder::end_string()
{
    if (take(descriptor::restart_marker)) {
        text_ = marker_;
        return marker_.empty() ? data_event::malformed : data_event::restart_marker;
    }
    if (take(descriptor::end_of_record))
        return data_event::end_of_record;
    if (take(descriptor::end_of_file)) {
        ended_ = true;
        return data_event::end_of_file;
    }
    codes_ = 0;
    in_string_ = false;
    return data_event::need_more;
}

bool descriptor_decoder::take(std::uint8_t code) noexcept
{
    const bool was_there = has(code);
    codes_ &= static_cast<std::uint8_t>(~code);
    return was_there;
}

} // namespace libftp
