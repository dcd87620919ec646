// Finds, adds and removes the nodes of a memory store.
#include "memory_tree.hpp"

#include "../protocol/ascii.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp {
namespace {

constexpr int max_links = 40; // As many as Linux follows on the way to one file.

} // namespace

memory_store::tree::tree(std::function<file_time()> clock, link_rule rule) : now(std::move(clock)), links(rule)
{
    auto& root = nodes[root_id];
    root.modified = root.created = time();
}

result<memory_node_id> memory_store::tree::find(const store_path& path, last_link last) const
{
    node_id at = root_id;
    store_path way; // Of the last link that was followed, with what came behind it.
    int followed = 0;
    for (auto rest = path.relative(); !rest.empty();) {
        const auto& directory = nodes.at(at);
        if (!directory.is_directory())
            return store_errc::not_a_directory;
        const auto named = directory.names.find(rest.substr(0, rest.find('/')));
        if (named == directory.names.end())
            return store_errc::not_found;
        rest.remove_prefix(std::min(named->first.size() + 1, rest.size()));

        const auto& node = nodes.at(named->second);
        if (!node.is_link() || (rest.empty() && last == last_link::keep)) {
            at = named->second;
            continue;
        }
        if (links == link_rule::refuse || ++followed > max_links)
            return store_errc::not_found;
        auto onward = node.target.resolve(rest.empty() ? "." : rest);
        if (!onward)
            return onward.error();
        at = root_id;
        way = *std::move(onward);
        rest = way.relative();
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

bool memory_store::tree::is_within(node_id directory, node_id node) const
{
    while (node != directory && node != root_id)
        node = nodes.at(node).parent;
    return node == directory;
}

memory_node_id memory_store::tree::add(node_id directory, std::string_view name, memory_node node)
{
    const auto id = next_id++;
    node.parent = directory;
    node.modified = node.created = time();
    auto& parent = nodes.at(directory);
    parent.modified = node.modified;
    nodes[id] = std::move(node);
    parent.names.emplace(name, id);
    return id;
}

memory_node_id memory_store::tree::ensure_directory(const store_path& path)
{
    node_id at = root_id;
    for (auto rest = path.relative(); !rest.empty();) {
        const auto name = ascii::take_until(rest, '/');
        const auto& names = nodes.at(at).names;
        const auto named = names.find(name);
        if (named != names.end() && nodes.at(named->second).is_directory()) {
            at = named->second;
            continue;
        }
        remove(at, name);
        at = add(at, name, {});
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

result<void> memory_store::tree::make(const store_path& path, memory_node node)
{
    const auto directory = find_directory(path.parent());
    if (!directory)
        return directory.error();
    if (find(path, last_link::keep))
        return store_errc::already_exists;
    add(*directory, path.name(), std::move(node));
    return {};
}

result<void> memory_store::tree::rename(const store_path& from, const store_path& to)
{
    if (from.is_root() || to.is_root())
        return store_errc::permission_denied;
    const auto source_directory = find_directory(from.parent());
    if (!source_directory)
        return source_directory.error();
    const auto target_directory = find_directory(to.parent());
    if (!target_directory)
        return target_directory.error();
    const auto source = find(from, last_link::keep);
    if (!source)
        return source.error();
    if (is_within(*source, *target_directory))
        return store_errc::name_not_allowed;

    auto& moved = nodes.at(*source);
    if (const auto target = find(to, last_link::keep)) {
        if (*source == *target)
            return {};
        if (is_within(*target, *source))
            return store_errc::directory_not_empty;
        const auto& replaced = nodes.at(*target);
        if (replaced.is_directory() != moved.is_directory())
            return replaced.is_directory() ? store_errc::is_a_directory : store_errc::not_a_directory;
        if (!replaced.names.empty())
            return store_errc::directory_not_empty;
        remove(*target_directory, to.name());
    }

    auto& old_parent = nodes.at(*source_directory);
    auto& new_parent = nodes.at(*target_directory);
    new_parent.names.emplace(to.name(), *source);
    old_parent.names.erase(old_parent.names.find(from.name()));
    moved.parent = *target_directory;
    old_parent.modified = new_parent.modified = time();
    return {};
}

result<void> memory_store::tree::put_file(node_id directory, std::string_view name, memory_node file, write_mode mode)
{
    const auto parent = nodes.find(directory);
    if (parent == nodes.end())
        return store_errc::not_found;
    const auto old = parent->second.names.find(name);
    if (old != parent->second.names.end()) {
        if (mode == write_mode::create)
            return store_errc::already_exists;
        if (nodes.at(old->second).is_directory())
            return store_errc::is_a_directory;
    }
    remove(directory, name);
    add(directory, name, std::move(file));
    return {};
}

result<void> memory_store::tree::change_file(node_id file, std::optional<std::uint64_t> offset, std::string_view bytes)
{
    const auto found = nodes.find(file);
    if (found == nodes.end())
        return store_errc::not_found;
    if (offset.value_or(0) > found->second.content->size())
        return store_errc::busy;
    std::string content = *found->second.content;
    content.resize(static_cast<std::size_t>(offset.value_or(content.size())));
    content += bytes;
    found->second.content = std::make_shared<const std::string>(std::move(content));
    found->second.modified = time();
    return {};
}

} // namespace libftp
