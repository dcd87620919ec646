// Matches a pattern component by component: one directory is read for each that fits so far.
#include "pattern_reader.hpp"

#include "../protocol/ascii.hpp"
#include "listing_walk.hpp"

#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp {

namespace {

/// `../d/` and the components behind it, of which the first is a pattern.
struct path_pattern {
    std::string prefix{};
    std::vector<std::string> components{};
    bool is_for_directories = false; ///< It ends with a slash.
};

path_pattern split_path(std::string_view path)
{
    path_pattern pattern;
    const auto first = path.substr(0, path.find_first_of("*?[")).rfind('/');
    if (first != std::string_view::npos) {
        pattern.prefix = path.substr(0, first + 1);
        path.remove_prefix(first + 1);
    }
    pattern.is_for_directories = path.ends_with('/');
    while (!path.empty()) {
        const auto component = ascii::take_until(path, '/');
        if (!component.empty())
            pattern.components.emplace_back(component);
    }
    return pattern;
}

/// As shells do: a dot in front of a name fits only a dot.
bool fits(std::string_view component, std::string_view name)
{
    return !is_glob(component) ||
           (name.starts_with('.') == component.starts_with('.') && glob_matches(component, name));
}

class pattern_reader final : public directory_reader {
public:
    pattern_reader(std::shared_ptr<file_store> store, const listing_request& request, path_pattern pattern,
                   store_path start, std::unique_ptr<directory_reader> directory)
        : store_(std::move(store)), allowed_(request.allowed), pattern_(std::move(pattern)),
          walk_(std::move(start), request.limits), allowed_here_(allowed_, walk_.place()),
          candidates_(std::move(directory))
    {
    }

    /// Looks for what next() will give first; false: nothing fits.
    result<bool> find_first()
    {
        auto found = find(first_);
        has_first_ = found && *found;
        return found;
    }

    result<bool> next(file_info& entry) override
    {
        if (!std::exchange(has_first_, false))
            return find(entry);
        entry = std::move(first_);
        return true;
    }

private:
    result<bool> find(file_info& entry)
    {
        while (true) {
            if (!candidates_) {
                if (!walk_.enter_next())
                    return false;
                auto candidates = open_candidates();
                if (!candidates)
                    return candidates.error();
                candidates_ = std::move(*candidates);
                allowed_here_ = {allowed_, walk_.place()};
                continue;
            }
            entry.clear();
            const auto more = candidates_->next(entry);
            if (!more)
                return more.error();
            if (!*more) {
                candidates_.reset();
                continue;
            }
            if (auto counted = walk_.count_entry(); !counted)
                return counted.error();
            if (!fits(component(), entry.name) || !is_listable_name(entry.name) ||
                allowed_here_.at(entry.name) == permissions{})
                continue;
            const bool is_last = walk_.depth() + 1 == pattern_.components.size();
            if (is_last && (entry.is_directory() || !pattern_.is_for_directories)) {
                entry.name = pattern_.prefix + walk_.relative() + entry.name;
                return true;
            }
            if (!is_last && entry.type == file_type::directory) {
                if (auto added = walk_.add(entry.name); !added)
                    return added.error();
            }
        }
    }

    /// Of the directory just entered: its entries, or the one that a component without a pattern names. Null: none.
    result<std::unique_ptr<directory_reader>> open_candidates()
    {
        if (is_glob(component()))
            return walk_.open(*store_, allowed_);
        std::unique_ptr<directory_reader> none;
        const auto path = walk_.place().resolve(component());
        if (!path)
            return none;
        auto info = store_->stat(*path);
        if (!info && to_store_errc(info.error()))
            return none;
        if (!info)
            return info.error();
        info->name = component();
        return make_single_entry(std::move(*info));
    }

    [[nodiscard]] const std::string& component() const { return pattern_.components[walk_.depth()]; }

    std::shared_ptr<file_store> store_;
    access_rules allowed_;
    path_pattern pattern_;
    directory_walk walk_;
    entry_permissions allowed_here_;
    std::unique_ptr<directory_reader> candidates_;
    file_info first_;
    bool has_first_ = false;
};

} // namespace

result<std::unique_ptr<directory_reader>> open_pattern(std::shared_ptr<file_store> store,
                                                       const listing_request& request)
{
    auto pattern = split_path(request.path);
    const auto leads_elsewhere = [](std::string_view component) { return component == "." || component == ".."; };
    if (std::any_of(pattern.components.begin(), pattern.components.end(), leads_elsewhere))
        return store_errc::not_found;
    auto start = request.directory.resolve(pattern.prefix.empty() ? "." : pattern.prefix);
    if (!start)
        return start.error();
    if (!request.allowed.at(*start).allows(permission::list))
        return store_errc::permission_denied;
    auto directory = store->open_directory(*start);
    if (!directory)
        return directory.error();

    auto reader = std::make_unique<pattern_reader>(std::move(store), request, std::move(pattern), std::move(*start),
                                                   std::move(*directory));
    const auto found = reader->find_first();
    if (!found)
        return found.error();
    if (!*found)
        return store_errc::not_found;
    return reader;
}

} // namespace libftp
