// One data connection: how it comes about, and the moving of bytes over it.
#pragma once

#include "asio_types.hpp"
#include "counted_flow.hpp"
#include "late_socket.hpp"
#include "passive_listeners.hpp"
#include "socket_stream.hpp"
#include "store_worker.hpp"
#include "system_calls.hpp"

#include <libftp/session/actions.hpp>

#include <asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp::net {

/// Who is told what becomes of a data connection; the functions are those of the sessions.
class data_events {
public:
    virtual ~data_events() = default;
    /// Whether the other side has ended the control connection, noticed or not.
    [[nodiscard]] virtual bool has_peer_left() = 0;
    virtual void data_listening(op_id id, result<endpoint> where) = 0;
    virtual void data_connected(op_id id, result<endpoint> peer) = 0;
    virtual void data_secured(op_id id, result<tls_facts> outcome) = 0;
    virtual void transfer_progressed(op_id id, std::uint64_t bytes) = 0;
    /// It waits for its rate limits, not for its peer.
    virtual void transfer_held(op_id id) = 0;
    virtual void transfer_marked(op_id id, const restart_mark& mark) = 0;
    virtual void transfer_finished(op_id id, const transfer_outcome& outcome) = 0;
    /// Whether sending that is given up ends by a reset: the other side keeps what comes to an end in order.
    [[nodiscard]] virtual bool resets_unfinished() const noexcept { return false; }
    /// Whether files are read to be sent in clear, unless they are short, where the kernel could send them by itself.
    [[nodiscard]] virtual bool sends_from_memory() const noexcept { return false; }
};

/// Discards an upload that is not committed.
struct discarder {
    std::error_code reason = std::make_error_code(std::errc::operation_canceled);

    void operator()(file_writer* sink) const
    {
        sink->discard(reason);
        delete sink;
    }
};

/// Lives on one executor; all calls and events happen there. Without a worker, files are read and written there too.
class data_channel : public std::enable_shared_from_this<data_channel> {
public:
    data_channel(const asio::any_io_executor& executor, std::shared_ptr<store_worker> worker,
                 std::weak_ptr<data_events> owner, op_id id);

    [[nodiscard]] op_id id() const noexcept { return id_; }
    /// The transfer that runs; op_id::none without one.
    [[nodiscard]] op_id transfer() const noexcept { return transfer_; }
    /// Whether the last transfer has left it open for another.
    [[nodiscard]] bool is_left_open() const noexcept { return is_left_open_; }

    /// Waits at one of `listeners` for a connection to `local`.
    void listen(passive_listeners& listeners, const ip_address& local, const ip_address& from);
    /// A connection that has come, or comes, to where it listens is taken from now on. May be called again. Whether
    /// data_connected() was told now.
    bool take_connections();
    /// Connects from `local`, or from another port of that address if this one cannot be had.
    void connect(const endpoint& local, const endpoint& to);
    /// Called while data_connected() is told of an accepted connection: drops it and listens on. Without it no other
    /// is accepted.
    void reject();
    /// Precondition: it is connected.
    [[nodiscard]] int descriptor() { return socket_.descriptor(); }
    /// Shakes hands by `tls`, which is for descriptor(). -> data_secured()
    void secure(std::unique_ptr<tls_stream> tls);
    void send(action::send_data asked);
    void receive(action::receive_data asked);
    /// Stops whatever goes on. A transfer still reports its end.
    void close();

private:
    /// What one round of work on a file and the socket gave.
    struct round {
        std::uint64_t bytes = 0;
        bool ended = false;                 ///< Nothing is left to send, or the sink is committed.
        bool has_all = false;               ///< The peer has sent all it has.
        tls_wait waits = tls_wait::nothing; ///< What the socket must become before the next round can do something.
        transfer_fault fault = transfer_fault::none;
        std::error_code error{};
        std::vector<restart_mark> marks{};
    };

    void acknowledge_at_once();
    void cork(corking wanted);
    void send_at_once();
    void take_connection(result<passive_listeners::arrival> arrived);
    std::error_code open_socket(const endpoint& local);
    void connect_ended(const endpoint& local, const endpoint& to, std::error_code error);

