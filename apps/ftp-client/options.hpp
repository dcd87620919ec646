// The command line and the environment of ftp-client.
#pragma once

#include "parse_list.hpp"
#include "tls_arguments.hpp"

#include <libftp/protocol/url.hpp>
#include <libftp/secret.hpp>
#include <libftp/session/client_options.hpp>

#include <optional>
#include <string>
#include <variant>

struct shell_options {
    std::optional<libftp::ftp_url> server{};  ///< Where to connect first.
    std::optional<libftp::secret> password{}; ///< FTP_PASSWORD.
    std::string local_directory = ".";
    libftp::data_mode data_mode = libftp::data_mode::passive;
    tls_wishes tls{};
};

struct exit_now {
    int code = 0;
};

/// What the arguments ask for; exit_now after --help, --version or a fault, which has then been printed. Passwords are
/// overwritten in `argv` and taken out of the environment.
std::variant<shell_options, parse_list_options, exit_now> parse_options(int argc, char** argv);
