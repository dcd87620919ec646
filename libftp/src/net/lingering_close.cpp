// Closes a connection so that its last words arrive.
#include "lingering_close.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <array>
#include <chrono>

namespace libftp::net {

namespace {

constexpr std::chrono::seconds linger_limit{2};

/// Whether there may be more.
bool drop_input(tcp::socket& socket)
{
    std::array<char, 4096> dropped;
    std::error_code error;
    for (int pieces = 0; pieces < 16 && !error; ++pieces)
        socket.read_some(asio::buffer(dropped), error);
    return !error || error == asio::error::would_block;
}

void await_end(const std::shared_ptr<void>& owner, tcp::socket& socket, asio::steady_timer& timer)
{
    socket.async_wait(tcp::socket::wait_read, [owner, &socket, &timer](std::error_code failed) {
        if (failed)
            return;
        if (drop_input(socket))
            await_end(owner, socket, timer);
        else
            timer.cancel();
    });
}

} // namespace

void close_lingering(const std::shared_ptr<void>& owner, tcp::socket& socket, asio::steady_timer& timer,
                     bool peer_has_ended)
{
    std::error_code ignored;
    if (!peer_has_ended)
        socket.shutdown(tcp::socket::shutdown_send, ignored);
    if (peer_has_ended || !drop_input(socket)) {
        socket.close(ignored);
        return;
    }
    timer.expires_after(linger_limit);
    timer.async_wait([owner, &socket](std::error_code) {
        std::error_code unheard;
        socket.close(unheard);
    });
    await_end(owner, socket, timer);
}

} // namespace libftp::net
