// A TCP connection of a coroutine, in clear or through TLS.
#pragma once

#include "event_loop.hpp"
#include "task.hpp"
#include "tls_pointer.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <netinet/in.h>

namespace bench {

class async_connection {
public:
    static constexpr auto everything = std::numeric_limits<std::uint64_t>::max();

    explicit async_connection(event_loop& loop);
    async_connection(const async_connection&) = delete;
    async_connection& operator=(const async_connection&) = delete;
    ~async_connection();

    void begin_connecting(const sockaddr_in& where);
    /// Holds nothing back to fill a segment: for commands, replies and handshakes.
    void send_at_once() const;
    /// Where `session` is not nullptr, it is offered to the server.
    task<> begin_tls(tls_pointer<SSL> tls, SSL_SESSION* session);
    /// nullptr: in clear.
    [[nodiscard]] SSL* tls() const noexcept { return tls_.get(); }

    /// 0: the end.
    task<std::size_t> read(std::span<char> room);
    /// Counts what comes, up to `most` bytes or the end. In clear the system drops it without a copy.
    task<std::uint64_t> drop(std::uint64_t most = everything);
    task<> write(std::string_view bytes);
    /// Sends `piece` over and over until there are `bytes`.
    task<> write_repeatedly(std::string_view piece, std::uint64_t bytes);
    /// Says within TLS that no more comes.
    void say_end() const;
    /// Says that no more comes, and waits until the other side has said so too: a close with bytes unread, as session
    /// tickets are, would be a reset, which may cost the other side the end of what was sent.
    task<> end();
    /// Whether the other side has neither said anything nor gone.
    [[nodiscard]] bool is_idle() const;

private:
    task<std::size_t> write_some(std::string_view bytes);
    /// After a call of OpenSSL that did not succeed: waits for what it needs; else throws.
    task<> wait_for_tls(const char* what, int result);

    event_loop& loop_;
    int descriptor_;
    tls_pointer<SSL> tls_{};
};

} // namespace bench
