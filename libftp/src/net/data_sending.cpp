// Sending a file over a data connection: by sendfile(2) where the file offers itself, else by a buffer.
#include "../store/read_within.hpp"
#include "data_channel.hpp"
#include "store_pace.hpp"

namespace libftp::net {

namespace {

/// A small file is copied sooner than the kernel has prepared to send it.
constexpr std::uint64_t most_to_copy = 16 * 1024;
constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{100};
constexpr std::chrono::seconds longest_wait_for_end{5};

/// The file gave less than it had when the transfer began.
std::error_code cut_short()
{
    return std::make_error_code(std::errc::io_error);
}

/// Whether others are to have their turn, however few bytes were made in this one.
bool is_long(clock::time_point began)
{
    return now() - began > store_pace::longest;
}

} // namespace

void data_channel::send(action::send_data asked)
{
    begin(asked);
    source_ = std::move(asked.source);
    left_ = source_->remaining();
    // Only full segments until the end, which goes with the end of the stream: that wakes the peer less often. What is
    // held back by limits, or comes as it arises, must not wait for more.
    const bool flows = left_ && allowed_ != 0;
    is_one_piece_ = stream_.is_clear() && flows && *left_ <= most_to_copy;
    if (!is_one_piece_ && (!stream_.is_clear() || flows))
        cork(corking::on);
    if (stream_.is_clear() && flows && !is_brief())
        flow_.emplace();
    const auto owner = owner_.lock();
    const bool is_read = !is_brief() && owner && owner->sends_from_memory();
    sends_natively_ =
        left_ > most_to_copy && source_->native() && (stream_.is_clear() ? !is_read : stream_.tls()->sends_files());
    send_some();
}

void data_channel::send_some()
{
    // An empty buffer is filled first: then it is known how much there is to reserve.
    const auto wanted = sends_natively_ ? *left_ : filled_ - written_;
    // Where several flow, what each holds back between its turns costs more than waking the peers.
    if (flow_)
        cork(flow_->is_alone() ? corking::on : corking::off);
    when_allowed(wanted, [](data_channel& self) {
        self.work(
            self.spared_bytes(),
            [](data_channel& there) { return there.sends_natively_ ? there.native_round() : there.send_round(); },
            [](data_channel& here) { here.send_more(); });
    });
}

void data_channel::send_more()
{
    watch_peer();
    when_ready([](data_channel& self) { self.send_some(); });
}

data_channel::round data_channel::native_round()
{
    if (*left_ == 0)
        return {.ended = true};
    const auto file = *source_->native();
    const auto share = static_cast<std::size_t>(std::min<std::uint64_t>({*left_, allowed_, most_of_round_}));
    const auto step = stream_.is_clear() ? send_file_now(descriptor(), file, share)
                                         : stream_.tls()->send_file(file.descriptor, file.offset, share);
    if (step.bytes != 0) {
        source_->skip(step.bytes);
        *left_ -= step.bytes;
        // Less than asked for: the socket is full.
        return {.bytes = step.bytes,
                .ended = *left_ == 0,
                .waits = step.bytes < share ? tls_wait::writable : tls_wait::nothing};
    }
    if (step.waits != tls_wait::nothing)
        return {.waits = step.waits};
    if (!step.error)
        return {.fault = transfer_fault::store, .error = cut_short()};
    if (step.error == std::errc::invalid_argument || step.error == std::errc::function_not_supported) {
        sends_natively_ = false; // this file cannot be sent so
        return {};
    }
    return {.fault = step.error == std::errc::io_error ? transfer_fault::store : transfer_fault::connection,
            .error = step.error};
}

data_channel::round data_channel::send_round()
{
    round done;
    const auto began = now();
    while (true) {
        if (written_ == filled_ && !left_ && done.bytes != 0 && is_long(began))
            return done;
        if (written_ == filled_ && !fill_buffer(done, began))
            return done;
        const auto share = static_cast<std::size_t>(std::min<std::uint64_t>(filled_ - written_, allowed_ - done.bytes));
        if (share == 0 || done.bytes >= most_of_round_)
            return done;
        const auto corked = is_one_piece_ && !leaves_open_ ? corking::on : corking::off;
        const auto step = stream_.write(descriptor(), {&buffer_[written_], share}, corked);
        written_ += step.bytes;
        done.bytes += step.bytes;
        done.waits = step.waits;
        done.error = step.error;
        if (step.bytes == 0 && step.waits == tls_wait::nothing)
            done.fault = transfer_fault::connection;
        if (step.bytes == 0)
            return done;
    }
}

/// False: there is nothing to send; `done` says why.
bool data_channel::fill_buffer(round& done, clock::time_point began)
{
    const auto needed = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes, left_.value_or(buffer_bytes)));
    if (!buffer_)
        buffer_ = std::make_unique_for_overwrite<char[]>(needed);
    filled_ = 0;
    written_ = 0;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(needed, most_of_round_));
    while (filled_ < most) {
        const auto n = read_within(*source_, {&buffer_[filled_], most - filled_});
        if (!n) {
            done.fault = transfer_fault::store;
            done.error = n.error();
            return false;
        }
        if (*n == 0)
            break;
        filled_ += *n;
        if (left_)
            *left_ -= std::min<std::uint64_t>(*left_, *n);
        if (!left_ && is_long(began)) {
            converts_slowly_ = true;
            break;
        }
    }
    if (filled_ != 0)
        return true;
    done.ended = left_.value_or(0) == 0;
    if (!done.ended) {
        done.fault = transfer_fault::store;
        done.error = cut_short();
    }
    return false;
}

