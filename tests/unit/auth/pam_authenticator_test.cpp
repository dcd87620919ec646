// Logins through PAM, with services of the test's own.
#include <libftp/auth/pam_authenticator.hpp>

#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>

using namespace libftp;

namespace {

/// A folder with one service, `test`; `other` is what PAM takes for those that are not there.
class pam_folder {
public:
    explicit pam_folder(std::string_view lines)
    {
        std::string name = (std::filesystem::temp_directory_path() / "libftp-pam-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
        std::ofstream{path_ / "test"} << lines;
        std::ofstream{path_ / "other"} << "auth required pam_deny.so\naccount required pam_deny.so\n";
    }
    ~pam_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    pam_folder(const pam_folder&) = delete;
    pam_folder& operator=(const pam_folder&) = delete;

    [[nodiscard]] std::filesystem::path path() const { return path_; }

    result<account> log_in(std::string user, std::string_view password, std::string service = "test") const
    {
        pam_authenticator door{{.service = std::move(service), .directory = path_.string()},
                               [](const std::string& name) -> result<account> {
                                   if (name == "homeless")
                                       return std::make_error_code(std::errc::no_such_file_or_directory);
                                   return account{.name = name, .store = std::make_shared<memory_store>()};
                               }};
        credentials who;
        who.user = std::move(user);
        who.password = secret{password};
        return door.authenticate(who);
    }

private:
    std::filesystem::path path_;
};

constexpr std::string_view all_let_in = "auth required pam_permit.so\naccount required pam_permit.so\n";

bool skips()
{
    if (!pam_authenticator::is_available())
        MESSAGE("built without PAM");
    return !pam_authenticator::is_available();
}

} // namespace

TEST_CASE("Whom PAM lets in gets the account of that name")
{
    if (skips())
        return;
    const pam_folder folder{all_let_in};
    CHECK(folder.log_in("ann", "any").value().name == "ann");
}

TEST_CASE("A refusal by PAM is a wrong password, be it about the password or about the account")
{
    if (skips())
        return;
    CHECK(pam_folder{"auth required pam_deny.so\naccount required pam_permit.so\n"}.log_in("ann", "any").error() ==
          std::errc::permission_denied);
    CHECK(pam_folder{"auth required pam_permit.so\naccount required pam_deny.so\n"}.log_in("ann", "any").error() ==
          std::errc::permission_denied);
}

TEST_CASE("The password is what a module's hidden question gets")
{
    if (skips())
        return;
    const pam_folder folder{""};
    const auto script = folder.path() / "check";
    std::ofstream{script} << "#!/bin/sh\nread -r password\n[ \"$password\" = \"open sesame\" ]\n";
    ::chmod(script.c_str(), 0700);
    std::ofstream{folder.path() / "test"} << "auth required pam_exec.so quiet expose_authtok " << script.string()
                                          << "\naccount required pam_permit.so\n";
    CHECK(folder.log_in("ann", "open sesame"));
    CHECK(folder.log_in("ann", "open").error() == std::errc::permission_denied);
}

TEST_CASE("A service that is not there lets nobody in")
{
    if (skips())
        return;
    CHECK_FALSE(pam_folder{all_let_in}.log_in("ann", "any", "other"));
}

TEST_CASE("What C strings cannot hold is refused unasked")
{
    if (skips())
        return;
    const pam_folder folder{all_let_in};
    using namespace std::string_view_literals;
    CHECK(folder.log_in("", "any").error() == std::errc::permission_denied);
    CHECK(folder.log_in(std::string{"ann\0x"sv}, "any").error() == std::errc::permission_denied);
    CHECK(folder.log_in("ann", "a\0b"sv).error() == std::errc::permission_denied);
}

TEST_CASE("An account that cannot be opened is no wrong password")
{
    if (skips())
        return;
    CHECK(pam_folder{all_let_in}.log_in("homeless", "any").error() == std::errc::no_such_file_or_directory);
}
