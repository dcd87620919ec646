// The command line of ftp-server.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/net/port_range.hpp>
#include <libftp/protocol/permission.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Serve a directory.
struct serve_options {
    std::uint16_t port = 2121;
    std::string directory = ".";
    std::vector<libftp::ip_address> addresses{libftp::ip_address::loopback_v4()};
    bool anonymous_may_write = false;
    std::string users_file{}; ///< Empty: anonymous.
    std::optional<libftp::net::port_range> passive_ports{};
    unsigned threads = 1;
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
