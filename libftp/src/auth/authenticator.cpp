// Anonymous logins (RFC 1635).
#include <libftp/auth/authenticator.hpp>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace libftp {
namespace {

bool is_same_word(std::string_view text, std::string_view lower_case_word) noexcept
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(text.begin(), text.end(), lower_case_word.begin(), lower_case_word.end(),
                      [lower](char a, char b) { return lower(a) == b; });
}

} // namespace

anonymous_authenticator::anonymous_authenticator(account guest) : guest_(std::move(guest)) {}

result<account> anonymous_authenticator::authenticate(const credentials& who)
{
    if (is_same_word(who.user, "anonymous") || is_same_word(who.user, "ftp"))
        return guest_;
    return std::make_error_code(std::errc::permission_denied);
}

} // namespace libftp
