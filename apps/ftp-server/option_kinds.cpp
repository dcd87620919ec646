// Takes texts apart; each has to be of its kind as a whole.
#include "option_kinds.hpp"

#include "../common/quantities.hpp"

#include <algorithm>

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    return parse_number<std::uint16_t>(text);
}

std::optional<libftp::ip_address> parse_address(std::string_view text)
{
    return text == "localhost" ? libftp::ip_address::loopback_v4() : libftp::ip_address::parse(text);
}

std::optional<std::string> parse_host_pattern(std::string_view text)
{
    constexpr auto is_odd = [](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return code <= ' ' || code == 0x7f || byte == '/';
    };
    // No HOST has a port; an IPv6 address stands in brackets, as a set of bytes does.
    const bool has_port = text.find(':') != std::string_view::npos && text.find('[') == std::string_view::npos;
    // The dot of the root is taken off what clients ask for.
    if (text.empty() || text.ends_with('.') || has_port || std::ranges::any_of(text, is_odd))
        return std::nullopt;
    return std::string{text};
}

std::optional<std::chrono::seconds> parse_time(std::string_view text)
{
    std::uint32_t unit = 1;
    if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h') || text.ends_with('d')) {
        unit = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : text.back() == 'h' ? 3600 : 86400;
        text.remove_suffix(1);
    }
    constexpr std::chrono::days longest{36500}; // Clocks count nanoseconds, of which there are not many more.
    const auto number = parse_number<std::uint32_t>(text);
    const std::chrono::seconds time{std::uint64_t{number.value_or(0)} * unit};
    return number && time <= longest ? std::optional{time} : std::nullopt;
}

std::optional<unsigned> parse_umask(std::string_view text)
{
    const auto bits = parse_number<unsigned>(text, 8);
    return bits && *bits <= 0777 ? bits : std::nullopt;
}

std::optional<listening_place> parse_listening_place(std::string_view text)
{
    if (const auto address = parse_address(text))
        return listening_place{*address};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos && !text.starts_with('['))
        return std::nullopt;
    const bool ends_in_address = text.ends_with(']');
    auto host = ends_in_address ? text : text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return std::nullopt;
    const auto address = parse_address(host);
    if (ends_in_address)
        return address ? std::optional{listening_place{*address}} : std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    if (!address || !port)
        return std::nullopt;
    return listening_place{*address, *port};
}

std::optional<libftp::network_address> parse_announced_address(std::string_view text)
{
    const auto equals = text.find('=');
    const auto network =
        libftp::ip_network::parse(equals == std::string_view::npos ? "0.0.0.0/0" : text.substr(0, equals));
    const auto address = libftp::ip_address::parse(equals == std::string_view::npos ? text : text.substr(equals + 1));
    if (!network || !address || address->family() != libftp::address_family::ipv4)
        return std::nullopt;
    return libftp::network_address{*network, *address};
}
