// Receiving a file over a data connection, and committing it.
#include "data_channel.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

namespace libftp::net {

void data_channel::receive(action::receive_data asked)
{
    begin(asked.id, asked.may_block, std::move(asked.limits));
    sink_.reset(asked.sink.release());
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    receive_some();
}

void data_channel::receive_some()
{
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
        if (error)
            return self->finish(transfer_fault::connection, error);
        // What has come is reserved, not more: a small file costs the others little. The end counts like a byte.
        const auto waiting = self->allowed_ != 0 ? 0 : std::max<std::size_t>(self->socket_.available(error), 1);
        self->when_allowed(waiting, [](data_channel& here) { here.read_some(); });
    });
}

void data_channel::read_some()
{
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes, allowed_));
    std::size_t filled = 0;
    std::error_code error;
    while (!error && filled < most)
        filled += socket_.read_some(asio::buffer(&buffer_[filled], most - filled), error);
    bytes_ += filled;
    allowed_ -= filled;
    if (error && error != asio::error::eof && error != asio::error::would_block)
        return finish(transfer_fault::connection, error);
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    if (filled != 0)
        write_received(filled); // an end is met again by the next read
    else if (error == asio::error::eof)
        commit();
    else
        receive_some();
}

void data_channel::write_received(std::size_t bytes)
{
    work(
        [bytes](data_channel& self) -> round {
            if (auto taken = self.sink_->write({self.buffer_.get(), bytes}); !taken)
                return {.fault = transfer_fault::store, .error = taken.error()};
            round done;
            while (auto mark = self.sink_->next_mark())
                done.marks.push_back(std::move(*mark));
            return done;
        },
        [](data_channel& self) { self.sink_->is_complete() ? self.commit() : self.receive_some(); });
}

/// A peer that dies closes both connections: the end of the data is then not the end of the file.
void data_channel::commit()
{
    const auto owner = owner_.lock();
    if (!owner || owner->has_peer_left())
        return finish(transfer_fault::canceled, {});
    work(
        [](data_channel& self) -> round {
            const std::unique_ptr<file_writer> sink{self.sink_.release()}; // hears no discard() any more
            if (auto done = sink->commit(); !done)
                return {.fault = transfer_fault::store, .error = done.error()};
            return {.ended = true};
        },
        [](data_channel&) {});
}

} // namespace libftp::net
