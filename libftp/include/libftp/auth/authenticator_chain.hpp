// Several sources of accounts, asked one after another.
#pragma once

#include <libftp/auth/authenticator.hpp>

#include <memory>
#include <vector>

namespace libftp {

/// If one denies a login by std::errc::permission_denied, the next one is asked; any other outcome is final. A password
/// that is wrong for one is shown to all, so that the time taken does not tell who knows the user.
class authenticator_chain final : public authenticator {
public:
    /// Precondition: none is null. Without any, nobody is let in.
    explicit authenticator_chain(std::vector<std::shared_ptr<authenticator>> links);

    [[nodiscard]] bool blocks() const noexcept override;
    [[nodiscard]] bool takes_certificates() const noexcept override;
    result<account> authenticate(const credentials& who) override;

private:
    std::vector<std::shared_ptr<authenticator>> links_;
};

} // namespace libftp
