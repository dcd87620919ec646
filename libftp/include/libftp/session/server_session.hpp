// The server's side of one control connection (RFC 959, 1123 4.1, 2228, 2389, 2428, 2577, 2640, 3659,
// 4217, 7151) as a state machine without I/O.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/protocol/command_parser.hpp>
#include <libftp/protocol/digest.hpp>
#include <libftp/protocol/line_reader.hpp>
#include <libftp/protocol/reply_code.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/session/session_options.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/store_task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Bytes and facts go in by function calls that carry the time; bytes come out of output() and requests out of
/// next_action(). Nothing is called back (the observer and hooks aside), so nothing is re-entrant. One thread at a
/// time.
///
/// The host's loop, after anything happened: call next_action() until there is none and carry each out; write output()
/// and confirm by output_sent(); read while wants_input(); keep one timer at deadline(); stop when finished().
///
/// File bytes never pass through here: send_data and receive_data hand a reader or a writer to the host.
class server_session {
public:
    /// `options` and `observer` must outlive the session. `peer` and `local` are the ends of the control connection.
    /// The greeting is in output() at once, or after the handshake.
    server_session(const session_options& options, session_observer& observer, std::uint64_t id, const endpoint& peer,
                   const endpoint& local, clock::time_point now, control_start start = control_start::in_clear);
    ~server_session();
    server_session(const server_session&) = delete;
    server_session& operator=(const server_session&) = delete;

    /// Bytes from the control connection; the session keeps what it cannot use yet. It holds no pointer to them.
    void received(std::string_view bytes, clock::time_point now);
    /// The peer closed its direction of the control connection. What it asked for before is still done, except for a
    /// transfer that is not followed by QUIT (RFC 959 4.1.1) and long work that no other command follows: these are
    /// given up.
    void received_eof(clock::time_point now);
    /// The control connection broke: nothing can be sent any more.
    void connection_lost(clock::time_point now);
    /// False while commands wait: read no more until it is true again.
    [[nodiscard]] bool wants_input() const noexcept;

    /// Bytes for the control connection; valid until the next call of a non-const member.
    [[nodiscard]] std::string_view output() const noexcept;
    /// The first `bytes` of output() have been written.
    void output_sent(std::size_t bytes, clock::time_point now);

    /// What the host is to do, in this order; nothing: no more for now.
    [[nodiscard]] std::optional<server_action> next_action();

    /// When to call deadline_passed(); may change with every call.
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    /// Harmless if called early.
    void deadline_passed(clock::time_point now);

    /// Ends the session: 421 now if nothing is transferred, otherwise after the transfer, for which `grace` remains.
    /// `why` is shut_down, or disconnected if this session alone has to go.
    void shut_down(clock::duration grace, clock::time_point now, close_reason why = close_reason::shut_down);

    /// Whether a transfer needs the connection that action::listen_data waits for. Until then a host may leave it where
    /// the system keeps it, and be woken once less.
    [[nodiscard]] bool awaits_data_connection() const noexcept;
    /// Whether the peer may need output() to go on. If not, a host may as well send it with what the session says next:
    /// a download that needs no handshake goes by itself.
    [[nodiscard]] bool is_output_awaited() const noexcept;
    /// Whether the session ends with output(): a host may as well send the end of the connection with it.
    [[nodiscard]] bool is_output_last() const noexcept;
    /// Whether action::close_control was taken, or the host may as well drop the connection.
    [[nodiscard]] bool finished() const noexcept { return phase_ == phase::closed; }
    /// As observers are told of. Valid as long as the session.
    [[nodiscard]] const session_facts& facts() const noexcept { return facts_; }

    /// Answers action::start_tls.
    void tls_started(op_id id, result<tls_facts> outcome, clock::time_point now);
    /// Answers action::stop_tls.
    void tls_ended(op_id id, result<void> outcome, clock::time_point now);
    /// Answers action::listen_data: `where` is the address and port that it listens on.
    void data_listening(op_id id, result<endpoint> where, clock::time_point now);
    /// `peer` is where the connection comes from or went to.
    void data_connected(op_id id, result<endpoint> peer, clock::time_point now);
    /// Answers action::secure_data.
    void data_secured(op_id id, result<tls_facts> outcome, clock::time_point now);
    /// Answers action::authenticate.
    void authenticated(op_id id, result<account> outcome, clock::time_point now);
    /// Answers action::call_store.
    void store_answered(op_id id, store_response response, clock::time_point now);
    /// `bytes` in all since the start of the transfer.
    void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now);
    /// The transfer waits for its limits on bytes per second, not for the peer.
    void transfer_held(op_id id, clock::time_point now);
    /// The client marked a place in its upload, and all before it is with the store.
    void transfer_marked(op_id id, const restart_mark& mark, clock::time_point now);
    /// Answers action::send_data and action::receive_data, exactly once.
    void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now);
    /// Answers action::run_command.
    void command_answered(op_id id, const reply& answer, clock::time_point now);

