// Users and passwords that need not be typed: those of the environment and of .netrc.
#pragma once

#include <libftp/protocol/netrc.hpp>
#include <libftp/secret.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The user who needs no account (RFC 1635).
inline constexpr std::string_view anonymous = "anonymous";

/// What the environment says goes before .netrc. Any thread may ask.
class known_logins {
public:
    known_logins() = default;
    /// FTP_USER and FTP_PASSWORD; the programs that `!` starts do not inherit the password.
    void take_from_environment();

    /// As whom to log in to a host if nobody says; empty: nobody does.
    [[nodiscard]] std::string user_for(std::string_view host) const;
    /// What the environment has is for any user but anonymous.
    [[nodiscard]] std::optional<libftp::secret> password_for(std::string_view host, std::string_view user) const;
    [[nodiscard]] libftp::secret account_for(std::string_view host, std::string_view user) const;
    /// FTP_PASSWORD alone.
    [[nodiscard]] const std::optional<libftp::secret>& given_password() const noexcept { return password_; }

private:
    [[nodiscard]] const libftp::netrc_entry* find(std::string_view host, std::string_view user = {}) const;

    std::string user_{};
    std::optional<libftp::secret> password_{};
    mutable std::once_flag netrc_was_read_{};
    mutable std::vector<libftp::netrc_entry> netrc_{};
};
