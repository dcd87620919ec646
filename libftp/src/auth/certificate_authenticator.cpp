// Compares certificates with the rules for them.
#include <libftp/auth/certificate_authenticator.hpp>

#include "../protocol/ascii.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace libftp {
namespace {

/// As certificate_facts has it.
std::string normalized(std::string fingerprint)
{
    std::erase(fingerprint, ':');
    return ascii::in_lower_case(fingerprint);
}

bool allows(const certificate_rule& rule, const std::string& user, const certificate_facts& shown)
{
    if (rule.user.empty() || rule.user != user || (rule.fingerprint.empty() && rule.common_name.empty()))
        return false;
    return (rule.fingerprint.empty() || rule.fingerprint == shown.fingerprint) &&
           (rule.common_name.empty() || rule.common_name == shown.common_name);
}

} // namespace

certificate_authenticator::certificate_authenticator(std::shared_ptr<authenticator> inner,
                                                     std::vector<certificate_rule> rules, account_opener open_account)
    : inner_(std::move(inner)), rules_(std::move(rules)), open_account_(std::move(open_account))
{
    for (auto& rule : rules_)
        rule.fingerprint = normalized(std::move(rule.fingerprint));
}

result<account> certificate_authenticator::authenticate(const credentials& who)
{
    if (!who.is_by_certificate)
        return inner_->authenticate(who);
    const auto* const shown = who.tls ? who.tls->peer.get() : nullptr;
    const auto is_allowed = [&](const certificate_rule& rule) { return allows(rule, who.user, *shown); };
    if (shown == nullptr || std::ranges::none_of(rules_, is_allowed))
        return inner_->takes_certificates() ? inner_->authenticate(who)
                                            : std::make_error_code(std::errc::permission_denied);

    auto opened = open_account_(who.user);
    // A directory that may not be opened does not mean that a password would help.
    if (!opened && opened.error() == std::errc::permission_denied)
        return std::make_error_code(std::errc::io_error);
    return opened;
}

} // namespace libftp
