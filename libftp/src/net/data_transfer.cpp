// The moving of bytes between files and a data connection: by sendfile(2) where a file offers itself, else by a buffer.
#include "data_channel.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

namespace libftp::net {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::chrono::seconds watch_interval{5};
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

/// The file gave less than it had when the transfer began.
const data_channel::round data_channel::cut_short{.fault = transfer_fault::store,
                                                  .error = std::make_error_code(std::errc::io_error)};

/// Runs `job` where waiting for a device is allowed, then `next` here, unless the transfer has ended with the job.
template <class Job, class Next>
void data_channel::work(Job job, Next next)
{
    if (worker_ == nullptr || !may_block_) {
        if (take(job(*this)))
            next(*this);
        return;
    }
    worker_->run(
        executor_, [this, job] { return job(*this); }, // kept by what follows it
        [self = shared_from_this(), next](round done) {
            if (self->take(done))
                next(*self);
        });
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
             if (self.buffer_)
                 return self.send_buffered();
             self.watch_peer();
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
    if (*left_ == 0)
        return {.ended = true};
    auto offset = static_cast<off_t>(file.offset);
    const auto share = static_cast<std::size_t>(std::min<std::uint64_t>(*left_, sendfile_bytes));
    const auto sent = ::sendfile(socket_.native_handle(), file.descriptor, &offset, share);
    if (sent > 0) {
        const auto bytes = static_cast<std::uint64_t>(sent);
        source_->skip(bytes);
        *left_ -= bytes;
        return {.bytes = bytes, .ended = *left_ == 0};
    }
    if (sent == 0)
        return cut_short;
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
    work(
        [](data_channel& self) -> round {
            self.filled_ = 0;
            self.written_ = 0;
            while (self.filled_ < buffer_bytes) {
                const auto n = self.source_->read({&self.buffer_[self.filled_], buffer_bytes - self.filled_});
                if (!n)
                    return {.fault = transfer_fault::store, .error = n.error()};
                if (*n == 0)
                    break;
                self.filled_ += *n;
                if (self.left_)
                    *self.left_ -= std::min<std::uint64_t>(*self.left_, *n);
            }
            if (self.filled_ != 0)
                return {};
            if (self.left_.value_or(0) != 0)
                return cut_short;
            return {.ended = true};
        },
        [](data_channel& self) { self.write_buffer(); });
}

void data_channel::write_buffer()
{
    socket_.async_write_some(asio::buffer(&buffer_[written_], filled_ - written_),
                             [self = shared_from_this()](std::error_code error, std::size_t bytes) {
                                 if (error)
                                     return self->finish(transfer_fault::connection, error);
                                 self->written_ += bytes;
                                 if (!self->take({.bytes = bytes}))
                                     return;
                                 if (self->written_ == self->filled_)
                                     return self->send_buffered();
                                 self->watch_peer();
                                 self->write_buffer();
                             });
}

/// A slow peer empties the socket's buffer long before there is room enough to write more: that is progress too.
void data_channel::watch_peer()
{
    if (std::exchange(watches_, true))
        return;
    watch_.expires_after(watch_interval);
    watch_.async_wait([self = shared_from_this()](std::error_code canceled) {
        self->watches_ = false;
        if (canceled || self->transfer_ == op_id::none)
            return;
        self->report_progress();
        self->watch_peer();
    });
}

void data_channel::receive(op_id transfer, std::unique_ptr<file_writer> sink, bool may_block)
{
    transfer_ = transfer;
    sink_ = std::move(sink);
    may_block_ = may_block;
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    receive_some();
}

void data_channel::receive_some()
{
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
        std::size_t filled = 0;
        while (!error && filled < buffer_bytes)
            filled += self->socket_.read_some(asio::buffer(&self->buffer_[filled], buffer_bytes - filled), error);
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
            if (auto taken = self.sink_->write({self.buffer_.get(), bytes}); !taken)
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
    report_progress();
    return true;
}

/// What was written to the socket counts when the peer has it.
void data_channel::report_progress()
{
    const auto owner = owner_.lock();
    if (!owner)
        return;
    int unsent = 0;
    if (source_)
        ::ioctl(socket_.native_handle(), SIOCOUTQ, &unsent);
    owner->transfer_progressed(transfer_, bytes_ - std::min(bytes_, static_cast<std::uint64_t>(unsent)));
}

void data_channel::finish(transfer_fault fault, std::error_code error)
{
    if (transfer_ == op_id::none)
        return;
    if (canceled_ && fault == transfer_fault::connection)
        fault = transfer_fault::canceled;
    watch_.cancel();
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
    source_.reset();
    auto report = [owner = owner_, transfer = std::exchange(transfer_, op_id::none),
                   outcome = transfer_outcome{bytes_, fault, from_asio(error)}](auto&&...) {
        if (const auto told = owner.lock())
            told->transfer_finished(transfer, outcome);
    };
    auto sink = std::move(sink_);
    if (sink && fault != transfer_fault::none && worker_ != nullptr && may_block_)
        worker_->run( // removing a big file takes its time
            executor_, [sink = std::move(sink)]() mutable { return sink = nullptr, true; }, std::move(report));
    else
        report();
}

} // namespace libftp::net
