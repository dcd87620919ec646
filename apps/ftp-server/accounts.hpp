// The accounts of ftp-server: everybody, or those of a users file.
#pragma once

#include "options.hpp"

#include <libftp/auth/authenticator.hpp>

#include <memory>

/// Who may log in. Throws std::runtime_error with a sentence for the user if a file or directory cannot be used.
std::shared_ptr<libftp::authenticator> open_accounts(const serve_options& options);

/// Asks for a password, or reads a line of standard input, and writes the account into its users file.
/// Throws std::runtime_error with a sentence for the user.
void add_user(const add_user_options& options);
