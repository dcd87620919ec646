// Reading and writing a socket that may be in clear.
#include "socket_stream.hpp"

#include <libftp/error.hpp>

namespace libftp::net {

namespace {

/// Whether this begins a record of TLS (RFC 8446 5.1), as it begins no line of FTP.
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
        return receive_now(socket, room);
    const auto end = read_end_of_tls(socket);
    if (end.error || end.waits != tls_wait::nothing)
        return end;
    leaves_tls_ = false;
    return receive_now(socket, room);
}

/// Takes the peer's close_notify, if it says it.
tls_step socket_stream::read_end_of_tls(int socket)
{
    char first = 0;
    if (!is_in_record_) {
        const auto peeked = peek_now(socket, first);
        if (peeked.error || peeked.waits != tls_wait::nothing)
            return peeked;
        is_in_record_ = peeked.bytes == 1 && is_record(first);
    }
    if (!is_in_record_)
        return {};
    const auto end = tls_->read({&first, 1});
    if (end.bytes != 0)
        return {.error = tls_errc::record_invalid}; // said through TLS after its end was agreed on
    is_in_record_ = end.waits != tls_wait::nothing;
    return end;
}

tls_step socket_stream::write(int socket, std::string_view bytes, corking corked)
{
    return is_clear_ ? send_now(socket, bytes, corked) : tls_->write(bytes);
}

} // namespace libftp::net
