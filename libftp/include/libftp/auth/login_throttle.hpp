// Slows down the guessing of passwords from one address, around any other authenticator.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/clock.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace libftp {

/// When guessing is answered by pauses, and how long they are.
struct login_throttle_options {
    unsigned failures_to_pause = 5;          ///< So many failed logins bring a pause.
    std::chrono::seconds first_pause{1};     ///< Each further pause is twice as long,
    std::chrono::seconds longest_pause{900}; ///< up to this.
    std::chrono::seconds forget_after{3600}; ///< An address without a failure or a pause for so long begins anew.
    std::size_t max_addresses = 10'000;      ///< More are not remembered: who failed longest ago is forgotten.
};

/// Asks another authenticator, but not for addresses that are in a pause: these are denied as for a wrong password.
/// All of an IPv6 /64 is one address, since one host may have that many.
///
/// Many users may share an address, and one of them may be guessing. So pauses have a longest, what is denied during a
/// pause neither counts nor makes it longer, and after each pause there are as many attempts as before the first. A
/// success clears the address at once where only that user has failed; else whoever guesses could clear it. Attempts
/// that were already being checked when the pause began do count. Logins by certificate are let through: nobody can
/// guess there.
class throttled_authenticator final : public authenticator {
public:
    /// What is known of addresses that failed.
    class failure_log;

    /// `now` is called from every thread that calls authenticate(); servers on Asio have libftp::net::now.
    /// `failures`: another one's, in whose place or beside which this one is asked, as when a server's settings are
    /// renewed: pauses go on. Without them all addresses are unknown. Precondition: `inner` and `now` are not empty.
    throttled_authenticator(std::shared_ptr<authenticator> inner, std::function<clock::time_point()> now,
                            login_throttle_options options = {}, std::shared_ptr<failure_log> failures = nullptr);

    /// For the one that takes its place.
    [[nodiscard]] const std::shared_ptr<failure_log>& failures() const noexcept { return failures_; }

    [[nodiscard]] bool blocks() const noexcept override { return inner_->blocks(); }
    [[nodiscard]] bool takes_certificates() const noexcept override { return inner_->takes_certificates(); }
    result<account> authenticate(const credentials& who) override;

private:
    std::shared_ptr<authenticator> inner_;
    std::function<clock::time_point()> now_;
    login_throttle_options options_;
    std::shared_ptr<failure_log> failures_;
};

} // namespace libftp
