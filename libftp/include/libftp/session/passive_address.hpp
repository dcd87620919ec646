// The address that 227 announces, for servers behind network address translation.
#pragma once

#include <libftp/endpoint.hpp>

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace libftp {

/// Gives the IPv4 address to announce to `peer`, who reached the server at `local`; nothing: `local` itself. Called on
/// the session's thread for each PASV: must not block and must not throw.
using passive_address_rule = std::function<std::optional<ip_address>(const endpoint& peer, const endpoint& local)>;

/// The same for everybody.
passive_address_rule fixed_passive_address(ip_address announced);

/// Addresses that begin with the same bits.
struct ip_network {
    ip_address address{};
    unsigned prefix_bits = 0;

    /// `10.0.0.0/8`, `fe80::/10`, or an address alone; nothing for anything else.
    static std::optional<ip_network> parse(std::string_view text);
    /// Never for the other family.
    [[nodiscard]] bool contains(const ip_address& other) const noexcept;
};

/// What clients from a network are told.
struct network_address {
    ip_network clients{};
    ip_address announced{};
};

/// By the client's address; of several networks that contain it the longest prefix counts. Clients of none are told the
/// control connection's own address.
passive_address_rule passive_address_by_network(std::vector<network_address> networks);

} // namespace libftp
