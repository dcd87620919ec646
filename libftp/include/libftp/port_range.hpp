// A range of ports, as a firewall lets them through.
#pragma once

#include <cstdint>

namespace libftp {

/// From `first` to `last`, both included. Precondition: 0 < first <= last.
struct port_range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    friend bool operator==(const port_range&, const port_range&) noexcept = default;
};

} // namespace libftp
