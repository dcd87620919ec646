// The command line of ftp-server.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/net/port_range.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/protocol/permission.hpp>
#include <libftp/session/session_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct certificate_files {
    std::string certificate{};
    std::string key{}; ///< May be the same file.
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
};

/// Serve a directory.
struct serve_options {
    std::uint16_t port = 2121;
    std::string directory = ".";
    std::vector<libftp::ip_address> addresses{libftp::ip_address::loopback_v4()};
    bool anonymous_may_write = false;
    std::string users_file{}; ///< Empty: anonymous.
    std::optional<libftp::net::port_range> passive_ports{};
    unsigned threads = 1;
    tls_choices tls{};
};

/// `user add`: put an account into a users file.
struct add_user_options {
    std::string name{};
    std::string users_file{};
    std::string root{};
    libftp::permissions allowed = libftp::permissions::full();
};

struct exit_now {
    int code = 0;
};

/// What the arguments ask for; exit_now after --help, --version or a fault, which has then been printed.
std::variant<serve_options, add_user_options, exit_now> parse_options(int argc, char** argv);
