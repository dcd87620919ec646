// The way between Asio's addresses and clocks and the core's.
#include "asio_types.hpp"

#include "system_calls.hpp"

#include <libftp/error.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace libftp::net {

namespace {

struct time_origin {
    std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
    clock::time_point system{
        std::chrono::duration_cast<clock::duration>(std::chrono::system_clock::now().time_since_epoch())};
};

const time_origin& origin() noexcept
{
    static const time_origin at_first_use;
    return at_first_use;
}

/// Of the errors of name lookups the one that passes, as when the network is down. Asio's category tells nobody so.
class lookup_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.lookup"; }
    [[nodiscard]] std::string message(int /*value*/) const override
    {
        return "the host's name cannot be looked up at the moment";
    }
    [[nodiscard]] bool equivalent(int value, const std::error_condition& condition) const noexcept override
    {
        return condition == failure::transient || std::error_category::equivalent(value, condition);
    }
};

} // namespace

tcp::endpoint to_asio(const endpoint& where)
{
    const auto bytes = where.address.bytes();
    if (where.address.family() == address_family::ipv4) {
        asio::ip::address_v4::bytes_type v4{};
        std::ranges::copy(bytes.first<4>(), v4.begin());
        return {asio::ip::address_v4{v4}, where.port};
    }
    asio::ip::address_v6::bytes_type v6{};
    std::ranges::copy(bytes.first<16>(), v6.begin());
    return {asio::ip::address_v6{v6, where.address.scope_id()}, where.port};
}

endpoint from_asio(const tcp::endpoint& where)
{
    if (where.address().is_v4())
        return {ip_address{where.address().to_v4().to_bytes()}, where.port()};
    const auto v6 = where.address().to_v6();
    return {ip_address{v6.to_bytes(), static_cast<std::uint32_t>(v6.scope_id())}, where.port()};
}

std::error_code from_asio(const std::error_code& error) noexcept
{
    if (error.category() == asio::error::get_system_category())
        return system_error(error.value());
    static const lookup_category not_now;
    if (error == asio::error::host_not_found_try_again)
        return {error.value(), not_now};
    return error;
}

clock::time_point now() noexcept
{
    const auto& from = origin();
    return from.system + std::chrono::duration_cast<clock::duration>(std::chrono::steady_clock::now() - from.steady);
}

std::chrono::steady_clock::time_point to_steady(clock::time_point time) noexcept
{
    const auto& from = origin();
    return from.steady + std::chrono::duration_cast<std::chrono::steady_clock::duration>(time - from.system);
}

} // namespace libftp::net
