// One odd session on its control connection.
#pragma once

#include "../net/session_pump.hpp"
#include "odd_data_connection.hpp"

#include <libftp/testing/odd_session.hpp>

#include <memory>
#include <utility>

namespace libftp::testing {

/// Control connections are as net has them; data connections are odd_data_connection.
class odd_connection final : public net::session_pump<odd_connection, odd_session> {
public:
    odd_connection(net::tcp::socket socket, const odd_script& script, const endpoint& peer, const endpoint& local)
        : odd_connection(socket.get_executor(), net::descriptor_of(socket), std::move(socket), script, peer, local)
    {
    }

    void script_changed()
    {
        if (is_closed())
            return;
        session_.script_changed(net::now());
        pump();
    }

private:
    friend session_pump;

    odd_connection(const asio::any_io_executor& executor, int control, net::tcp::socket&& socket,
                   const odd_script& script, const endpoint& peer, const endpoint& local)
        : session_pump(std::move(socket), local.address, script, peer, local, net::now()), executor_(executor),
          control_(control), local_(local.address)
    {
    }

    void carry_out(action::listen_data asked)
    {
        renew_data(asked.id);
        data_->listen(local_);
    }
    void carry_out(action::connect_data asked)
    {
        renew_data(asked.id);
        data_->connect(local_, asked.to);
    }
    void carry_out(action::reject_data asked)
    {
        if (is_open(asked.id))
            data_->reject();
    }
    void carry_out(action::close_data asked)
    {
        if (is_open(asked.id))
            std::exchange(data_, nullptr)->close();
    }
    void carry_out(reset_data asked)
    {
        if (is_open(asked.id))
            std::exchange(data_, nullptr)->reset();
    }
    void carry_out(action::send_data asked) { data_->send(asked.id, std::move(asked.source), after_transfer::closes); }
    void carry_out(send_part asked) { data_->send(asked.id, std::move(asked.source), after_transfer::stays_open); }
    void carry_out(action::receive_data asked)
    {
        data_->receive(asked.id, std::move(asked.sink), after_transfer::closes);
    }
    void carry_out(receive_part asked) { data_->receive(asked.id, std::move(asked.sink), after_transfer::stays_open); }
    void carry_out(action::close_control asked)
    {
        if (data_)
            std::exchange(data_, nullptr)->close();
        session_pump::carry_out(asked);
    }
    void carry_out(reset_control /*asked*/)
    {
        net::reset_connection(control_);
        carry_out(action::close_control{});
    }

    void pumped() noexcept {}

    void renew_data(op_id id)
    {
        if (data_)
            data_->close();
        data_ = std::make_shared<odd_data_connection>(executor_, weak_from_this(), id);
    }
    [[nodiscard]] bool is_open(op_id id) const noexcept { return data_ && data_->id() == id; }

    asio::any_io_executor executor_;
    int control_; ///< The connection's descriptor.
    ip_address local_;
    std::shared_ptr<odd_data_connection> data_;
};

} // namespace libftp::testing
