// One data connection: how it comes about, and the moving of bytes over it.
#pragma once

#include "asio_types.hpp"
#include "store_worker.hpp"

#include <libftp/net/port_range.hpp>
#include <libftp/session/actions.hpp>

#include <memory>
#include <optional>

namespace libftp::net {

/// Who is told what becomes of a data connection; the functions are those of the sessions.
class data_events {
public:
    virtual ~data_events() = default;
    /// Whether the other side has ended the control connection, noticed or not.
    [[nodiscard]] virtual bool has_peer_left() = 0;
    virtual void data_listening(op_id id, result<endpoint> where) = 0;
    virtual void data_connected(op_id id, result<endpoint> peer) = 0;
    virtual void transfer_progressed(op_id id, std::uint64_t bytes) = 0;
    virtual void transfer_finished(op_id id, const transfer_outcome& outcome) = 0;
};

/// Lives on one executor; all calls and events happen there. Without a worker, files are read and written there too.
class data_channel : public std::enable_shared_from_this<data_channel> {
public:
    data_channel(const asio::any_io_executor& executor, store_worker* worker, std::weak_ptr<data_events> owner,
                 op_id id);

    [[nodiscard]] op_id id() const noexcept { return id_; }
    /// The transfer that runs; op_id::none without one.
    [[nodiscard]] op_id transfer() const noexcept { return transfer_; }

    /// Opens a listener on `local`, on a random port of `ports` or on one that the system chooses.
    void listen(const ip_address& local, const std::optional<port_range>& ports);
    /// Connects from `local`.
    void connect(const ip_address& local, const endpoint& to);
    /// Called while data_connected() is told of an accepted connection: drops it and listens on. Otherwise no other is
    /// accepted.
    void reject();
    void send(op_id transfer, std::unique_ptr<file_reader> source, bool may_block);
    void receive(op_id transfer, std::unique_ptr<file_writer> sink, bool may_block);
    /// Stops whatever goes on. A transfer still reports its end.
    void close();

private:
    /// What one round of work on a file and the socket gave.
    struct round {
        std::uint64_t bytes = 0;
        bool ended = false; ///< Nothing is left to send, or the sink is committed.
        transfer_fault fault = transfer_fault::none;
        std::error_code error{};
    };

    static const round cut_short;

    result<void> open_listener(const tcp::endpoint& local);
    void accept();

    template <class Job, class Next>
    void work(Job job, Next next);
    void send_native();
    void send_buffered();
    void write_buffer();
    void watch_peer();
    void receive_some();
    void write_received(std::size_t bytes);
    void commit();
    bool take(const round& done);
    void report_progress();
    void finish(transfer_fault fault, std::error_code error);
    round sendfile_round(const native_file& file);

    asio::any_io_executor executor_;
    store_worker* worker_;
    std::weak_ptr<data_events> owner_;
    op_id id_;
    tcp::acceptor acceptor_;
    tcp::socket socket_;
    asio::steady_timer watch_;
    bool canceled_ = false;
    bool rejected_ = false;

    op_id transfer_ = op_id::none;
    bool may_block_ = false;
    std::unique_ptr<file_reader> source_;
    std::unique_ptr<file_writer> sink_;
    std::optional<std::uint64_t> left_; ///< What the source still has to give, where that is known.
    std::uint64_t bytes_ = 0;
    bool watches_ = false;
    std::unique_ptr<char[]> buffer_;
    std::size_t filled_ = 0;
    std::size_t written_ = 0;
};

} // namespace libftp::net
