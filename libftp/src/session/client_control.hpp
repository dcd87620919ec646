// What the operations of a client session share: the way to the server, to the host and to the caller, and what has
// been learnt about the server.
#pragma once

#include "../later.hpp"
#include "client_shared_data.hpp"
#include "output_buffer.hpp"

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/secret.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>
#include <libftp/session/client_session.hpp>
#include <libftp/tls_facts.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp {

/// The commands that set a file's time, in the order in which they are tried.
enum class time_command : std::uint8_t {
    mfmt,
    mdtm,            ///< MDTM with a time.
    site_utime,      ///< SITE UTIME with one time.
    site_utime_long, ///< SITE UTIME with the times of access, modification and creation.
    none,            ///< All are unknown to the server.
};

/// The commands that set a file's mode, in the order in which they are tried.
enum class mode_command : std::uint8_t { site_chmod, mff, none };

/// A command that makes a digest of a file.
struct digest_verb {
    digest_algorithm algorithm = digest_algorithm::crc32;
    std::string verb{};
};

/// What the commands of a session have set.
struct session_parameters {
    /// What the server sends and takes; ASCII at first (RFC 959 5.1). Nothing if the caller may have changed it.
    std::optional<representation_type> type = representation_type::ascii;
    std::optional<transfer_mode> mode = transfer_mode::stream; ///< As type.
    bool keeps_data = false;                                   ///< It has been asked to, and will.
    bool has_restart_point = false;                            ///< A REST was sent that no transfer has taken up.
    std::optional<digest_algorithm> hash{};                    ///< What HASH makes, where that is known.
};

/// What one operation finds out for those after it.
struct server_knowledge : session_parameters {
    std::optional<reply> greeting{};
    bool wants_password = false; ///< It has asked for one behind USER, and has taken it.
    server_features features{};
    bool has_foreign_features = false; ///< They are those of another session like this one.
    bool refuses_to_keep_data = false; ///< Whatever FEAT says.
    /// The last upload over a shared connection, which those behind it were lost with: the next ones get their own.
    bool has_refused_upload = false;
    /// If set, EPSV and EPRT do not work, and PASV and PORT are used from now on.
    std::optional<data_command_reason> plain_addresses{};
    bool serves_extended = false; ///< An EPSV has led to a data connection.
    bool serves_plain = false;    ///< A PASV has led to a data connection.
    server_manners manners{};
    std::optional<reply> welcome{};           ///< The greeting, if it says that nobody has to log in (230).
    bool serves_facts = false;                ///< An MLSD has led to a listing.
    bool refuses_facts = false;               ///< MLSD is in FEAT and refused nevertheless.
    bool confuses_order = false;              ///< It answers commands sent ahead in another way than later.
    bool refuses_mlst = false;                ///< MLST is unknown, whatever FEAT says.
    bool sets_times_with_zone = false;        ///< MDTM with a time takes a zone behind it.
    std::optional<time_command> sets_times{}; ///< What has set a time.
    std::optional<mode_command> sets_modes{}; ///< What has set a mode.
    std::vector<digest_verb> digest_verbs{};  ///< In FEAT.

    /// What was found out in another session like this one, which has only just begun.
    void take_over(const server_knowledge& other)
    {
        *this = other;
        static_cast<session_parameters&>(*this) = {};
        has_foreign_features = features.known;
    }
};

/// Where the control connection is on its way into TLS, and out of it.
enum class control_security : std::uint8_t {
    in_clear,
    starting, ///< The handshake is under way: what comes in clear now is no reply.
    in_tls,
    lifted, ///< In clear again, as the caller wished (CCC).
};

/// How the session is protected (RFC 4217).
struct session_protection {
    control_security control = control_security::in_clear;
    std::shared_ptr<const tls_facts> facts{}; ///< Of the control connection, while it is in TLS.
    bool data = false;                        ///< PROT P: data connections are in TLS.
    bool awaits_login = false;                ///< PBSZ and PROT were refused before the login, and are due after it.
};

/// One command as it goes to the server.
struct command_line {
    std::string verb{};
    std::string argument{};

    friend bool operator==(const command_line&, const command_line&) = default;
};

/// How far commands may go ahead of the replies to those before them.
enum class commands_ahead_of : std::uint8_t {
    nothing,
    one_begun_transfer, ///< Those of one operation, when the transfer before it has begun.
    no_transfer,        ///< The server answers in order, unless a command comes while data is moving.
    everything,
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
    /// What another session like this one has found out; nullptr if there is none.
    [[nodiscard]] const server_knowledge* elder() const noexcept { return elder_.get(); }
    void set_elder(const server_knowledge& known) { elder_ = std::make_unique<server_knowledge>(known); }

    [[nodiscard]] session_protection& protection() noexcept { return protection_; }
    [[nodiscard]] const session_protection& protection() const noexcept { return protection_; }
    /// Whether the caller wants TLS or nothing.
    [[nodiscard]] bool is_tls_demanded() const noexcept;
    /// Whether TLS is demanded and not there: neither names nor commands may go out.
    [[nodiscard]] bool lacks_tls() const noexcept;
    /// Whether TLS is demanded, and names and passwords would go in clear: also after CCC.
    [[nodiscard]] bool lacks_tls_for_login() const noexcept;
    /// Whether the next bytes of the server can only be those of TLS.
    [[nodiscard]] bool awaits_tls() const noexcept;

