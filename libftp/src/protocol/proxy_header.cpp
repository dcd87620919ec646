// Tells the line of version 1 from the block of version 2 by their first bytes, and reads the addresses in them.
#include <libftp/protocol/proxy_header.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>

namespace libftp {

namespace {

constexpr std::string_view line_signature{"PROXY "};
constexpr std::string_view block_signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t max_line_bytes = 107;
constexpr std::size_t block_head_bytes = 16; // signature, version and command, family and transport, length

constexpr std::uint8_t local_command = 0x20;
constexpr std::uint8_t proxy_command = 0x21;
constexpr std::uint8_t unspecified = 0x00;
constexpr std::uint8_t tcp_over_ipv4 = 0x11;
constexpr std::uint8_t tcp_over_ipv6 = 0x21;
constexpr std::uint8_t unix_stream = 0x31;

bool have_common_start(std::string_view a, std::string_view b) noexcept
{
    const auto size = std::min(a.size(), b.size());
    return a.substr(0, size) == b.substr(0, size);
}

std::uint8_t byte_at(std::string_view block, std::size_t at) noexcept
{
    return static_cast<std::uint8_t>(block[at]);
}

std::uint16_t number_at(std::string_view block, std::size_t at) noexcept
{
    return static_cast<std::uint16_t>(byte_at(block, at) * 256U + byte_at(block, at + 1));
}

template <std::size_t Size>
ip_address address_at(std::string_view block, std::size_t at) noexcept
{
    std::array<std::uint8_t, Size> bytes{};
    for (std::size_t i = 0; i < Size; ++i)
        bytes.at(i) = byte_at(block, at + i);
    return ip_address{bytes};
}

/// Both addresses, then both ports.
template <std::size_t AddressSize>
proxied_connection connection_in(std::string_view block) noexcept
{
    constexpr auto ports_at = block_head_bytes + 2 * AddressSize;
    return {{address_at<AddressSize>(block, block_head_bytes), number_at(block, ports_at)},
            {address_at<AddressSize>(block, block_head_bytes + AddressSize), number_at(block, ports_at + 2)}};
}

/// How many bytes the addresses take that count; nothing for what no stream over IP or a Unix socket has.
std::optional<std::size_t> address_bytes(std::uint8_t family) noexcept
{
    switch (family) {
    case unspecified:
    case unix_stream: return 0;
    case tcp_over_ipv4: return 12;
    case tcp_over_ipv6: return 36;
    default: return std::nullopt;
    }
}

std::optional<ip_address> parse_address(std::string_view text, std::string_view protocol)
{
    const bool is_ipv6 = text.find(':') != std::string_view::npos;
    return is_ipv6 == (protocol == "TCP6") ? ip_address::parse(text) : std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    const bool has_leading_zero = text.size() > 1 && text.front() == '0';
    return has_leading_zero ? std::nullopt : ascii::parse_number<std::uint16_t>(text);
}

} // namespace

proxy_header_parser::status proxy_header_parser::read(std::string_view& input)
{
    while (status_ == status::need_more && !input.empty()) {
        if (skipping_ == 0) {
            kept_ += input.front();
            input.remove_prefix(1);
            status_ = look();
        } else {
            const auto skipped = std::min(skipping_, input.size());
            input.remove_prefix(skipped);
            skipping_ -= skipped;
            status_ = skipping_ == 0 ? status::complete : status::need_more;
        }
    }
    return status_;
}

proxy_header_parser::status proxy_header_parser::look()
{
    if (have_common_start(kept_, line_signature))
        return look_at_line();
    if (have_common_start(kept_, block_signature))
        return look_at_block();
    return status::malformed;
}

proxy_header_parser::status proxy_header_parser::look_at_line()
{
    if (!kept_.ends_with('\n'))
        return kept_.size() < max_line_bytes ? status::need_more : status::malformed;
    std::string_view line = kept_;
    if (!line.ends_with("\r\n"))
        return status::malformed;
    line.remove_suffix(2);
    line.remove_prefix(line_signature.size());
    const auto protocol = ascii::take_until(line, ' ');
    if (protocol == "UNKNOWN") // whatever follows
        return status::complete;
    if (protocol != "TCP4" && protocol != "TCP6")
        return status::malformed;
    const auto client = parse_address(ascii::take_until(line, ' '), protocol);
    const auto proxy = parse_address(ascii::take_until(line, ' '), protocol);
    const auto client_port = parse_port(ascii::take_until(line, ' '));
    const auto proxy_port = parse_port(line);
    if (!client || !proxy || !client_port || !proxy_port)
        return status::malformed;
    return take({{*client, *client_port}, {*proxy, *proxy_port}});
}

proxy_header_parser::status proxy_header_parser::look_at_block()
{
    if (kept_.size() < block_head_bytes)
        return status::need_more;
    const auto command = byte_at(kept_, 12);
    const auto family = byte_at(kept_, 13);
    const std::size_t length = number_at(kept_, 14);
    if (command == local_command) {
        skipping_ = length;
        return length == 0 ? status::complete : status::need_more;
    }
    const auto wanted = address_bytes(family);
    if (command != proxy_command || !wanted || length < *wanted)
        return status::malformed;
    if (kept_.size() < block_head_bytes + *wanted)
        return status::need_more;
    skipping_ = length - *wanted;
    const auto outcome = *wanted == 0              ? status::complete
                         : family == tcp_over_ipv4 ? take(connection_in<4>(kept_))
                                                   : take(connection_in<16>(kept_));
    return outcome == status::complete && skipping_ != 0 ? status::need_more : outcome;
}

/// Nobody has the address 0.0.0.0; to this host it would mean itself.
proxy_header_parser::status proxy_header_parser::take(const proxied_connection& told)
{
    if (told.client.address.is_unspecified())
        return status::malformed;
    value_ = told;
    return status::complete;
}

} // namespace libftp
