// Puts the stores of accounts together.
#include "account_roots.hpp"

#include <libftp/store/disk_store.hpp>
#include <libftp/store/quota_store.hpp>
#include <libftp/store/restricted_stores.hpp>

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <pwd.h>

using namespace libftp;

namespace {

/// Nothing if the system has no such user.
std::optional<std::string> home_of(const std::string& user)
{
    std::array<char, 4096> texts;
    passwd entry{};
    passwd* found = nullptr;
    if (getpwnam_r(user.c_str(), &entry, texts.data(), texts.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return std::string{found->pw_dir};
}

/// Whether it cannot lead out of the directory that it becomes part of.
bool is_file_name(std::string_view text)
{
    return !text.empty() && text != "." && text != ".." && text.find('/') == std::string_view::npos &&
           text.find('\0') == std::string_view::npos;
}

std::string replaced(std::string text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

/// The same for all paths that lead to the directory, and not that of one made later, which may get the number of one
/// that is gone; empty where that cannot be told.
std::string identity_of(file_store& store)
{
    const auto root = store.stat({});
    if (!root || root->unique.empty() || !root->created)
        return root ? root->unique : std::string{};
    return fmt::format("{} {}", root->unique, root->created->time_since_epoch().count());
}

} // namespace

result<std::shared_ptr<file_store>> open_directories::open(const std::string& path, link_rule links)
{
    auto made = disk_store::open(path, links);
    if (!made)
        return made.error();
    std::shared_ptr<file_store> store = std::move(*made);
    auto identity = identity_of(*store);
    const std::lock_guard lock{mutex_};
    auto& known = known_[{path, links}];
    // Another directory may be at that path by now, or be mounted there.
    if (auto used = known.store.lock(); used && !identity.empty() && identity == known.identity)
        return used;
    known = {std::move(identity), store};
    return store;
}

result<std::shared_ptr<quota>> shared_counts::quota_of(const std::string& path, std::uint64_t max_bytes,
                                                       file_store& store)
{
    const auto identity = identity_of(store);
    const std::lock_guard lock{mutex_};
    auto& known = quotas_[identity.empty() ? path : identity];
    if (!known.quota || known.max_bytes != max_bytes) {
        const auto used = measure_usage(store);
        if (!used)
            return used.error();
        known = {max_bytes, std::make_shared<quota>(quota_limits{.max_bytes = max_bytes}, *used)};
    }
    return known.quota;
}

rate_limits shared_counts::rates_of(const std::string& user, const account_choices& choices)
{
    const auto limit = [](std::uint64_t rate) { return rate == 0 ? nullptr : std::make_shared<rate_limit>(rate); };
    const std::lock_guard lock{mutex_};
    auto& known = rates_[user];
    if (known.download_rate != choices.download_rate || known.upload_rate != choices.upload_rate)
        known = {choices.download_rate,
                 choices.upload_rate,
                 {.download = limit(choices.download_rate), .upload = limit(choices.upload_rate)}};
    return known.limits;
}

account_roots::account_roots(const serve_options& options, std::shared_ptr<shared_counts> counts)
    : directory_(options.directory), choices_(options.accounts), counts_(std::move(counts))
{
}

result<std::string> account_roots::path_for(const std::string& user, const std::string& root) const
{
    auto path = !root.empty() ? root : !choices_.root.empty() ? choices_.root : directory_;
    if (path.find("{user}") != std::string::npos && !is_file_name(user))
        return std::make_error_code(std::errc::permission_denied);
    if (path.find("{home}") != std::string::npos) {
        const auto home = home_of(user);
        if (!home)
            return std::make_error_code(std::errc::permission_denied);
        path = replaced(std::move(path), "{home}", *home);
    }
    return replaced(std::move(path), "{user}", user);
}

result<std::shared_ptr<file_store>> account_roots::open_for(const std::string& user, const std::string& root) const
{
    const auto path = path_for(user, root);
    if (!path)
        return path.error();
    return open(*path);
}

result<std::shared_ptr<file_store>> account_roots::open(const std::string& path) const
{
    // A link would count like what it leads to.
    auto directory = counts_->directories.open(path, choices_.quota ? link_rule::refuse : choices_.links);
    if (!directory)
        return directory.error();
    auto store = std::move(*directory);
    if (choices_.quota) {
        auto shared = counts_->quota_of(path, *choices_.quota, *store);
        if (!shared)
            return shared.error();
        store = make_quota_store(std::move(store), std::move(*shared));
    }
    if (!choices_.hidden.empty())
        store = make_hidden_files_store(std::move(store), choices_.hidden);
    return store;
}
