// What ftp-server is asked to do, by its arguments and its configuration file.
#pragma once

#include "option_places.hpp"
#include "service/service_choices.hpp"

#include <libftp/auth/login_throttle.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/net/server.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/protocol/permission.hpp>
#include <libftp/session/session_options.hpp>
#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct certificate_files {
    std::string certificate{};
    std::string key{}; ///< May be the same file.
    friend bool operator==(const certificate_files&, const certificate_files&) noexcept = default;
};

enum class tls_mode : std::uint8_t {
    off,
    allow,     ///< AUTH is offered.
    require,   ///< Nobody logs in or transfers in clear.
    automatic, ///< As allow, with a certificate that is made if there is none.
};

struct tls_choices {
    tls_mode mode = tls_mode::off;
    std::vector<certificate_files> certificates{};
    std::optional<std::uint16_t> implicit_port{};
    libftp::session_binding binding = libftp::session_binding::prefer;
    std::string client_authorities_file{};
    libftp::net::client_certificates clients = libftp::net::client_certificates::ignored;
    friend bool operator==(const tls_choices&, const tls_choices&) noexcept = default;
};

/// Where to listen. Without a port: serve_options::port.
struct listening_place {
    libftp::ip_address address{};
    std::optional<std::uint16_t> port{};
    friend bool operator==(const listening_place&, const listening_place&) noexcept = default;
};

/// What everybody may do without an account.
enum class anonymous_access : std::uint8_t { none, read, upload, write };

struct account_choices {
    std::string users_file{};  ///< Empty: none.
    std::string pam_service{}; ///< Empty: none.
    anonymous_access anonymous = anonymous_access::read;
    std::string root{}; ///< Of accounts that have none of their own, with `{user}` in it; empty: the directory.
    libftp::permissions allowed = libftp::permissions::full(); ///< Of accounts that PAM knows.
    std::optional<unsigned> umask{};
    libftp::link_rule links = libftp::link_rule::follow;
    std::vector<std::string> hidden{};         ///< Patterns of names.
    std::optional<std::uint64_t> quota{};      ///< Bytes below each account's own root.
    std::optional<std::size_t> max_sessions{}; ///< Of one user.
    std::uint64_t download_rate = 0;           ///< Of all sessions of one user; 0: no limit.
    std::uint64_t upload_rate = 0;
    libftp::login_throttle_options throttle{};
};

enum class log_format : std::uint8_t { text, json };

struct log_choices {
    std::string file = "-"; ///< `-`: standard output; `off`: none.
    log_format format = log_format::text;
    std::string transfers_file{}; ///< For xferlog(5); empty: none.
};

/// Serve a directory.
struct serve_options {
    std::uint16_t port = 2121;
    std::string directory = ".";
    std::vector<listening_place> places{{libftp::ip_address::loopback_v4()}};
    account_choices accounts{};
    tls_choices tls{};
    log_choices logs{};
    service_choices service{};
    /// All that the options say of it. The authenticator and the observer are still to come.
    libftp::net::server_options server{};
    option_places written{}; ///< Which of the options are the configuration file's.
};

/// --check-config: say what is wrong with the options and with the files that they name, and serve nobody.
struct check_options {
    serve_options serve{};
};

enum class account_task : std::uint8_t { add, passwd, remove, list };

/// `user add` and the like: what to do with a users file.
struct account_options {
    account_task task = account_task::list;
    std::string name{};
    std::string users_file{};
    std::optional<std::string> root{};            ///< Without: as it is; the server's for a new account.
    std::optional<libftp::permissions> allowed{}; ///< Without: as they are; full for a new account.
};

struct exit_now {
    int code = 0;
};

/// What the arguments ask for; exit_now after --help, --version or a fault, which has then been printed.
std::variant<serve_options, check_options, account_options, status_options, exit_now> parse_options(int argc,
                                                                                                    char** argv);

/// The same arguments once more, with what the configuration file says by now. Throws std::runtime_error with a
/// sentence for the user.
serve_options reread_options(int argc, char** argv);
