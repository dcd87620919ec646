// Tasks that count a directory tree (DSIZ) and that make a branch of one (SITE MKDIR).
#include <libftp/store/store_task.hpp>

#include "store_task_steps.hpp"

#include <algorithm>

namespace libftp {
namespace {

class tree_size_task final : public store_task {
public:
    tree_size_task(std::shared_ptr<file_store> store, store_path path, access_rules allowed)
        : store_(std::move(store)), top_(std::move(path)), allowed_(std::move(allowed))
    {
    }

    result<task_step> step() override
    {
        if (!is_begun_) {
            is_begun_ = true;
            const auto known = store_->stat(top_);
            if (!known)
                return known.error();
            if (auto counted = count(top_, *known); !counted)
                return counted.error();
        }
        for (std::size_t names = 0; names < max_step_names; ++names) {
            if (!reader_ && waiting_.empty())
                return task_step{true, {}, size_};
            if (auto advanced = reader_ ? read_entry() : open_next_directory(); !advanced)
                return advanced.error();
        }
        return task_step{false, {}, size_};
    }

private:
    /// Of the names of directories that are still to be read: what one request may take of the server's memory.
    static constexpr std::size_t max_waiting_bytes = std::size_t{16} * 1024 * 1024;

    static std::size_t cost(const store_path& path) noexcept { return sizeof path + path.string().size(); }

    result<void> open_next_directory()
    {
        directory_ = std::move(waiting_.back());
        waiting_.pop_back();
        waiting_bytes_ -= cost(directory_);
        auto opened = store_->open_directory(directory_);
        if (opened)
            reader_ = *std::move(opened);
        else if (directory_ == top_ || !may_be_left_out(opened.error()))
            return opened.error();
        return {};
    }

    /// What has vanished meanwhile, and what the system does not let list either.
    static bool may_be_left_out(const std::error_code& error) noexcept
    {
        return means(error, store_errc::not_found) || means(error, store_errc::not_a_directory) ||
               means(error, store_errc::permission_denied);
    }

    result<void> read_entry()
    {
        file_info entry;
        const auto read = reader_->next(entry);
        if (!read)
            return read.error();
        if (!*read) {
            reader_.reset();
            return {};
        }
        const auto path = directory_.resolve(entry.name);
        return path ? count(*path, entry) : result<void>{};
    }

    result<void> count(const store_path& path, const file_info& found)
    {
        if (!allowed_.at(path).allows(permission::list))
            return {};
        if (found.type == file_type::file)
            size_ += std::min(found.size.value_or(0), std::numeric_limits<std::uint64_t>::max() - size_);
        if (!found.is_directory())
            return {};
        waiting_bytes_ += cost(path);
        if (waiting_bytes_ > max_waiting_bytes)
            return store_errc::limit_exceeded;
        waiting_.push_back(path);
        return {};
    }

    std::shared_ptr<file_store> store_;
    store_path top_;
    access_rules allowed_;
    bool is_begun_ = false;
    std::vector<store_path> waiting_; ///< Directories to be read, the next one last.
    std::size_t waiting_bytes_ = 0;
    store_path directory_; ///< The one being read.
    std::unique_ptr<directory_reader> reader_;
    std::uint64_t size_ = 0;
};

class directories_task final : public store_task {
public:
    directories_task(std::shared_ptr<file_store> store, store_path path, access_rules allowed,
                     std::optional<std::uint32_t> umask)
        : store_(std::move(store)), path_(std::move(path)), allowed_(std::move(allowed)), umask_(umask)
    {
    }

    result<task_step> step() override
    {
        for (std::size_t names = 0; names < max_step_names; ++names) {
            if (done_bytes_ == path_.string().size())
                return task_step{true};
            const auto end = std::min(path_.string().find('/', done_bytes_ + 1), path_.string().size());
            const auto above = store_path{}.resolve(std::string_view{path_.string()}.substr(0, end));
            if (!above)
                return above.error();
            if (auto there = ensure(*above); !there)
                return there.error();
            done_bytes_ = end;
        }
        return task_step{};
    }

private:
    result<void> ensure(const store_path& directory)
    {
        auto there = is_there(directory);
        if (there || !means(there.error(), store_errc::not_found))
            return there;
        if (!allowed_.at(directory).allows(permission::make))
            return store_errc::permission_denied;
        auto made = store_->make_directory(directory, umask_);
        if (!made && means(made.error(), store_errc::already_exists))
            return is_there(directory); // Somebody else was faster.
        return made;
    }

    result<void> is_there(const store_path& directory)
    {
        const auto known = store_->stat(directory);
        if (!known)
            return known.error();
        return known->is_directory() ? result<void>{} : result<void>{store_errc::not_a_directory};
    }

    std::shared_ptr<file_store> store_;
    store_path path_;
    access_rules allowed_;
    std::optional<std::uint32_t> umask_;
    std::size_t done_bytes_ = 0; ///< The front of the path that is known to be there.
};

} // namespace

std::shared_ptr<store_task> make_tree_size_task(std::shared_ptr<file_store> store, store_path path,
                                                access_rules allowed)
{
    return std::make_shared<tree_size_task>(std::move(store), std::move(path), std::move(allowed));
}

std::shared_ptr<store_task> make_directories_task(std::shared_ptr<file_store> store, store_path path,
                                                  access_rules allowed, std::optional<std::uint32_t> umask)
{
    return std::make_shared<directories_task>(std::move(store), std::move(path), std::move(allowed), umask);
}

} // namespace libftp
