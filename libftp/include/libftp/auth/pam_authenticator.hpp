// Logins by the system's own accounts, through PAM (Pluggable Authentication Modules).
#pragma once

#include <libftp/auth/authenticator.hpp>

#include <functional>
#include <string>

namespace libftp {

/// Which rules of PAM hold.
struct pam_options {
    std::string service = "ftp"; ///< The file below /etc/pam.d that says how logins are checked.
    /// Where the service's file is, if not in /etc/pam.d. Needs Linux-PAM 1.4.
    std::string directory{};
};

/// Asks PAM whether the password is right and the account may be used now. What its modules print is not shown, and
/// their questions get the password or nothing. Many modules need root: those that read /etc/shadow, say.
///
/// The process stays who it is: files are opened as its own user, whoever logs in.
class pam_authenticator final : public authenticator {
public:
    /// Makes the account; see user_table_authenticator::account_opener. `user` is the name that PAM has given, and may
    /// hold any bytes: it must not become a path unseen.
    using account_opener = std::function<result<account>(const std::string& user)>;

    /// Whether the library was built with PAM. Without it every login is std::errc::function_not_supported.
    static bool is_available() noexcept;

    /// Precondition: `open_account` is not empty.
    pam_authenticator(pam_options options, account_opener open_account);
    result<account> authenticate(const credentials& who) override;

private:
    pam_options options_;
    account_opener open_account_;
};

} // namespace libftp
