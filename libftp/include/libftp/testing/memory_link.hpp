// A client session and a server session joined in memory: no socket, no thread, and time that passes when told to.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/session/client_session.hpp>
#include <libftp/session/session_options.hpp>
#include <libftp/testing/odd_script.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace libftp::testing {

/// What comes first where both could.
enum class link_order : std::uint8_t {
    data_first,    ///< Bytes of the data connection.
    replies_first, ///< Bytes of the control connection: 226 can come before the data.
};

/// Both sessions and what lies between them. The same calls give the same events in the same order. One thread at a
/// time.
class memory_link {
public:
    /// The server follows `script`, which must outlive the link.
    explicit memory_link(odd_script& script, client_options options = {});
    /// The server is libftp's own. `server` and `logins` must outlive the link.
    memory_link(const session_options& server, authenticator& logins, client_options options = {});
    ~memory_link();
    memory_link(const memory_link&) = delete;
    memory_link& operator=(const memory_link&) = delete;

    /// Cuts all that travels, also on the data connection, into pieces of so many bytes. At least 1.
    memory_link& in_pieces_of(std::size_t bytes);
    /// From now on.
    memory_link& in_order(link_order order);

    /// To be used as by a host that has just called it: start() and cancel() take effect with the next
    /// run_until_idle(), and the events are for whoever asks first.
    [[nodiscard]] client_session& client() noexcept;
    /// What advance() moves on.
    [[nodiscard]] clock::time_point now() const noexcept;

    /// Moves bytes and carries out what the sessions ask for until nothing is left to do. No time passes.
    void run_until_idle();
    /// As much time passes; each deadline within it is met.
    void advance(clock::duration time);
    /// The control connection breaks, and the data connection with it.
    void break_connection();
    /// Whether the control connection is over on both sides.
    [[nodiscard]] bool is_closed() const noexcept;

    /// Starts an operation and runs until it ends. Where nothing moves any more, time passes to the next deadline. The
    /// client's other events until then are dropped.
    template <class Operation>
    client_result<typename Operation::value_type> run(Operation what)
    {
        return take_value<Operation>(run_operation(std::move(what)));
    }

private:
    event::operation_done run_operation(client_operation what);

    struct ends;
    std::unique_ptr<ends> ends_;
};

} // namespace libftp::testing