    [[nodiscard]] clock::time_point now() const noexcept { return now_; }
    void set_now(clock::time_point now) noexcept { now_ = now; }

    /// Puts a command into output(), unless it is the one sent ahead. Precondition: is_sendable(argument).
    void send(std::string_view verb, std::string_view argument = {});
    /// What the server is known to cope with.
    [[nodiscard]] commands_ahead_of may_go_ahead() const noexcept;
    /// Sends commands of an operation that has not begun yet.
    void send_ahead(op_id owner, std::span<const command_line> lines);
    /// The same for the operation that begins now.
    void send_at_once(op_id owner, std::span<const command_line> lines);
    /// Commands that were sent ahead and that no operation has taken up yet.
    [[nodiscard]] std::size_t count_ahead() const noexcept { return ahead_.size(); }
    [[nodiscard]] bool has_ahead(op_id owner) const noexcept;
    [[nodiscard]] bool has_ahead_of_others(op_id than) const noexcept;
    /// Whether the first of them is this one of that operation.
    [[nodiscard]] bool is_first_ahead(op_id owner, std::string_view verb) const noexcept
    {
        return !ahead_.empty() && ahead_.front().owner == owner && ahead_.front().line.verb == verb;
    }
    /// Whether it is known what operations behind these commands will have to send.
    [[nodiscard]] bool is_state_known_behind_ahead() const noexcept;
    /// Nobody takes up what was sent ahead: the replies to it are dropped.
    void disown_ahead();
    /// The same for what an operation that has ended did not take up. Precondition: it was the active one.
    void disown_ahead(op_id owner);
    /// The caller has to deal with their replies.
    [[nodiscard]] std::vector<command_line> take_ahead();

    [[nodiscard]] shared_data& shared() noexcept { return shared_; }
    [[nodiscard]] const shared_data& shared() const noexcept { return shared_; }
    /// Whether one is kept that is as protected as it has to be now.
    [[nodiscard]] bool has_kept_data() const noexcept
    {
        return shared_.kept() && (shared_.kept()->tls != nullptr) == protection_.data;
    }
    void close_kept_data() { close_data(shared_.let_go()); }
    /// The connection has ended, whoever uses it.
    void break_data(op_id connection);
    /// The active transfer's is gone.
    void lose_data() noexcept;

    /// The reply to one command sent before is of no interest any more.
    void disown_reply() noexcept { ++disowned_; }
    /// Whether `answer` belongs to such a command. Each reply is to be asked about once, in its order.
    [[nodiscard]] bool takes_disowned(const reply& answer) noexcept;
    /// Takes the password that was sent last out of the reply to it, which some servers repeat it in.
    void hide_password(reply& answer) const;
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
    void report_progress(op_id operation, const transfer_progress& made);
    [[nodiscard]] std::optional<client_event> next_event();

    /// Sets the deadline for what is waited for now.
    void wait(std::chrono::seconds limit) noexcept { deadline_ = later(now_, limit); }
    /// Moves that deadline on, by a time for which the server is not to blame.
    void wait_longer(clock::duration by) noexcept
    {
        if (deadline_)
            *deadline_ += by;
    }
    void stop_waiting() noexcept { deadline_.reset(); }
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept { return deadline_; }

    /// An operation's wish that the session end; the session takes it up as soon as the operation returns.
    void end_session(operation_error why) { end_ = std::move(why); }
    [[nodiscard]] std::optional<operation_error> take_end() { return std::exchange(end_, std::nullopt); }

private:
    void close_data(op_id connection);
    void write(std::string_view verb, std::string_view argument);
    void leave(const command_line& line);

    const client_options& options_;
    endpoint peer_;
    endpoint local_;
    clock::time_point now_;
    server_knowledge server_;
    std::unique_ptr<const server_knowledge> elder_;
    session_protection protection_;
    output_buffer output_;
    bool just_sent_ = false;
    struct sent_ahead {
        op_id owner = op_id::none;
        command_line line{};
    };
    std::deque<sent_ahead> ahead_;
    shared_data shared_;
    secret password_{};              ///< In the command that was sent last.
    std::size_t disowned_ = 0;       ///< Commands whose last reply is still to come, before those to all others.
    std::size_t disowned_begun_ = 0; ///< Preliminary replies to the first of them.
    std::deque<client_action> actions_;
    std::deque<client_event> events_;
    std::optional<clock::time_point> deadline_;
    std::optional<operation_error> end_;
    std::uint64_t last_id_ = 0;
};

/// To one command.
inline constexpr std::size_t most_preliminary_replies = 3;

/// Whether a command can carry `argument`: CR, LF or NUL would make it several commands, or another one.
[[nodiscard]] bool is_sendable(std::string_view argument) noexcept;
/// As is_sendable(), for a path that must not be empty.
[[nodiscard]] inline bool is_sendable_path(std::string_view path) noexcept
{
    return !path.empty() && is_sendable(path);
}

/// The error for a reply that is not the one an operation needs.
[[nodiscard]] operation_error refusal(const reply& answer);

} // namespace libftp
