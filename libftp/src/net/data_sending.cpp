// Sending a file over a data connection: by sendfile(2) where the file offers itself, else by a buffer.
#include "data_channel.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <array>
#include <cerrno>
#include <csignal>

#include <sys/sendfile.h>
#include <sys/socket.h>

namespace libftp::net {

namespace {

constexpr std::size_t sendfile_bytes = 1024 * 1024; // one call's share, so that progress shows and others get a turn
constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{100};

/// sendfile(2) has no MSG_NOSIGNAL: a peer that went away must not end the process. Holds for the calling thread, which
/// moves bytes for a living.
void block_sigpipe() noexcept
{
    thread_local const bool blocked = [] {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        return pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0;
    }();
    static_cast<void>(blocked);
}

/// The file gave less than it had when the transfer began.
std::error_code cut_short()
{
    return std::make_error_code(std::errc::io_error);
}

} // namespace

void data_channel::send(action::send_data asked)
{
    begin(asked.id, asked.may_block, std::move(asked.limits));
    source_ = std::move(asked.source);
    left_ = source_->remaining();
    if (left_ && source_->native())
        send_native();
    else
        send_buffered();
}

void data_channel::send_native()
{
    when_allowed(*left_, [](data_channel& self) {
        self.work([](data_channel& there) { return there.sendfile_round(); },
                  [](data_channel& here) {
                      if (here.buffer_)
                          return here.send_buffered();
                      here.watch_peer();
                      here.socket_.async_wait(tcp::socket::wait_write,
                                              [kept = here.shared_from_this()](std::error_code error) {
                                                  if (error)
                                                      return kept->finish(transfer_fault::connection, error);
                                                  kept->send_native();
                                              });
                  });
    });
}

data_channel::round data_channel::sendfile_round()
{
    block_sigpipe();
    if (*left_ == 0)
        return {.ended = true};
    const auto file = *source_->native();
    auto offset = static_cast<off_t>(file.offset);
    const auto share = static_cast<std::size_t>(std::min<std::uint64_t>({*left_, allowed_, sendfile_bytes}));
    const auto sent = ::sendfile(socket_.native_handle(), file.descriptor, &offset, share);
    if (sent > 0) {
        const auto bytes = static_cast<std::uint64_t>(sent);
        source_->skip(bytes);
        *left_ -= bytes;
        return {.bytes = bytes, .ended = *left_ == 0};
    }
    if (sent == 0)
        return {.fault = transfer_fault::store, .error = cut_short()};
    const std::error_code error{errno, std::system_category()};
    if (errno == EAGAIN || errno == EINTR)
        return {};
    if (errno == EINVAL || errno == ENOSYS) { // this file cannot be sent so
        buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
        return {};
    }
    return {.fault = errno == EIO ? transfer_fault::store : transfer_fault::connection, .error = error};
}

void data_channel::send_buffered()
{
    if (!buffer_)
        buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    work([](data_channel& self) { return self.fill_buffer(); }, [](data_channel& self) { self.write_buffer(); });
}

data_channel::round data_channel::fill_buffer()
{
    filled_ = 0;
    written_ = 0;
    while (filled_ < buffer_bytes) {
        const auto n = source_->read({&buffer_[filled_], buffer_bytes - filled_});
        if (!n)
            return {.fault = transfer_fault::store, .error = n.error()};
        if (*n == 0)
            break;
        filled_ += *n;
        if (left_)
            *left_ -= std::min<std::uint64_t>(*left_, *n);
    }
    if (filled_ != 0)
        return {};
    if (left_.value_or(0) != 0)
        return {.fault = transfer_fault::store, .error = cut_short()};
    return {.ended = true};
}

void data_channel::write_buffer()
{
    when_allowed(filled_ - written_, [](data_channel& self) {
        const auto share =
            static_cast<std::size_t>(std::min<std::uint64_t>(self.filled_ - self.written_, self.allowed_));
        self.socket_.async_write_some(asio::buffer(&self.buffer_[self.written_], share),
                                      [kept = self.shared_from_this()](std::error_code error, std::size_t bytes) {
                                          if (error)
                                              return kept->finish(transfer_fault::connection, error);
                                          kept->written_ += bytes;
                                          if (!kept->take({.bytes = bytes}))
                                              return;
                                          if (kept->written_ == kept->filled_)
                                              return kept->send_buffered();
                                          kept->watch_peer();
                                          kept->write_buffer();
                                      });
    });
}

void data_channel::end_sending()
{
    std::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    all_sent_ = true;
    await_acknowledgement(first_pause);
}

/// All is sent when the peer has it: what is still on its way would be lost with the connection.
void data_channel::await_acknowledgement(std::chrono::milliseconds pause)
{
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    if (const auto error = drop_input())
        return finish(transfer_fault::connection, error);
    if (unacknowledged() == 0)
        return finish(transfer_fault::none, {});
    watch_peer();
    // No event tells of an acknowledgement. But most peers close when they have read the end.
    if (!peer_ended_ && !std::exchange(awaits_input_, true)) {
        socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code) {
            self->awaits_input_ = false;
            self->pause_.cancel();
        });
    }
    pause_.expires_after(pause);
    pause_.async_wait([self = shared_from_this(), longer = std::min(2 * pause, longest_pause)](std::error_code) {
        if (self->transfer_ != op_id::none)
            self->await_acknowledgement(longer);
    });
}

/// Takes what the peer sends though it should not: unread, it would turn the close into a reset, and the peer could
/// lose the last bytes. Error: the connection broke.
std::error_code data_channel::drop_input()
{
    std::array<char, 512> dropped;
    std::error_code error;
    for (int pieces = 0; pieces < 128 && !error; ++pieces)
        socket_.read_some(asio::buffer(dropped), error);
    if (error == asio::error::eof) {
        peer_ended_ = true;
        error = {};
        // Behind the end of its stream a reset does not show by reading.
        int broken = 0;
        socklen_t size = sizeof broken;
        if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &broken, &size) == 0 && broken != 0)
            error = {broken, std::system_category()};
    }
    return error == asio::error::would_block ? std::error_code{} : error;
}

} // namespace libftp::net
