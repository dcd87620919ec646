// The bytes of one connection, in clear or through TLS, without blocking; and how to go on when that would block.
#pragma once

#include "asio_types.hpp"
#include "system_calls.hpp"
#include "tls_stream.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace libftp::net {

/// One call at a time, from any thread. The socket is the caller's.
class socket_stream {
public:
    /// From now on by `tls`, whose handshake may still be to come.
    void begin_tls(std::unique_ptr<tls_stream> tls) noexcept
    {
        tls_ = std::move(tls);
        is_clear_ = leaves_tls_ = false;
    }
    /// In clear again. tls() stays, for what it knows. The peer may still say close_notify; not all do.
    void end_tls() noexcept { is_clear_ = leaves_tls_ = true; }
    /// nullptr: there has been none.
    [[nodiscard]] tls_stream* tls() const noexcept { return tls_.get(); }
    [[nodiscard]] bool is_clear() const noexcept { return is_clear_; }

    tls_step read(int socket, std::span<char> room);
    /// `corked` counts in clear only.
    tls_step write(int socket, std::string_view bytes, corking corked = corking::off);
    /// Whether read() can give something though the socket has nothing.
    [[nodiscard]] bool has_input() const noexcept { return !is_clear_ && tls_->has_input(); }

private:
    tls_step read_end_of_tls(int socket);

    std::unique_ptr<tls_stream> tls_;
    bool is_clear_ = true;
    bool leaves_tls_ = false;   ///< What comes first may be a record of TLS.
    bool is_in_record_ = false; ///< Of which a part has been read.
};

inline tcp::socket::wait_type to_asio(tls_wait what) noexcept
{
    return what == tls_wait::writable ? tcp::socket::wait_write : tcp::socket::wait_read;
}

/// Calls `step` as often as the socket allows until it waits for nothing, then `done` with what it gave last. Both keep
/// alive what they need.
template <class Step, class Done>
void carry_through(tcp::socket& socket, Step step, Done done)
{
    const tls_step made = step();
    if (made.waits == tls_wait::nothing)
        return done(made);
    socket.async_wait(to_asio(made.waits),
                      [&socket, step = std::move(step), done = std::move(done)](std::error_code failed) mutable {
                          if (!failed && !socket.is_open()) // closed since: its descriptor may be another's
                              failed = std::make_error_code(std::errc::operation_canceled);
                          if (failed)
                              return done(tls_step{.error = failed});
                          carry_through(socket, std::move(step), std::move(done));
                      });
}

} // namespace libftp::net