private:
    /// What the session is doing; decides which input is taken and which limit runs.
    enum class phase : std::uint8_t {
        identifying,    ///< Waits for USER.
        password,       ///< Waits for PASS.
        naming_account, ///< Waits for ACCT.
        authenticating, ///< The authenticator works.
        denying,        ///< A wrong password's answer is delayed.
        securing,       ///< TLS begins on the control connection.
        clearing,       ///< TLS ends on the control connection.
        ready,          ///< Logged in, waits for a command.
        binding,        ///< PASV or EPSV: the host opens a listener.
        calling_store,  ///< A command's store call runs.
        working,        ///< A task or a program's own command runs; only ABOR is answered.
        opening,        ///< A transfer's store call runs.
        connecting,     ///< A transfer waits for its data connection, and for TLS on it.
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
        securing, ///< TLS begins on it.
        kept,     ///< A transfer in MODE B has left it open for the next.
    };

    /// Why a running transfer was stopped.
    enum class stop_reason : std::uint8_t { none, abor, stalled, input_ended, shut_down };

    /// A command whose last reply hooks wait for.
    struct hooked_command {
        const command_row* row = nullptr;
        command_context context{};
    };

    struct transfer_job {
        transfer_kind kind = transfer_kind::download;
        stop_reason stopped = stop_reason::none;
        bool is_announced = false; ///< 150 was said.
        bool is_protected = false; ///< Its data connection is one of TLS.
        transfer_coding coding{};
        store_path path{};
        std::uint64_t offset = 0;              ///< Where in the file it begins.
        std::optional<std::uint64_t> length{}; ///< How much RANG wants of it.
        unsigned names_tried = 0;              ///< By STOU.
        std::string unique_name{};             ///< What STOU announces.
        std::shared_ptr<const void> promise{}; ///< That no other STOU is given that name.
        std::unique_ptr<file_reader> source{};
        std::unique_ptr<file_writer> sink{};
        std::uint64_t bytes = 0;
        clock::time_point began{};
        std::unique_ptr<hooked_command> command{};
        std::unique_ptr<hooked_command> abor{}; ///< The ABOR that ended it.
    };

    /// What HASH says of a digest.
    struct hashed_part {
        digest_algorithm algorithm{};
        std::uint64_t first = 0;
        std::string name{};
    };

    using store_continuation = void (server_session::*)(store_answer& answer);
    using task_continuation = void (server_session::*)(const task_step& step);

    /// What goes on in phase::working.
    struct running_work {
        std::shared_ptr<store_task> task{}; ///< Empty for a program's own command.
        task_continuation then = nullptr;
        bool lists = false;          ///< Its text is the listing of STAT.
        bool waits_for_room = false; ///< Until the peer has taken enough of the output.
        bool is_given_up = false;    ///< It ends with what the host is doing just now.
        bool is_aborted = false;     ///< By ABOR, whose reply follows.
        phase back_to = phase::ready;
        std::unique_ptr<hooked_command> command{};
        std::unique_ptr<hooked_command> abor{}; ///< The ABOR that ends it.
    };

    // server_session.cpp: the machine
    void enter(phase next);
    void advance();
    void read_lines(std::string_view& input);
    [[nodiscard]] bool takes_lines() const noexcept;
    [[nodiscard]] bool drops_input() const noexcept;
    [[nodiscard]] bool transfer_runs() const noexcept;
    [[nodiscard]] bool listens_in_vain() const noexcept;
    [[nodiscard]] bool is_busy() const noexcept;
    [[nodiscard]] bool is_held_line_due() const noexcept;
    [[nodiscard]] bool is_quit_held() const noexcept;
    void take_line(std::string_view line);
    bool turn_foreigner_away(std::string_view line);
    [[nodiscard]] bool runs_meanwhile(const command& c) const noexcept;
    void say_goodbye();
    void close(close_reason reason);
    template <class Action>
    op_id request(Action asked);

    // server_session_commands.cpp: which command runs, and what it answers
    void run(const command& c);
    [[nodiscard]] bool serves(const command_row& row) const noexcept;
    [[nodiscard]] bool lacks_login(const command_row& row) const noexcept;
    bool passes_gate(const command& c);
    bool passes_hooks(const command& c);
    [[nodiscard]] command_context context_of(const command& c) const;
    void dispatch(const command& c);
    void dispatch_site(const command& c);
    void handle_own(const command& c);
    void handle_site(const command& c);
    void reply(reply_code code, std::string_view text);
    void reply(const libftp::reply& answer);
    void reply_in_lines(reply_code code, std::string_view text);
    void replied(int code, std::string_view text);

    // server_session_access.cpp: who is there
    void handle_host(const command& c);
    void handle_user(const command& c);
    void handle_pass(const command& c);
    void handle_acct(const command& c);
    void handle_quit();
    void handle_rein();
    void handle_clnt(const command& c);
    void handle_csid(const command& c);
    void ask_authenticator(secret account);
    void ask_for_password();
    void begin_anew();
    void log_out();
    void answer_denied();

    // server_session_tls.cpp: TLS on both connections
    void handle_auth(const command& c);
    void handle_pbsz(const command& c);
    void handle_prot(const command& c);
    void handle_ccc();
    void start_tls();
    void stop_tls();
    void reset_protection();
    void secure_data_connection();
    [[nodiscard]] bool offers_tls() const noexcept;
    [[nodiscard]] bool lacks_tls() const noexcept;
    void refuse_login_in_clear();
    [[nodiscard]] tls_needs needed_tls() const noexcept;

    // server_session_data.cpp: data connections
    void handle_pasv();
    void handle_epsv(const command& c);
    void handle_port(const command& c);
    void handle_eprt(const command& c);
    void listen(verb asked);
    [[nodiscard]] endpoint announced_for(endpoint listening) const;
    void use_address(const result<endpoint>& address);
    void drop_data_connection();
    void drop_kept_connection();

    // server_session_parameters.cpp: how and what the next transfers send
    void handle_type(const command& c);
    void handle_stru(const command& c);
    void handle_mode(const command& c);
    void handle_allo(const command& c);
    void handle_rest(const command& c);
    void handle_rang(const command& c);
    void handle_lang(const command& c);
    void handle_opts(const command& c);
    void reset_parameters();

    // server_session_transfer_commands.cpp: the commands that move bytes
    [[nodiscard]] bool may_restart() const noexcept;
    void handle_retr(const command& c);
    void handle_stor(const command& c, write_mode mode);
    void handle_stou(const command& c);
    void handle_listing(const command& c, listing_form form);
    void handle_abor();
    [[nodiscard]] listing_request listing_of(listing_form form, std::string_view argument) const;
    void open_transfer(std::unique_ptr<transfer_job> job, store_request asked);
    result<store_request> take_unique_name(transfer_job& job) const;

    // server_session_transfer.cpp: a transfer from its store's answer to its end
    void transfer_opened(store_response response);
    void use_data_connection();
    void announce_transfer();
    void start_transfer();
    void count_moved(std::uint64_t bytes);
    void stop_transfer(stop_reason reason);
    void end_transfer(transfer_end end, reply_code code, std::string_view text, std::error_code error);
    void report(transfer_job& job, transfer_end end, int reply_code, std::error_code error);

    // server_session_store.cpp: store calls and tasks
    std::optional<store_path> resolve(std::string_view argument, permission needed);
    bool may(permission needed, const store_path& path);
    void call_store(store_request wanted, store_continuation then);
    void call_store(store_request wanted, reply_code code, std::string text, std::optional<change_report> change);
    void store_call_ended(store_response response);
    void promise(reply_code code, std::string text, std::optional<change_report> change);
    void answer_promised();
    void answer_success(store_answer& answer);
    void start_task(std::shared_ptr<store_task> task, task_continuation then);
    void start_task(std::shared_ptr<store_task> task, reply_code code, std::string text,
                    std::optional<change_report> change);
    void answer_task_success(const task_step& step);
    void start_work(running_work work);
    void next_step();
    void task_stepped(store_response response);
    void finish_task(const store_response& last);
    running_work end_work();
    void give_up_work();
    void abort_work();
    void answer_abor_of(running_work& ended);

    // server_session_files.cpp: commands on names
    void handle_pwd();
    void handle_cwd(const command& c);
    void handle_mkd(const command& c);
    void handle_removal(const command& c);
    void handle_rnfr(const command& c);
    void handle_rnto(const command& c);
    void handle_comb(const command& c);
    void answer_cwd(store_answer& answer);
    void answer_rnfr(store_answer& answer);

    // server_session_facts.cpp: what is known of files, and setting it
    void handle_size(const command& c);
    void handle_mdtm(const command& c);
    void handle_mlst(const command& c);
    void handle_time_setting(const command& c);
    void handle_mff(const command& c);
    void handle_avbl(const command& c);
    void handle_dsiz(const command& c);
    void handle_digest(const command& c);
    void set_attributes(store_path path, attribute_changes changes, reply_code code, std::string text);
    void answer_size(store_answer& answer);
    void count_ascii_size(store_answer& answer);
    void answer_byte_count(const task_step& step);
    void answer_mdtm(store_answer& answer);
    void answer_mlst(store_answer& answer);
    void answer_space(store_answer& answer);
    void answer_digest(const task_step& step);

    // server_session_site.cpp: the commands behind SITE
    void handle_chmod(const command& c);
    void handle_chgrp(const command& c);
    void handle_umask(const command& c);
    void handle_utime(const command& c);
    void handle_symlink(const command& c);
    void handle_site_mkdir(const command& c);
    void handle_site_rmdir(const command& c);
    void handle_copy(const command& c);
    void handle_cpfr(const command& c);
    void handle_cpto(const command& c);
    void handle_idle(const command& c);
    void handle_who();
    void answer_cpfr(store_answer& answer);
    void copy(store_path from, std::string_view to);

    // server_session_info.cpp: what the server says of itself
    void handle_feat();
    void handle_help(const command& c);
    void explain_site(std::string_view name);
    void explain(const command_row* row, std::string_view prefix);
    void list_commands(std::span<const command_row> rows, std::string_view first_line);
    void handle_stat(const command& c);
    void begin_status(store_answer& answer);
    void append_status(std::string_view lines);
    void end_status(std::string_view text);

    const session_options& options_;
    session_observer& observer_;
    session_facts facts_; ///< Its `now` is the session's.
    endpoint local_;

    line_reader lines_;
    std::string inbox_;  ///< Received, not read yet.
    std::string held_;   ///< Whole lines that wait for the end of a transfer, each ended by LF.
    std::string output_; ///< To be sent from sent_ on.
    std::size_t sent_ = 0;
    std::vector<server_action> actions_;
    std::uint64_t last_id_ = 0;

    phase phase_ = phase::identifying;
    close_reason close_reason_ = close_reason::quit;
    bool has_spoken_ftp_ = false; ///< The peer has said a command that this server knows.
    bool began_in_tls_ = false;
    bool buffer_size_said_ = false; ///< PBSZ was, or need not be.
    bool protects_data_ = false;    ///< PROT P.
    bool by_certificate_ = false;   ///< The running login is one without a password.
    bool input_ended_ = false;
    bool quitting_ = false;                           ///< QUIT came during a transfer.
    std::optional<clock::time_point> shut_down_at_{}; ///< Set: the session ends with its transfer, or then.
    close_reason shut_down_reason_ = close_reason::shut_down;
    clock::time_point phase_deadline_ = clock::time_point::max(); ///< What the phase waits for at most.
    clock::time_point data_deadline_ = clock::time_point::max();  ///< For a listener without a connection.
    clock::time_point waits_for_reader_until_{}; ///< While closing, for a peer that goes on taking the last replies.
    clock::time_point login_deadline_;
    std::chrono::seconds idle_limit_;

    std::string user_; ///< Named by USER.
    secret password_;  ///< While the authenticator may still ask for ACCT.
    std::shared_ptr<const account> account_;
    unsigned failed_logins_ = 0;

    op_id pending_ = op_id::none; ///< The login, store call, own command or transfer whose answer is awaited.
    store_continuation then_ = nullptr;
    running_work work_;
    store_path path_;  ///< What the running command is about.
    std::string text_; ///< What it will answer, or was asked.
    reply_code success_ = reply_code::ok;
    std::unique_ptr<change_report> change_; ///< What it changes if it succeeds.
    std::unique_ptr<hashed_part> digest_of_;
    std::unique_ptr<hooked_command> hooked_; ///< The running command, if hooks are to hear of its end.

    std::unique_ptr<store_path> rename_from_;
    std::unique_ptr<store_path> copy_from_;

    transfer_coding coding_;
    fact_set facts_chosen_ = fact_set::standard();
    digest_algorithm digest_ = digest_algorithm::sha256;
    std::uint64_t restart_offset_ = 0;
    std::optional<byte_range> range_;
    std::optional<std::uint32_t> umask_;
    rate_limits rates_; ///< This session's own.

    data_state data_ = data_state::none;
    op_id data_id_ = op_id::none;
    endpoint data_address_{};
    verb listening_for_ = verb::epsv;
    bool extended_only_ = false;         ///< EPSV ALL was said (RFC 2428 4).
    bool keeps_data_connection_ = false; ///< In MODE B: OPTS has asked for it.
    std::unique_ptr<transfer_job> job_;  ///< From the transfer command to its last reply.
};

} // namespace libftp
