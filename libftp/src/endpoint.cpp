// The text forms of IP addresses (RFC 4291 2.2, RFC 5952), left to the system's own pure functions.
#include <libftp/endpoint.hpp>

#include <fmt/format.h>

#include <algorithm>

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

namespace libftp {

namespace {

/// What an IPv4 address begins with when it is written as an IPv6 address (RFC 4291 2.5.5.2).
constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

} // namespace

ip_address::ip_address(const std::array<std::uint8_t, 16>& bytes, std::uint32_t scope_id) noexcept
{
    if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin())) {
        std::copy_n(bytes.begin() + mapped_prefix.size(), 4, bytes_.begin());
        return;
    }
    bytes_ = bytes;
    scope_id_ = scope_id;
    family_ = address_family::ipv6;
}

std::optional<ip_address> ip_address::parse(std::string_view text)
{
    // inet_pton wants a terminated string, and would stop at a NUL inside.
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());

    if (std::array<std::uint8_t, 4> bytes{}; inet_pton(AF_INET, terminated.data(), bytes.data()) == 1)
        return ip_address{bytes};
    if (std::array<std::uint8_t, 16> bytes{}; inet_pton(AF_INET6, terminated.data(), bytes.data()) == 1)
        return ip_address{bytes};
    return std::nullopt;
}

ip_address ip_address::loopback_v6() noexcept
{
    std::array<std::uint8_t, 16> bytes{};
    bytes.back() = 1;
    return ip_address{bytes};
}

std::span<const std::uint8_t> ip_address::bytes() const noexcept
{
    return {bytes_.data(), family_ == address_family::ipv4 ? std::size_t{4} : std::size_t{16}};
}

bool ip_address::is_unspecified() const noexcept
{
    return std::all_of(bytes_.begin(), bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool ip_address::is_loopback() const noexcept
{
    return family_ == address_family::ipv4 ? bytes_[0] == 127 : bytes_ == loopback_v6().bytes_;
}

std::string ip_address::to_string() const
{
    if (family_ == address_family::ipv4) // inet_ntop() goes by sprintf(), and each line of a log shows one
        return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
    return text.data();
}

std::string endpoint::to_string() const
{
    return address.family() == address_family::ipv4 ? fmt::format("{}:{}", address.to_string(), port)
                                                    : fmt::format("[{}]:{}", address.to_string(), port);
}

} // namespace libftp
