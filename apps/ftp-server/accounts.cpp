// Puts the sources of accounts together, each with the limits that go with it.
#include "accounts.hpp"

#include "notices.hpp"
#include "users_file.hpp"

#include <libftp/auth/authenticator_chain.hpp>
#include <libftp/auth/login_throttle.hpp>
#include <libftp/auth/pam_authenticator.hpp>
#include <libftp/auth/session_limit.hpp>
#include <libftp/auth/user_table.hpp>
#include <libftp/net/now.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/store/restricted_stores.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

using namespace libftp;

namespace {

using shared_roots = std::shared_ptr<account_roots>;

std::string cannot_share(std::string_view what, std::error_code error)
{
    const bool is_call_missing = error == std::errc::function_not_supported;
    return fmt::format("cannot share {}: {}", what,
                       is_call_missing ? "openat2 is not there; it takes Linux 5.6, and no filter of system calls that "
                                         "leaves it out, such as systemd's RestrictSUIDSGID="
                                       : error.message());
}

std::shared_ptr<authenticator> open_anonymous(const serve_options& options, const shared_roots& roots)
{
    auto shared = roots->open_shared();
    if (!shared)
        throw option_error("--directory", cannot_share(fmt::format("'{}'", options.directory), shared.error()));
    account guest{.name = "anonymous", .store = std::move(*shared), .allowed = permissions::full()};
    if (options.accounts.anonymous == anonymous_access::read)
        guest.allowed = permissions::read_only();
    if (options.accounts.anonymous == anonymous_access::upload) {
        guest.store = make_drop_box_store(std::move(guest.store));
        guest.allowed = permissions{permission::list, permission::write};
    }
    return std::make_shared<anonymous_authenticator>(std::move(guest));
}

option_error fault_of_root(const user_entry& user, const account_roots& roots, std::error_code error)
{
    const auto* option = user.root.empty() ? "--root" : "--users";
    const auto path = roots.path_for(user.name, user.root);
    if (!path)
        return {option, fmt::format("{} has no root: the system knows no home directory of that name, or it cannot be "
                                    "the name of a directory",
                                    user.name)};
    return {option, cannot_share(fmt::format("'{}', the root of {}", *path, user.name), error)};
}

/// Who has no directory. A disk that is missing must not keep out those who have theirs elsewhere.
std::set<std::string> find_locked_out(const user_table& table, const account_roots& roots, account_without_root rule)
{
    std::set<std::string> locked_out;
    std::string notice;
    for (const auto& user : table.entries()) {
        const auto store = roots.open_for(user.name, user.root);
        if (store)
            continue;
        locked_out.insert(user.name);
        const auto fault = fault_of_root(user, roots, store.error());
        if (rule == account_without_root::fault || locked_out.size() == table.entries().size())
            throw fault;
        notice += fmt::format("{} cannot log in: {}\n", user.name, escape_controls(fault.what()));
    }
    if (!notice.empty())
        print_notice(notice);
    return locked_out;
}

/// What was there at the start may be gone when the user comes; where PAM knows the users it is not even tried before.
void tell_of_missing_root(const std::string& user, const account_roots& roots, const std::string& root,
                          std::error_code error)
{
    const auto path = roots.path_for(user, root);
    print_notice(fmt::format("{} cannot log in: {}\n", escape_controls(user),
                             cannot_share(path ? fmt::format("'{}'", escape_controls(*path)) : "its root", error)));
}

std::shared_ptr<authenticator> open_users(const account_choices& choices, const shared_roots& roots,
                                          const std::shared_ptr<shared_counts>& counts, account_without_root rule)
{
    auto table = read_users_file(choices.users_file);
    auto locked_out = find_locked_out(table, *roots, rule);
    return std::make_shared<user_table_authenticator>(
        std::move(table),
        [choices, roots, counts, locked_out = std::move(locked_out)](const user_entry& user) -> result<account> {
            // Also when the directory is there by now: the process may be confined to others.
            if (locked_out.contains(user.name))
                return std::make_error_code(std::errc::no_such_file_or_directory);
            auto store = roots->open_for(user.name, user.root);
            if (!store) {
                tell_of_missing_root(user.name, *roots, user.root, store.error());
                return store.error();
            }
            return account{.name = user.name,
                           .store = std::move(*store),
                           .allowed = user.allowed,
                           .rates = counts->rates_of(user.name, choices)};
        });
}

std::shared_ptr<authenticator> open_pam(const account_choices& choices, const shared_roots& roots,
                                        const std::shared_ptr<shared_counts>& counts)
{
    const auto open_account = [choices, roots, counts](const std::string& user) -> result<account> {
        auto store = roots->open_for(user, "");
        if (!store) {
            tell_of_missing_root(user, *roots, "", store.error());
            return store.error();
        }
        return account{.name = user,
                       .store = std::move(*store),
                       .allowed = choices.allowed,
                       .rates = counts->rates_of(user, choices)};
    };
    return std::make_shared<pam_authenticator>(pam_options{.service = choices.pam_service}, open_account);
}

} // namespace

std::string fault_of_pam_service(const std::string& service)
{
    constexpr std::array places{"/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d", "/usr/local/etc/pam.d"};
    const auto has_service = [&service](const std::filesystem::path& place) {
        std::error_code ignored;
        return std::filesystem::exists(place / service, ignored);
    };
    std::error_code ignored;
    // Elsewhere all services may be in one file.
    if (service.empty() || !std::filesystem::is_directory(places[0], ignored) ||
        std::ranges::any_of(places, has_service))
        return {};
    return fmt::format("there is no {}/{}: PAM asks its service 'other' then, which may let nobody in", places[0],
                       service);
}

std::shared_ptr<authenticator> open_accounts(const serve_options& options, const std::shared_ptr<shared_counts>& counts,
                                             account_without_root rule)
{
    const auto& choices = options.accounts;
    const auto roots = std::make_shared<account_roots>(options, counts);
    std::vector<std::shared_ptr<authenticator>> known;
    if (!choices.users_file.empty())
        known.push_back(open_users(choices, roots, counts, rule));
    if (!choices.pam_service.empty())
        known.push_back(open_pam(choices, roots, counts));
    std::shared_ptr<authenticator> all = std::make_shared<authenticator_chain>(std::move(known));
    if (choices.max_sessions) {
        const auto limited =
            std::make_shared<limited_authenticator>(std::move(all), *choices.max_sessions, counts->seats);
        counts->seats = limited->seats();
        all = limited;
    }
    if (choices.anonymous != anonymous_access::none)
        all = std::make_shared<authenticator_chain>(std::vector{open_anonymous(options, roots), std::move(all)});
    auto throttled =
        std::make_shared<throttled_authenticator>(std::move(all), net::now, choices.throttle, counts->failed_logins);
    counts->failed_logins = throttled->failures();
    return throttled;
}