/// TLS has an end of its own, without which the peer must take what it has for a part.
void data_channel::end_sending()
{
    if (leaves_open_) {
        cork(corking::off); // nothing comes behind it for now
        return finish(canceled_ ? transfer_fault::canceled : transfer_fault::none, {});
    }
    if (stream_.is_clear())
        return shut_down_sending();
    carry_through(
        socket_.asio(), [this] { return stream_.tls()->close(); },
        [self = shared_from_this()](const tls_step& end) {
            if (end.error)
                return self->end_by_reset(end.error);
            self->shut_down_sending();
        });
}

void data_channel::shut_down_sending()
{
    socket_.shut_down_sending();
    all_sent_ = true;
    // A ticket that comes when this side has closed already makes a reset, and that takes from the server what it has
    // not read yet. A server that closes in turn has read all; one that does not is not waited for long.
    if (!stream_.is_clear() && stream_.tls()->gets_tickets())
        end_awaited_until_ = now() + longest_wait_for_end;
    await_acknowledgement(first_pause);
}

/// All is sent when the peer has it: what is still on its way would be lost with the connection. But a small file is
/// not worth a round trip, if it is on its way as a whole: the peer has told before that it has room for that.
bool data_channel::is_delivered()
{
    return unacknowledged() == 0 || (is_brief() && unsent_bytes(descriptor()) == 0);
}

void data_channel::await_acknowledgement(std::chrono::milliseconds pause)
{
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    if (const auto error = drop_input())
        return end_by_reset(error);
    if (is_delivered() && (peer_ended_ || now() >= end_awaited_until_))
        return finish(transfer_fault::none, {});
    watch_peer();
    // No event tells of an acknowledgement. But most peers close when they have read the end.
    if (!peer_ended_ && !std::exchange(awaits_input_, true)) {
        socket_.asio().async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code) {
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

/// The connection broke after everything had been sent. Through TLS that may be all right: a peer that knows from the
/// content that it is complete may close before it reads the end of TLS, which makes a reset; and a peer that lacks
/// something knows that, because it lacks the end of TLS.
void data_channel::end_by_reset(std::error_code error)
{
    const bool may_have_all = !stream_.is_clear() && unacknowledged() <= unsaid_acknowledgement(descriptor());
    if (may_have_all && !canceled_)
        finish(transfer_fault::none, {});
    else
        finish(transfer_fault::connection, error);
}

/// Takes what the peer sends though it should not. Error: the connection broke.
std::error_code data_channel::drop_input()
{
    const auto dropped = net::drop_input(descriptor());
    peer_ended_ = peer_ended_ || dropped.has_ended;
    return dropped.error;
}

} // namespace libftp::net
