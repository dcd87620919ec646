// One of the two sessions of a memory_link, whatever it is, and its side of the data connection.
#pragma once

#include <libftp/error.hpp>
#include <libftp/session/client_session.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/testing/odd_session.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace libftp::testing {

/// A data connection as one side has it.
struct memory_data {
    enum class state : std::uint8_t { none, listening, connected };

    op_id id = op_id::none;
    state is = state::none;
    std::uint16_t port = 0; ///< Where it listens.

    op_id transfer = op_id::none;
    std::unique_ptr<file_reader> source{}; ///< One of these two.
    std::unique_ptr<file_writer> sink{};
    bool stays_open = false;
    std::uint64_t moved = 0;

    std::string inbox{}; ///< Come, but not taken yet.
    bool peer_sends_no_more = false;
    bool peer_is_gone = false; ///< It takes no more either.
    bool was_reset = false;
};

/// How a side leaves the control connection.
enum class control_end : std::uint8_t { open, closed, reset };

/// What the link needs of a session; the functions are those of the sessions.
class memory_end {
public:
    virtual ~memory_end() = default;

    [[nodiscard]] virtual std::string_view output() const = 0;
    virtual void output_sent(std::size_t bytes, clock::time_point now) = 0;
    [[nodiscard]] virtual bool wants_input() const = 0;
    virtual void received(std::string_view bytes, clock::time_point now) = 0;
    virtual void received_eof(clock::time_point now) = 0;
    virtual void connection_lost(clock::time_point now) = 0;
    [[nodiscard]] virtual std::optional<clock::time_point> deadline() const = 0;
    virtual void deadline_passed(clock::time_point now) = 0;
    virtual void script_changed(clock::time_point /*now*/) {}
    virtual void data_listening(op_id id, result<endpoint> where, clock::time_point now) = 0;
    virtual void data_connected(op_id id, result<endpoint> peer, clock::time_point now) = 0;
    virtual void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now) = 0;
    virtual void transfer_marked(op_id /*id*/, const restart_mark& /*mark*/, clock::time_point /*now*/) {}
    virtual void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now) = 0;

    /// What only this session asks for it carries out itself; the rest is returned.
    using link_action = std::variant<action::listen_data, action::connect_data, action::reject_data, action::close_data,
                                     reset_data, send_part, receive_part, action::send_data, action::receive_data,
                                     action::close_control, reset_control, std::monostate>;
    virtual std::optional<link_action> next_action(clock::time_point now) = 0;

    memory_data data{};
    control_end control = control_end::open;
    bool knows_end = false; ///< It was told that the other side has left.
};

template <class Session>
class memory_end_of : public memory_end {
public:
    template <class... Arguments>
    explicit memory_end_of(authenticator* logins, Arguments&&... arguments)
        : session(std::forward<Arguments>(arguments)...), logins_(logins)
    {
    }

    [[nodiscard]] std::string_view output() const override { return session.output(); }
    void output_sent(std::size_t bytes, clock::time_point now) override { session.output_sent(bytes, now); }
    [[nodiscard]] bool wants_input() const override { return session.wants_input(); }
    void received(std::string_view bytes, clock::time_point now) override { session.received(bytes, now); }
    void received_eof(clock::time_point now) override { session.received_eof(now); }
    void connection_lost(clock::time_point now) override { session.connection_lost(now); }
    [[nodiscard]] std::optional<clock::time_point> deadline() const override { return session.deadline(); }
    void deadline_passed(clock::time_point now) override { session.deadline_passed(now); }
    void script_changed(clock::time_point now) override
    {
        if constexpr (requires { session.script_changed(now); })
            session.script_changed(now);
    }
    void data_listening(op_id id, result<endpoint> where, clock::time_point now) override
    {
        session.data_listening(id, std::move(where), now);
    }
    void data_connected(op_id id, result<endpoint> peer, clock::time_point now) override
    {
        session.data_connected(id, std::move(peer), now);
    }
    void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now) override
    {
        session.transfer_progressed(id, bytes, now);
    }
    void transfer_marked(op_id id, const restart_mark& mark, clock::time_point now) override
    {
        if constexpr (requires { session.transfer_marked(id, mark, now); })
            session.transfer_marked(id, mark, now);
    }
    void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now) override
    {
        session.transfer_finished(id, outcome, now);
    }
    std::optional<link_action> next_action(clock::time_point now) override
    {
        auto asked = session.next_action();
        if (!asked)
            return std::nullopt;
        return std::visit([&](auto&& what) { return carry_out(std::forward<decltype(what)>(what), now); },
                          *std::move(asked));
    }

    Session session;

private:
    template <class Action>
    link_action carry_out(Action asked, clock::time_point now)
    {
        if constexpr (std::is_constructible_v<link_action, Action>) {
            return asked;
        } else if constexpr (std::is_same_v<Action, action::commit>) {
            session.committed(asked.id, asked.sink->commit(), now);
        } else if constexpr (std::is_same_v<Action, action::start_tls>) {
            session.tls_started(asked.id, tls_errc::not_available, now); // in memory nobody listens in
        } else if constexpr (std::is_same_v<Action, action::stop_tls>) {
            session.tls_ended(asked.id, make_error_code(tls_errc::not_available), now);
        } else if constexpr (std::is_same_v<Action, action::secure_data>) {
            session.data_secured(asked.id, tls_errc::not_available, now);
        } else if constexpr (std::is_same_v<Action, action::authenticate>) {
            session.authenticated(asked.id, logins_->authenticate(asked.who), now);
        } else if constexpr (std::is_same_v<Action, action::call_store>) {
            session.store_answered(asked.id, perform(asked.store, asked.request), now);
        } else {
            session.command_answered(asked.id, asked.job(), now);
        }
        return std::monostate{};
    }

    authenticator* logins_; ///< Of server_session only.
};

} // namespace libftp::testing
