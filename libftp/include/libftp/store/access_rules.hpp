// What an account may do, and where: permissions that can differ from directory to directory.
#pragma once

#include <libftp/protocol/permission.hpp>
#include <libftp/store/store_path.hpp>

#include <vector>

namespace libftp {

/// What is not allowed to do anything does not show in listings; a directory that may only be written to does, but not
/// what is in it.
///
/// Permissions for everything, and others for a path and all below it; of several rules the one with the longest path
/// counts. Without a rule nothing is allowed.
///
/// Rules by path hold only where no link leads around them: a session refuses accounts that have them together with a
/// store that follows links, so open such a disk_store with link_rule::refuse.
class access_rules {
public:
    /// Nothing is allowed.
    access_rules() = default;
    /// The same everywhere.
    access_rules(permissions everywhere) : everywhere_(everywhere) {} // NOLINT(google-explicit-constructor)

    /// From now on `allowed` counts at `path` and below it.
    void set(store_path path, permissions allowed);

    /// What is allowed at this path.
    [[nodiscard]] permissions at(const store_path& path) const noexcept;
    /// Whether `needed` is allowed anywhere.
    [[nodiscard]] bool allow_somewhere(permission needed) const noexcept;
    /// Whether there is a rule for a path: then a link could lead around it.
    [[nodiscard]] bool differ_by_path() const noexcept { return !rules_.empty(); }
    /// Whether there is a rule for this path or one below it: it would not count any more if the path were renamed.
    [[nodiscard]] bool differ_within(const store_path& path) const noexcept;

private:
    struct rule {
        store_path path{};
        permissions allowed{};
    };
    permissions everywhere_;
    std::vector<rule> rules_;
};

} // namespace libftp
