// The users file: read by the server, written by `ftp-server user ...`.
#pragma once

#include "options.hpp"

#include <libftp/auth/user_table.hpp>

#include <string>

/// Throws option_error with a sentence that names file and line.
libftp::user_table read_users_file(const std::string& path);
/// Throws option_error where an account has what no password can fit. No path: there is nothing to check.
void check_password_hashes(const std::string& path);

/// Adds, changes, removes or shows accounts. Asks for passwords, or reads a line of standard input. Throws
/// std::runtime_error with a sentence for the user.
void manage_accounts(const account_options& options);
