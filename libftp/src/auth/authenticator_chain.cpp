// Asks until one knows.
#include <libftp/auth/authenticator_chain.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace libftp {

authenticator_chain::authenticator_chain(std::vector<std::shared_ptr<authenticator>> links) : links_(std::move(links))
{
}

bool authenticator_chain::blocks() const noexcept
{
    return std::ranges::any_of(links_, [](const auto& link) { return link->blocks(); });
}

bool authenticator_chain::takes_certificates() const noexcept
{
    return std::ranges::any_of(links_, [](const auto& link) { return link->takes_certificates(); });
}

result<account> authenticator_chain::authenticate(const credentials& who)
{
    for (const auto& link : links_) {
        auto outcome = link->authenticate(who);
        if (outcome || outcome.error() != std::errc::permission_denied)
            return outcome;
    }
    return std::make_error_code(std::errc::permission_denied);
}

} // namespace libftp
