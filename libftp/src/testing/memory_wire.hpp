// What lies between two sessions in memory: the control connection and the data connection.
#pragma once

#include "memory_end.hpp"

#include <libftp/testing/memory_link.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <system_error>

namespace libftp::testing {

/// Both sessions outlive it. Nothing happens but by move_something().
class memory_wire {
public:
    memory_wire(memory_end& client, const endpoint& client_address, memory_end& server, const endpoint& server_address,
                clock::time_point now)
        : now_(now), client_(client), server_(server), client_address_(client_address), server_address_(server_address)
    {
    }

    /// Carries out one action or moves one piece; false if there is nothing to do.
    bool move_something();
    void break_connection();

    clock::time_point now_;
    std::size_t piece_ = std::numeric_limits<std::size_t>::max();
    link_order order_ = link_order::data_first;

private:
    memory_end& other(const memory_end& one) { return &one == &client_ ? server_ : client_; }
    const endpoint& address(const memory_end& of) { return &of == &client_ ? client_address_ : server_address_; }
    std::uint16_t new_port();

    bool deliver(memory_end& from);
    bool carry_out_next(memory_end& by);
    void carry_out(memory_end& by, action::listen_data asked);
    void carry_out(memory_end& by, action::connect_data asked);
    void carry_out(memory_end& by, action::reject_data asked);
    void carry_out(memory_end& by, action::close_data asked);
    void carry_out(memory_end& by, reset_data asked);
    void carry_out(memory_end& by, action::send_data asked);
    void carry_out(memory_end& by, send_part asked);
    void carry_out(memory_end& by, action::receive_data asked);
    void carry_out(memory_end& by, receive_part asked);
    void carry_out(memory_end& by, action::close_control asked);
    void carry_out(memory_end& by, reset_control asked);
    void carry_out(memory_end& by, std::monostate done);

    void close_data(memory_end& by);
    bool transfer(memory_end& by);
    bool send(memory_end& by);
    bool receive(memory_end& by);
    bool commit(memory_end& by);
    void count_moved(memory_end& by, std::size_t bytes);
    bool end_transfer(memory_end& by, transfer_fault fault, std::error_code error);

    memory_end& client_;
    memory_end& server_;
    endpoint client_address_;
    endpoint server_address_;
    std::uint16_t last_port_ = 49999;
};

} // namespace libftp::testing
