// The server's side of one control connection (RFC 959, 1123 4.1, 2389, 2428, 2577, 3659) as a state machine without
// I/O.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/protocol/command_parser.hpp>
#include <libftp/protocol/line_reader.hpp>
#include <libftp/protocol/reply_code.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/session/session_options.hpp>
#include <libftp/session/transfer.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Bytes and facts go in by function calls that carry the time; bytes come out of output() and requests out of
/// next_action(). Nothing is called back (the observer aside), so nothing is re-entrant. One thread at a time.
///
/// The host's loop, after anything happened: call next_action() until there is none and carry each out; write output()
/// and confirm by output_sent(); read while wants_input(); keep one timer at deadline(); stop when finished().
///
/// File bytes never pass through here: send_data and receive_data hand a reader or a writer to the host.
class server_session {
public:
    /// `options` and `observer` must outlive the session. `peer` and `local` are the ends of the control connection.
    /// The greeting is in output() at once.
    server_session(const session_options& options, session_observer& observer, std::uint64_t id, const endpoint& peer,
                   const endpoint& local, clock::time_point now);
    ~server_session();
    server_session(const server_session&) = delete;
    server_session& operator=(const server_session&) = delete;

    /// Bytes from the control connection; the session keeps what it cannot use yet. It holds no pointer to them.
    void received(std::string_view bytes, clock::time_point now);
    /// The peer closed its direction of the control connection. What it asked for before is still done, except for a
    /// transfer that it did not put a QUIT behind: that is given up (RFC 959 4.1.1).
    void received_eof(clock::time_point now);
    /// The control connection broke: nothing can be sent any more.
    void connection_lost(clock::time_point now);
    /// False while commands wait: read no more until it is true again.
    [[nodiscard]] bool wants_input() const noexcept;

    /// Bytes for the control connection; valid until the next call of a non-const member.
    [[nodiscard]] std::string_view output() const noexcept;
    /// The first `bytes` of output() have been written.
    void output_sent(std::size_t bytes, clock::time_point now);

    [[nodiscard]] std::optional<server_action> next_action();

    /// When to call deadline_passed(); may change with every call.
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    /// Harmless if called early.
    void deadline_passed(clock::time_point now);

    /// Ends the session: 421 now if nothing is transferred, otherwise after the transfer, for which `grace` remains.
    void shut_down(clock::duration grace, clock::time_point now);

    /// Whether action::close_control was taken, or the host may as well drop the connection.
    [[nodiscard]] bool finished() const noexcept { return phase_ == phase::closed; }
    [[nodiscard]] const session_facts& facts() const noexcept { return facts_; }

    void data_listening(op_id id, result<endpoint> where, clock::time_point now);
    /// `peer` is where the connection comes from or went to.
    void data_connected(op_id id, result<endpoint> peer, clock::time_point now);
    void authenticated(op_id id, result<account> outcome, clock::time_point now);
    void store_answered(op_id id, store_response response, clock::time_point now);
    /// `bytes` in all since the start of the transfer.
    void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now);
    void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now);

