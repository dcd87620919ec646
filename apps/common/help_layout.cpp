// Breaks lines between words, and keeps roff from taking text for requests.
#include "help_layout.hpp"

#include <algorithm>

namespace {

constexpr std::size_t left_margin = 2;
constexpr std::size_t right_column = 26;

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        lines.push_back(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return lines;
}

std::string_view next_word(std::string_view& text)
{
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

/// Appends words to `line`, which has `column` characters already; further lines begin at `margin`.
void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t margin)
{
    bool is_first = true;
    for (auto word = next_word(text); !word.empty(); word = next_word(text)) {
        if (!is_first && column + 1 + word.size() >= help_width) {
            out += "\n" + std::string(margin, ' ');
            column = margin;
        } else if (!is_first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        is_first = false;
    }
    out += '\n';
}

std::string escaped(std::string_view text)
{
    std::string out;
    if (text.starts_with('.') || text.starts_with('\''))
        out = "\\&";
    for (const char byte : text) {
        if (byte == '\\')
            out += "\\e";
        else if (byte == '-')
            out += "\\-";
        else
            out += byte;
    }
    return out;
}

std::string in_capitals(std::string_view text)
{
    std::string upper{text};
    std::ranges::transform(upper, upper.begin(), [](char byte) {
        return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
    });
    return upper;
}

} // namespace

std::string wrapped(std::string_view text)
{
    std::string out;
    for (const auto line : lines_of(text)) {
        if (line.starts_with(' '))
            (out += line) += '\n';
        else
            append_wrapped(out, line, 0, 0);
    }
    return out;
}

std::string in_columns(const help_rows& rows)
{
    std::string out;
    for (const auto& [name, meaning] : rows) {
        const auto begin = out.size();
        out += std::string(left_margin, ' ') + name;
        if (out.size() - begin + 2 > right_column)
            out += "\n" + std::string(right_column, ' ');
        else
            out.append(right_column - (out.size() - begin), ' ');
        append_wrapped(out, meaning, right_column, right_column);
    }
    return out;
}

std::string indented(std::string_view lines)
{
    std::string out;
    for (const auto line : lines_of(lines))
        ((out += std::string(left_margin, ' ')) += line) += '\n';
    return out;
}

std::string titled(std::string_view title, std::string_view body)
{
    return body.empty() ? std::string{} : std::string{title} + ":\n" + std::string{body};
}

namespace roff {

std::string title(std::string_view program, std::string_view version)
{
    return ".TH " + escaped(in_capitals(program)) + " 1 \"\" \"" + escaped(version) + "\"\n";
}

std::string section(level at, std::string_view title)
{
    return at == level::major ? ".SH \"" + escaped(in_capitals(title)) + "\"\n" : ".SS \"" + escaped(title) + "\"\n";
}

std::string text(std::string_view text)
{
    std::string out;
    bool is_verbatim = false;
    for (const auto line : lines_of(text)) {
        if (line.starts_with(' ') != is_verbatim) {
            is_verbatim = !is_verbatim;
            out += is_verbatim ? ".PP\n.nf\n" : ".fi\n";
        }
        if (!is_verbatim)
            out += ".PP\n";
        (out += escaped(line)) += '\n';
    }
    return is_verbatim ? out + ".fi\n" : out;
}

std::string verbatim(std::string_view lines)
{
    std::string out = ".nf\n";
    for (const auto line : lines_of(lines))
        (out += escaped(line)) += '\n';
    return out + ".fi\n";
}

std::string rows(const help_rows& rows)
{
    std::string out;
    for (const auto& [name, meaning] : rows)
        out += ".TP\n\\fB" + escaped(name) + "\\fR\n" + escaped(meaning) + "\n";
    return out;
}

} // namespace roff
