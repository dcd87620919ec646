// What the commands share: the connection, what was said about it before, and where both sides are.
#pragma once

#include "known_logins.hpp"
#include "protocol_trace.hpp"
#include "remote_listings.hpp"
#include "reporter.hpp"
#include "trust_prompt.hpp"

#include <libftp/net/client.hpp>
#include <libftp/protocol/url.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

class job_list;

/// What a command leads to.
enum class outcome { done, failed, leave };

struct session {
    session(reporter& its_out, libftp::data_mode mode, tls_wishes wishes);
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session() = default;

    /// Another one to the same server, as the same user and in the same places, yet to be connected by
    /// return_to_place(). It asks nobody anything. For a thread of its own.
    [[nodiscard]] std::unique_ptr<session> clone(reporter& its_out) const;

    void use_data_mode(libftp::data_mode mode);
    /// Has `out` show the protocol.
    void show_protocol(trace_detail detail);
    /// For the full protocol: what no command and no reply tells.
    void note(std::string_view text) const;
    /// A client that is not connected, in place of the one before. Returns a sentence if TLS cannot be had.
    libftp::result<void, std::string> begin(libftp::tls_use use);

    /// A local name as a path that does not depend on the process's working directory.
    [[nodiscard]] std::string local(std::string_view name) const;

    /// Has the running command end, from any thread (Ctrl+C).
    void interrupt();
    /// Whether that was asked of the running command; one that does many things asks between them.
    [[nodiscard]] bool is_interrupted() const noexcept { return is_interrupted_; }
    void forget_interrupt() noexcept { is_interrupted_ = false; }

    outcome refuse(cause why, std::string_view sentence);
    /// `what: why it failed`.
    outcome refuse(std::string_view what, const libftp::operation_error& error);
    /// The answer that the command was for.
    outcome show(const libftp::reply& answer);
    outcome show(const libftp::client_result<libftp::reply>& answer, std::string_view what);
    /// The reply to a command that was for what it did.
    outcome acknowledge(const libftp::client_result<libftp::reply>& reply, std::string_view what);

    reporter& out;
    libftp::net::client client;
    trust_prompt trust;
    libftp::data_mode data_mode;
    libftp::active_place active{};              ///< For connections that begin from now on.
    libftp::tls_use tls = libftp::tls_use::off; ///< What the connection to `server` has to have from now on.
    libftp::representation_type type = libftp::representation_type::image;
    libftp::reply last_reply{};          ///< The last one of the last operation.
    libftp::reply last_transfer_reply{}; ///< Of the last file that was moved, whatever was asked behind that.
    std::shared_ptr<const known_logins> logins = std::make_shared<known_logins>();
    /// Where the connection goes, or went: what reconnecting needs. User and password are those of the last login.
    std::optional<libftp::ftp_url> server{};
    std::optional<libftp::reply> farewell{}; ///< What the server said when it left between two commands.
    bool is_logged_in = false;               ///< By log_in().
    bool user_was_sent = false;              ///< On this connection, whether by log_in() or by hand.
    bool is_wanted = false;                  ///< There is a connection, or the server has closed it.
    /// When anything last went over the control connection.
    std::chrono::steady_clock::time_point last_used{};
    /// For what does not move; nothing: as client_options has it.
    std::optional<std::chrono::seconds> time_limit{};
    std::optional<unsigned> attempts{};    ///< Of each transfer; nothing: as the command has it.
    std::filesystem::path local_directory; ///< Absolute.
    /// As the server names it, or empty where it does not; nothing: nobody has asked yet (see remote_directory()).
    std::optional<std::string> known_directory{};
    /// What `-` stands for: where one was before the last change. Empty: nowhere yet.
    std::filesystem::path local_directory_before{};
    std::string remote_directory_before{};
    bool has_left_home = false; ///< The server's working directory is not that of the login any more.
    remote_listings listings{}; ///< For Tab.
    /// What transfers from now on share; nullptr: as fast as it goes.
    std::shared_ptr<libftp::rate_limit> rate{};
    std::uint64_t bytes_per_second = 0; ///< Of `rate`.
    bool has_input = false;             ///< Standard input is no script, and may be read.
    job_list* jobs = nullptr;           ///< Of the prompt or script; nullptr: there can be none here.

private:
    void hear(const libftp::client_event& event);

    std::optional<trace_detail> shown_detail_{};
    std::optional<protocol_trace> trace_{};
    std::mutex client_changes_{}; ///< interrupt() comes from another thread.
    std::atomic<bool> is_interrupted_ = false;
};

/// Connects, logs in if a user is named, and goes to the URL's directory. A script without a password is no failure: it
/// may send USER and PASS itself.
outcome connect(session& s, libftp::ftp_url server);
/// Once more to session.server, which has to be there.
outcome reconnect(session& s);
/// Connects again without a word, logs in again, and goes back to session.known_directory and the data mode before:
/// what a job's session begins with, and what is done when the server has closed the connection meanwhile.
outcome return_to_place(session& s);
/// For a command that needs a connection: finds out whether the server has closed it meanwhile, and then returns to
/// the place.
outcome keep_connection(session& s);

/// How the connection is protected, in one line.
std::string describe_tls(const session& s);

/// Without a password it takes the one it knows for that user, and asks a person if there is none.
outcome log_in(session& s, std::string user, std::optional<libftp::secret> password = std::nullopt);

/// If nobody has tried to yet, and as anonymous if no user was named in any way: for commands that a server refuses
/// before the login.
outcome log_in_if_needed(session& s);

/// Where the server is, in its own words; empty: it does not say. It is asked (PWD) when somebody wants to know first.
std::string remote_directory(session& s);
/// The working directory has been changed. It is asked for at once: after a loss of the connection it would be too
/// late.
void leave_home(session& s);

/// Says QUIT to the server, if there is one, and prints its answer.
void disconnect(session& s);
