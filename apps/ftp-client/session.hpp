// What the commands share: the connection, and what was said about it before.
#pragma once

#include "trust_prompt.hpp"

#include <libftp/net/client.hpp>
#include <libftp/protocol/url.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What a command leads to.
enum class outcome { done, failed, leave };

struct session {
    session(libftp::data_mode mode, tls_wishes tls);
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session() = default;

    void use_data_mode(libftp::data_mode mode);
    /// A client that is not connected, in place of the one before. Returns a sentence if TLS cannot be had.
    libftp::result<void, std::string> begin(libftp::tls_use tls);

    libftp::net::client client;
    trust_prompt trust;
    libftp::data_mode data_mode;
    libftp::representation_type type = libftp::representation_type::image;
    libftp::reply last_reply{};                     ///< The last one of the last operation.
    std::optional<libftp::secret> given_password{}; ///< From the environment: for any user but anonymous.
    /// Where the connection goes, or went: what reconnecting needs. User and password are those of the last login.
    std::optional<libftp::ftp_url> server{};
    std::optional<libftp::reply> farewell{}; ///< What the server said when it left between two commands.
    bool is_logged_in = false;               ///< By log_in().
    bool user_was_sent = false;              ///< On this connection, whether by log_in() or by hand.
};

/// A server named by host or URL. Nothing if the URL is malformed.
std::optional<libftp::ftp_url> read_server(std::string_view host_or_url);

/// Prints a sentence on what went wrong.
outcome refuse(std::string_view sentence);

/// Prints a reply, or why `what` failed.
outcome show(const libftp::client_result<libftp::reply>& answer, std::string_view what);
outcome show(const libftp::reply& answer);

/// Connects, logs in if a user is named, and goes to the URL's directory. A script without a password is no failure: it
/// may send USER and PASS itself.
outcome connect(session& s, libftp::ftp_url server);
/// Once more to session.server, which has to be there.
outcome reconnect(session& s);

/// How the connection is protected, in one line.
std::string describe_tls(const session& s);

/// Without a password it takes the one it knows for that user, and asks a person if there is none.
outcome log_in(session& s, std::string user, std::optional<libftp::secret> password = std::nullopt);

/// As anonymous, if no user was named in any way: for commands that a server refuses before the login.
outcome log_in_if_needed(session& s);

/// Says QUIT to the server, if there is one, and prints its answer.
void disconnect(session& s);
