// What stands in for PAM where the library was built without it.
#include <libftp/auth/pam_authenticator.hpp>

#include <system_error>
#include <utility>

namespace libftp {

bool pam_authenticator::is_available() noexcept
{
    return false;
}

pam_authenticator::pam_authenticator(pam_options options, account_opener open_account)
    : options_(std::move(options)), open_account_(std::move(open_account))
{
}

result<account> pam_authenticator::authenticate(const credentials& /*who*/)
{
    return std::make_error_code(std::errc::function_not_supported);
}

} // namespace libftp
