// Reads and rewrites the pin file.
#include "tls_pins.hpp"

#include "../protocol/ascii.hpp"
#include "small_file.hpp"
#include "tls_certificate.hpp"

#include <libftp/net/pinned_fingerprints.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string_view>

namespace libftp::net {

namespace {

constexpr std::string_view blanks = " \t\r";

/// The fingerprint in a line for `server`.
std::optional<std::string> pin_in(std::string_view line, std::string_view server)
{
    line = ascii::trimmed(line, blanks);
    const auto name = line.substr(0, line.find_first_of(blanks));
    if (!ascii::equal_ignoring_case(name, server))
        return std::nullopt;
    return openssl::as_fingerprint(ascii::trimmed(line.substr(name.size()), blanks));
}

/// Empty if there is no file.
result<secret> read_pins(const std::string& file)
{
    auto content = read_small_file(file);
    if (!content && content.error() == std::errc::no_such_file_or_directory)
        return secret{};
    return content;
}

} // namespace

std::string pin_name(const std::string& host, std::uint16_t port)
{
    const bool has_colon = host.find(':') != std::string::npos;
    return (has_colon ? "[" + ascii::in_lower_case(host) + "]" : ascii::in_lower_case(host)) + ":" +
           std::to_string(port);
}

result<std::vector<std::string>> find_pins(const std::string& file, const std::string& server)
{
    const auto content = read_pins(file);
    if (!content)
        return content.error();
    std::vector<std::string> found;
    for (auto rest = content->reveal(); !rest.empty();) {
        if (auto pin = pin_in(ascii::take_until(rest, '\n'), server))
            found.push_back(*std::move(pin));
    }
    return found;
}

result<std::vector<std::string>> pinned_fingerprints(const std::string& pin_file, const std::string& host,
                                                     std::uint16_t port)
{
    return find_pins(pin_file, pin_name(host, port));
}

std::size_t find_broken_line(const std::string& file)
{
    const auto content = read_pins(file);
    std::size_t number = 0;
    for (auto rest = content ? content->reveal() : std::string_view{}; !rest.empty();) {
        const auto line = ascii::trimmed(ascii::take_until(rest, '\n'), blanks);
        ++number;
        const auto name = line.substr(0, line.find_first_of(blanks));
        if (!line.empty() && !line.starts_with('#') && !pin_in(line, name))
            return number;
    }
    return 0;
}

result<void> write_pin(const std::string& file, const std::string& server, const std::string& fingerprint)
{
    if (std::ranges::any_of(server, [](char byte) { return ascii::is_control(byte) || byte == ' '; }))
        return std::make_error_code(std::errc::invalid_argument);
    static std::mutex one_at_a_time;
    const std::lock_guard lock{one_at_a_time};
    const auto content = read_pins(file);
    if (!content)
        return content.error();
    std::string lines;
    for (auto rest = content->reveal(); !rest.empty();) {
        const auto line = ascii::take_until(rest, '\n');
        if (!pin_in(line, server))
            lines.append(line).append("\n");
    }
    return replace_small_file(file, lines + server + " " + fingerprint + "\n");
}

} // namespace libftp::net
