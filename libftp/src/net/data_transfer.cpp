// The moving of bytes between files and a data connection: by sendfile(2) where a file offers itself, else by a buffer.
#include "data_channel.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/sendfile.h>

namespace libftp::net {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t sendfile_bytes = 1024 * 1024; // one call's share, so that progress shows and others get a turn

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

} // namespace

/// Runs `job` where waiting for a device is allowed, then `next(what it gave)` here.
template <class Job, class Next>
void data_channel::work(Job job, Next next)
{
    auto self = shared_from_this();
    if (worker_ != nullptr && may_block_)
        worker_->run(
            executor_, [self, job] { return job(*self); },
            [self, next](round done) {
                if (self->take(done))
                    next(*self);
            });
    else if (take(job(*this)))
        next(*this);
}

void data_channel::send(op_id transfer, std::unique_ptr<file_reader> source, bool may_block)
{
    transfer_ = transfer;
    source_ = std::move(source);
    may_block_ = may_block;
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    left_ = source_->remaining();
    if (left_ && source_->native())
        send_native();
    else
        send_buffered();
}

void data_channel::send_native()
{
    work([](data_channel& self) { return self.sendfile_round(*self.source_->native()); },
         [](data_channel& self) {
             if (!self.left_)
                 return self.send_buffered();
             self.socket_.async_wait(tcp::socket::wait_write, [kept = self.shared_from_this()](std::error_code error) {
                 if (error)
                     return kept->finish(transfer_fault::connection, error);
                 kept->send_native();
             });
         });
}

data_channel::round data_channel::sendfile_round(const native_file& file)
{
    block_sigpipe();
    auto offset = static_cast<off_t>(file.offset);
    const auto share = static_cast<std::size_t>(std::min<std::uint64_t>(*left_, sendfile_bytes));
    const auto sent = share == 0 ? 0 : ::sendfile(socket_.native_handle(), file.descriptor, &offset, share);
    if (sent > 0) {
        const auto bytes = static_cast<std::uint64_t>(sent);
        source_->skip(bytes);
        *left_ -= bytes;
        return {.bytes = bytes, .ended = *left_ == 0};
    }
    if (sent == 0) // the file is shorter than it was
        return {.ended = true};
    const std::error_code error{errno, std::system_category()};
    if (errno == EAGAIN || errno == EINTR)
        return {};
    if (errno == EINVAL || errno == ENOSYS) { // this file cannot be sent so
        left_.reset();
        return {};
    }
    return {.fault = errno == EIO ? transfer_fault::store : transfer_fault::connection, .error = error};
}

void data_channel::send_buffered()
{
    buffer_.resize(buffer_bytes);
    work(
        [](data_channel& self) -> round {
            const auto n = self.source_->read(self.buffer_);
            if (!n)
                return {.fault = transfer_fault::store, .error = n.error()};
            self.filled_ = *n;
            return {.ended = *n == 0};
        },
        [](data_channel& self) { self.write_buffer(); });
}

void data_channel::write_buffer()
{
    asio::async_write(socket_, asio::buffer(buffer_.data(), filled_),
                      [self = shared_from_this()](std::error_code error, std::size_t bytes) {
                          if (error)
                              return self->finish(transfer_fault::connection, error);
                          if (self->take({.bytes = bytes}))
                              self->send_buffered();
                      });
}

void data_channel::receive(op_id transfer, std::unique_ptr<file_writer> sink, bool may_block)
{
    transfer_ = transfer;
    sink_ = std::move(sink);
    may_block_ = may_block;
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    buffer_.resize(buffer_bytes);
    receive_some();
}

void data_channel::receive_some()
{
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
        std::size_t filled = 0;
        while (!error && filled < self->buffer_.size())
            filled +=
                self->socket_.read_some(asio::buffer(&self->buffer_[filled], self->buffer_.size() - filled), error);
        self->bytes_ += filled;
        if (error && error != asio::error::eof && error != asio::error::would_block)
            return self->finish(transfer_fault::connection, error);
        if (self->canceled_)
            return self->finish(transfer_fault::canceled, {});
        if (filled != 0)
            self->write_received(filled); // an end is met again by the next read
        else if (error == asio::error::eof)
            self->commit();
        else
            self->receive_some();
    });
}

void data_channel::write_received(std::size_t bytes)
{
    work(
        [bytes](data_channel& self) -> round {
            if (auto taken = self.sink_->write({self.buffer_.data(), bytes}); !taken)
                return {.fault = transfer_fault::store, .error = taken.error()};
            return {};
        },
        [](data_channel& self) { self.receive_some(); });
}

/// A peer that dies closes both connections: the end of the data is then not the end of the file.
void data_channel::commit()
{
    const auto owner = owner_.lock();
    if (!owner || owner->has_peer_left())
        return finish(transfer_fault::canceled, {});
    work(
        [](data_channel& self) -> round {
            if (auto done = self.sink_->commit(); !done)
                return {.fault = transfer_fault::store, .error = done.error()};
            return {.ended = true};
        },
        [](data_channel&) {});
}

/// Counts a round and tells the owner. False: the transfer is over.
bool data_channel::take(const round& done)
{
    bytes_ += done.bytes;
    if (done.fault != transfer_fault::none || done.ended) {
        finish(done.fault, done.error);
        return false;
    }
    if (canceled_) {
        finish(transfer_fault::canceled, {});
        return false;
    }
    if (const auto owner = owner_.lock())
        owner->transfer_progressed(transfer_, bytes_);
    return true;
}

void data_channel::finish(transfer_fault fault, std::error_code error)
{
    if (transfer_ == op_id::none)
        return;
    if (canceled_ && fault == transfer_fault::connection)
        fault = transfer_fault::canceled;
    source_.reset();
    sink_.reset();
    const auto transfer = std::exchange(transfer_, op_id::none);
    std::error_code ignored;
    if (fault == transfer_fault::none) {
        // Unread input would turn the close into a reset, and the peer could lose the last bytes.
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        std::array<char, 512> unread;
        std::error_code end;
        for (int pieces = 0; pieces < 128 && !end; ++pieces)
            socket_.read_some(asio::buffer(unread), end);
    }
    socket_.close(ignored);
    if (const auto owner = owner_.lock())
        owner->transfer_finished(transfer, {bytes_, fault, from_asio(error)});
}

} // namespace libftp::net