private:
    /// What the session is doing; decides which input is taken and which limit runs.
    enum class phase : std::uint8_t {
        identifying,    ///< Waits for USER.
        password,       ///< Waits for PASS.
        authenticating, ///< The authenticator works.
        denying,        ///< A wrong password's answer is delayed.
        ready,          ///< Logged in, waits for a command.
        binding,        ///< PASV or EPSV: the host opens a listener.
        calling_store,  ///< A command's store call runs.
        opening,        ///< A transfer's store call runs.
        connecting,     ///< A transfer waits for its data connection.
        transferring,   ///< Bytes move.
        aborting,       ///< Bytes moved until ABOR, a stall or the end of the control connection; the end is awaited.
        closing,        ///< The last reply is on its way.
        closed,
    };

    /// The data connection, apart from what is done with it.
    enum class data_state : std::uint8_t {
        none,
        binding,   ///< A listener is being opened.
        listening, ///< PASV or EPSV was answered.
        addressed, ///< PORT or EPRT named the peer's endpoint.
        connecting,
        connected,
    };

    enum class representation : std::uint8_t { ascii, image };

    /// Why a running transfer was stopped.
    enum class stop_reason : std::uint8_t { none, abor, stalled, input_ended, shut_down };

    struct transfer_job {
        transfer_kind kind = transfer_kind::download;
        listing_form form = listing_form::unix_lines;
        std::string name_prefix{}; ///< Of the names that NLST gives.
        stop_reason stopped = stop_reason::none;
        store_path path{};
        std::unique_ptr<file_reader> source{};
        std::unique_ptr<file_writer> sink{};
        std::uint64_t bytes = 0;
        clock::time_point began{};
    };

    // server_session.cpp: the machine
    void enter(phase next);
    void advance();
    void read_lines(std::string_view& input);
    [[nodiscard]] bool takes_lines() const noexcept;
    [[nodiscard]] bool transfer_runs() const noexcept;
    void take_line(std::string_view line);
    [[nodiscard]] bool runs_during_transfer(const command& c) const noexcept;
    void run(const command& c);
    bool passes_gate(const command& c);
    void dispatch(const command& c);
    void reply(reply_code code, std::string_view text);
    void close(close_reason reason);
    template <class Action>
    op_id request(Action asked);

    // server_session_access.cpp: who is there
    void handle_user(const command& c);
    void handle_pass(const command& c);
    void handle_quit();
    void handle_rein();
    void answer_denied();

    // server_session_data.cpp: data connections and their parameters
    void handle_pasv();
    void handle_epsv(const command& c);
    void handle_port(const command& c);
    void handle_eprt(const command& c);
    void handle_type(const command& c);
    void handle_stru(const command& c);
    void handle_mode(const command& c);
    void answer_parameter(const command& c, std::string_view name, std::string_view offered,
                          std::initializer_list<std::string_view> others);
    void handle_allo(const command& c);
    void listen(verb asked);
    void use_address(const result<endpoint>& address);
    void drop_data_connection();

    // server_session_transfer.cpp: transfers
    void handle_rest(const command& c);
    void handle_retr(const command& c);
    void handle_stor(const command& c, write_mode mode);
    void handle_listing(const command& c, listing_form form);
    void handle_abor();
    void open_transfer(transfer_kind kind, store_path path, store_request asked);
    void transfer_opened(store_response response);
    void announce_transfer();
    void start_transfer();
    void stop_transfer(stop_reason reason);
    void end_transfer(reply_code code, std::string_view text, std::error_code error);
    void report(const transfer_job& job, int reply_code, std::error_code error);

    // server_session_files.cpp: commands on names
    std::optional<store_path> resolve(std::string_view argument);
    void call_store(verb asked, store_request wanted);
    void handle_name(const command& c);
    void handle_pwd();
    void handle_rnto(const command& c);
    void store_call_ended(store_response response);
    void answer_stat(const file_info& info);

    // server_session_info.cpp: what the server says of itself
    void handle_feat();
    void handle_help(const command& c);
    void handle_stat(const command& c);
    void handle_opts(const command& c);

    const session_options& options_;
    session_observer& observer_;
    session_facts facts_;
    endpoint local_;
    clock::time_point now_;

    line_reader lines_;
    std::string inbox_;  ///< Received, not read yet.
    std::string held_;   ///< Whole lines that wait for the end of a transfer, each ended by LF.
    std::string output_; ///< To be sent from sent_ on.
    std::size_t sent_ = 0;
    std::vector<server_action> actions_;
    std::uint64_t last_id_ = 0;

    phase phase_ = phase::identifying;
    close_reason close_reason_ = close_reason::quit;
    bool first_line_ = true;
    bool input_ended_ = false;
    bool quitting_ = false;                                       ///< QUIT came during a transfer.
    std::optional<clock::time_point> shut_down_at_{};             ///< Set: the session ends with its transfer, or then.
    clock::time_point phase_deadline_ = clock::time_point::max(); ///< What the phase waits for at most.
    clock::time_point data_deadline_ = clock::time_point::max();  ///< For a listener without a connection.
    clock::time_point login_deadline_;

    std::string user_; ///< Named by USER.
    std::optional<account> account_;
    unsigned failed_logins_ = 0;
    store_path directory_;

    op_id pending_ = op_id::none; ///< The login, store call or transfer whose answer is awaited.
    verb pending_verb_ = verb::noop;
    store_path pending_path_;
    std::optional<store_path> rename_from_;

    representation type_ = representation::ascii;
    fact_set facts_chosen_ = fact_set::standard();
    std::uint64_t restart_offset_ = 0;

    data_state data_ = data_state::none;
    op_id data_id_ = op_id::none;
    endpoint data_address_{};
    bool extended_only_ = false;        ///< EPSV ALL was said (RFC 2428 4).
    std::unique_ptr<transfer_job> job_; ///< From the transfer command to its last reply.
};

} // namespace libftp
