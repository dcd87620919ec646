// Reads and writes the addresses of data connections. What a client sends is read strictly; of what servers say in
// prose, only the address must be in form.
#include <libftp/protocol/address_codec.hpp>

#include "ascii.hpp"

#include <libftp/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace libftp {

namespace {

std::string_view without_blanks_before(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    return text;
}

/// h1,h2,h3,h4,p1,p2
using six_bytes = std::array<std::uint8_t, 6>;

endpoint to_endpoint(const six_bytes& bytes) noexcept
{
    return {ip_address{std::array<std::uint8_t, 4>{bytes[0], bytes[1], bytes[2], bytes[3]}},
            static_cast<std::uint16_t>(bytes[4] << 8 | bytes[5])};
}

/// How many bytes stand before the first one of this kind.
template <class Kind>
std::size_t count_until(std::string_view text, Kind is_of_kind) noexcept
{
    return static_cast<std::size_t>(std::ranges::find_if(text, is_of_kind) - text.begin());
}

std::string_view take_digits(std::string_view& text) noexcept
{
    const auto taken = text.substr(0, count_until(text, std::not_fn(ascii::is_digit)));
    text.remove_prefix(taken.size());
    return taken;
}

std::optional<std::uint8_t> to_byte(std::string_view number) noexcept
{
    return number.size() > 3 ? std::nullopt : ascii::parse_number<std::uint8_t>(number);
}

std::optional<std::uint16_t> to_port(std::string_view number) noexcept
{
    const auto port = ascii::parse_number<std::uint16_t>(number);
    return port == 0 ? std::nullopt : port;
}

/// Numbers parted by commas, as a 227 reply holds them.
struct number_run {
    std::array<std::string_view, 6> numbers{};
    std::size_t count = 0; ///< More than six are counted, not kept.
};

/// Takes the run that the text begins with (precondition: with a digit). Some servers write blanks around the commas.
number_run take_run(std::string_view& text) noexcept
{
    number_run run;
    while (true) {
        const auto number = take_digits(text);
        if (run.count < run.numbers.size())
            run.numbers[run.count] = number;
        ++run.count;

        auto rest = without_blanks_before(text);
        if (!rest.starts_with(','))
            return run;
        rest = without_blanks_before(rest.substr(1));
        if (rest.empty() || !ascii::is_digit(rest.front()))
            return run;
        text = rest;
    }
}

} // namespace

result<endpoint> parse_host_port(std::string_view text)
{
    auto rest = ascii::trimmed(text, " ");
    six_bytes bytes{};
    for (auto& byte : bytes) {
        if (&byte != &bytes.front()) {
            if (!rest.starts_with(','))
                return protocol_errc::address_malformed;
            rest.remove_prefix(1);
        }
        const auto number = to_byte(take_digits(rest));
        if (!number)
            return protocol_errc::address_malformed;
        byte = *number;
    }
    if (!rest.empty())
        return protocol_errc::address_malformed;
    return to_endpoint(bytes);
}

std::string format_host_port(const endpoint& where)
{
    const auto host = where.address.bytes();
    return fmt::format("{},{},{},{},{},{}", host[0], host[1], host[2], host[3], where.port >> 8, where.port & 0xff);
}

result<endpoint> parse_extended_port(std::string_view text)
{
    // The delimiter is whatever stands first; between four of them are the three fields.
    if (text.empty() || text.front() < 33 || text.front() > 126)
        return protocol_errc::address_malformed;
    const char delimiter = text.front();
    text.remove_prefix(1);
    std::array<std::string_view, 3> fields{};
    for (auto& field : fields) {
        const auto size = text.find(delimiter);
        if (size == std::string_view::npos)
            return protocol_errc::address_malformed;
        field = text.substr(0, size);
        text.remove_prefix(size + 1);
    }
    const auto protocol = ascii::parse_number<std::uint16_t>(fields[0]);
    if (!text.empty() || !protocol)
        return protocol_errc::address_malformed;
    if (*protocol != 1 && *protocol != 2)
        return std::make_error_code(std::errc::address_family_not_supported);

    // The form of the text decides, because an IPv4-mapped address is IPv4 once it is parsed.
    const bool written_as_ipv6 = fields[1].find(':') != std::string_view::npos;
    const auto address = ip_address::parse(fields[1]);
    const auto port = to_port(fields[2]);
    if (!address || !port || written_as_ipv6 != (*protocol == 2))
        return protocol_errc::address_malformed;
    return endpoint{*address, *port};
}

std::string format_extended_port(const endpoint& where)
{
    return fmt::format("|{}|{}|{}|", where.address.family() == address_family::ipv4 ? 1 : 2, where.address.to_string(),
                       where.port);
}

result<endpoint> parse_passive_reply(std::string_view text)
{
    while (true) {
        text.remove_prefix(count_until(text, ascii::is_digit));
        if (text.empty())
            return protocol_errc::address_malformed;
        const auto run = take_run(text);
        if (run.count != run.numbers.size())
            continue;
        six_bytes bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto byte = to_byte(run.numbers[i]);
            if (!byte)
                return protocol_errc::address_malformed;
            bytes[i] = *byte;
        }
        return to_endpoint(bytes);
    }
}

result<std::uint16_t> parse_extended_passive_reply(std::string_view text)
{
    // A parenthesis may also stand in the prose before the address.
    for (auto open = text.find('('); open != std::string_view::npos; open = text.find('(', open + 1)) {
        const auto inner = text.substr(open + 1);
        if (inner.size() < 3 || inner[0] < 33 || inner[0] > 126 || inner[1] != inner[0] || inner[2] != inner[0])
            continue;
        const auto size = inner.find(inner[0], 3);
        if (size == std::string_view::npos || inner.substr(size + 1, 1) != ")")
            continue;
        if (const auto port = to_port(inner.substr(3, size - 3)))
            return *port;
    }
    return protocol_errc::address_malformed;
}

std::string format_extended_passive(std::uint16_t port)
{
    return fmt::format("(|||{}|)", port);
}

} // namespace libftp
