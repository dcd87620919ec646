// Changes user and groups for all threads, in the order in which each step is still allowed.
#include "privileges.hpp"

#include "../option_places.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <stdexcept>
#include <system_error>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace {

void demand(int result, const char* what)
{
    if (result != 0)
        throw std::runtime_error(
            fmt::format("cannot {}: {}", what, std::error_code{errno, std::generic_category()}.message()));
}

std::vector<gid_t> groups_of(const std::string& name, gid_t primary)
{
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (getgrouplist(name.c_str(), primary, groups.data(), &count) == -1) {
        groups.resize(static_cast<std::size_t>(count)); // which is how many there are
        getgrouplist(name.c_str(), primary, groups.data(), &count);
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

} // namespace

privileges::identity privileges::find(const std::string& run_as)
{
    const auto colon = run_as.find(':');
    const auto name = run_as.substr(0, colon);
    const auto* user = getpwnam(name.c_str());
    if (user == nullptr)
        throw option_error("--user",
                           fmt::format("there is no user '{0}' to run as: 'useradd --system {0}' makes one", name));
    const auto id = user->pw_uid;
    auto primary = user->pw_gid;
    if (colon != std::string::npos) {
        const auto group_name = run_as.substr(colon + 1);
        const auto* group = getgrnam(group_name.c_str());
        if (group == nullptr)
            throw option_error("--user", fmt::format("there is no group '{}' to run as", group_name));
        primary = group->gr_gid;
    }
    return {id, groups_of(name, primary)};
}

void privileges::check(const std::string& run_as)
{
    if (!run_as.empty())
        find(run_as);
}

privileges::privileges(const std::string& run_as)
{
    if (run_as.empty())
        return;
    auto wanted = find(run_as);
    if (wanted.user == geteuid())
        return;
    if (geteuid() != 0)
        throw std::runtime_error(
            fmt::format("only root can become the user '{}': start the server as root or as that user", run_as));
    own_group_ = getegid();
    other_ = std::move(wanted);
}

void privileges::lower() const
{
    if (!other_)
        return;
    demand(setgroups(other_->groups.size(), other_->groups.data()), "take the groups of the user to run as");
    demand(setegid(other_->groups.front()), "take the group of the user to run as");
    demand(seteuid(other_->user), "become the user to run as");
}

void privileges::raise() const
{
    // The further groups stay: root needs none.
    if (other_ && (seteuid(0) != 0 || setegid(own_group_) != 0))
        std::terminate(); // half a user is nobody to go on as
}

void privileges::give_up() const
{
    if (!other_)
        return;
    const auto group = other_->groups.front();
    demand(setgroups(other_->groups.size(), other_->groups.data()), "take the groups of the user to run as");
    demand(setresgid(group, group, group), "take the group of the user to run as");
    demand(setresuid(other_->user, other_->user, other_->user), "become the user to run as");
    if (other_->user != 0 && (setuid(0) == 0 || seteuid(0) == 0))
        throw std::runtime_error("the rights of root do not go away");
}

std::optional<std::string_view> privileges::warning() const
{
    if (other_ || geteuid() != 0)
        return std::nullopt;
    return "The server runs as root, with all its rights: --user NAME gives them up once the ports are open.";
}
