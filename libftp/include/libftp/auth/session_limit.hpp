// A limit on how many sessions a user has at once, around any other authenticator.
#pragma once

#include <libftp/auth/authenticator.hpp>

#include <cstddef>
#include <memory>

namespace libftp {

/// To be put inside of a throttled_authenticator, so that too many sessions do not count as failed logins.
///
/// Asks another authenticator; each login that it grants takes a seat (account::seat), which is free again when the
/// last copy of it is gone. Users are told apart by account::name; all anonymous ones are one user.
class limited_authenticator final : public authenticator {
public:
    /// Who has which seats.
    class room;

    /// `seats`: another one's, in whose place or beside which this one is asked, as when a server's settings are
    /// renewed: the sessions that began there count here too. Without them all seats are free. Precondition: `inner`
    /// is not null.
    limited_authenticator(std::shared_ptr<authenticator> inner, std::size_t max_sessions_per_user,
                          std::shared_ptr<room> seats = nullptr);

    /// For the one that takes its place.
    [[nodiscard]] const std::shared_ptr<room>& seats() const noexcept { return room_; }

    [[nodiscard]] bool blocks() const noexcept override { return inner_->blocks(); }
    [[nodiscard]] bool takes_certificates() const noexcept override { return inner_->takes_certificates(); }
    /// login_errc::too_many_sessions if no seat is left; only those whom `inner` has let in learn that.
    result<account> authenticate(const credentials& who) override;

private:
    class seat;
    std::shared_ptr<authenticator> inner_;
    std::size_t max_sessions_per_user_;
    std::shared_ptr<room> room_; ///< Seats may outlive the authenticator.
};

} // namespace libftp
