// Receiving a file over a data connection, and committing it.
#include "data_channel.hpp"

#include <asio/post.hpp>

namespace libftp::net {

namespace {

constexpr std::size_t tls_record_bytes = 16 * 1024; // at most (RFC 8446 5.1)

} // namespace

void data_channel::receive(action::receive_data asked)
{
    begin(asked);
    sink_.reset(asked.sink.release());
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    receive_some();
}

void data_channel::receive_some()
{
    if (stream_.has_input())
        return asio::post(executor_, [self = shared_from_this()] { self->receive_more(); }); // the socket may be empty
    if (!stream_.is_clear())
        acknowledge_at_once();
    socket_.async_wait(to_asio(waits_), [self = shared_from_this()](std::error_code error) {
        if (error)
            return self->finish(transfer_fault::connection, error);
        self->receive_more();
    });
}

void data_channel::receive_more()
{
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    // What has come is reserved, not more: a small file costs the others little. The end counts like a byte. What TLS
    // has taken from the socket already it does not tell.
    std::error_code ignored;
    const auto least = stream_.has_input() ? tls_record_bytes : 1;
    const auto waiting = allowed_ != 0 ? 0 : std::max(socket_.available(ignored), least);
    when_allowed(waiting, [](data_channel& self) {
        self.work([](data_channel& there) { return there.receive_round(); },
                  [](data_channel& here) { here.has_all_ ? here.commit() : here.receive_some(); });
    });
}

data_channel::round data_channel::receive_round()
{
    round done;
    while (!done.has_all && done.waits == tls_wait::nothing && done.bytes < std::min(allowed_, most_of_round_)) {
        const auto most = std::min(allowed_, most_of_round_) - done.bytes;
        const auto step = read_buffer(static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes, most)));
        done.bytes += step.bytes;
        if (step.bytes != 0) {
            if (auto taken = sink_->write({buffer_.get(), step.bytes}); !taken) {
                done.fault = transfer_fault::store;
                done.error = taken.error();
                return done;
            }
            while (auto mark = sink_->next_mark())
                done.marks.push_back(std::move(*mark));
        }
        peer_ended_ = step.has_ended;
        done.has_all = peer_ended_ || (step.bytes != 0 && sink_->is_complete());
        done.waits = step.waits;
        if (step.error && !done.has_all) {
            done.fault = transfer_fault::connection;
            done.error = step.error;
            return done;
        }
    }
    return done;
}

/// Until `most` bytes are there, or no more can be had now.
tls_step data_channel::read_buffer(std::size_t most)
{
    tls_step last;
    std::size_t filled = 0;
    while (filled < most && !last.error && !last.has_ended && last.waits == tls_wait::nothing) {
        last = stream_.read(socket_.native_handle(), {&buffer_[filled], most - filled});
        filled += last.bytes;
    }
    last.bytes = filled;
    return last;
}

/// A peer that dies closes both connections: the end of the data is then not the end of the file. Through TLS it would
/// not have said that this is the end.
void data_channel::commit()
{
    const auto owner = owner_.lock();
    if (!owner || (stream_.is_clear() && owner->has_peer_left()))
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
