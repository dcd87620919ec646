// Who of several is asked, and whose answer counts.
#include <libftp/auth/authenticator_chain.hpp>

#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

using namespace libftp;

namespace {

class door final : public authenticator {
public:
    explicit door(std::string user, std::error_code fault = std::make_error_code(std::errc::permission_denied))
        : user_(std::move(user)), fault_(fault)
    {
    }
    [[nodiscard]] bool blocks() const noexcept override { return is_slow; }
    [[nodiscard]] bool takes_certificates() const noexcept override { return takes; }
    result<account> authenticate(const credentials& who) override
    {
        ++asked;
        if (who.user == user_)
            return account{.name = user_, .store = std::make_shared<memory_store>()};
        return fault_;
    }

    bool is_slow = false;
    bool takes = false;
    int asked = 0;

private:
    std::string user_;
    std::error_code fault_;
};

credentials as(std::string user)
{
    credentials who;
    who.user = std::move(user);
    return who;
}

} // namespace

TEST_CASE("The first that knows the user counts, and those behind it are not asked")
{
    const auto first = std::make_shared<door>("ann");
    const auto second = std::make_shared<door>("bob");
    authenticator_chain chain{{first, second}};
    CHECK(chain.authenticate(as("ann")).value().name == "ann");
    CHECK(second->asked == 0);
    CHECK(chain.authenticate(as("bob")).value().name == "bob");
    CHECK(first->asked == 2);
}

TEST_CASE("Whom nobody knows is denied, after all were asked")
{
    const auto first = std::make_shared<door>("ann");
    const auto second = std::make_shared<door>("bob");
    authenticator_chain chain{{first, second}};
    CHECK(chain.authenticate(as("eve")).error() == std::errc::permission_denied);
    CHECK(first->asked == 1);
    CHECK(second->asked == 1);
    CHECK(authenticator_chain{{}}.authenticate(as("ann")).error() == std::errc::permission_denied);
}

TEST_CASE("Any outcome but a denial counts at once")
{
    const auto full = std::make_shared<door>("ann", make_error_code(login_errc::too_many_sessions));
    const auto second = std::make_shared<door>("bob");
    authenticator_chain chain{{full, second}};
    CHECK(chain.authenticate(as("bob")).error() == login_errc::too_many_sessions);
    CHECK(second->asked == 0);
}

TEST_CASE("A chain blocks, and takes certificates, if one of its links does")
{
    const auto first = std::make_shared<door>("ann");
    const auto second = std::make_shared<door>("bob");
    const authenticator_chain chain{{first, second}};
    CHECK_FALSE(chain.blocks());
    CHECK_FALSE(chain.takes_certificates());
    second->is_slow = true;
    CHECK(chain.blocks());
    first->takes = true;
    CHECK(chain.takes_certificates());
}
