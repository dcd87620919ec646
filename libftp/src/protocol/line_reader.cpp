// Cuts lines out of the stream: whole lines are viewed in place, all others are collected byte by byte.
#include <libftp/protocol/line_reader.hpp>

#include <libftp/secret.hpp>
#include <utility>

namespace libftp {

namespace {

namespace telnet {
constexpr unsigned char subnegotiation_end = 240; // The first of the command codes.
constexpr unsigned char subnegotiation = 250;
constexpr unsigned char will = 251;
constexpr unsigned char wont = 252;
constexpr unsigned char do_it = 253;
constexpr unsigned char dont = 254;
constexpr unsigned char iac = 255;
} // namespace telnet

constexpr char iac = static_cast<char>(telnet::iac);

/// Whether no byte has a meaning of its own. Three searches are faster than one loop with three comparisons.
bool is_plain(std::string_view text) noexcept
{
    return text.find('\r') == std::string_view::npos && text.find('\0') == std::string_view::npos &&
           text.find(iac) == std::string_view::npos;
}

constexpr bool is_padding(char byte) noexcept
{
    return byte == '\r' || byte == '\0';
}

std::string_view without_padding(std::string_view text) noexcept
{
    while (!text.empty() && is_padding(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

line_reader::status line_reader::read(std::string_view& input)
{
    if (line_taken_)
        reset();
    if (!in_line() && telnet_ == telnet_state::text && take_whole_line(input))
        return status::line;
    while (!input.empty()) {
        const char byte = input.front();
        input.remove_prefix(1);
        if (const auto progress = take(byte); progress != status::need_more)
            return progress;
    }
    return status::need_more;
}

void line_reader::reset() noexcept
{
    // The line may have been a password.
    wipe(partial_.data(), partial_.size());
    partial_.clear();
    line_ = {};
    telnet_ = telnet_state::text;
    fault_ = fault::none;
    end_pending_ = false;
    line_taken_ = false;
}

bool line_reader::take_whole_line(std::string_view& input) noexcept
{
    // Looking no further than a line may reach bounds the work, however often a peer interrupts its line.
    auto text = input.substr(0, max_line_bytes_ + 2);
    const auto size = text.find('\n');
    if (size == std::string_view::npos)
        return false;
    text = text.substr(0, size);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    if (text.size() > max_line_bytes_ || !is_plain(text))
        return false;
    line_ = text;
    input.remove_prefix(size + 1);
    return true;
}

line_reader::status line_reader::take(char byte)
{
    switch (telnet_) {
    case telnet_state::text:
        if (byte != iac)
            return take_text(byte);
        telnet_ = telnet_state::iac;
        break;
    case telnet_state::iac: return take_telnet_command(byte);
    case telnet_state::option:
        telnet_ = telnet_state::text;
        if (byte == '\r' || byte == '\n') {
            // Those that ask for these two options are rarer than names in Latin-1, whose lines must end where they do.
            take_text(iac);
            take_text(refusal_[2]);
            return take_text(byte);
        }
        refusal_[2] = byte;
        if (refusal_[1] != 0)
            return status::option_requested;
        break;
    case telnet_state::subnegotiation:
        if (byte == iac)
            telnet_ = telnet_state::subnegotiation_iac;
        break;
    case telnet_state::subnegotiation_iac:
        telnet_ = static_cast<unsigned char>(byte) == telnet::subnegotiation_end ? telnet_state::text
                                                                                 : telnet_state::subnegotiation;
        break;
    }
    return status::need_more;
}

line_reader::status line_reader::take_telnet_command(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    telnet_ = telnet_state::text;
    switch (code) {
    case telnet::iac: return take_text(byte);
    case telnet::subnegotiation: telnet_ = telnet_state::subnegotiation; return status::need_more;
    case telnet::will:
    case telnet::wont:
    case telnet::do_it:
    case telnet::dont:
        telnet_ = telnet_state::option;
        // A refusal is never answered, or two peers could go on forever (RFC 854).
        refusal_ = {iac, 0, byte};
        if (code == telnet::will)
            refusal_[1] = static_cast<char>(telnet::dont);
        else if (code == telnet::do_it)
            refusal_[1] = static_cast<char>(telnet::wont);
        return status::need_more;
    default: break;
    }
    if (code >= telnet::subnegotiation_end)
        return status::need_more;
    take_text(iac);
    return take_text(byte);
}

line_reader::status line_reader::take_text(char byte)
{
    if (byte == '\n')
        return end_line();
    if (ends_ == line_end::padded) {
        append(byte);
        return status::need_more;
    }
    const bool is_stray = end_pending_ || byte == '\0';
    if (is_stray && fault_ == fault::none)
        fault_ = fault::malformed;
    end_pending_ = byte == '\r';
    if (!end_pending_)
        append(byte);
    return status::need_more;
}

line_reader::status line_reader::end_line()
{
    line_ = ends_ == line_end::padded ? without_padding(partial_) : std::string_view{partial_};
    end_pending_ = false;
    line_taken_ = true;
    switch (std::exchange(fault_, fault::none)) {
    case fault::too_long: return status::too_long;
    case fault::malformed: return status::malformed;
    default: return status::line;
    }
}

void line_reader::append(char byte)
{
    if (fault_ != fault::none)
        return;
    if (partial_.size() == max_line_bytes_) {
        // A byte that may belong to the line's end is not kept: if it does not, the next byte is one too many.
        if (!is_padding(byte))
            fault_ = fault::too_long;
        return;
    }
    // Reserved at once: growing would leave copies of a password behind.
    if (partial_.empty())
        partial_.reserve(max_line_bytes_);
    partial_.push_back(byte);
}

} // namespace libftp
