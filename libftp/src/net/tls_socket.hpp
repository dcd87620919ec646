// A socket as OpenSSL reads and writes it.
#pragma once

#include "openssl.hpp"

#include <cstddef>

namespace libftp::net::openssl {

/// The socket stays the caller's. Writing raises no SIGPIPE. Reading takes from `budget`, which outlives it, and would
/// block when that is used up: OpenSSL reads on and on for itself while its peer sends nothing for the caller, such as
/// new keys without end.
bio_ptr make_socket_bio(int socket, std::size_t& budget);

} // namespace libftp::net::openssl
