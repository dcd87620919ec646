// The inside of an odd session: the client's lines on their way to a server_session, its replies and data on their way
// back.
#pragma once

#include "odd_state.hpp"

#include <libftp/protocol/line_reader.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/testing/odd_session.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// The server_session gets one line at a time, so that each of its replies belongs to a command that is known. Only
/// what is answered during a transfer is let through while that runs.
class odd_session::machine {
public:
    machine(std::shared_ptr<odd_state> script, const endpoint& peer, const endpoint& local, clock::time_point now);

    void script_changed();
    void received(std::string_view bytes);
    void received_eof();
    void connection_lost();
    [[nodiscard]] bool wants_input() const noexcept;
    void output_sent(std::size_t bytes);
    std::optional<odd_action> next_action();
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    void deadline_passed();

    void data_listening(op_id id, result<endpoint> where);
    void data_connected(op_id id, result<endpoint> peer);
    void transfer_progressed(op_id id, std::uint64_t bytes);
    void transfer_marked(op_id id, const restart_mark& mark);
    void transfer_finished(op_id id, const transfer_outcome& outcome);

    clock::time_point now_;
    std::string output_{};
    bool finished_ = false;

private:
    /// A line whose turn has not come.
    struct waiting_line {
        std::string text{};
        std::string fault{}; ///< The reply, if it is no line at all.
    };

    /// A command without its last reply.
    struct running_command {
        std::string line{};
        odd_conduct conduct{};
        bool is_greeting = false; ///< No command: the client has connected.
        bool is_held = false;
        bool is_announced = false; ///< A preliminary reply was given: its transfer runs.
    };

    /// A transfer that does not go as the server_session wants it.
    struct odd_transfer {
        op_id id = op_id::none;
        op_id connection = op_id::none;
        std::shared_ptr<file_reader> source{}; ///< One of these two.
        std::shared_ptr<file_writer> sink{};
        odd_data wanted{};
        std::uint64_t moved = 0;
        std::optional<std::uint64_t> part{}; ///< How much the running part may move.
        bool is_held = false;
    };

    // odd_machine.cpp: lines
    void advance();
    bool meet_deadline();
    bool begin_next();
    bool begin_meanwhile();
    void take_line(const std::deque<waiting_line>::iterator& which);
    void begin(running_command command);
    void perform(running_command& started);
    void tell_server(std::string_view line);
    void stop_transfer_silently();
    void finish(const running_command& done);
    bool go_on();
    [[nodiscard]] bool is_holding() const noexcept;
    void end_connection(connection_end how);

    // odd_machine_replies.cpp
    bool take_replies();
    void replied(int code, std::string_view text);
    running_command& owner_of(int code);
    void answer(running_command& to);
    void log_in(std::string_view line);
    void say(running_command* to, std::string_view bytes);
    [[nodiscard]] std::string filled_in(std::string text) const;

    // odd_machine_data.cpp: what the server_session asks for
    bool carry_out_requests();
    void carry_out(const action::authenticate& asked);
    void carry_out(const action::call_store& asked);
    void carry_out(const action::run_command& asked);
    void carry_out(action::start_tls asked);
    void carry_out(action::stop_tls asked);
    void carry_out(action::secure_data asked);
    void carry_out(action::listen_data asked);
    void carry_out(action::connect_data asked);
    void carry_out(action::reject_data asked);
    void carry_out(action::close_data asked);
    void carry_out(action::send_data asked);
    void carry_out(action::receive_data asked);
    void carry_out(action::close_control asked);
    [[nodiscard]] const odd_data* wanted_data() const noexcept;
    void start_odd_transfer(odd_transfer transfer);
    void next_part();
    void part_ended(const transfer_outcome& outcome);
    void end_odd_transfer(transfer_fault fault, std::error_code error, connection_end how);

    std::shared_ptr<odd_state> script_;
    session_options options_;
    session_observer silence_{};
    server_session server_;

    line_reader lines_;
    std::deque<waiting_line> queue_{};
    std::size_t queued_bytes_ = 0;
    std::deque<running_command> running_{}; ///< In the order of their last replies, as far as it is known.
    std::string replies_{};                 ///< Of the server, not whole yet.
    int swallowed_replies_ = 0;             ///< So many last replies are nobody's.
    bool replies_are_held_ = false;
    std::string held_output_{};
    std::size_t heard_of_script_; ///< How much of what the script says is out.
    bool is_trusted_ = false;     ///< A rule has let the client in.
    bool input_ended_ = false;
    bool server_knows_end_ = false;
    connection_end end_ = connection_end::none;

    std::vector<odd_action> actions_{};
    op_id listener_ = op_id::none;
    listener_manner manner_ = listener_manner::usual;
    op_id connection_ = op_id::none; ///< The last data connection that was asked for.
    std::uint16_t port_ = 0;         ///< The last passive one.
    std::optional<odd_transfer> transfer_{};
};

} // namespace libftp::testing
