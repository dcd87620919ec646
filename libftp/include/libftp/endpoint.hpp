// IP addresses and ports as plain values, so that the core can name a peer without a network library.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace libftp {

/// Of an address, and so of the sockets for it.
enum class address_family : std::uint8_t { ipv4, ipv6 };

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses (those of ::%ffff:0:0/96) become IPv4 on construction: they name
/// the same host, and a dual-stack listener reports every IPv4 peer that way.
class ip_address {
public:
    /// 0.0.0.0
    constexpr ip_address() noexcept = default;
    /// IPv4, in network order.
    constexpr explicit ip_address(const std::array<std::uint8_t, 4>& bytes) noexcept
    {
        for (std::size_t i = 0; i < 4; ++i)
            bytes_[i] = bytes[i];
    }
    /// `scope_id` names the interface of a link-local address; 0 otherwise.
    explicit ip_address(const std::array<std::uint8_t, 16>& bytes, std::uint32_t scope_id = 0) noexcept;

    /// Parses dotted decimal or RFC 4291 text (without brackets or scope); nothing if it is neither.
    static std::optional<ip_address> parse(std::string_view text);
    /// 127.0.0.1
    static constexpr ip_address loopback_v4() noexcept { return ip_address{std::array<std::uint8_t, 4>{127, 0, 0, 1}}; }
    /// The address of this machine in IPv6.
    static ip_address loopback_v6() noexcept;

    /// IPv4-mapped addresses are IPv4.
    [[nodiscard]] constexpr address_family family() const noexcept { return family_; }
    /// 4 or 16 bytes in network order, valid as long as the address.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept;
    /// The interface of a link-local address; 0: none.
    [[nodiscard]] std::uint32_t scope_id() const noexcept { return scope_id_; }
    /// Whether it stands for all addresses of a machine: all bytes are 0.
    [[nodiscard]] bool is_unspecified() const noexcept;
    /// Whether only this machine has it.
    [[nodiscard]] bool is_loopback() const noexcept;
    /// Dotted decimal, or the short form of RFC 5952.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const ip_address&, const ip_address&) noexcept = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    std::uint32_t scope_id_ = 0;
    address_family family_ = address_family::ipv4;
};

/// One end of a connection.
struct endpoint {
    ip_address address{};
    std::uint16_t port = 0;

    /// `127.0.0.1:21` or `[::1]:21`.
    [[nodiscard]] std::string to_string() const;
    friend bool operator==(const endpoint&, const endpoint&) noexcept = default;
};

} // namespace libftp
