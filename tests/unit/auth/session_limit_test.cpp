// How many sessions a user may have at once.
#include <libftp/auth/session_limit.hpp>

#include <libftp/store/memory_store.hpp>

#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace libftp;

namespace {

/// Lets everybody in but `nobody`; who is called guest-something is anonymous.
class open_door final : public authenticator {
public:
    std::shared_ptr<const void> seat{};

    [[nodiscard]] bool blocks() const noexcept override { return false; }
    [[nodiscard]] bool takes_certificates() const noexcept override { return true; }
    result<account> authenticate(const credentials& who) override
    {
        if (who.user == "nobody")
            return std::make_error_code(std::errc::permission_denied);
        account granted;
        granted.name = who.user;
        granted.store = store_;
        granted.seat = seat;
        granted.is_anonymous = who.user.starts_with("guest");
        return granted;
    }

private:
    std::shared_ptr<memory_store> store_ = std::make_shared<memory_store>();
};

struct limited_door {
    std::shared_ptr<open_door> inner = std::make_shared<open_door>();
    std::optional<limited_authenticator> door;

    explicit limited_door(std::size_t seats) : door(std::in_place, inner, seats) {}

    result<account> enter(std::string user)
    {
        credentials who;
        who.user = std::move(user);
        return door->authenticate(who);
    }

    bool is_full_for(std::string user)
    {
        const auto refused = enter(std::move(user));
        return !refused && refused.error() == login_errc::too_many_sessions;
    }
};

} // namespace

TEST_CASE("A user has as many sessions as there are seats, and no more")
{
    limited_door door{2};
    const auto first = door.enter("anna");
    const auto second = door.enter("anna");
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->name == "anna");
    CHECK(door.is_full_for("anna"));
}

TEST_CASE("A seat is free again when the last copy of it is gone")
{
    limited_door door{1};
    auto granted = door.enter("anna").value();
    auto copy = granted;
    granted.seat.reset();
    CHECK(door.is_full_for("anna"));
    copy = {};
    CHECK(door.enter("anna"));
    CHECK(door.enter("anna"));
}

TEST_CASE("Users do not take each other's seats")
{
    limited_door door{1};
    const auto anna = door.enter("anna").value();
    const auto bob = door.enter("bob").value();
    CHECK(door.is_full_for("anna"));
    CHECK(door.is_full_for("bob"));
}

TEST_CASE("All anonymous users are one user, whatever they are called")
{
    limited_door door{2};
    const auto first = door.enter("guest-1").value();
    const auto second = door.enter("guest-2").value();
    CHECK(door.is_full_for("guest-3"));
    CHECK(door.enter("anna"));
}

TEST_CASE("Only whom the inner authenticator lets in takes a seat or learns that there is none")
{
    limited_door door{0};
    const auto refused = door.enter("nobody");
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == std::errc::permission_denied);
    CHECK(door.is_full_for("anna"));
}

TEST_CASE("A seat of the inner authenticator is held as long as the outer one")
{
    limited_door door{1};
    auto inner_seat = std::make_shared<const int>(0);
    const std::weak_ptr<const int> watched = inner_seat;
    door.inner->seat = std::move(inner_seat);
    auto granted = door.enter("anna").value();
    door.inner->seat.reset();
    CHECK_FALSE(watched.expired());
    granted.seat.reset();
    CHECK(watched.expired());
}

TEST_CASE("A seat outlives the authenticator")
{
    limited_door door{1};
    auto granted = door.enter("anna").value();
    door.door.reset();
    granted.seat.reset();
    CHECK(granted.name == "anna");
}

TEST_CASE("Sessions of the authenticator before count for the one that goes on with its seats, under its own limit")
{
    limited_door before{1};
    auto old = before.enter("anna").value();
    limited_door after{0};
    after.door.emplace(after.inner, 2, before.door->seats());
    before.door.reset();
    const auto second = after.enter("anna").value();
    CHECK(after.is_full_for("anna"));
    old = {};
    CHECK(after.enter("anna"));
}

TEST_CASE("Whether a login blocks is up to the inner authenticator")
{
    limited_door door{1};
    CHECK_FALSE(door.door->blocks());
}

TEST_CASE("Seats taken on several threads at once are counted")
{
    limited_door door{3};
    std::atomic<int> too_many{0};
    std::atomic<int> inside{0};
    libftp::testing::on_threads(4, [&](std::size_t) {
        for (int i = 0; i < 2000; ++i)
            if (const auto granted = door.enter("anna")) {
                too_many += ++inside > 3 ? 1 : 0;
                --inside;
            }
    });
    CHECK(too_many == 0);
    CHECK(door.enter("anna"));
}

TEST_CASE("Certificates are taken where the inner authenticator takes them")
{
    CHECK(limited_door{1}.door->takes_certificates());
}
