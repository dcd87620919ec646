// Who may log in to ftp-server: everybody, the accounts of a users file, those of the system.
#pragma once

#include "account_roots.hpp"
#include "options.hpp"

#include <libftp/auth/authenticator.hpp>

#include <memory>

/// What an account is whose directory cannot be shared.
enum class account_without_root : unsigned char {
    fault,
    locked_out, ///< Until the accounts are read again, as a notice tells; a fault where all of a users file are.
};

/// Empty, or what is to be said of a service that PAM does not know: PAM itself refuses everybody, and does not say
/// why.
std::string fault_of_pam_service(const std::string& service);

/// Opens the directories of all accounts that it can know, so that a wrong one shows at once. Throws option_error.
std::shared_ptr<libftp::authenticator>
open_accounts(const serve_options& options, const std::shared_ptr<shared_counts>& counts, account_without_root rule);
