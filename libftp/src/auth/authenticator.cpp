// Anonymous logins (RFC 1635), and the texts of login errors.
#include <libftp/auth/authenticator.hpp>

#include "../protocol/ascii.hpp"

#include <string>
#include <system_error>
#include <utility>

namespace libftp {
namespace {

class login_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.login"; }

    [[nodiscard]] std::string message(int value) const override
    {
        switch (static_cast<login_errc>(value)) {
        case login_errc::account_needed: return "an account has to be named by ACCT";
        case login_errc::too_many_sessions: return "the user has as many sessions as allowed";
        }
        return "unknown login error";
    }
};

} // namespace

const std::error_category& login_category() noexcept
{
    static const login_category_type category;
    return category;
}

anonymous_authenticator::anonymous_authenticator(account guest) : guest_(std::move(guest))
{
    guest_.is_anonymous = true;
}

result<account> anonymous_authenticator::authenticate(const credentials& who)
{
    if (ascii::equal_ignoring_case(who.user, "anonymous") || ascii::equal_ignoring_case(who.user, "ftp"))
        return guest_;
    return std::make_error_code(std::errc::permission_denied);
}

} // namespace libftp
