// Who may log in, and what they get.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/protocol/permission.hpp>
#include <libftp/result.hpp>
#include <libftp/secret.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>

#include <memory>
#include <string>

namespace libftp {

struct credentials {
    std::string user{};
    secret password{};
    endpoint peer{}; ///< Where the client comes from.
};

/// What a login gives: the files this session sees and what it may do with them.
struct account {
    std::string name{};
    std::shared_ptr<file_store> store{}; ///< Not null.
    store_path home{};                   ///< The first working directory.
    permissions allowed{};
};

/// Checks credentials. Calls may come from several threads at once.
class authenticator {
public:
    virtual ~authenticator() = default;

    /// Whether authenticate() may take long (a slow password hash, a directory service) and must not run on a network
    /// thread.
    [[nodiscard]] virtual bool blocks() const noexcept { return true; }

    /// The account, or std::errc::permission_denied for a wrong user or password: callers and the time taken must not
    /// tell which. Any other error means that the check could not be made.
    virtual result<account> authenticate(const credentials& who) = 0;
};

/// Lets everybody in as `anonymous` or `ftp` (RFC 1635), with any password, to one account.
class anonymous_authenticator final : public authenticator {
public:
    explicit anonymous_authenticator(account guest);
    [[nodiscard]] bool blocks() const noexcept override { return false; }
    result<account> authenticate(const credentials& who) override;

private:
    account guest_;
};

} // namespace libftp
