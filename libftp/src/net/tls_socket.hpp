// A socket as OpenSSL reads and writes it.
#pragma once

#include "openssl.hpp"

namespace libftp::net::openssl {

/// The socket stays the caller's. Writing raises no SIGPIPE.
bio_ptr make_socket_bio(int socket);

/// Asks the kernel to encrypt and decrypt what this TCP socket carries once there are keys for it. False: it cannot.
bool prepare_kernel_tls(int socket) noexcept;

} // namespace libftp::net::openssl
