// Whom an address stands for where peers are counted.
#pragma once

#include <libftp/endpoint.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

namespace libftp {

/// The bytes that hosts of one owner have in common: all of IPv4, the network of IPv6.
inline std::string origin_of(const ip_address& address)
{
    const auto bytes = address.bytes();
    return {bytes.begin(), std::next(bytes.begin(), std::min<std::ptrdiff_t>(std::ssize(bytes), 8))};
}

} // namespace libftp
