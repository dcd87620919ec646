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
class client_link : public std::enable_shared_from_this<client_link> {
public:
    struct handlers {
        std::function<void(event::operation_done)> done; ///< Called once.
        std::function<void(const transfer_progress&)> progress{};
        std::function<void(const reply&)> preliminary{}; ///< Each 1yz reply that comes while the operation is pending.
    };

    explicit client_link(std::shared_ptr<client_context> context) : context_(std::move(context)) {}

    [[nodiscard]] bool is_open() const noexcept { return connection_ && !connection_->is_closed(); }
    /// The session, also when it is over; nullptr if there was none yet.
    [[nodiscard]] const client_session* session() const noexcept
    {
        return connection_ ? &connection_->session() : nullptr;
    }

    /// Connects and waits for the greeting, which `done` gets. What was open before is closed. Returns a number for
    /// cancel_opening().
    std::uint64_t open(const server_address& server, const time_limit& until,
                       std::function<void(client_result<reply>)> done);
    void cancel_opening(std::uint64_t number);
    op_id start(client_operation what, const time_limit& until, handlers told);
    void cancel(op_id operation);
    /// All that is pending ends with protocol_errc::canceled, at once.
    void close();

private:
    struct arrived_event {
        std::uint64_t connection = 0;
        client_event what;
    };

    void connected(client_result<void> outcome, tcp::socket socket, const time_limit& until);
    void finish_opening(client_result<reply> outcome);
    void take(arrived_event event);
    void deliver(arrived_event event);
    void tell_preliminary(const reply& answer);

    std::shared_ptr<client_context> context_;
    std::shared_ptr<connector> connector_;
    std::function<void(client_result<reply>)> opened_; ///< While it is being opened.
    std::shared_ptr<client_connection> connection_;
    std::uint64_t connection_number_ = 0; ///< Operations of different connections have the same numbers.
    std::map<op_id, handlers> waiting_;
    std::deque<arrived_event> events_; ///< Not delivered yet.
    bool delivering_ = false;
};

} // namespace libftp::net
