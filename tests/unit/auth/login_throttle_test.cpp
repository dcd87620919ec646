// When an address that guesses passwords is heard again.
#include <libftp/auth/login_throttle.hpp>

#include <libftp/store/memory_store.hpp>

#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

/// Lets in whose password is `right`, and counts how often it was asked.
class counting_door final : public authenticator {
public:
    std::atomic<int> asked = 0;
    std::error_code other_error{};     ///< The answer to everybody, if set.
    std::function<void()> meanwhile{}; ///< What happens during the next check.

    [[nodiscard]] bool blocks() const noexcept override { return false; }
    result<account> authenticate(const credentials& who) override
    {
        ++asked;
        if (meanwhile)
            std::exchange(meanwhile, {})();
        if (other_error)
            return other_error;
        if (who.password.reveal() != "right")
            return std::make_error_code(std::errc::permission_denied);
        account granted;
        granted.name = who.user;
        granted.store = store_;
        granted.is_anonymous = who.user == "anonymous";
        return granted;
    }

private:
    std::shared_ptr<memory_store> store_ = std::make_shared<memory_store>();
};

struct guarded_door {
    clock::time_point now{1000h};
    std::shared_ptr<counting_door> inner = std::make_shared<counting_door>();
    throttled_authenticator door;

    explicit guarded_door(login_throttle_options options = {.failures_to_pause = 3})
        : door(
              inner, [this] { return now; }, options)
    {
    }

    result<account> try_password(std::string_view password, std::string_view from = "192.0.2.1",
                                 std::string_view user = "anna")
    {
        credentials who;
        who.user = user;
        who.password = secret{password};
        who.peer = {ip_address::parse(from).value(), 4000};
        return door.authenticate(who);
    }

    void fail(int times, std::string_view from = "192.0.2.1", std::string_view user = "anna")
    {
        for (int i = 0; i < times; ++i)
            CHECK(try_password("wrong", from, user).error() == std::errc::permission_denied);
    }

    /// Whether the right password is of no use.
    bool is_paused(std::string_view from = "192.0.2.1", std::string_view user = "anna")
    {
        const auto before = inner->asked.load();
        const auto answer = try_password("right", from, user);
        CHECK((inner->asked == before) == !answer);
        return !answer && answer.error() == std::errc::permission_denied;
    }
};

} // namespace

