// How a data connection comes about: listening, connecting, closing.
#include "data_channel.hpp"

#include <libftp/error.hpp>

#include <asio/post.hpp>

namespace libftp::net {

namespace {

constexpr std::chrono::milliseconds longest_neglect{50}; // of connections that no transfer needs yet

} // namespace

data_channel::data_channel(const asio::any_io_executor& executor, std::shared_ptr<store_worker> worker,
                           std::weak_ptr<data_events> owner, op_id id)
    : executor_(executor), worker_(std::move(worker)), owner_(std::move(owner)), id_(id), socket_(executor),
      watch_(executor), pause_(executor)
{
}

void data_channel::listen(passive_listeners& listeners, const ip_address& local, const ip_address& from)
{
    auto place =
        listeners.wait(local, from, executor_, [weak = weak_from_this()](result<passive_listeners::arrival> arrived) {
            if (const auto self = weak.lock())
                self->take_connection(std::move(arrived));
        });
    const auto owner = owner_.lock();
    if (!owner)
        return;
    if (!place)
        return owner->data_listening(id_, place.error());
    place_ = *std::move(place);
    // Most are there when they are needed. But one that is to be dropped must not wait long for that.
    pause_.expires_after(longest_neglect);
    pause_.async_wait([weak = weak_from_this()](std::error_code canceled) {
        const auto self = weak.lock();
        if (self && !canceled)
            self->take_connections();
    });
    owner->data_listening(id_, place_->where());
}

bool data_channel::take_connections()
{
    if (!place_ || std::exchange(takes_, true))
        return false;
    const auto self = shared_from_this();
    // Mostly it is there already, and the listener never has to be waited for.
    auto arrived = place_->take();
    const bool has_come = arrived.has_value();
    if (has_come)
        take_connection(*std::move(arrived));
    if (place_)
        place_->watch();
    takes_ = false;
    return has_come;
}

void data_channel::take_connection(result<passive_listeners::arrival> arrived)
{
    const auto owner = owner_.lock();
    if (!owner || !place_)
        return; // given up, or another was faster
    if (!arrived) {
        place_.reset();
        return owner->data_connected(id_, arrived.error());
    }
    socket_ = std::move(arrived->socket);
    rejected_ = false;
    owner->data_connected(id_, arrived->peer);
    if (!rejected_)
        place_.reset();
}

std::error_code data_channel::open_socket(const endpoint& local)
{
    const auto from = to_asio(local);
    std::error_code error;
    socket_.asio().open(from.protocol(), error);
    prepare_socket(descriptor());
    if (error)
        return error;
    if (local.port != 0)
        claim_port(descriptor());
    else
        choose_port_late(descriptor()); // so that thousands of short transfers do not use up the range
    socket_.asio().bind(from, error);
    return error;
}

void data_channel::connect(const endpoint& local, const endpoint& to)
{
    if (const auto error = open_socket(local))
        asio::post(executor_, [self = shared_from_this(), local, to, error] { self->connect_ended(local, to, error); });
    else
        socket_.asio().async_connect(to_asio(to), [self = shared_from_this(), local, to](std::error_code outcome) {
            self->connect_ended(local, to, outcome);
        });
}

void data_channel::connect_ended(const endpoint& local, const endpoint& to, std::error_code error)
{
    const auto owner = owner_.lock();
    if (!owner || canceled_)
        return;
    if (!error)
        return owner->data_connected(id_, to);
    error = from_asio(error);
    // A port may be others', and is not had twice for the same peer while the first connection is remembered.
    const bool is_of_port = error == std::errc::address_in_use || error == std::errc::address_not_available ||
                            error == std::errc::permission_denied;
    if (local.port == 0 || !is_of_port)
        return owner->data_connected(id_, error);
    socket_.close();
    connect({local.address, 0}, to);
}

/// TLS ends what it says with short pieces, and a peer with Nagle's algorithm keeps each back until the one before is
/// acknowledged: which would take 40 ms each time, as there is no answer to send it with.
void data_channel::acknowledge_at_once()
{
    net::acknowledge_at_once(descriptor());
}

/// No piece waits until the one before is acknowledged.
void data_channel::send_at_once()
{
    std::error_code ignored;
    socket_.asio().set_option(tcp::no_delay{true}, ignored);
}

/// For what is sent piece by piece, as the records of TLS.
void data_channel::cork(corking wanted)
{
    if (wanted != std::exchange(corking_, wanted))
        net::cork(descriptor(), wanted);
}

void data_channel::secure(std::unique_ptr<tls_stream> tls)
{
    const auto owner = owner_.lock();
    if (!owner)
        return;
    if (!tls)
        return owner->data_secured(id_, tls_errc::not_available);
    send_at_once(); // flights of a handshake are short, and wait for each other
    stream_.begin_tls(std::move(tls));
    const auto step = [this] {
        const auto made = stream_.tls()->handshake();
        if (made.waits != tls_wait::nothing)
            acknowledge_at_once();
        return made;
    };
    carry_through(socket_.asio(), step, [self = shared_from_this()](const tls_step& end) {
        const auto told = self->owner_.lock();
        if (!told || self->canceled_)
            return;
        if (end.error)
            told->data_secured(self->id_, from_asio(end.error));
        else
            told->data_secured(self->id_, self->stream_.tls()->facts());
    });
}

void data_channel::reject()
{
    rejected_ = true;
    socket_.close();
}

void data_channel::close()
{
    if (canceled_)
        return;
    canceled_ = true;
    place_.reset();
    watch_.cancel();
    // While a transfer runs, a worker may be using the descriptor: it is only shut down here, and closed by finish().
    if (transfer_ == op_id::none) {
        if (!is_left_open_)
            reset_if_unfinished();
        else if (!stream_.is_clear())
            part_from_peer();
        else
            drop_input(); // left unread, it would make a reset, which takes from the peer what it has not read
        socket_.close();
    } else {
        const auto owner = owner_.lock();
        // A shutdown would end what was sent as if it were all.
        const bool is_reset = source_ && owner && owner->resets_unfinished();
        std::error_code ignored;
        socket_.asio().shutdown(is_reset ? tcp::socket::shutdown_receive : tcp::socket::shutdown_both, ignored);
        socket_.asio().cancel(ignored);
        pause_.cancel();
    }
}

} // namespace libftp::net
