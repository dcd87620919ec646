// Serves files from memory; memory_tree.hpp holds them.
#include <libftp/store/memory_store.hpp>

#include "memory_tree.hpp"

#include <mutex>
#include <new>
#include <utility>

namespace libftp {
namespace {

class memory_reader final : public file_reader {
public:
    memory_reader(std::shared_ptr<const std::string> content, std::uint64_t offset)
        : content_(std::move(content)), rest_(std::string_view{*content_}.substr(static_cast<std::size_t>(offset)))
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto bytes = rest_.copy(buffer.data(), buffer.size());
        rest_.remove_prefix(bytes);
        return bytes;
    }

    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return rest_.size(); }

private:
    std::shared_ptr<const std::string> content_;
    std::string_view rest_;
};

class memory_writer final : public file_writer {
public:
    using commit_function = std::function<result<void>(std::string bytes)>;

    explicit memory_writer(commit_function commit) : commit_(std::move(commit)) {}

    result<void> write(std::string_view bytes) override
    {
        return within_memory([&]() -> result<void> {
            bytes_ += bytes;
            return {};
        });
    }

    result<void> commit() override
    {
        return within_memory([&] { return commit_(std::move(bytes_)); });
    }

private:
    /// Memory is this store's disk, and it may be full.
    template <class Work>
    static result<void> within_memory(Work work)
    {
#if __cpp_exceptions
        try {
            return work();
        } catch (const std::bad_alloc&) {
            return store_errc::insufficient_storage;
        }
#else // A program without exceptions ends where it has no memory left.
        return work();
#endif
    }

    std::string bytes_;
    commit_function commit_;
};

constexpr std::uint32_t usual_umask = 022;

std::uint32_t mode_of_new(file_type type, std::optional<std::uint32_t> umask)
{
    return (type == file_type::directory ? 0777U : 0666U) & ~umask.value_or(usual_umask);
}

memory_node make_file(std::string content, std::uint32_t mode)
{
    return {.type = file_type::file, .mode = mode, .content = std::make_shared<const std::string>(std::move(content))};
}

file_info describe(memory_node_id id, const memory_node& node, std::string_view name)
{
    file_info info;
    info.name = name;
    info.type = node.type;
    if (node.content)
        info.size = node.content->size();
    info.modified = node.modified;
    info.created = node.created;
    info.mode = node.mode;
    info.group = node.group;
    if (node.is_link())
        info.link_target = node.target.string();
    info.unique = std::to_string(id);
    return info;
}

} // namespace

/// Goes from name to name, so that it stays valid while the directory changes.
class memory_store::listing final : public directory_reader {
public:
    listing(std::shared_ptr<tree> all, tree::node_id directory) : tree_(std::move(all)), directory_(directory) {}

    result<bool> next(file_info& entry) override
    {
        const std::lock_guard lock{tree_->mutex};
        const auto directory = tree_->nodes.find(directory_);
        if (directory == tree_->nodes.end())
            return false;
        const auto following = directory->second.names.upper_bound(last_name_);
        if (following == directory->second.names.end())
            return false;
        last_name_ = following->first;
        entry = describe(following->second, tree_->nodes.at(following->second), following->first);
        return true;
    }

private:
    std::shared_ptr<tree> tree_;
    tree::node_id directory_;
    std::string last_name_;
};

memory_store::memory_store(std::function<file_time()> now, link_rule links)
    : tree_(std::make_shared<tree>(std::move(now), links))
{
}

memory_store::~memory_store() = default;

void memory_store::add_file(std::string_view path, std::string content)
{
    const auto where = store_path{}.resolve(path);
    if (!where || where->is_root())
        return;
    const std::lock_guard lock{tree_->mutex};
    const auto directory = tree_->ensure_directory(where->parent());
    tree_->remove(directory, where->name());
    tree_->add(directory, where->name(), make_file(std::move(content), mode_of_new(file_type::file, {})));
}

void memory_store::add_directory(std::string_view path)
{
    const auto where = store_path{}.resolve(path);
    if (!where)
        return;
    const std::lock_guard lock{tree_->mutex};
    tree_->ensure_directory(*where);
}

result<std::string> memory_store::content(std::string_view path) const
{
    const auto where = store_path{}.resolve(path);
    if (!where)
        return where.error();
    const std::lock_guard lock{tree_->mutex};
    const auto file = tree_->find_file(*where);
    if (!file)
        return file.error();
    return *tree_->nodes.at(*file).content;
}

bool memory_store::can(store_ability needed) const noexcept
{
    return needed != store_ability::space && (needed != store_ability::symbolic_links || follows_links());
}

bool memory_store::follows_links() const noexcept
{
    return tree_->links == link_rule::follow;
}

result<file_info> memory_store::stat(const store_path& path)
{
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find(path);
    if (!found)
        return found.error();
    return describe(*found, tree_->nodes.at(*found), path.name());
}

