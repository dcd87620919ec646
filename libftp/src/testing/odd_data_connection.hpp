// One data connection of an odd server: as net's own, but it can stay open behind a transfer, and be reset.
#pragma once

#include "../net/asio_types.hpp"
#include "../net/data_channel.hpp"

#include <libftp/session/actions.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <system_error>

namespace libftp::testing {

/// What becomes of a data connection when a transfer on it has ended well.
enum class after_transfer : std::uint8_t { closes, stays_open };

/// Lives on one executor, where all is called and told. Files are in memory.
class odd_data_connection : public std::enable_shared_from_this<odd_data_connection> {
public:
    odd_data_connection(const asio::any_io_executor& executor, std::weak_ptr<net::data_events> owner, op_id id);

    [[nodiscard]] op_id id() const noexcept { return id_; }

    void listen(const ip_address& local);
    void connect(const ip_address& local, const endpoint& to);
    /// Drops the connection just told of and waits for another.
    void reject();
    void send(op_id transfer, std::unique_ptr<file_reader> source, after_transfer then);
    void receive(op_id transfer, std::unique_ptr<file_writer> sink, after_transfer then);
    /// A transfer still tells its end.
    void close();
    void reset();

private:
    void accept();
    void begin(op_id transfer, after_transfer then);
    void send_some();
    void end_sending();
    void await_acknowledgement();
    void receive_some();
    void take(std::size_t bytes);
    void end_receiving();
    void report_progress();
    void finish(transfer_fault fault, std::error_code error);

    std::weak_ptr<net::data_events> owner_;
    op_id id_;
    net::tcp::acceptor acceptor_;
    net::tcp::socket socket_;
    asio::steady_timer pause_;
    bool is_closed_ = false;

    op_id transfer_ = op_id::none;
    after_transfer then_ = after_transfer::closes;
    std::unique_ptr<file_reader> source_;
    std::unique_ptr<file_writer> sink_;
    std::uint64_t bytes_ = 0;
    std::array<char, 64 * 1024> buffer_{};
};

} // namespace libftp::testing
