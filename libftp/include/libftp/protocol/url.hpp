// Reads ftp://user:password@host:port/path;type=i, the ftp scheme of RFC 1738 3.2 in the syntax of RFC 3986, and the
// schemes for TLS that have come into use beside it.
#pragma once

#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// Where TLS begins with the first byte; the port of ftps.
inline constexpr std::uint16_t implicit_tls_port = 990;

enum class ftp_scheme : std::uint8_t {
    ftp,
    ftps,  ///< TLS is demanded: from the first byte on at port 990 (implicit), which is its own; else by AUTH.
    ftpes, ///< TLS is demanded, by AUTH.
};

/// The parts of a URL, percent-decoded.
struct ftp_url {
    ftp_scheme scheme = ftp_scheme::ftp;
    std::string host{};               ///< A name or an address; an IPv6 address without its brackets.
    std::uint16_t port = 21;          ///< Unless given: 990 with ftps, else 21.
    std::string user{};               ///< Empty: none is given.
    std::optional<secret> password{}; ///< May be given and empty.
    std::string path{};               ///< From the login directory on; from the root where the URL says `host/%2F`.
    char type = '\0';                 ///< 'a', 'i' or 'd' after `;type=`; '\0': none is given.
};

/// Error: protocol_errc::address_malformed. So are a `%` without two hexadecimal digits (but before the interface of a
/// link-local address), a control byte, encoded or not, an encoded colon in the host, and a port not from 1 to 65535.
result<ftp_url> parse_ftp_url(std::string_view text);

/// The URL in its plainest form, without its password: to be shown, kept, and parsed again.
std::string format_ftp_url(const ftp_url& url);

/// What may be the password of a URL in `text`, as it stands there; nothing if there is none. For hiding it: found also
/// in malformed URLs, and rather too long than too short.
std::optional<std::string_view> find_url_password(std::string_view text) noexcept;

} // namespace libftp
