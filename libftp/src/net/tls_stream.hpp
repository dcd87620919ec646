// TLS over one connected socket that does not block, for control and data connections, on either side.
#pragma once

#include <libftp/tls_facts.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace libftp::net {

/// What has to happen to the socket before a call can go on; it is then to be repeated.
enum class tls_wait : std::uint8_t { nothing, readable, writable };

struct tls_step {
    std::size_t bytes = 0;              ///< Of the caller's, read or written.
    tls_wait waits = tls_wait::nothing; ///< Not nothing: bytes is 0.
    bool has_ended = false;             ///< read(): the peer has sent close_notify, and all before it was read.
    std::error_code error{};            ///< tls_errc, or the system's; the connection is of no use then.
};

/// The calls do not block; one at a time, from any thread. The socket is the caller's and stays open.
class tls_stream {
public:
    struct state;
    explicit tls_stream(std::unique_ptr<state> made) noexcept;
    ~tls_stream();
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;

    tls_step handshake();
    /// Known from the end of the handshake on.
    [[nodiscard]] tls_facts facts() const;

    tls_step read(std::span<char> room);
    /// Whether read() can give something without the socket: then the socket may never become readable.
    [[nodiscard]] bool has_input() const noexcept;
    /// May take a part of `bytes`. What it has not taken, or what it waits with, begins the next call, all of it.
    tls_step write(std::string_view bytes);
    /// Says close_notify; does not wait for the peer's. Precondition: no write() waits.
    tls_step close();

    /// Whether the peer may send something of its own at any time, as servers of TLS 1.3 send tickets.
    [[nodiscard]] bool gets_tickets() const noexcept;

    /// Whether the kernel encrypts what is sent, so that send_file() can be used.
    [[nodiscard]] bool sends_files() const noexcept;
    tls_step send_file(int descriptor, std::uint64_t offset, std::size_t bytes);

    /// Server, control connection: sends a client of TLS 1.3 a fresh ticket, which it can use for one data connection;
    /// none if it has offered no session on the last one, though it was sent a ticket for that.
    /// Precondition: no write() waits. One that waits itself is finished by the next write().
    tls_step send_ticket();

    [[nodiscard]] const state& inside() const noexcept { return *state_; }

private:
    std::unique_ptr<state> state_;
};

} // namespace libftp::net
