// What sending and receiving over a data connection share: counting, reporting, and the end.
#include "data_channel.hpp"

namespace libftp::net {

namespace {

/// How often a transfer that does not move looks what its peer has taken meanwhile.
constexpr std::chrono::seconds watch_interval{5};

} // namespace

/// Whether the next round is short and will hardly wait.
bool data_channel::is_brief() const noexcept
{
    return seldom_slow_ && bytes_ + left_.value_or(0) < brief_bytes && worker_->may_be_spared();
}

/// Counts a round and tells the owner. False: nothing more is to be done.
bool data_channel::take(const round& done)
{
    bytes_ += done.bytes;
    allowed_ -= done.bytes;
    waits_ = done.waits;
    has_all_ = done.has_all;
    if (const auto owner = owner_.lock()) {
        for (const auto& mark : done.marks)
            owner->transfer_marked(transfer_, mark);
    }
    if (done.fault != transfer_fault::none) {
        finish(done.fault, done.error);
        return false;
    }
    if (done.ended) {
        source_ ? end_sending() : finish(transfer_fault::none, {});
        return false;
    }
    if (!canceled_)
        report_progress();
    if (canceled_)
        finish(transfer_fault::canceled, {});
    return !canceled_;
}

/// What was written to the socket counts when the peer has it.
void data_channel::report_progress()
{
    if (const auto owner = owner_.lock())
        owner->transfer_progressed(transfer_, bytes_ - std::min(bytes_, unacknowledged()));
}

/// Bytes that were sent and may still be lost.
std::uint64_t data_channel::unacknowledged()
{
    if (!source_)
        return 0;
    const std::uint64_t end_of_stream = all_sent_ ? 1 : 0; // counts like a byte
    const auto bytes = unacknowledged_bytes(socket_);
    return bytes - std::min(bytes, end_of_stream);
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

/// Makes the close that follows a reset, where a part must not be taken for the whole.
void data_channel::reset_if_unfinished()
{
    const auto owner = owner_.lock();
    std::error_code ignored;
    if (source_ && owner && owner->resets_unfinished())
        socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
}

/// Through TLS, when all is well. Some peers wait for this side's end of TLS, which goes in one piece with that of the
/// connection; and theirs, if nobody reads it, would make that a reset.
void data_channel::part_from_peer()
{
    if (!source_) {
        cork();
        stream_.tls()->close();
    }
    if (!peer_ended_)
        drop_input();
}

void data_channel::finish(transfer_fault fault, std::error_code error)
{
    if (transfer_ == op_id::none)
        return;
    if (canceled_ && fault == transfer_fault::connection)
        fault = transfer_fault::canceled;
    error = from_asio(error);
    watch_.cancel();
    if (fault != transfer_fault::none)
        reset_if_unfinished();
    else if (!stream_.is_clear())
        part_from_peer();
    std::error_code ignored;
    socket_.close(ignored);
    source_.reset();
    auto report = [owner = owner_, transfer = std::exchange(transfer_, op_id::none),
                   outcome = transfer_outcome{bytes_, fault, error}](auto&&...) {
        if (const auto told = owner.lock())
            told->transfer_finished(transfer, outcome);
    };
    auto sink = std::move(sink_);
    if (sink && fault != transfer_fault::canceled)
        sink.get_deleter().reason = error;
    if (sink && worker_ != nullptr && may_block_ && !is_brief())
        return worker_->run( // removing a big file takes its time
            executor_, [sink = std::move(sink)]() mutable { return sink = nullptr, true; }, std::move(report));
    sink.reset();
    report();
}

} // namespace libftp::net
