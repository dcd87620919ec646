// One session of a client as its engine uses it: opened, asked with a handler for each operation, closed, opened again.
#pragma once

#include "client_connection.hpp"
#include "connector.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace libftp::net {

/// All calls and handlers happen on the context's executor. A handler may be called before the function that it was
/// given to returns, and may call anything here.
///
/// While the session is being opened, or somebody has the turn for several operations that nothing may come between,
/// what others ask waits; then it goes on in the order it came.
class client_link : public std::enable_shared_from_this<client_link> {
public:
    struct handlers {
        std::function<void(event::operation_done)> done; ///< Called once.
        std::function<void(const transfer_progress&)> progress{};
        std::function<void(const reply&)> preliminary{}; ///< Each 1yz reply that comes while the operation is pending.
        std::function<void(const client_operation&)> begins{}; ///< Called just before the session gets the operation.
    };
    using turn = std::uint64_t; ///< 0 is nobody's.

    explicit client_link(std::shared_ptr<client_context> context) : context_(std::move(context)) {}

    [[nodiscard]] bool is_open() const noexcept { return connection_ && !connection_->is_closed(); }
    /// The session, also when it is over; nullptr if there was none yet.
    [[nodiscard]] const client_session* session() const noexcept
    {
        return connection_ ? &connection_->session() : nullptr;
    }

    /// Each session of this link profits from what that one has found out of the server (client_session::learn_from).
    void learn_from(const std::shared_ptr<client_link>& elder) { elder_ = elder; }
    /// Connects and waits for the greeting, which `done` gets. What was open before is closed. Returns a number for
    /// cancel_opening().
    std::uint64_t open(const server_address& server, const time_limit& until,
                       std::function<void(client_result<reply>)> done);
    void cancel_opening(std::uint64_t number);
    /// Begins at once, for those who have the turn or opened the session for themselves.
    op_id start(client_operation what, const time_limit& until, handlers told);
    /// Begins when it is its turn: at once if that is `mine`. What is returned cancels it, even while it waits.
    std::function<void()> ask(client_operation what, const time_limit& until, handlers told, turn mine = 0);
    /// What is pending ends with protocol_errc::canceled, at once. What waits for its turn goes on waiting.
    void drop();
    /// The same, and so does all that waits.
    void close();

    [[nodiscard]] bool is_held() const noexcept { return turn_ != 0 || opened_ != nullptr; }
    /// Takes the turn before all that waits. Precondition: not is_held().
    turn hold() noexcept { return turn_ = ++last_turn_; }
    /// Takes it after all that waits.
    std::function<void()> wait_for_turn(const time_limit& until, const std::function<void(client_result<turn>)>& done);
    /// Calls `go` when nothing is in the way any more, or else `fail`. Calling what is returned makes it fail.
    std::function<void()> wait(const time_limit& until, std::function<void()> go,
                               std::function<void(operation_error)> fail);
    /// The turn is over, if it is not already.
    void release(turn mine);

private:
    struct arrived_event {
        std::uint64_t connection = 0;
        client_event what;
    };
    struct waiter {
        std::uint64_t number = 0;
        std::function<void()> go;
        std::function<void(operation_error)> fail;
        std::shared_ptr<asio::steady_timer> limit;
    };
    /// What was pending on a connection, and is still to hear that it is over.
    struct ended_handlers {
        std::map<op_id, handlers> waiting;
        std::function<void(client_result<reply>)> opened;
    };

    void connected(client_result<void> outcome, tcp::socket socket, const server_address& server,
                   const time_limit& until);
    void finish_opening(client_result<reply> outcome);
    std::function<void()> begin_cancelable(client_operation what, const time_limit& until, handlers told);
    ended_handlers disconnect();
    static void tell(const ended_handlers& ended);
    void let_next_go();
    void end_waiting(std::uint64_t number, std::error_code why);
    void take(arrived_event event);
    void deliver(arrived_event event);
    void tell_preliminary(const reply& answer);

    std::shared_ptr<client_context> context_;
    std::weak_ptr<client_link> elder_;
    std::shared_ptr<connector> connector_;
    std::function<void(client_result<reply>)> opened_; ///< While it is being opened.
    std::shared_ptr<client_connection> connection_;
    std::uint64_t connection_number_ = 0; ///< Operations of different connections have the same numbers.
    std::map<op_id, handlers> waiting_;
    turn turn_ = 0;
    turn last_turn_ = 0;
    std::deque<waiter> held_; ///< Not begun yet.
    std::uint64_t last_waiter_ = 0;
    std::deque<arrived_event> events_; ///< Not delivered yet.
    bool delivering_ = false;
};

} // namespace libftp::net
