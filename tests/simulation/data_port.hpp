// One data connection as the host of a session has it: what net's data_channel is, without a socket.
#pragma once

#include "chance.hpp"
#include "event_queue.hpp"
#include "journal.hpp"
#include "network.hpp"

#include <libftp/session/actions.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace libftp::simulation {

/// What every actor of a world has.
struct surroundings {
    event_queue& events;
    network& net;
    journal& log;
    weather outside;
};

/// Who owns data connections, and how it is told of them. There as long as there are events. Never called from within
/// data_port's functions that the owner calls, except for transfer_finished().
class data_owner {
public:
    virtual ~data_owner() = default;
    virtual void data_listening(op_id id, result<endpoint> where) = 0;
    virtual void data_connected(op_id id, result<endpoint> peer) = 0;
    virtual void transfer_progressed(op_id id, std::uint64_t bytes) = 0;
    virtual void transfer_marked(op_id id, const restart_mark& mark) = 0;
    virtual void transfer_finished(op_id id, const transfer_outcome& outcome) = 0;
    /// The control connection ended, and nothing on it is unread.
    [[nodiscard]] virtual bool has_peer_left() const = 0;
    /// Whether a part that was sent must not look like the whole.
    [[nodiscard]] virtual bool resets_unfinished() const = 0;
    /// Something outside of both sessions went wrong.
    virtual void suffered() = 0;
};

class data_port : public std::enable_shared_from_this<data_port> {
public:
    data_port(const surroundings& around, chance luck, data_owner& owner, const endpoint& local, op_id id)
        : around_(around), chance_(luck), owner_(owner), local_(local), id_(id)
    {
    }

    [[nodiscard]] op_id id() const noexcept { return id_; }
    [[nodiscard]] op_id transfer() const noexcept { return transfer_; }
    [[nodiscard]] bool is_connected() const noexcept { return end_ != nullptr; }
    [[nodiscard]] bool is_left_open() const noexcept { return is_left_open_; }

    void listen();
    void connect(const endpoint& to);
    /// The connection just reported is dropped, and listening goes on.
    void reject();
    void send(action::send_data asked);
    void receive(action::receive_data asked);
    void close();

private:
    void take(std::unique_ptr<network_end> end, const endpoint& peer);
    void close_listener();
    template <class Asked>
    void begin(const Asked& asked);
    void step_later(clock::duration delay = {});
    void step();
    void send_some();
    void receive_some();
    void commit();
    /// Runs `job` now, or as if a thread had to do it.
    void work(const std::function<void()>& job);
    void finish(transfer_fault fault, std::error_code error);

    surroundings around_;
    chance chance_;
    data_owner& owner_;
    endpoint local_;
    op_id id_;
    std::optional<std::uint16_t> port_;
    std::unique_ptr<network_end> end_;

    op_id transfer_ = op_id::none;
    std::unique_ptr<file_reader> source_;
    std::unique_ptr<file_writer> sink_;
    std::optional<std::uint64_t> left_; ///< That the source still has to give.
    std::string piece_;                 ///< Read, and not sent yet.
    std::uint64_t bytes_ = 0;
    bool all_read_ = false;
    bool is_due_ = false; ///< step() will run.
    bool works_ = false;
    bool canceled_ = false;
    bool leaves_open_ = false;
    bool is_left_open_ = false;
};

} // namespace libftp::simulation
