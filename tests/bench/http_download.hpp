// A file from a web server, as a yardstick that is no FTP server.
#pragma once

#include "async_connection.hpp"

#include <cstdint>
#include <string>

namespace bench {

/// Keeps its connection for all files (RFC 9112).
class http_download {
public:
    explicit http_download(event_loop& loop) : connection_(loop) {}

    task<> connect(const sockaddr_in& where, SSL_CTX* context);
    /// The bytes of the file.
    task<std::uint64_t> fetch(std::string name);

private:
    async_connection connection_;
};

} // namespace bench
