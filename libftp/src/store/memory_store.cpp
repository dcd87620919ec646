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
        try {
            return work();
        } catch (const std::bad_alloc&) {
            return store_errc::insufficient_storage;
        }
    }

    std::string bytes_;
    commit_function commit_;
};

file_info describe(memory_node_id id, const memory_node& node, std::string_view name)
{
    file_info info;
    info.name = name;
    info.type = node.is_directory() ? file_type::directory : file_type::file;
    if (!node.is_directory())
        info.size = node.content->size();
    info.modified = node.modified;
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

memory_store::memory_store(std::function<file_time()> now) : tree_(std::make_shared<tree>(std::move(now))) {}

memory_store::~memory_store() = default;

void memory_store::add_file(std::string_view path, std::string content)
{
    const auto where = store_path{}.resolve(path);
    if (!where || where->is_root())
        return;
    const std::lock_guard lock{tree_->mutex};
    const auto directory = tree_->ensure_directory(where->parent());
    tree_->remove(directory, where->name());
    tree_->add(directory, where->name(), std::make_shared<const std::string>(std::move(content)));
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

result<std::unique_ptr<file_writer>> memory_store::open_write(const store_path& path, write_mode mode,
                                                              std::uint64_t offset)
{
    const std::lock_guard lock{tree_->mutex};
    auto file = tree_->find_file(path);
    const bool missing = !file && file.error() == store_errc::not_found;
    if (!file && !missing)
        return file.error();

    if (missing && mode == write_mode::resume && offset > 0)
        return store_errc::not_found;
    const auto directory = tree_->find_directory(path.parent());
    if (!directory)
        return directory.error();

    if (mode == write_mode::replace)
        return std::make_unique<memory_writer>(
            [all = tree_, to = *directory, name = std::string{path.name()}](std::string bytes) -> result<void> {
                const std::lock_guard commit_lock{all->mutex};
                return all->replace_file(to, name, std::move(bytes));
            });

    if (missing)
        file = tree_->add(*directory, path.name(), std::make_shared<const std::string>());
    if (mode == write_mode::resume && offset > tree_->nodes.at(*file).content->size())
        return store_errc::offset_invalid;
    const auto from = mode == write_mode::resume ? std::optional{offset} : std::nullopt;
    return std::make_unique<memory_writer>([all = tree_, to = *file, from](const std::string& bytes) -> result<void> {
        const std::lock_guard commit_lock{all->mutex};
        all->change_file(to, from, bytes);
        return {};
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

result<void> memory_store::make_directory(const store_path& path)
{
    const std::lock_guard lock{tree_->mutex};
    const auto directory = tree_->find_directory(path.parent());
    if (!directory)
        return directory.error();
    if (tree_->find(path))
        return store_errc::already_exists;
    tree_->add(*directory, path.name(), nullptr);
    return {};
}

result<void> memory_store::remove_directory(const store_path& path)
{
    if (path.is_root())
        return store_errc::permission_denied;
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find_directory(path);
    if (!found)
        return found.error();
    if (!tree_->nodes.at(*found).names.empty())
        return store_errc::directory_not_empty;
    tree_->remove(*tree_->find(path.parent()), path.name());
    return {};
}

result<void> memory_store::remove_file(const store_path& path)
{
    const std::lock_guard lock{tree_->mutex};
    const auto found = tree_->find_file(path);
    if (!found)
        return found.error();
    tree_->remove(*tree_->find(path.parent()), path.name());
    return {};
}

result<void> memory_store::rename(const store_path& from, const store_path& to)
{
    if (from.is_root() || to.is_root())
        return store_errc::permission_denied;
    const std::lock_guard lock{tree_->mutex};
    const auto source_directory = tree_->find_directory(from.parent());
    if (!source_directory)
        return source_directory.error();
    const auto target_directory = tree_->find_directory(to.parent());
    if (!target_directory)
        return target_directory.error();
    const auto source = tree_->find(from);
    if (!source)
        return source.error();
    if (from == to)
        return {};
    if (from.contains(to))
        return store_errc::name_not_allowed;

    if (const auto target = tree_->find(to)) {
        const auto& replaced = tree_->nodes.at(*target);
        if (to.contains(from))
            return store_errc::directory_not_empty;
        if (replaced.is_directory() != tree_->nodes.at(*source).is_directory())
            return replaced.is_directory() ? store_errc::is_a_directory : store_errc::not_a_directory;
        if (!replaced.names.empty())
            return store_errc::directory_not_empty;
        tree_->remove(*target_directory, to.name());
    }
    tree_->move(*source_directory, from.name(), *target_directory, to.name());
    return {};
}

} // namespace libftp
