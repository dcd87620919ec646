// What the operations of a client session share: the way to the server, to the host and to the caller, and what has
// been learnt about the server.
#pragma once

#include "output_buffer.hpp"

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>
#include <libftp/session/client_session.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace libftp {

/// What one operation finds out for those after it.
struct server_knowledge {
    server_features features{};
    /// What the server sends and takes; it starts with ASCII (RFC 959 5.1). Nothing: the caller may have changed it.
    std::optional<representation_type> type = representation_type::ascii;
    bool refuses_extended = false; ///< EPSV and EPRT do not work: PASV and PORT from now on.
    bool serves_extended = false;  ///< An EPSV has led to a data connection.
};

class client_control {
public:
    client_control(const client_options& options, const endpoint& peer, const endpoint& local, clock::time_point now)
        : options_(options), peer_(peer), local_(local), now_(now)
    {
    }

    [[nodiscard]] const client_options& options() const noexcept { return options_; }
    [[nodiscard]] const endpoint& peer() const noexcept { return peer_; }
    [[nodiscard]] const endpoint& local() const noexcept { return local_; }
    [[nodiscard]] server_knowledge& server() noexcept { return server_; }
    [[nodiscard]] const server_knowledge& server() const noexcept { return server_; }

    [[nodiscard]] clock::time_point now() const noexcept { return now_; }
    void set_now(clock::time_point now) noexcept { now_ = now; }

    /// Puts a command into output(). Precondition: is_sendable(argument).
    void send(std::string_view verb, std::string_view argument = {});
    /// Puts Telnet's refusal of an option into output().
    void refuse_option(std::string_view refusal);
    [[nodiscard]] output_buffer& output() noexcept { return output_; }
    [[nodiscard]] const output_buffer& output() const noexcept { return output_; }

    /// Whether a command was sent since the last forget_sending().
    [[nodiscard]] bool has_just_sent() const noexcept { return just_sent_; }
    void forget_sending() noexcept { just_sent_ = false; }

    [[nodiscard]] op_id next_id() noexcept { return op_id{++last_id_}; }
    void request(client_action action) { actions_.push_back(std::move(action)); }
    [[nodiscard]] std::optional<client_action> next_action();

    void report(client_event news) { events_.push_back(std::move(news)); }
    void report_progress(op_id operation, std::uint64_t bytes);
    [[nodiscard]] std::optional<client_event> next_event();

    /// Sets the deadline for what is waited for now.
    void wait(clock::duration limit) noexcept { deadline_ = now_ + limit; }
    void stop_waiting() noexcept { deadline_.reset(); }
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept { return deadline_; }

    /// An operation's wish that the session end; the session takes it up as soon as the operation returns.
    void end_session(operation_error why) { end_ = std::move(why); }
    [[nodiscard]] std::optional<operation_error> take_end() { return std::exchange(end_, std::nullopt); }

private:
    const client_options& options_;
    endpoint peer_;
    endpoint local_;
    clock::time_point now_;
    server_knowledge server_;
    output_buffer output_;
    bool just_sent_ = false;
    std::deque<client_action> actions_;
    std::deque<client_event> events_;
    std::optional<clock::time_point> deadline_;
    std::optional<operation_error> end_;
    std::uint64_t last_id_ = 0;
};

/// Whether a command can carry `argument`: with CR, LF or NUL in it, it would be more than one command or another one.
[[nodiscard]] bool is_sendable(std::string_view argument) noexcept;

/// The error for a reply that is not the one an operation needs.
[[nodiscard]] operation_error refusal(const reply& answer);

} // namespace libftp
