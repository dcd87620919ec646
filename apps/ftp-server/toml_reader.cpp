// Goes through the text byte by byte, and names the first line that is not understood.
#include "toml_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace {

bool is_key_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_';
}

void append_utf8(std::string& out, std::uint32_t point)
{
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool is_scalar_value(std::uint32_t point)
{
    return point < 0xD800 || (point >= 0xE000 && point <= 0x10FFFF);
}

class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}

    libftp::result<std::vector<toml_entry>, toml_fault> read()
    {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (rest_.starts_with(byte_order_mark))
            rest_.remove_prefix(byte_order_mark.size());
        std::vector<toml_entry> entries;
        for (skip_blank_lines(); !rest_.empty(); skip_blank_lines()) {
            toml_entry entry{.line = line_};
            if (rest_.front() == '[')
                return fault("this file has no tables: every key stands for itself");
            if (!read_key(entry) || !read_values(entry) || !read_end())
                return fault_;
            const auto first = std::ranges::find(entries, entry.key, &toml_entry::key);
            if (first != entries.end()) {
                line_ = entry.line;
                return fault(entry.key + " is in line " + std::to_string(first->line) + " already");
            }
            entries.push_back(std::move(entry));
        }
        return entries;
    }

private:
    toml_fault fault(std::string reason) const { return {line_, std::move(reason)}; }
    bool fails(std::string reason)
    {
        fault_ = fault(std::move(reason));
        return false;
    }

    [[nodiscard]] bool at(char byte) const { return !rest_.empty() && rest_.front() == byte; }
    bool take(char byte)
    {
        if (!at(byte))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    template <class Predicate>
    std::string_view take_while(Predicate fits)
    {
        const auto size = static_cast<std::size_t>(std::ranges::find_if_not(rest_, fits) - rest_.begin());
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    void skip_spaces()
    {
        take_while([](char byte) { return byte == ' ' || byte == '\t'; });
        if (at('#'))
            take_while([](char byte) { return byte != '\n'; });
    }
    bool skip_line_end()
    {
        if (rest_.starts_with("\r\n"))
            rest_.remove_prefix(1);
        if (!take('\n'))
            return false;
        ++line_;
        return true;
    }
    void skip_blank_lines()
    {
        do
            skip_spaces();
        while (skip_line_end());
    }

    bool read_key(toml_entry& entry)
    {
        entry.key = take_while(is_key_byte);
        skip_spaces();
        if (entry.key.empty() || !take('='))
            return fails("a line is KEY = VALUE");
        return true;
    }

    bool read_values(toml_entry& entry)
    {
        skip_spaces();
        if (!take('['))
            return read_value(entry);
        for (skip_blank_lines(); !take(']'); skip_blank_lines()) {
            if (!read_value(entry))
                return false;
            skip_blank_lines();
            if (!take(',') && !at(']'))
                return fails("the values of a list stand between [ and ], with commas between them");
        }
        return true;
    }

    bool read_value(toml_entry& entry)
    {
        if (rest_.starts_with("\"\"\"") || rest_.starts_with("'''"))
            return fails("a string stands on one line here");
        if (take('"'))
            return read_basic_string(entry.values.emplace_back()) && is_text(entry.values.back());
        if (take('\''))
            return read_literal_string(entry.values.emplace_back()) && is_text(entry.values.back());
        auto word = std::string{take_while(
            [](char byte) { return is_key_byte(byte) || byte == '.' || byte == '+' || byte == ':' || byte == '/'; })};
        if (word.empty())
            return fails("there is no value behind " + entry.key);
        if (word != "true" && word != "false" && !is_number(word))
            return fails("a value that is no number, true or false stands in quotes: \"" + word + "\"");
        std::erase(word, '_');
        entry.values.push_back(std::move(word));
        return true;
    }

    /// What is behind a NUL would go unseen where a value becomes a path or a message.
    bool is_text(std::string_view value)
    {
        return value.find('\0') == std::string_view::npos || fails("a value holds no NUL byte");
    }

    static bool is_number(std::string_view word)
    {
        if (word.starts_with('-') || word.starts_with('+'))
            word.remove_prefix(1);
        return !word.empty() && std::ranges::all_of(word, [](char byte) {
            return (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
        });
    }

    bool read_literal_string(std::string& value)
    {
        value = take_while([](char byte) { return byte != '\'' && byte != '\n'; });
        return take('\'') || fails("the string does not end");
    }

    bool read_basic_string(std::string& value)
    {
        while (!take('"')) {
            if (rest_.empty() || at('\n'))
                return fails("the string does not end");
            if (take('\\')) {
                if (!read_escape(value))
                    return fails("this escape is not known; a backslash is written \\\\");
            } else {
                value += rest_.front();
                rest_.remove_prefix(1);
            }
        }
        return true;
    }

    bool read_escape(std::string& value)
    {
        static constexpr std::string_view letters = "btnfr\"\\";
        static constexpr std::string_view bytes = "\b\t\n\f\r\"\\";
        if (rest_.empty())
            return false;
        const char letter = rest_.front();
        rest_.remove_prefix(1);
        if (letter == 'u' || letter == 'U')
            return read_point(value, letter == 'u' ? 4 : 8);
        const auto found = letters.find(letter);
        if (found == std::string_view::npos)
            return false;
        value += bytes[found];
        return true;
    }

    bool read_point(std::string& value, std::size_t digits)
    {
        const auto text = rest_.substr(0, digits);
        std::uint32_t point = 0;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, point, 16);
        if (text.size() != digits || read.ec != std::errc{} || read.ptr != end || !is_scalar_value(point))
            return false;
        append_utf8(value, point);
        rest_.remove_prefix(digits);
        return true;
    }

    bool read_end()
    {
        skip_spaces();
        return rest_.empty() || skip_line_end() || fails("there is more on the line than KEY = VALUE");
    }

    std::string_view rest_;
    std::size_t line_ = 1;
    toml_fault fault_{};
};

} // namespace

libftp::result<std::vector<toml_entry>, toml_fault> read_toml(std::string_view text)
{
    return reader{text}.read();
}

std::string toml_string(std::string_view text)
{
    std::string quoted = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\')
            quoted += '\\';
        if (byte == '\n')
            quoted += "\\n";
        else
            quoted += byte;
    }
    return quoted + '"';
}
