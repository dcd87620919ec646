// Chooses the address that 227 announces, by the network that the client comes from.
#include <libftp/session/passive_address.hpp>

#include "../protocol/ascii.hpp"

#include <algorithm>
#include <utility>

namespace libftp {

passive_address_rule fixed_passive_address(ip_address announced)
{
    return [announced](const endpoint&, const endpoint&) -> std::optional<ip_address> { return announced; };
}

std::optional<ip_network> ip_network::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto address_text = text.substr(0, slash);
    const auto address = ip_address::parse(address_text);
    if (!address)
        return std::nullopt;
    const auto max_bits = static_cast<unsigned>(address->bytes().size() * 8);
    if (slash == std::string_view::npos)
        return ip_network{*address, max_bits};

    // The bits of ::ffff:10.0.0.0/104 are counted in an address that is an IPv4 address by now.
    if (address->family() == address_family::ipv4 && address_text.find(':') != std::string_view::npos)
        return std::nullopt;
    const auto bits = ascii::parse_number<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > max_bits)
        return std::nullopt;
    return ip_network{*address, *bits};
}

bool ip_network::contains(const ip_address& other) const noexcept
{
    if (address.family() != other.family())
        return false;
    const auto own = address.bytes();
    const auto others = other.bytes();
    const auto whole_bytes = std::min<std::size_t>(prefix_bits / 8, own.size());
    if (!std::equal(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(whole_bytes), others.begin()))
        return false;
    if (whole_bytes == own.size())
        return true;
    const auto first_free_bit = 8 - prefix_bits % 8;
    return (own[whole_bytes] ^ others[whole_bytes]) >> first_free_bit == 0;
}

passive_address_rule passive_address_by_network(std::vector<network_address> networks)
{
    // The longest prefix first, so that the first network that contains a client is the one that counts.
    std::stable_sort(networks.begin(), networks.end(), [](const network_address& a, const network_address& b) {
        return a.clients.prefix_bits > b.clients.prefix_bits;
    });
    return [networks = std::move(networks)](const endpoint& peer, const endpoint&) -> std::optional<ip_address> {
        const auto found = std::find_if(networks.begin(), networks.end(), [&](const network_address& network) {
            return network.clients.contains(peer.address);
        });
        if (found == networks.end())
            return std::nullopt;
        return found->announced;
    };
}

} // namespace libftp
