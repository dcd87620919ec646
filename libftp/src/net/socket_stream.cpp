// Reading and writing a socket that may be in clear.
#include "socket_stream.hpp"

#include <libftp/error.hpp>

#include <cerrno>

#include <sys/socket.h>

namespace libftp::net {

namespace {

tls_step failed(tls_wait would_wait)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.waits = would_wait};
    return {.error = {errno, std::system_category()}};
}

/// Whether a record of TLS begins so (RFC 8446 5.1), and no line of FTP.
bool is_record(char first) noexcept
{
    return first >= 20 && first <= 23;
}

} // namespace

tls_step socket_stream::read(int socket, std::span<char> room)
{
    if (!is_clear_)
        return tls_->read(room);
    if (!leaves_tls_)
        return read_clear(socket, room);
    const auto end = read_end_of_tls(socket);
    if (end.error || end.waits != tls_wait::nothing)
        return end;
    leaves_tls_ = false;
    return read_clear(socket, room);
}

/// Takes the peer's close_notify, if it says it.
tls_step socket_stream::read_end_of_tls(int socket)
{
    char first = 0;
    if (!is_in_record_) {
        const auto peeked = ::recv(socket, &first, 1, MSG_DONTWAIT | MSG_PEEK);
        if (peeked < 0)
            return failed(tls_wait::readable);
        is_in_record_ = peeked == 1 && is_record(first);
    }
    if (!is_in_record_)
        return {};
    const auto end = tls_->read({&first, 1});
    if (end.bytes != 0)
        return {.error = tls_errc::record_invalid}; // said through TLS after its end was agreed on
    is_in_record_ = end.waits != tls_wait::nothing;
    return end;
}

tls_step socket_stream::read_clear(int socket, std::span<char> room)
{
    const auto bytes = ::recv(socket, room.data(), room.size(), MSG_DONTWAIT);
    if (bytes < 0)
        return failed(tls_wait::readable);
    return {.bytes = static_cast<std::size_t>(bytes), .has_ended = bytes == 0};
}

tls_step socket_stream::write(int socket, std::string_view bytes)
{
    if (!is_clear_)
        return tls_->write(bytes);
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0)
        return failed(tls_wait::writable);
    return {.bytes = static_cast<std::size_t>(sent)};
}

} // namespace libftp::net
