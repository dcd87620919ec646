// Who may log in, and what they get.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/result.hpp>
#include <libftp/secret.hpp>
#include <libftp/store/access_rules.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>
#include <libftp/tls_facts.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace libftp {

/// What a client has said of itself when it wants to log in. Texts are the bytes that it sent.
struct credentials {
    std::string user{};
    secret password{};
    secret account{};   ///< What ACCT said; empty: nothing yet.
    std::string host{}; ///< What HOST said (RFC 7151), in lower case; empty: nothing.
    endpoint peer{};    ///< Where the client comes from.
    /// Of the control connection; nullptr: it is in clear. Its `peer` is a certificate that was verified.
    std::shared_ptr<const tls_facts> tls{};
    bool is_by_certificate = false; ///< USER alone was said: is the certificate enough for this user?
};

/// What a login gives: the files this session sees and what it may do with them.
struct account {
    std::string name{};
    std::shared_ptr<file_store> store{}; ///< Not null.
    store_path home{};                   ///< The first working directory; nobody checks that it is there.
    access_rules allowed{};              ///< Nothing, unless it says more.
    rate_limits rates{};                 ///< Shared by all sessions of this user.
    std::shared_ptr<const void> seat{};  ///< Released when the session logs out: see session_limit.
    bool is_anonymous = false;           ///< The password proved nothing.
    tls_needs needs_tls{};               ///< Besides what the server demands of everybody.
};

/// Why a login is refused, other than for a wrong name or password.
enum class login_errc {
    account_needed = 1, ///< 332: ACCT is to follow, and to be checked by another call.
    too_many_sessions,  ///< 421: this user has as many as allowed.
};

/// The category of login_errc.
const std::error_category& login_category() noexcept;

/// So that an enumerator is an error_code where one is wanted.
inline std::error_code make_error_code(login_errc code) noexcept
{
    return {static_cast<int>(code), login_category()};
}

/// Checks credentials. Calls may come from several threads at once. None may throw: an exception ends the process.
class authenticator {
public:
    virtual ~authenticator() = default;

    /// Whether authenticate() may take long (a slow password hash, a directory service) and must not run on a network
    /// thread. net::server has login_threads for that: as many may wait at the same time.
    [[nodiscard]] virtual bool blocks() const noexcept { return true; }

    /// Whether a verified client certificate may take the place of a password (RFC 4217): then USER alone asks
    /// authenticate(), with credentials::is_by_certificate; where that refuses, the password is asked for as ever.
    [[nodiscard]] virtual bool takes_certificates() const noexcept { return false; }

    /// The account, or std::errc::permission_denied for a wrong user, password or ACCT: callers and the time taken must
    /// not tell which. login_errc says what else is asked for. Any other error means that the check could not be made.
    virtual result<account> authenticate(const credentials& who) = 0;
};

/// Lets everybody in as `anonymous` or `ftp` (RFC 1635), with any password, to one account.
class anonymous_authenticator final : public authenticator {
public:
    /// `guest` is everybody's: name, files and rights. Its store must not be null.
    explicit anonymous_authenticator(account guest);
    [[nodiscard]] bool blocks() const noexcept override { return false; }
    result<account> authenticate(const credentials& who) override;

private:
    account guest_;
};

} // namespace libftp

template <>
struct std::is_error_code_enum<libftp::login_errc> : std::true_type {
};
