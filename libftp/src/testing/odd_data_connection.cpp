// Opening an odd server's data connections, moving bytes over them, and ending them in one way or the other.
#include "odd_data_connection.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>

#include <chrono>
#include <utility>

namespace libftp::testing {

using net::from_asio;
using net::tcp;
using net::to_asio;

odd_data_connection::odd_data_connection(const asio::any_io_executor& executor, std::weak_ptr<net::data_events> owner,
                                         op_id id)
    : owner_(std::move(owner)), id_(id), acceptor_(executor), socket_(executor), pause_(executor)
{
}

void odd_data_connection::listen(const ip_address& local)
{
    const auto where = to_asio({local, 0});
    std::error_code error;
    acceptor_.open(where.protocol(), error);
    net::prepare_socket(net::descriptor_of(acceptor_));
    if (!error)
        acceptor_.bind(where, error);
    if (!error)
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    const auto bound = error ? tcp::endpoint{} : acceptor_.local_endpoint(error);
    const auto owner = owner_.lock();
    if (!owner)
        return;
    if (error)
        return owner->data_listening(id_, from_asio(error));
    accept();
    owner->data_listening(id_, from_asio(bound));
}

void odd_data_connection::accept()
{
    acceptor_.async_accept(socket_, [self = shared_from_this()](std::error_code error) {
        const auto owner = self->owner_.lock();
        if (!owner || self->is_closed_)
            return;
        const auto peer = error ? tcp::endpoint{} : self->socket_.remote_endpoint(error);
        if (error)
            owner->data_connected(self->id_, from_asio(error));
        else
            owner->data_connected(self->id_, from_asio(peer));
    });
}

void odd_data_connection::connect(const ip_address& local, const endpoint& to)
{
    const auto from = to_asio({local, 0});
    std::error_code error;
    socket_.open(from.protocol(), error);
    if (!error)
        socket_.bind(from, error);
    auto connected = [self = shared_from_this(), to](std::error_code failed) {
        const auto owner = self->owner_.lock();
        if (!owner || self->is_closed_)
            return;
        if (failed)
            owner->data_connected(self->id_, from_asio(failed));
        else
            owner->data_connected(self->id_, to);
    };
    if (error)
        asio::post(socket_.get_executor(), [connected, error] { connected(error); });
    else
        socket_.async_connect(to_asio(to), connected);
}

void odd_data_connection::reject()
{
    std::error_code ignored;
    socket_.close(ignored);
    accept();
}

void odd_data_connection::begin(op_id transfer, after_transfer then)
{
    transfer_ = transfer;
    then_ = then;
    bytes_ = 0;
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
}

void odd_data_connection::send(op_id transfer, std::unique_ptr<file_reader> source, after_transfer then)
{
    begin(transfer, then);
    source_ = std::move(source);
    send_some();
}

void odd_data_connection::send_some()
{
    const auto filled = source_->read(buffer_);
    if (!filled)
        return finish(transfer_fault::store, filled.error());
    if (*filled == 0)
        return end_sending();
    asio::async_write(socket_, asio::buffer(buffer_, *filled),
                      [self = shared_from_this()](std::error_code error, std::size_t written) {
                          self->bytes_ += written;
                          if (error)
                              return self->finish(transfer_fault::connection, error);
                          self->report_progress();
                          if (self->transfer_ != op_id::none)
                              self->send_some();
                      });
}

void odd_data_connection::end_sending()
{
    std::error_code ignored;
    if (then_ == after_transfer::closes)
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    await_acknowledgement();
}

/// The peer has all before anything else happens: a reset would overtake what is still on its way.
void odd_data_connection::await_acknowledgement()
{
    constexpr std::chrono::milliseconds pause{1};
    const auto socket = net::descriptor_of(socket_);
    const auto broken = net::pending_error(socket);
    if (is_closed_ || broken)
        return finish(transfer_fault::connection, broken);
    if (net::unacknowledged_bytes(socket) == 0)
        return finish(transfer_fault::none, {});
    pause_.expires_after(pause);
    pause_.async_wait([self = shared_from_this()](std::error_code) { self->await_acknowledgement(); });
}

void odd_data_connection::receive(op_id transfer, std::unique_ptr<file_writer> sink, after_transfer then)
{
    begin(transfer, then);
    sink_ = std::move(sink);
    receive_some();
}

void odd_data_connection::receive_some()
{
    socket_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](std::error_code error, std::size_t bytes) {
                                if (error == asio::error::eof)
                                    return self->end_receiving();
                                if (error)
                                    return self->finish(transfer_fault::connection, error);
                                self->take(bytes);
                            });
}

void odd_data_connection::take(std::size_t bytes)
{
    bytes_ += bytes;
    if (const auto taken = sink_->write({buffer_.data(), bytes}); !taken)
        return finish(transfer_fault::store, taken.error());
    const auto owner = owner_.lock();
    for (auto mark = sink_->next_mark(); mark && owner; mark = sink_->next_mark())
        owner->transfer_marked(transfer_, *mark);
    report_progress();
    if (transfer_ == op_id::none)
        return;
    sink_->is_complete() ? end_receiving() : receive_some();
}

/// A peer that dies closes both connections: the end of the data is then not the end of the file.
void odd_data_connection::end_receiving()
{
    const auto owner = owner_.lock();
    if (!owner || owner->has_peer_left())
        return finish(transfer_fault::canceled, {});
    const auto committed = std::exchange(sink_, nullptr)->commit();
    if (committed)
        finish(transfer_fault::none, {});
    else
        finish(transfer_fault::store, committed.error());
}

void odd_data_connection::report_progress()
{
    if (const auto owner = owner_.lock())
        owner->transfer_progressed(transfer_, bytes_);
}

void odd_data_connection::finish(transfer_fault fault, std::error_code error)
{
    if (transfer_ == op_id::none)
        return;
    if (is_closed_)
        fault = transfer_fault::canceled;
    if (const auto sink = std::exchange(sink_, nullptr))
        sink->discard(from_asio(error));
    source_.reset();
    std::error_code ignored;
    if (fault != transfer_fault::none || then_ == after_transfer::closes)
        socket_.close(ignored);
    const auto ended = std::exchange(transfer_, op_id::none);
    if (const auto owner = owner_.lock())
        owner->transfer_finished(ended, {bytes_, fault, from_asio(error)});
}

void odd_data_connection::close()
{
    is_closed_ = true;
    std::error_code ignored;
    acceptor_.close(ignored);
    socket_.close(ignored); // what waits on it hears of that, and ends the transfer
    pause_.cancel();
}

void odd_data_connection::reset()
{
    std::error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    close();
}

} // namespace libftp::testing
