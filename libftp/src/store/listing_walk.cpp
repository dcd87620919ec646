// Keeps what is still to be entered, and finds the way back from one directory to the next.
#include "listing_walk.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace libftp {

namespace {

class single_entry final : public directory_reader {
public:
    explicit single_entry(file_info entry) : entry_(std::move(entry)) {}

    result<bool> next(file_info& entry) override
    {
        if (std::exchange(given_, true))
            return false;
        entry = std::move(entry_);
        return true;
    }

private:
    file_info entry_;
    bool given_ = false;
};

} // namespace

entry_permissions::entry_permissions(const access_rules& allowed, const store_path& directory)
    : allowed_(&allowed), directory_(directory)
{
    if (!allowed.differ_within(directory))
        same_for_all_ = allowed.at(directory);
}

permissions entry_permissions::at(std::string_view name) const
{
    if (same_for_all_)
        return *same_for_all_;
    const auto path = directory_.resolve(name);
    return path ? allowed_->at(*path) : permissions{};
}

std::unique_ptr<directory_reader> make_single_entry(file_info entry)
{
    return std::make_unique<single_entry>(std::move(entry));
}

directory_walk::directory_walk(store_path start, const listing_limits& limits)
    : start_(std::move(start)), limits_(limits), place_(start_)
{
}

result<void> directory_walk::count_entry()
{
    if (entries_ == limits_.max_entries)
        return store_errc::limit_exceeded;
    ++entries_;
    return {};
}

result<void> directory_walk::add(std::string_view name)
{
    if (depth_ >= limits_.max_depth || found_.size() + waiting_.size() >= limits_.max_waiting)
        return store_errc::limit_exceeded;
    found_.push_back({std::string{name}, relative_.size(), depth_ + 1});
    return {};
}

bool directory_walk::enter_next()
{
    std::move(found_.rbegin(), found_.rend(), std::back_inserter(waiting_));
    found_.clear();
    while (!waiting_.empty()) {
        const auto next = std::move(waiting_.back());
        waiting_.pop_back();
        relative_.resize(next.parent_bytes);
        relative_.append(next.name).append("/");
        depth_ = next.depth;
        // A path that has become too long for the store cannot be entered by any command.
        if (auto place = start_.resolve(relative_)) {
            place_ = std::move(*place);
            return true;
        }
    }
    return false;
}

result<std::unique_ptr<directory_reader>> directory_walk::open(file_store& store, const access_rules& allowed) const
{
    std::unique_ptr<directory_reader> none;
    if (!allowed.at(place_).allows(permission::list))
        return none;
    auto opened = store.open_directory(place_);
    if (!opened && to_store_errc(opened.error()))
        return none;
    return opened;
}

} // namespace libftp
