// Anonymous logins (RFC 1635), and what login errors say.
#include <libftp/auth/authenticator.hpp>

#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace libftp;

namespace {

struct guest_room {
    std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
    anonymous_authenticator guests{
        account{"guest", store, store_path{}.resolve("/pub").value(), permissions::read_only()}};

    result<account> log_in(std::string_view user, std::string_view password = "")
    {
        credentials who;
        who.user = user;
        who.password = secret{password};
        return guests.authenticate(who);
    }
};

} // namespace

TEST_CASE("Anonymous logins get the guest's account")
{
    guest_room room;
    const auto guest = room.log_in("anonymous", "me@example.com").value();
    CHECK(guest.name == "guest");
    CHECK(guest.store == room.store);
    CHECK(guest.home.string() == "/pub");
    CHECK(guest.allowed.at(store_path{}) == permissions::read_only());
    CHECK(guest.is_anonymous);
}

TEST_CASE("Anonymous and ftp are the guest's names, in any letter case and with any password")
{
    guest_room room;
    for (const auto* name : {"anonymous", "ftp", "ANONYMOUS", "Anonymous", "FTP", "fTp"})
        for (const auto* password : {"", "x", "mozilla@example.com"})
            CHECK(room.log_in(name, password).has_value());
}

TEST_CASE("Nobody else is a guest")
{
    guest_room room;
    for (const auto* name : {"", "guest", "root", "anonymou", "anonymous2", "ftpd", " ftp", "ft", "\xe6tp"}) {
        const auto refused = room.log_in(name, "ftp");
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error() == std::errc::permission_denied);
    }
    CHECK_FALSE(room.log_in(std::string_view{"ftp\0", 4}).has_value());
}

TEST_CASE("Anonymous logins do not block")
{
    guest_room room;
    CHECK_FALSE(room.guests.blocks());
}

TEST_CASE("Each login error has its own text and is none of the system's")
{
    const std::error_code needed = login_errc::account_needed;
    const std::error_code full = login_errc::too_many_sessions;
    CHECK(needed.message() == "an account has to be named by ACCT");
    CHECK(full.message() == "the user has as many sessions as allowed");
    CHECK(std::error_code{99, login_category()}.message() == "unknown login error");
    CHECK(std::string{login_category().name()} == "libftp.login");
    CHECK(needed != std::errc::permission_denied);
    CHECK(full != std::errc::permission_denied);
}
