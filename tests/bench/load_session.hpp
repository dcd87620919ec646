// One session of the load: logs in, and transfers files that nobody keeps.
#pragma once

#include "connection.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

enum class tls_version : std::uint8_t { none, tls_1_2, tls_1_3 };
enum class data_handshake : std::uint8_t {
    resumed, ///< Continues the session of the control connection, if the server lets it.
    full,
};

struct target {
    std::string address{};
    std::uint16_t port = 0;
    std::string user{};
    std::string password{};
    tls_version version = tls_version::none;
    data_handshake handshake = data_handshake::resumed;
};

/// For the TLS connections of all sessions; nullptr without TLS. No certificate is verified.
tls_pointer<SSL_CTX> make_context(tls_version version);

/// Every reply must be the one that is due, and every count of bytes exact.
class load_session {
public:
    /// Connects and logs in. Both must outlive it.
    load_session(const target& to, SSL_CTX* context);
    /// For transfers of type I, which are private if the session is.
    void prepare();

    std::uint64_t size(const std::string& name);
    void download(const std::string& name, std::uint64_t bytes);
    /// Sends `piece` over and over until there are `bytes`.
    void upload(const std::string& name, std::string_view piece, std::uint64_t bytes);
    void quit();
    /// How many data connections continued a session.
    [[nodiscard]] std::uint64_t resumed() const noexcept { return resumed_; }

private:
    std::string read_reply();
    std::string command(const std::string& line, std::string_view due);
    /// Opens the data connection of the command.
    connection begin_transfer(const std::string& line);
    void end_transfer(connection data);

    const target& target_;
    SSL_CTX* context_;
    connection control_;
    std::unique_ptr<char[]> buffer_;
    std::uint64_t resumed_ = 0;
};

} // namespace bench