    // data_transfer.cpp: what sending and receiving share
    template <class Asked>
    void begin(Asked& asked);
    [[nodiscard]] bool is_brief() const noexcept;
    [[nodiscard]] bool may_spare_worker() const noexcept;
    [[nodiscard]] std::uint64_t spared_bytes() const;
    bool take(const round& done);
    void report_progress();
    [[nodiscard]] std::uint64_t unacknowledged();
    void watch_peer();
    void finish(transfer_fault fault, std::error_code error);
    void part_from_peer();
    void leave_open();
    void reset_if_unfinished();

    template <class Job, class Next>
    void work(std::uint64_t spared, Job job, Next next);
    template <class Next>
    void when_ready(Next next);
    template <class Next>
    void when_allowed(std::uint64_t wanted, Next next);
    template <class Next>
    void wait_until(clock::time_point when, Next next);

    // data_sending.cpp
    void send_some();
    void send_more();
    round send_round();
    round native_round();
    bool fill_buffer(round& done, clock::time_point began);
    void end_sending();
    void shut_down_sending();
    [[nodiscard]] bool is_delivered();
    void await_acknowledgement(std::chrono::milliseconds pause);
    void end_by_reset(std::error_code error);
    std::error_code drop_input();

    // data_receiving.cpp
    void receive_some();
    void receive_more();
    round receive_round();
    tls_step read_some(std::span<char> room);
    void put_back(std::string_view bytes);
    void commit();

    /// How often a transfer that waits for its limits says so.
    static constexpr std::chrono::milliseconds hold_interval{500};
    static constexpr std::size_t buffer_bytes = 256 * 1024;
    static constexpr std::size_t round_bytes = 1024 * 1024; ///< So that progress shows and others get a turn.
    /// The kernel moves as much to or from its memory in a moment; the longer one transfer goes on, the more of its
    /// bytes are still in the caches.
    static constexpr std::size_t large_round_bytes = 4 * round_bytes;
    /// Read at once where it may hold the beginning of another file, which is kept until that is asked for.
    static constexpr std::size_t shared_piece_bytes = 16 * 1024;
    /// Of a transfer, or of its beginning, that is not worth a change of threads.
    static constexpr std::size_t brief_bytes = 64 * 1024;

    asio::any_io_executor executor_;
    std::shared_ptr<store_worker> worker_;
    std::weak_ptr<data_events> owner_;
    op_id id_;
    std::unique_ptr<passive_listeners::place> place_;
    late_socket socket_;
    socket_stream stream_;     ///< Over socket_.
    asio::steady_timer watch_; ///< Of watch_peer().
    asio::steady_timer pause_; ///< What the transfer itself waits for: its limits, or an acknowledgement.
    bool canceled_ = false;
    bool rejected_ = false;
    bool takes_ = false; ///< Within take_connections().

    op_id transfer_ = op_id::none;
    bool may_block_ = false;
    bool seldom_slow_ = false;
    bool leaves_open_ = false;
    bool is_left_open_ = false;
    std::uint64_t most_of_round_ = round_bytes;
    transfer_limits limits_{};
    std::uint64_t allowed_ = 0; ///< Bytes that may move before the limits are asked again.
    std::unique_ptr<file_reader> source_;
    std::unique_ptr<file_writer, discarder> sink_;
    std::optional<std::uint64_t> left_; ///< What the source still has to give, where that is known.
    std::uint64_t bytes_ = 0;
    tls_wait waits_ = tls_wait::nothing; ///< Of the last round, as has_all_.
    bool has_all_ = false;
    bool converts_slowly_ = false;     ///< What is sent: few bytes may stand for many.
    bool sends_natively_ = false;      ///< By sendfile(2), also through the kernel's TLS.
    std::optional<counted_flow> flow_; ///< While it sends in the clear as fast as it can.
    corking corking_ = corking::off;
    bool is_one_piece_ = false; ///< What is sent, so that it needs no corking of the socket.
    bool watches_ = false;
    bool all_sent_ = false; ///< The end of the stream too.
    bool awaits_input_ = false;
    bool peer_ended_ = false; ///< The peer sends no more.
    clock::time_point end_awaited_until_{};
    std::unique_ptr<char[]> buffer_;
    std::size_t filled_ = 0;
    std::size_t written_ = 0;
    std::string behind_; ///< What came behind the end of the last file, from behind_at_ on: the next one begins so.
    std::size_t behind_at_ = 0;
};

