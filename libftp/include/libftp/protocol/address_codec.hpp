// The address forms of PORT and 227 (RFC 959 4.1.2), EPRT and 229 (RFC 2428), both directions.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// `127,0,0,1,195,84`: exactly six numbers from 0 to 255. Error: protocol_errc::address_malformed.
result<endpoint> parse_host_port(std::string_view text);

/// The same for an IPv4 endpoint (precondition).
std::string format_host_port(const endpoint& where);

/// `|1|132.235.1.2|6275|` or `|2|1080::8:800:200C:417A|5282|`, with any printable ASCII delimiter.
/// Errors: protocol_errc::address_malformed; std::errc::address_family_not_supported for another protocol number.
result<endpoint> parse_extended_port(std::string_view text);
std::string format_extended_port(const endpoint& where);

/// The endpoint in the text of a 227 reply. Servers differ in what surrounds the six numbers: the first run of six in
/// the text counts.
result<endpoint> parse_passive_reply(std::string_view text);

/// The port in the text of a 229 reply: `(|||6446|)`.
result<std::uint16_t> parse_extended_passive_reply(std::string_view text);
std::string format_extended_passive(std::uint16_t port);

} // namespace libftp
