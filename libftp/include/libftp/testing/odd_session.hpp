// One control connection of an odd server, as a state machine without I/O: server_session with a script's rules around
// it.
#pragma once

#include <libftp/session/actions.hpp>
#include <libftp/testing/odd_script.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace libftp::testing {

/// As action::send_data, but the data connection stays open.
struct send_part {
    op_id id = op_id::none;
    std::unique_ptr<file_reader> source{};
};

/// As action::receive_data, but the data connection stays open. It ends also when sink->is_complete().
struct receive_part {
    op_id id = op_id::none;
    std::unique_ptr<file_writer> sink{};
};

/// As action::close_data, but by a reset.
struct reset_data {
    op_id id = op_id::none;
};

/// As action::close_control, but by a reset.
struct reset_control {};

using odd_action =
    std::variant<action::listen_data, action::connect_data, action::reject_data, action::close_data, action::send_data,
                 action::receive_data, send_part, receive_part, reset_data, action::close_control, reset_control>;

/// Has the functions of server_session, with the same meaning, and is run by its host in the same way. Logins and the
/// calls of the store, which is in memory, it carries out itself. One thread at a time; the script is another matter.
class odd_session {
public:
    /// `peer` and `local` are the ends of the control connection.
    odd_session(const odd_script& script, const endpoint& peer, const endpoint& local, clock::time_point now);
    ~odd_session();
    odd_session(const odd_session&) = delete;
    odd_session& operator=(const odd_session&) = delete;

    /// The host calls this after odd_script::says() and release(): what they were about goes on.
    void script_changed(clock::time_point now);

    /// As server_session::received().
    void received(std::string_view bytes, clock::time_point now);
    /// As server_session::received_eof().
    void received_eof(clock::time_point now);
    /// As server_session::connection_lost().
    void connection_lost(clock::time_point now);
    /// As server_session::wants_input().
    [[nodiscard]] bool wants_input() const noexcept;
    /// As server_session::output().
    [[nodiscard]] std::string_view output() const noexcept;
    /// As server_session::output_sent().
    void output_sent(std::size_t bytes, clock::time_point now);
    /// As server_session::next_action().
    [[nodiscard]] std::optional<odd_action> next_action();
    /// As server_session::deadline().
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    /// As server_session::deadline_passed().
    void deadline_passed(clock::time_point now);
    /// As server_session::finished().
    [[nodiscard]] bool finished() const noexcept;

    /// As server_session::data_listening().
    void data_listening(op_id id, result<endpoint> where, clock::time_point now);
    /// As server_session::data_connected().
    void data_connected(op_id id, result<endpoint> peer, clock::time_point now);
    /// As server_session::transfer_progressed().
    void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now);
    /// As server_session::transfer_marked().
    void transfer_marked(op_id id, const restart_mark& mark, clock::time_point now);
    /// As server_session::transfer_finished().
    void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now);

private:
    class machine;
    std::unique_ptr<machine> machine_;
};

} // namespace libftp::testing