/// What sending and receiving begin with.
template <class Asked>
void data_channel::begin(Asked& asked)
{
    place_.reset(); // others may have its port before anybody hears that the transfer is over
    transfer_ = asked.id;
    may_block_ = asked.may_block;
    seldom_slow_ = asked.seldom_slow;
    leaves_open_ = asked.leaves_open;
    const bool goes_on = std::exchange(is_left_open_, false);
    if (goes_on)
        bytes_ = 0;
    else if (leaves_open_)
        send_at_once();
    const bool is_limited = std::ranges::any_of(asked.limits, [](const auto& limit) { return limit != nullptr; });
    // What the last transfer has reserved and not moved is for this one.
    if (!goes_on || !is_limited || limits_ != asked.limits)
        allowed_ = is_limited ? 0 : std::numeric_limits<std::uint64_t>::max();
    limits_ = std::move(asked.limits);
}

/// Runs `job` where waiting for a device is allowed, then `next` here, unless the transfer has ended with the job. A
/// job that is to move `spared` bytes at most is done here, too, if those are any.
template <class Job, class Next>
void data_channel::work(std::uint64_t spared, Job job, Next next)
{
    const bool may_wait_here = worker_ == nullptr || !may_block_;
    most_of_round_ = may_wait_here || spared == 0 ? round_bytes : spared;
    if (may_wait_here || spared != 0) {
        if (take(may_wait_here ? job(*this) : worker_->timed([&] { return job(*this); })))
            next(*this);
        return;
    }
    worker_->run(
        executor_, [this, job] { return job(*this); }, // kept by what follows it
        [self = shared_from_this(), next](const round& done) {
            if (self->take(done))
                next(*self);
        });
}

/// Calls `next` when the socket is what the last round waits for. If that is nothing, after the others' turn.
template <class Next>
void data_channel::when_ready(Next next)
{
    auto go_on = [self = shared_from_this(), next](std::error_code error = {}) {
        if (error || self->canceled_)
            return self->finish(transfer_fault::connection, error);
        next(*self);
    };
    if (waits_ == tls_wait::nothing)
        asio::post(executor_, std::move(go_on));
    else
        socket_.asio().async_wait(to_asio(waits_), std::move(go_on));
}

/// Calls `next` when at least one of the `wanted` bytes may move, and at most allowed_ of them: at once where nothing
/// limits them.
template <class Next>
void data_channel::when_allowed(std::uint64_t wanted, Next next)
{
    if (allowed_ != 0 || wanted == 0)
        return next(*this);
    allowed_ = wanted;
    for (const auto& limit : limits_)
        allowed_ = limit ? std::min(allowed_, limit->portion()) : allowed_;
    const auto asked_at = now();
    auto when = asked_at;
    for (const auto& limit : limits_)
        when = limit ? std::max(when, limit->reserve(allowed_, asked_at)) : when;
    wait_until(when, std::move(next));
}

template <class Next>
void data_channel::wait_until(clock::time_point when, Next next)
{
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    const auto time = now();
    if (time >= when)
        return next(*this);
    pause_.expires_at(to_steady(std::min<clock::time_point>(when, time + hold_interval)));
    pause_.async_wait([self = shared_from_this(), when, next](std::error_code) {
        if (const auto owner = self->owner_.lock(); owner && !self->canceled_ && now() < when)
            owner->transfer_held(self->transfer_);
        self->wait_until(when, next);
    });
}

} // namespace libftp::net
