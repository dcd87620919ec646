// Finds the permissions that count at a path.
#include <libftp/store/access_rules.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

void access_rules::set(store_path path, permissions allowed)
{
    if (path.is_root()) {
        everywhere_ = allowed;
        return;
    }
    const auto old = std::find_if(rules_.begin(), rules_.end(), [&](const rule& r) { return r.path == path; });
    if (old == rules_.end())
        rules_.push_back({std::move(path), allowed});
    else
        old->allowed = allowed;
}

permissions access_rules::at(const store_path& path) const noexcept
{
    const rule* nearest = nullptr;
    for (const auto& r : rules_)
        if (r.path.contains(path) && (!nearest || nearest->path.contains(r.path)))
            nearest = &r;
    return nearest ? nearest->allowed : everywhere_;
}

bool access_rules::allow_somewhere(permission needed) const noexcept
{
    return everywhere_.allows(needed) ||
           std::any_of(rules_.begin(), rules_.end(), [needed](const rule& r) { return r.allowed.allows(needed); });
}

bool access_rules::differ_within(const store_path& path) const noexcept
{
    return std::any_of(rules_.begin(), rules_.end(), [&](const rule& r) { return path.contains(r.path); });
}

} // namespace libftp
