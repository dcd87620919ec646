// The task of SITE RMDIR: removes a tree of any size, with little memory and one directory open at a time.
#include <libftp/store/store_task.hpp>

#include "store_task_steps.hpp"

namespace libftp {
namespace {

/// Every directory is first removed as if it were empty, and read only if it is not. So a link at the top is told from
/// a directory without following it. Names are read some at a time, without keeping a reader open.
class tree_removal_task final : public store_task {
public:
    tree_removal_task(std::shared_ptr<file_store> store, store_path path, access_rules allowed)
        : store_(std::move(store)), top_(std::move(path)), allowed_(std::move(allowed))
    {
    }

    result<task_step> step() override
    {
        if (!is_begun_) {
            is_begun_ = true;
            if (auto removed = remove_or_enter(top_); !removed)
                return removed.error();
        }
        for (std::size_t names = 0; names < max_step_names; ++names) {
            if (entered_.empty())
                return task_step{true};
            auto advanced = entered_.back().entries.empty() ? read_or_leave(entered_.back()) : remove_entry();
            if (!advanced)
                return advanced.error();
        }
        return task_step{};
    }

private:
    struct entry {
        std::string name;
        bool is_directory;
    };
    struct directory {
        store_path path;
        std::vector<entry> entries{}; ///< The next ones to remove; more may be there.
        unsigned reads_in_vain = 0;   ///< Since an entry of it was removed.
    };
    /// Others may remove entries before this task does, but what is listed and never there must not keep it for ever.
    static constexpr unsigned max_reads_in_vain = 4;

    result<void> remove_or_enter(const store_path& path)
    {
        if (!allowed_.at(path).allows(permission::remove_directory))
            return store_errc::permission_denied;
        auto removed = store_->remove_directory(path);
        if (removed || !means(removed.error(), store_errc::directory_not_empty))
            return removed;
        entered_.push_back({path});
        return {};
    }

    result<void> remove_entry()
    {
        auto& parent = entered_.back();
        const auto next = std::move(parent.entries.back());
        parent.entries.pop_back();
        const auto path = parent.path.resolve(next.name);
        if (!path)
            return {};
        const auto depth = entered_.size();
        auto removed = next.is_directory ? remove_or_enter(*path) : remove_file(*path);
        if (removed)
            entered_[depth - 1].reads_in_vain = 0;
        else if (means(removed.error(), store_errc::not_found))
            return {};
        return removed;
    }

    result<void> remove_file(const store_path& path)
    {
        if (!allowed_.at(path).allows(permission::delete_file))
            return store_errc::permission_denied;
        return store_->remove_file(path);
    }

    result<void> read_or_leave(directory& current)
    {
        if (current.reads_in_vain++ == max_reads_in_vain)
            return store_errc::directory_not_empty;
        auto read = read_entries(current);
        if (read && current.entries.empty())
            read = store_->remove_directory(current.path);
        if (current.entries.empty())
            entered_.pop_back();
        if (!read && means(read.error(), store_errc::not_found))
            return {};
        return read;
    }

    result<void> read_entries(directory& current)
    {
        const auto reader = store_->open_directory(current.path);
        if (!reader)
            return reader.error();
        file_info found;
        while (current.entries.size() < max_step_names) {
            found.clear();
            const auto read = (*reader)->next(found);
            if (!read)
                return read.error();
            if (!*read)
                break;
            current.entries.push_back({found.name, found.is_directory()});
        }
        return {};
    }

    std::shared_ptr<file_store> store_;
    store_path top_;
    access_rules allowed_;
    bool is_begun_ = false;
    std::vector<directory> entered_; ///< From the top down to the one whose entries are being removed.
};

} // namespace

std::shared_ptr<store_task> make_tree_removal_task(std::shared_ptr<file_store> store, store_path path,
                                                   access_rules allowed)
{
    return std::make_shared<tree_removal_task>(std::move(store), std::move(path), std::move(allowed));
}

} // namespace libftp
