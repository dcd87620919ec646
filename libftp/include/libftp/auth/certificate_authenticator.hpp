// Logins by client certificate (RFC 4217 12.2), in front of any other authenticator.
#pragma once

#include <libftp/auth/authenticator.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace libftp {

/// Which certificates log in a user without a password: those that have all that is not empty here.
struct certificate_rule {
    std::string user{};
    std::string fingerprint{}; ///< SHA-256, hexadecimal digits in any letter case; colons do not count.
    std::string common_name{}; ///< To be used where the authorities issue a name once only.
};

/// Lets in by certificate whom a rule names, and asks another authenticator about everybody else, and about those who
/// send a password. To be put inside of a limited_authenticator or throttled_authenticator.
///
/// The certificate has been verified: net::tls_server_options says which authorities count.
class certificate_authenticator final : public authenticator {
public:
    /// Makes the account; see user_table_authenticator::account_opener.
    using account_opener = std::function<result<account>(const std::string& user)>;

    /// A rule without a user, or without anything about the certificate, lets nobody in.
    /// Precondition: `inner` and `open_account` are not empty.
    certificate_authenticator(std::shared_ptr<authenticator> inner, std::vector<certificate_rule> rules,
                              account_opener open_account);

    [[nodiscard]] bool takes_certificates() const noexcept override { return true; }
    result<account> authenticate(const credentials& who) override;

private:
    std::shared_ptr<authenticator> inner_;
    std::vector<certificate_rule> rules_;
    account_opener open_account_;
};

} // namespace libftp
