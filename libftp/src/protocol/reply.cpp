// Writes replies so that no text can break out of its line, and shows a peer's text without its control bytes.
#include <libftp/protocol/reply.hpp>

#include "ascii.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <array>

namespace libftp {

namespace {

constexpr char iac_byte = '\xff';

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
    const auto needs_care = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0' || byte == iac_byte; };
    while (true) {
        const auto special = std::find_if(text.begin(), text.end(), needs_care);
        const auto clean = static_cast<std::size_t>(special - text.begin());
        out.append(text.substr(0, clean));
        if (clean == text.size())
            break;
        if (*special == iac_byte)
            out.append(2, iac_byte);
        else
            out.push_back('?');
        text.remove_prefix(clean + 1);
    }
    out.append("\r\n");
}

void append_escaped(std::string& out, std::string_view text)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    while (!text.empty()) {
        const auto character = utf8::take_character(text);
        if (!utf8::is_control(character) && !utf8::is_reordering(character)) {
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

void append_first_line(std::string& out, reply_code code, std::string_view text)
{
    append_code(out, code, '-');
    append_text(out, text);
}

void append_inner_line(std::string& out, std::string_view text)
{
    out.push_back(' ');
    append_text(out, text);
}

void append_bare_line(std::string& out, std::string_view text)
{
    if (!text.empty() && ascii::is_digit(text.front()))
        out.push_back(' ');
    append_text(out, text);
}

reply_code append_reply(std::string& out, const reply& answer)
{
    const bool is_valid = answer.code >= 200 && answer.code <= 599;
    const auto code = is_valid ? static_cast<reply_code>(answer.code) : reply_code::local_error;
    const auto inner_end = std::max<std::size_t>(answer.lines.size(), 1) - 1;
    if (inner_end != 0)
        append_first_line(out, code, answer.text());
    for (std::size_t i = 1; i < inner_end; ++i)
        append_inner_line(out, answer.lines[i]);
    append_reply(out, code, answer.lines.empty() ? std::string_view{} : answer.lines.back());
    return code;
}

std::string escape_controls(std::string_view text)
{
    std::string escaped;
    append_escaped(escaped, text);
    return escaped;
}

} // namespace libftp
