// The command line and the environment of ftp-client.
#pragma once

#include "known_logins.hpp"
#include "listing_colours.hpp"
#include "parse_list.hpp"
#include "tls_arguments.hpp"

#include <libftp/protocol/url.hpp>
#include <libftp/session/client_options.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// How much is said besides what commands are for.
enum class talk : std::uint8_t {
    quiet,    ///< Errors only.
    usual,    ///< Also the server's replies, and how transfers went.
    dialogue, ///< Also each command and reply of the protocol.
    all,      ///< All that is known of the protocol, with times.
};

enum class said_in : std::uint8_t { text, json };

struct shell_options {
    std::optional<libftp::ftp_url> server{}; ///< Where to connect first.
    std::shared_ptr<known_logins> logins = std::make_shared<known_logins>();
    std::string local_directory{}; ///< Empty: the working directory.
    libftp::data_mode data_mode = libftp::data_mode::passive;
    libftp::active_place active{};
    tls_wishes tls{};
    std::optional<std::chrono::seconds> time_limit{}; ///< For what does not move; nothing: the library's own.
    std::optional<unsigned> attempts{};               ///< Of each transfer; nothing: as the command has it.
    talk says = talk::usual;
    said_in form = said_in::text;
    colour_use colours = colour_use::automatic;
    std::optional<std::vector<std::string>> commands{}; ///< To run instead of what is read.
    std::string script{};                               ///< To read instead of standard input; empty: none.
    bool is_one_shot = false; ///< The one command is the command line's own, and nobody sees it as one.
    bool keeps_going = false; ///< A script goes on behind a failure.
};

struct exit_now {
    int code = 0;
};

/// What the arguments ask for; exit_now after --help, --version or a fault, which has then been printed. Passwords are
/// overwritten in `argv` and taken out of the environment.
std::variant<shell_options, parse_list_options, exit_now> parse_options(int argc, char** argv);