result<std::unique_ptr<file_reader>> memory_store::open_read(const store_path& path, std::uint64_t offset)
{
    const std::lock_guard lock{tree_->mutex};
    const auto file = tree_->find_file(path);
    if (!file)
        return file.error();
    const auto& content = tree_->nodes.at(*file).content;
    if (offset > content->size())
        return store_errc::offset_invalid;
    return std::make_unique<memory_reader>(content, offset);
}

result<std::unique_ptr<file_writer>> memory_store::open_write(const store_path& path, const write_options& options)
{
    const std::lock_guard lock{tree_->mutex};
    const bool is_taken = tree_->find(path, last_link::keep).has_value();
    if (options.mode == write_mode::create && is_taken)
        return store_errc::already_exists;
    auto file = tree_->find_file(path);
    const bool missing = !file && file.error() == store_errc::not_found;
    if (!file && !missing)
        return file.error();
    const auto directory = tree_->find_directory(path.parent());
    if (!directory)
        return directory.error();

    const auto mode =
        missing ? mode_of_new(file_type::file, options.umask) & ~options.withheld : tree_->nodes.at(*file).mode;
    if (options.mode == write_mode::replace || options.mode == write_mode::create)
        return std::make_unique<memory_writer>([all = tree_, to = *directory, name = std::string{path.name()}, mode,
                                                how = options.mode](std::string bytes) -> result<void> {
            const std::lock_guard commit_lock{all->mutex};
            return all->put_file(to, name, make_file(std::move(bytes), mode), how);
        });

    const auto from = options.mode == write_mode::resume ? std::optional{options.offset} : std::nullopt;
    if (missing) {
        // What is missing although its name is taken is behind a link that leads nowhere.
        if (is_taken || from.value_or(0) > 0)
            return store_errc::not_found;
        file = tree_->add(*directory, path.name(), make_file({}, mode));
    }
    if (from.value_or(0) > tree_->nodes.at(*file).content->size())
        return store_errc::offset_invalid;
    return std::make_unique<memory_writer>([all = tree_, to = *file, from](const std::string& bytes) -> result<void> {
        const std::lock_guard commit_lock{all->mutex};
        return all->change_file(to, from, bytes);
    });
}

result<std::unique_ptr<directory_reader>> memory_store::open_directory(const store_path& path)
{
    const std::lock_guard lock{tree_->mutex};
    const auto directory = tree_->find_directory(path);
    if (!directory)
        return directory.error();
    return std::make_unique<listing>(tree_, *directory);
}

result<void> memory_store::make_directory(const store_path& path, std::optional<std::uint32_t> umask)
{
    const std::lock_guard lock{tree_->mutex};
    return tree_->make(path, {.mode = mode_of_new(file_type::directory, umask)});
}

result<void> memory_store::remove_directory(const store_path& path)
{
    if (path.is_root())
        return store_errc::permission_denied;
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find(path, last_link::keep);
    if (!found)
        return found.error();
    const auto& directory = tree_->nodes.at(*found);
    if (!directory.is_directory())
        return store_errc::not_a_directory;
    if (!directory.names.empty())
        return store_errc::directory_not_empty;
    tree_->remove(directory.parent, path.name());
    return {};
}

result<void> memory_store::remove_file(const store_path& path)
{
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find(path, last_link::keep);
    if (!found)
        return found.error();
    const auto& file = tree_->nodes.at(*found);
    if (file.is_directory())
        return store_errc::is_a_directory;
    tree_->remove(file.parent, path.name());
    return {};
}

result<void> memory_store::rename(const store_path& from, const store_path& to)
{
    const std::lock_guard lock{tree_->mutex};
    return tree_->rename(from, to);
}

result<void> memory_store::rename_to_new(const store_path& from, const store_path& to)
{
    const std::lock_guard lock{tree_->mutex};
    if (tree_->find(to, last_link::keep))
        return store_errc::already_exists;
    return tree_->rename(from, to);
}

result<void> memory_store::set_attributes(const store_path& path, const attribute_changes& changes)
{
    if (changes.mode && (*changes.mode & ~0777U) != 0)
        return store_errc::permission_denied;
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find(path);
    if (!found)
        return found.error();
    auto& node = tree_->nodes.at(*found);
    node.modified = changes.modified.value_or(node.modified);
    node.created = changes.created.value_or(node.created);
    node.mode = changes.mode.value_or(node.mode);
    if (!changes.group.empty())
        node.group = changes.group;
    return {};
}

result<void> memory_store::make_symbolic_link(const store_path& target, const store_path& link)
{
    if (!can(store_ability::symbolic_links))
        return store_errc::not_supported;
    const std::lock_guard lock{tree_->mutex};
    return tree_->make(link, {.type = file_type::symbolic_link, .mode = 0777, .target = target});
}

} // namespace libftp
