// Which certificates of a server are trusted although no authority vouches for them, for programs that show it.
#pragma once

#include <libftp/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace libftp::net {

/// Those that stand in a pin file (tls_client_options::pin_file) for this server, as certificate_facts::fingerprint has
/// them; none, too, if there is no file. Reads it, and so may block. Errors: the system's; tls_errc::not_available in a
/// build without TLS.
result<std::vector<std::string>> pinned_fingerprints(const std::string& pin_file, const std::string& host,
                                                     std::uint16_t port);

} // namespace libftp::net
