// Finds, adds and removes the nodes of a memory store.
#include "memory_tree.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp {

memory_store::tree::tree(std::function<file_time()> clock) : now(std::move(clock))
{
    nodes[root_id].modified = time();
}

result<memory_node_id> memory_store::tree::find(const store_path& path) const
{
    node_id at = root_id;
    for (auto rest = path.relative(); !rest.empty();) {
        const auto& directory = nodes.at(at);
        if (!directory.is_directory())
            return store_errc::not_a_directory;
        const auto named = directory.names.find(rest.substr(0, rest.find('/')));
        if (named == directory.names.end())
            return store_errc::not_found;
        at = named->second;
        rest.remove_prefix(std::min(named->first.size() + 1, rest.size()));
    }
    return at;
}

result<memory_node_id> memory_store::tree::find_directory(const store_path& path) const
{
    auto found = find(path);
    if (found && !nodes.at(*found).is_directory())
        return store_errc::not_a_directory;
    return found;
}

result<memory_node_id> memory_store::tree::find_file(const store_path& path) const
{
    auto found = find(path);
    if (found && nodes.at(*found).is_directory())
        return store_errc::is_a_directory;
    return found;
}

memory_node_id memory_store::tree::add(node_id directory, std::string_view name,
                                       std::shared_ptr<const std::string> content)
{
    const auto id = next_id++;
    const auto changed = time();
    nodes[id] = memory_node{changed, std::move(content), {}};
    auto& parent = nodes.at(directory);
    parent.names.emplace(name, id);
    parent.modified = changed;
    return id;
}

memory_node_id memory_store::tree::ensure_directory(const store_path& path)
{
    node_id at = root_id;
    for (auto rest = path.relative(); !rest.empty();) {
        const auto name = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(name.size() + 1, rest.size()));
        const auto& names = nodes.at(at).names;
        const auto named = names.find(name);
        if (named != names.end() && nodes.at(named->second).is_directory()) {
            at = named->second;
            continue;
        }
        remove(at, name);
        at = add(at, name, nullptr);
    }
    return at;
}

void memory_store::tree::remove(node_id directory, std::string_view name)
{
    auto& parent = nodes.at(directory);
    const auto named = parent.names.find(name);
    if (named == parent.names.end())
        return;
    std::vector<node_id> doomed{named->second};
    parent.names.erase(named);
    parent.modified = time();
    while (!doomed.empty()) {
        const auto removed = nodes.extract(doomed.back());
        doomed.pop_back();
        for (const auto& [child_name, child] : removed.mapped().names)
            doomed.push_back(child);
    }
}

void memory_store::tree::move(node_id from, std::string_view from_name, node_id to, std::string_view to_name)
{
    auto& source = nodes.at(from);
    auto& target = nodes.at(to);
    const auto named = source.names.find(from_name);
    target.names.emplace(to_name, named->second);
    source.names.erase(named);
    source.modified = target.modified = time();
}

result<void> memory_store::tree::replace_file(node_id directory, std::string_view name, std::string bytes)
{
    const auto parent = nodes.find(directory);
    if (parent == nodes.end())
        return store_errc::not_found;
    const auto old = parent->second.names.find(name);
    if (old != parent->second.names.end() && nodes.at(old->second).is_directory())
        return store_errc::is_a_directory;
    auto content = std::make_shared<const std::string>(std::move(bytes));
    remove(directory, name);
    add(directory, name, std::move(content));
    return {};
}

void memory_store::tree::change_file(node_id file, std::optional<std::uint64_t> offset, std::string_view bytes)
{
    const auto found = nodes.find(file);
    if (found == nodes.end())
        return;
    std::string content = *found->second.content;
    content.resize(static_cast<std::size_t>(offset.value_or(content.size())));
    content += bytes;
    found->second.content = std::make_shared<const std::string>(std::move(content));
    found->second.modified = time();
}

} // namespace libftp
