// What sending and receiving over a data connection share: counting, reporting, and the end.
#include "data_channel.hpp"

namespace libftp::net {

namespace {

/// How often a transfer that does not move checks what its peer has taken meanwhile: within the shortest limit for a
/// stall, which is a second.
constexpr std::chrono::milliseconds watch_interval{500};

} // namespace

/// Whether what is left, or the beginning of what may become long, is not worth a change of threads.
bool data_channel::is_brief() const noexcept
{
    return bytes_ + left_.value_or(0) < brief_bytes;
}

bool data_channel::may_spare_worker() const noexcept
{
    return seldom_slow_ && worker_ != nullptr && worker_->may_be_spared();
}

/// How much of the transfer may move here and now, because it will hardly wait for a device or spend long on
/// conversions; 0 leaves it to the worker.
std::uint64_t data_channel::spared_bytes() const
{
    if (!may_spare_worker())
        return 0;
    const auto file = source_ ? source_->native() : sink_->native();
    const auto most = sends_natively_ || (sink_ && stream_.is_clear()) ? large_round_bytes : round_bytes;
    if (file && (sink_ || is_brief() || is_in_memory(*file, std::min<std::uint64_t>(left_.value_or(0), most))))
        return most;
    return is_brief() && !converts_slowly_ ? brief_bytes - bytes_ : 0;
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
    const auto bytes = unacknowledged_bytes(descriptor());
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
        if (canceled || self->canceled_ || self->transfer_ == op_id::none)
            return; // what it waits for may never come: its worker drops jobs when it stops
        self->report_progress();
        self->watch_peer();
    });
}

/// Turns the close that follows into a reset where a part must not be taken for the whole. A transfer that has not
/// begun on this side may have begun on the other.
void data_channel::reset_if_unfinished()
{
    const auto owner = owner_.lock();
    const bool may_send = source_ || transfer_ == op_id::none;
    std::error_code ignored;
    if (may_send && owner && owner->resets_unfinished())
        socket_.asio().set_option(asio::socket_base::linger{true, 0}, ignored);
}

/// Ends TLS after a transfer that went well. Some peers wait for this side's end of TLS, which goes out together with
/// that of the connection; and theirs, left unread, would turn the close into a reset.
void data_channel::part_from_peer()
{
    if (!source_) {
        cork(corking::on);
        stream_.tls()->close();
    }
    if (!peer_ended_)
        drop_input();
}

/// What one transfer needed is let go; the connection waits for another, or for its end.
void data_channel::leave_open()
{
    is_left_open_ = true;
    buffer_.reset();
    filled_ = 0;
    written_ = 0;
    has_all_ = false;
    converts_slowly_ = false;
    waits_ = tls_wait::nothing;
}

void data_channel::finish(transfer_fault fault, std::error_code error)
{
    if (transfer_ == op_id::none)
        return;
    if (canceled_ && fault == transfer_fault::connection)
        fault = transfer_fault::canceled;
    error = from_asio(error);
    watch_.cancel();
    const bool stays = leaves_open_ && fault == transfer_fault::none && !canceled_;
    if (stays)
        leave_open();
    else if (fault != transfer_fault::none)
        reset_if_unfinished();
    else if (!stream_.is_clear())
        part_from_peer();
    // Who has sent a file waits for the reply alone, and need not wait for the rest of the work.
    const bool closes_late = fault == transfer_fault::none && !source_ && !stays;
    if (!closes_late && !stays)
        socket_.close();
    flow_.reset();
    source_.reset();
    auto report = [owner = owner_, transfer = std::exchange(transfer_, op_id::none),
                   outcome = transfer_outcome{bytes_, fault, error}](auto&&...) {
        if (const auto told = owner.lock())
            told->transfer_finished(transfer, outcome);
    };
    auto sink = std::move(sink_);
    if (sink && fault != transfer_fault::canceled)
        sink.get_deleter().reason = error;
    if (sink && worker_ != nullptr && may_block_ && !(is_brief() && may_spare_worker()))
        return worker_->run( // removing a big file takes its time
            executor_, [sink = std::move(sink)]() mutable { return sink = nullptr, true; }, std::move(report));
    sink.reset();
    report();
    if (closes_late)
        socket_.close();
}

} // namespace libftp::net
