// Reads numbers, times, digests and paths out of replies (RFC 959 appendix II, RFC 3659 3 and 4,
// draft-bryan-ftpext-hash).
#include "client_replies.hpp"

#include "../protocol/ascii.hpp"
#include "client_control.hpp"
#include "quoted_words.hpp"

#include <algorithm>
#include <vector>

namespace libftp {

namespace {

constexpr std::string_view white_space = " \t\n";

std::vector<std::string_view> split_words(std::string_view text)
{
    std::vector<std::string_view> words;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
        if (text.empty())
            return words;
        words.push_back(text.substr(0, text.find_first_of(white_space)));
        text.remove_prefix(words.back().size());
    }
}

constexpr bool is_hexadecimal(char byte) noexcept
{
    const auto lower = ascii::to_lower(byte);
    return ascii::is_digit(byte) || (lower >= 'a' && lower <= 'f');
}

constexpr std::size_t count_digits(digest_algorithm algorithm) noexcept
{
    switch (algorithm) {
    case digest_algorithm::crc32: return 8;
    case digest_algorithm::md5: return 32;
    case digest_algorithm::sha1: return 40;
    case digest_algorithm::sha256: return 64;
    case digest_algorithm::sha512: return 128;
    }
    return 0;
}

/// `text` without the first `part` that stands in it as a word of its own or in quotes.
std::string without(std::string_view text, std::string_view part)
{
    std::string rest{text};
    const auto is_edge = [&](std::size_t at) { return at >= rest.size() || rest[at] == '"' || rest[at] == ' '; };
    for (auto at = rest.find(part); !part.empty() && at != std::string::npos; at = rest.find(part, at + 1)) {
        if ((at == 0 || is_edge(at - 1)) && is_edge(at + part.size()))
            return rest.erase(at, part.size());
    }
    return rest;
}

} // namespace

bool says_unknown(const reply& answer) noexcept
{
    // 202: "command not implemented, superfluous at this site" (RFC 959 4.2.2).
    switch (answer.code) {
    case to_int(reply_code::superfluous):
    case to_int(reply_code::syntax_error):
    case to_int(reply_code::argument_error):
    case to_int(reply_code::not_implemented):
    case to_int(reply_code::parameter_not_implemented): return true;
    default: return false;
    }
}

std::string whole_text(const reply& answer)
{
    std::string text;
    for (const auto& line : answer.lines)
        text.append(text.empty() ? "" : "\n").append(line);
    return text;
}

std::optional<std::string> parse_working_directory(const reply& answer)
{
    const auto text = whole_text(answer);
    std::string path;
    if (const auto quote = text.find('"'); quote != std::string::npos) {
        auto rest = std::string_view{text}.substr(quote);
        path = take_quoted(rest).value_or("");
    } else {
        const auto words = split_words(text);
        const auto found = std::ranges::find_if(words, [](auto word) { return word.starts_with('/'); });
        if (found != words.end())
            path = *found;
    }
    if (path.empty() || !is_sendable(path))
        return std::nullopt;
    return path;
}

std::optional<std::uint64_t> parse_byte_count(const reply& answer)
{
    const auto words = split_words(answer.text());
    const auto is_number = [](std::string_view word) { return std::ranges::all_of(word, ascii::is_digit); };
    if (words.empty() || std::ranges::count_if(words, is_number) != 1)
        return std::nullopt;
    return ascii::parse_number<std::uint64_t>(words.back());
}

std::optional<file_time> parse_modification(const reply& answer)
{
    const auto words = split_words(answer.text());
    if (words.empty())
        return std::nullopt;
    std::string text{words.front()};
    // Some servers put "19" before the years since 1900.
    constexpr std::size_t digits_with_long_year = 15;
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == digits_with_long_year && text.starts_with("191"))
        text.replace(0, 3, "20");
    const auto time = parse_timestamp(text);
    return time ? std::optional{*time} : std::nullopt;
}

std::optional<std::string> parse_digest(const reply& answer, digest_algorithm algorithm, std::string_view path)
{
    std::vector<std::string> whole;
    std::vector<std::string> shortened;     // A CRC may come without its leading zeros.
    for (const auto& line : answer.lines) { // ProFTPD tells the digest in the last line only.
        const auto text = without(line, path);
        for (const auto raw : split_words(text)) {
            const auto word = ascii::trimmed(raw, "\".,;");
            if (const auto named = parse_digest_algorithm(word); named && *named != algorithm)
                return std::nullopt;
            if (word.empty() || !std::ranges::all_of(word, is_hexadecimal))
                continue;
            auto digits = ascii::in_lower_case(word);
            if (digits.size() == count_digits(algorithm))
                whole.push_back(std::move(digits));
            else if (algorithm == digest_algorithm::crc32 && digits.size() < count_digits(algorithm))
                shortened.push_back(std::move(digits));
        }
    }
    if (whole.size() == 1)
        return whole.front();
    if (!whole.empty() || shortened.size() != 1)
        return std::nullopt;
    return shortened.front().insert(0, count_digits(algorithm) - shortened.front().size(), '0');
}

std::string_view last_component(std::string_view path) noexcept
{
    path = path.substr(0, path.find_last_not_of('/') + 1);
    return path.substr(path.find_last_of('/') + 1);
}

} // namespace libftp
