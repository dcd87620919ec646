// Splits a command line, and recognises the first lines of other protocols.
#include <libftp/protocol/command_parser.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>

namespace libftp {

namespace {

struct name_and_argument {
    std::string_view name{};
    std::string_view argument{};
};

name_and_argument split_line(std::string_view line) noexcept
{
    const auto space = line.find(' ');
    if (space == std::string_view::npos)
        return {line, {}};
    return {line.substr(0, space), line.substr(space + 1)};
}

/// First words of HTTP, SMTP, LMTP, RTSP and SIP; none is a verb of FTP.
constexpr std::array<std::string_view, 18> foreign_words{
    "GET", "HEAD", "POST", "PUT",  "DELETE",   "PATCH", "CONNECT",  "TRACE",  "OPTIONS",
    "PRI", "HELO", "EHLO", "LHLO", "STARTTLS", "SETUP", "DESCRIBE", "INVITE", "REGISTER",
};

/// How lines of HTTP end, whose methods are without number: WebDAV alone has twenty.
constexpr std::array<std::string_view, 2> http_versions{" HTTP/1.1", " HTTP/1.0"};

/// How each handshake of TLS begins. It may hold lines of FTP: a client repeats in it what a server made it remember.
constexpr std::string_view tls_handshake = "\x16\x03";

} // namespace

command parse_command(std::string_view line, std::span<const command_row> table) noexcept
{
    const auto [name, argument] = split_line(line);
    return {name, argument, find_command(name, table)};
}

bool is_foreign_protocol(std::string_view line) noexcept
{
    const auto word = split_line(line).name;
    return line.starts_with(tls_handshake) ||
           std::any_of(http_versions.begin(), http_versions.end(),
                       [line](std::string_view version) { return ascii::ends_with_ignoring_case(line, version); }) ||
           ascii::starts_with_ignoring_case(word, "SSH-") ||
           std::any_of(foreign_words.begin(), foreign_words.end(),
                       [word](std::string_view foreign) { return ascii::equal_ignoring_case(word, foreign); });
}

} // namespace libftp
