// How a data connection comes about: listening, connecting, closing.
#include "data_channel.hpp"

#include <random>

namespace libftp::net {

data_channel::data_channel(const asio::any_io_executor& executor, store_worker* worker,
                           std::weak_ptr<data_events> owner, op_id id)
    : executor_(executor), worker_(worker), owner_(std::move(owner)), id_(id), acceptor_(executor), socket_(executor),
      watch_(executor)
{
}

result<void> data_channel::open_listener(const tcp::endpoint& local)
{
    std::error_code error;
    acceptor_.open(local.protocol(), error);
    close_on_exec(acceptor_.native_handle());
    // The port of a connection that this side closed first would be blocked for a minute otherwise.
    if (!error)
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error)
        acceptor_.bind(local, error);
    // A stranger may take a place in the queue before the right peer comes.
    if (!error)
        acceptor_.listen(8, error);
    if (error) {
        std::error_code ignored;
        acceptor_.close(ignored);
        return from_asio(error);
    }
    return {};
}

void data_channel::listen(const ip_address& local, const std::optional<port_range>& ports)
{
    result<void> opened = std::make_error_code(std::errc::address_in_use);
    if (!ports) {
        opened = open_listener(to_asio({local, 0}));
    } else {
        // Beginning at a random port makes the next one hard to guess for a thief (RFC 2577 6).
        thread_local std::random_device random;
        const unsigned count = ports->last - ports->first + 1U;
        const unsigned start = std::uniform_int_distribution<unsigned>{0, count - 1}(random);
        for (unsigned i = 0; i < count && !opened; ++i)
            opened = open_listener(to_asio({local, static_cast<std::uint16_t>(ports->first + (start + i) % count)}));
    }
    const auto owner = owner_.lock();
    if (!owner)
        return;
    if (!opened)
        return owner->data_listening(id_, opened.error());
    accept();
    std::error_code ignored;
    owner->data_listening(id_, from_asio(acceptor_.local_endpoint(ignored)));
}

void data_channel::accept()
{
    acceptor_.async_accept(socket_, [self = shared_from_this()](std::error_code error) {
        const auto owner = self->owner_.lock();
        if (!owner || self->canceled_)
            return;
        if (error)
            return owner->data_connected(self->id_, from_asio(error));
        close_on_exec(self->socket_.native_handle());
        const auto peer = self->socket_.remote_endpoint(error);
        if (error) // it came and went before anybody looked
            return self->reject();
        self->rejected_ = false;
        owner->data_connected(self->id_, from_asio(peer));
        if (!self->rejected_)
            self->acceptor_.close(error);
    });
}

void data_channel::connect(const ip_address& local, const endpoint& to)
{
    const auto target = to_asio(to);
    std::error_code error;
    socket_.open(target.protocol(), error);
    close_on_exec(socket_.native_handle());
    if (!error)
        socket_.bind(to_asio({local, 0}), error);
    const auto report = [self = shared_from_this(), to](std::error_code outcome) {
        const auto owner = self->owner_.lock();
        if (!owner || self->canceled_)
            return;
        owner->data_connected(self->id_, outcome ? result<endpoint>{from_asio(outcome)} : result<endpoint>{to});
    };
    if (error)
        asio::post(executor_, [report, error] { report(error); });
    else
        socket_.async_connect(target, report);
}

void data_channel::reject()
{
    rejected_ = true;
    std::error_code ignored;
    socket_.close(ignored);
    accept();
}

void data_channel::close()
{
    if (canceled_)
        return;
    canceled_ = true;
    std::error_code ignored;
    acceptor_.close(ignored);
    // While a transfer runs, a worker may be using the descriptor: it is only shut down here, and closed by finish().
    if (transfer_ == op_id::none) {
        socket_.close(ignored);
    } else {
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.cancel(ignored);
    }
}

} // namespace libftp::net