TEST_CASE("After so many failed logins an address is denied without asking")
{
    guarded_door door;
    door.fail(3);
    CHECK(door.inner->asked == 3);
    CHECK(door.is_paused());
    CHECK(door.is_paused("192.0.2.1", "bob"));
    door.now += 999ms;
    CHECK(door.is_paused());
    door.now += 1ms;
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("A pause goes on for the authenticator that goes on with what is known, which has its own limits")
{
    guarded_door before;
    before.fail(3);
    before.fail(1, "192.0.2.2");
    guarded_door after;
    after.now = before.now;
    after.door = {after.inner, [&after] { return after.now; }, {.failures_to_pause = 2}, before.door.failures()};
    CHECK(after.is_paused());
    CHECK_FALSE(after.is_paused("192.0.2.3"));
    after.fail(1, "192.0.2.2");
    CHECK(after.is_paused("192.0.2.2"));
    after.now += 1s;
    CHECK_FALSE(after.is_paused());
}

TEST_CASE("Fewer failed logins than that are no reason for a pause")
{
    guarded_door door;
    door.fail(2);
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("Other addresses are heard")
{
    guarded_door door;
    door.fail(3);
    CHECK_FALSE(door.is_paused("192.0.2.2"));
    CHECK(door.is_paused());
}

TEST_CASE("All of an IPv6 /64 is one address")
{
    guarded_door door;
    door.fail(1, "2001:db8::1");
    door.fail(1, "2001:db8::2:2:2:2");
    door.fail(1, "2001:db8::ffff:ffff:ffff:ffff");
    CHECK(door.is_paused("2001:db8::7"));
    CHECK_FALSE(door.is_paused("2001:db8:0:1::1"));
}

TEST_CASE("Each further pause is twice as long, up to the limit")
{
    guarded_door door{{.failures_to_pause = 2, .first_pause = 1s, .longest_pause = 5s}};
    for (const auto pause : {1s, 2s, 4s, 5s, 5s}) {
        door.fail(2);
        door.now += pause - 1ns;
        const auto asked = door.inner->asked.load();
        door.fail(1);
        CHECK(door.inner->asked == asked);
        door.now += 1ns;
    }
}

TEST_CASE("What is denied during a pause does not make it longer")
{
    guarded_door door;
    door.fail(3);
    door.now += 500ms;
    door.fail(100);
    door.now += 500ms;
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("After a pause there are as many attempts as before the first")
{
    guarded_door door;
    door.fail(3);
    door.now += 1s;
    door.fail(2);
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("A success clears the address")
{
    guarded_door door;
    door.fail(3);
    door.now += 1s;
    CHECK(door.try_password("right"));
    door.fail(2);
    CHECK(door.try_password("right"));
    door.fail(3);
    door.now += 1s;
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("A success does not clear an address that failed for another name")
{
    guarded_door door;
    door.fail(2, "192.0.2.1", "victim");
    CHECK(door.try_password("right", "192.0.2.1", "ann"));
    door.fail(1, "192.0.2.1", "victim");
    CHECK(door.is_paused());
}

TEST_CASE("An anonymous login clears nothing")
{
    guarded_door door;
    door.fail(2);
    CHECK(door.try_password("right", "192.0.2.1", "anonymous"));
    door.fail(1);
    CHECK(door.is_paused());
}

TEST_CASE("Only a wrong name or password is a failed login")
{
    guarded_door door;
    for (const std::error_code error :
         {make_error_code(login_errc::account_needed), make_error_code(login_errc::too_many_sessions),
          std::make_error_code(std::errc::io_error)}) {
        door.inner->other_error = error;
        for (int i = 0; i < 10; ++i)
            CHECK(door.try_password("right").error() == error);
    }
    door.inner->other_error = {};
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("Attempts that were being checked when the pause began do count")
{
    guarded_door door;
    door.fail(2);
    door.inner->meanwhile = [&door] { door.fail(1); };
    door.fail(1);
    door.now += 1s;
    door.fail(2);
    CHECK(door.is_paused());
    door.now += 1s;
    CHECK(door.is_paused());
    door.now += 1s;
    CHECK_FALSE(door.is_paused());
}

TEST_CASE("Old failures are forgotten")
{
    guarded_door door{{.failures_to_pause = 3, .forget_after = 60s}};
    door.fail(2);
    door.now += 61s;
    door.fail(2);
    CHECK_FALSE(door.is_paused());

    door.fail(3, "192.0.2.7");
    door.now += 62s;
    door.fail(3, "192.0.2.7");
    door.now += 1s;
    CHECK_FALSE(door.is_paused("192.0.2.7"));
}

TEST_CASE("Of more addresses than are remembered the one that failed longest ago is forgotten")
{
    guarded_door door{{.failures_to_pause = 1, .first_pause = 900s, .max_addresses = 2}};
    door.fail(1, "192.0.2.1");
    door.fail(1, "192.0.2.2");
    door.fail(1, "192.0.2.3");
    CHECK(door.is_paused("192.0.2.2"));
    CHECK(door.is_paused("192.0.2.3"));
    CHECK_FALSE(door.is_paused("192.0.2.1"));
}

TEST_CASE("An address that fails again is not the oldest any more")
{
    guarded_door door{{.failures_to_pause = 2, .first_pause = 900s, .max_addresses = 2}};
    door.fail(1, "192.0.2.1");
    door.fail(1, "192.0.2.2");
    door.fail(1, "192.0.2.1");
    door.fail(1, "192.0.2.3");
    CHECK(door.is_paused("192.0.2.1"));
}

TEST_CASE("Odd options do no harm")
{
    guarded_door remembers_nobody{{.failures_to_pause = 1, .max_addresses = 0}};
    remembers_nobody.fail(5);
    CHECK_FALSE(remembers_nobody.is_paused());

    guarded_door pauses_at_once{{.failures_to_pause = 0, .first_pause = 10s, .longest_pause = 2s}};
    pauses_at_once.fail(1);
    CHECK(pauses_at_once.is_paused());
    pauses_at_once.now += 2s;
    CHECK_FALSE(pauses_at_once.is_paused());
}

TEST_CASE("Whether a login blocks is up to the authenticator behind the throttle")
{
    guarded_door door;
    CHECK_FALSE(door.door.blocks());
}

TEST_CASE("Failures on several threads at once are counted")
{
    guarded_door door{{.failures_to_pause = 4000, .max_addresses = 2}};
    libftp::testing::on_threads(4, [&door](std::size_t) {
        credentials who;
        who.peer.address = ip_address::loopback_v4();
        for (int i = 0; i < 1000; ++i)
            static_cast<void>(door.door.authenticate(who));
    });
    CHECK(door.inner->asked == 4000);
    CHECK(door.is_paused("127.0.0.1"));
}

TEST_CASE("Logins by certificate neither count nor wait, and whether they are taken is up to the inner authenticator")
{
    guarded_door guarded;
    CHECK_FALSE(guarded.door.takes_certificates());
    credentials by_certificate;
    by_certificate.user = "ann";
    by_certificate.is_by_certificate = true;
    for (int i = 0; i < 10; ++i)
        CHECK_FALSE(guarded.door.authenticate(by_certificate).has_value());
    CHECK(guarded.inner->asked == 10);
    credentials by_password;
    by_password.user = "ann";
    by_password.password = secret{"right"};
    CHECK(guarded.door.authenticate(by_password).has_value());
}
