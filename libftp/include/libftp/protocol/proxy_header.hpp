// The header that a proxy puts in front of a connection it passes on, to tell whose it is (PROXY protocol, versions 1
// and 2).
#pragma once

#include <libftp/endpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// The connection between the client and the proxy.
struct proxied_connection {
    endpoint client{};
    endpoint proxy{}; ///< Where the client connected to.

    friend bool operator==(const proxied_connection&, const proxied_connection&) noexcept = default;
};

/// Reads one header, of either version. It keeps at most the 107 bytes of a version 1 line: what version 2 has besides
/// addresses (TLVs, of which there can be 64 KiB) is skipped.
class proxy_header_parser {
public:
    /// What read() found.
    enum class status : std::uint8_t {
        need_more, ///< The input is used up; the header is not complete.
        complete,  ///< value() says what it told.
        malformed, ///< The connection begins with something else, or names no client that can be.
    };

    /// Takes bytes off the front of `input`, none behind the header. After complete or malformed it takes no more, and
    /// says the same.
    status read(std::string_view& input);

    /// Whether a byte has been read.
    [[nodiscard]] bool has_begun() const noexcept { return !kept_.empty(); }
    /// Once read() said complete. Empty for a connection of the proxy's own, and for a client that has no IP address:
    /// LOCAL, UNKNOWN, or a Unix socket.
    [[nodiscard]] const std::optional<proxied_connection>& value() const noexcept { return value_; }

private:
    status look();
    status look_at_line();
    status look_at_block();
    status take(const proxied_connection& told);

    std::string kept_;
    std::size_t skipping_ = 0; ///< Bytes to come that do not count.
    status status_ = status::need_more;
    std::optional<proxied_connection> value_;
};

} // namespace libftp
