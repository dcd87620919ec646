// A TCP connection that blocks, in clear or through TLS, for programs that only make or take load.
#pragma once

#include "failure.hpp"
#include "tls_pointer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bench {

class connection {
public:
    /// Takes the descriptor over.
    explicit connection(int descriptor);
    static connection to(const std::string& address, std::uint16_t port);
    connection(connection&& other) noexcept;
    connection& operator=(connection&&) = delete;
    ~connection();

    /// Shakes hands as the side that `tls` was made for. Where `session` is not nullptr, it is offered to the server.
    void begin_tls(tls_pointer<SSL> tls, SSL_SESSION* session = nullptr);
    /// nullptr: in clear.
    [[nodiscard]] SSL* tls() const noexcept { return tls_.get(); }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    /// Holds nothing back to fill a segment: for commands and replies. Files would go in smaller segments, and wake
    /// the other side more often.
    void send_at_once();
    /// 0: the end.
    std::size_t read(std::span<char> room);
    void write(std::string_view bytes);
    /// Without its end. Not to be mixed with read().
    std::string read_line();
    /// Says that no more comes, and waits until the other side has said so too: a close with bytes unread would be a
    /// reset, which may cost the other side the end of what was sent.
    void end();

private:
    int descriptor_;
    tls_pointer<SSL> tls_;
    std::string input_; ///< Of read_line().
};

} // namespace bench
