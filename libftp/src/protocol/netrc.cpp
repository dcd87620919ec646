// Takes .netrc word by word, and copies a password into nothing but a secret.
#include <libftp/protocol/netrc.hpp>

#include "../throw_or_end.hpp"
#include "ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace libftp {

namespace {

constexpr bool is_blank(char byte) noexcept
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

class word_reader {
public:
    explicit word_reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] std::size_t line() const noexcept { return line_; }

    /// Whether there is a word left.
    bool skip_blanks() noexcept
    {
        while (!rest_.empty() && is_blank(rest_.front()))
            take_byte();
        return !rest_.empty();
    }

    [[nodiscard]] bool is_at_comment() const noexcept { return rest_.starts_with('#'); }

    void skip_line() noexcept
    {
        while (!rest_.empty() && take_byte() != '\n') {
        }
    }

    void skip_to_empty_line() noexcept
    {
        skip_line();
        while (!rest_.empty() && !rest_.starts_with('\n') && !rest_.starts_with("\r\n"))
            skip_line();
    }

    /// Without its quotes, with its backslashes. Nothing if the quotation does not end. Precondition: there is a word.
    std::optional<std::string_view> take_word() noexcept
    {
        const bool is_quoted = rest_.front() == '"';
        if (is_quoted)
            take_byte();
        const auto begin = rest_;
        while (!rest_.empty()) {
            const auto word = begin.substr(0, begin.size() - rest_.size());
            if (!is_quoted && is_blank(rest_.front()))
                return word;
            const char byte = take_byte();
            if (is_quoted && byte == '"')
                return word;
            if (byte == '\\' && !rest_.empty())
                take_byte();
        }
        return is_quoted ? std::nullopt : std::optional{begin};
    }

private:
    char take_byte() noexcept
    {
        const char byte = rest_.front();
        rest_.remove_prefix(1);
        if (byte == '\n')
            ++line_;
        return byte;
    }

    std::string_view rest_;
    std::size_t line_ = 1;
};

std::string without_backslashes(std::string_view word)
{
    std::string text;
    text.reserve(word.size()); // a string that grows leaves its bytes behind
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] == '\\' && i + 1 < word.size())
            ++i;
        text.push_back(word[i]);
    }
    return text;
}

secret to_secret(std::string_view word)
{
    auto text = without_backslashes(word);
    secret taken{text};
    wipe(text.data(), text.size());
    return taken;
}

constexpr std::string_view keywords[] = {"machine", "login", "password", "passwd", "account", "macdef"};

/// Whether the entries could take it.
bool put(std::vector<netrc_entry>& entries, std::string_view keyword, std::string_view value)
{
    if (keyword == "machine") {
        entries.emplace_back().machine = without_backslashes(value);
        return true;
    }
    if (entries.empty())
        return false;
    if (keyword == "login")
        entries.back().user = without_backslashes(value);
    else if (keyword == "account")
        entries.back().account = to_secret(value);
    else
        entries.back().password = to_secret(value);
    return true;
}

} // namespace

void throw_error(const netrc_fault& fault)
{
    throw_or_end(std::runtime_error(fmt::format(".netrc, line {}: {}", fault.line, fault.text)));
}

result<std::vector<netrc_entry>, netrc_fault> parse_netrc(std::string_view text)
{
    std::vector<netrc_entry> entries;
    word_reader words{text};
    while (words.skip_blanks()) {
        if (words.is_at_comment()) {
            words.skip_line();
            continue;
        }
        const auto line = words.line();
        const auto keyword = words.take_word();
        if (keyword == "default") {
            entries.emplace_back();
            continue;
        }
        if (!keyword || std::ranges::find(keywords, *keyword) == std::end(keywords))
            return netrc_fault{line, "There is a word that is none of machine, default, login, password, account and "
                                     "macdef; a password with a blank in it stands in double quotes."};
        if (!words.skip_blanks())
            return netrc_fault{line, "The file ends where a value has to follow."};
        const auto value = words.take_word();
        if (!value)
            return netrc_fault{line, "A quotation does not end."};
        if (keyword == "macdef")
            words.skip_to_empty_line();
        else if (!put(entries, *keyword, *value))
            return netrc_fault{line, "A login, password or account stands before the first machine."};
    }
    return entries;
}

const netrc_entry* find_netrc_entry(std::span<const netrc_entry> entries, std::string_view host,
                                    std::string_view user) noexcept
{
    const auto fits = [&](const netrc_entry& entry) {
        return (!entry.machine || ascii::equal_ignoring_case(*entry.machine, host)) &&
               (user.empty() || entry.user.empty() || entry.user == user);
    };
    const auto found = std::ranges::find_if(entries, fits);
    return found == entries.end() ? nullptr : &*found;
}

} // namespace libftp
