// Whom a certificate lets in, and who is asked instead.
#include <libftp/auth/certificate_authenticator.hpp>

#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

using namespace libftp;

namespace {

const std::string fingerprint = "00ff10ab";

/// Lets in by the password `right`, and by any certificate if it takes them.
class inner_door final : public authenticator {
public:
    explicit inner_door(bool takes) : takes_(takes) {}

    [[nodiscard]] bool takes_certificates() const noexcept override { return takes_; }
    result<account> authenticate(const credentials& who) override
    {
        ++asked;
        if (!who.is_by_certificate && who.password.reveal() != "right")
            return std::make_error_code(std::errc::permission_denied);
        return account{.name = "inner " + who.user, .store = std::make_shared<memory_store>()};
    }

    int asked = 0;

private:
    bool takes_;
};

enum class inner_takes { nothing, certificates };

struct guarded_door {
    explicit guarded_door(std::vector<certificate_rule> rules, inner_takes what = inner_takes::nothing)
        : inner(std::make_shared<inner_door>(what == inner_takes::certificates)),
          door(inner, std::move(rules), [this](const std::string& user) -> result<account> {
              if (fault)
                  return fault;
              return account{.name = user, .store = std::make_shared<memory_store>()};
          })
    {
    }

    result<account> show(std::string user, certificate_facts certificate)
    {
        credentials who;
        who.user = std::move(user);
        who.tls = std::make_shared<const tls_facts>(
            tls_facts{.peer = std::make_shared<const certificate_facts>(std::move(certificate))});
        who.is_by_certificate = true;
        return door.authenticate(who);
    }
    bool refuses(std::string user, certificate_facts certificate)
    {
        const auto outcome = show(std::move(user), std::move(certificate));
        return !outcome && outcome.error() == std::errc::permission_denied;
    }

    std::shared_ptr<inner_door> inner;
    std::error_code fault{};
    certificate_authenticator door;
};

} // namespace

TEST_CASE("A certificate lets in the user whose rule names its fingerprint, however that is written")
{
    for (const auto* written : {"00ff10ab", "00FF10AB", "00:FF:10:ab"}) {
        guarded_door guarded{{{.user = "ann", .fingerprint = written}}};
        CHECK(guarded.door.takes_certificates());
        CHECK(guarded.show("ann", {.fingerprint = fingerprint}).value().name == "ann");
        CHECK(guarded.refuses("bob", {.fingerprint = fingerprint}));
        CHECK(guarded.refuses("ann", {.common_name = fingerprint, .fingerprint = "00ff10ac"}));
        CHECK(guarded.refuses("ann", {}));
        CHECK(guarded.inner->asked == 0);
    }
}

TEST_CASE("A certificate lets in the user whose rule names its common name, letter by letter")
{
    guarded_door guarded{{{.user = "bob", .common_name = "Bob"}, {.user = "ann", .common_name = "Ann Bell"}}};
    CHECK(guarded.show("ann", {.common_name = "Ann Bell", .fingerprint = fingerprint}).value().name == "ann");
    for (const auto* other : {"ann bell", "Ann Bell ", "Ann", "Bob", ""})
        CHECK(guarded.refuses("ann", {.common_name = other, .fingerprint = fingerprint}));
}

TEST_CASE("A rule with both a fingerprint and a common name wants both")
{
    guarded_door guarded{{{.user = "ann", .fingerprint = fingerprint, .common_name = "Ann"}}};
    CHECK(guarded.show("ann", {.common_name = "Ann", .fingerprint = fingerprint}).has_value());
    CHECK(guarded.refuses("ann", {.common_name = "Ann", .fingerprint = "11"}));
    CHECK(guarded.refuses("ann", {.common_name = "Bob", .fingerprint = fingerprint}));
}

TEST_CASE("A rule that says nothing of the certificate, or of the user, lets nobody in")
{
    guarded_door guarded{{{.user = "ann"}, {.fingerprint = fingerprint}, {}}};
    CHECK(guarded.refuses("ann", {}));
    CHECK(guarded.refuses("ann", {.fingerprint = fingerprint}));
    CHECK(guarded.refuses("", {.fingerprint = fingerprint}));
}

TEST_CASE("Several certificates may log in one user, and one certificate several users")
{
    guarded_door guarded{{{.user = "ann", .fingerprint = "11"},
                          {.user = "ann", .fingerprint = fingerprint},
                          {.user = "bob", .fingerprint = fingerprint}}};
    CHECK(guarded.show("ann", {.fingerprint = fingerprint}).has_value());
    CHECK(guarded.show("ann", {.fingerprint = "11"}).has_value());
    CHECK(guarded.show("bob", {.fingerprint = fingerprint}).has_value());
    CHECK(guarded.refuses("bob", {.fingerprint = "11"}));
}

TEST_CASE("Without a certificate there is nothing to go by, and a password is another's affair")
{
    guarded_door guarded{{{.user = "ann", .fingerprint = fingerprint}}};
    credentials who;
    who.user = "ann";
    who.is_by_certificate = true;
    CHECK(guarded.door.authenticate(who).error() == std::errc::permission_denied);
    who.tls = std::make_shared<const tls_facts>();
    CHECK(guarded.door.authenticate(who).error() == std::errc::permission_denied);
    CHECK(guarded.inner->asked == 0);

    who.is_by_certificate = false;
    CHECK(guarded.door.authenticate(who).error() == std::errc::permission_denied);
    who.password = secret{"right"};
    CHECK(guarded.door.authenticate(who).value().name == "inner ann");
}

TEST_CASE("What no rule names goes to an inner authenticator that takes certificates itself")
{
    guarded_door guarded{{{.user = "ann", .fingerprint = fingerprint}}, inner_takes::certificates};
    CHECK(guarded.show("ann", {.fingerprint = fingerprint}).value().name == "ann");
    CHECK(guarded.show("bob", {.fingerprint = fingerprint}).value().name == "inner bob");
}

TEST_CASE("An account that cannot be opened is a fault, and no reason to ask for a password")
{
    guarded_door guarded{{{.user = "ann", .fingerprint = fingerprint}}};
    guarded.fault = std::make_error_code(std::errc::permission_denied);
    CHECK(guarded.show("ann", {.fingerprint = fingerprint}).error() == std::errc::io_error);
    guarded.fault = std::make_error_code(std::errc::too_many_files_open);
    CHECK(guarded.show("ann", {.fingerprint = fingerprint}).error() == std::errc::too_many_files_open);
}
