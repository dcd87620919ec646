// Writes replies so that no text can break out of its line, and shows a peer's text without its control bytes.
#include <libftp/protocol/reply.hpp>

#include <algorithm>
#include <array>

namespace libftp {

namespace {

constexpr char iac = '\xff';

void append_code(std::string& out, reply_code code, char separator)
{
    const int number = to_int(code);
    const std::array<char, 4> head{static_cast<char>('0' + number / 100 % 10),
                                   static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10),
                                   separator};
    out.append(head.data(), head.size());
}

void append_text(std::string& out, std::string_view text)
{
    const auto needs_care = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0' || byte == iac; };
    while (true) {
        const auto special = std::find_if(text.begin(), text.end(), needs_care);
        const auto clean = static_cast<std::size_t>(special - text.begin());
        out.append(text.substr(0, clean));
        if (clean == text.size())
            break;
        if (*special == iac)
            out.append(2, iac);
        else
            out.push_back('?');
        text.remove_prefix(clean + 1);
    }
    out.append("\r\n");
}

/// How many bytes the well-formed UTF-8 character at the front takes; 0 if there is none (RFC 3629 4).
std::size_t utf8_length(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    const bool out_of_range = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || surrogate || out_of_range ? 0 : length;
}

/// Whether a terminal could act on this: one well-formed character, or one stray byte.
bool is_control(std::string_view character) noexcept
{
    const auto lead = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return lead < 0x20 || lead == 0x7f || (lead >= 0x80 && lead < 0xa0);
    return lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

void append_escaped(std::string& out, std::string_view text)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    while (!text.empty()) {
        const auto character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
        text.remove_prefix(character.size());
        if (!is_control(character)) {
            out.append(character);
            continue;
        }
        for (const char c : character) {
            const auto byte = static_cast<unsigned char>(c);
            out.append({'\\', 'x', digits[byte >> 4U], digits[byte & 0xfU]});
        }
    }
}

} // namespace

std::string reply::to_string() const
{
    auto text = std::to_string(code);
    char separator = ' ';
    for (const auto& line : lines) {
        text.push_back(separator);
        append_escaped(text, line);
        separator = '\n';
    }
    return text;
}

void append_reply(std::string& out, reply_code code, std::string_view text)
{
    append_code(out, code, ' ');
    append_text(out, text);
}

multiline_reply::multiline_reply(std::string& out, reply_code code, std::string_view first_line)
    : out_(out), code_(code)
{
    append_code(out_, code_, '-');
    append_text(out_, first_line);
}

void multiline_reply::line(std::string_view text)
{
    out_.push_back(' ');
    append_text(out_, text);
}

void multiline_reply::last(std::string_view text)
{
    append_reply(out_, code_, text);
}

std::string escape_controls(std::string_view text)
{
    std::string escaped;
    append_escaped(escaped, text);
    return escaped;
}

} // namespace libftp
