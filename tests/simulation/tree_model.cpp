// What a file tree does, in terms of whole paths.
#include "tree_model.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp::simulation {

namespace {

std::string below(const std::string& directory)
{
    return directory == "/" ? directory : directory + '/';
}

} // namespace

tree_model::tree_model()
{
    set("/", {});
}

void tree_model::set(std::string path, node made)
{
    auto known = path;
    known_.insert(known);
    for (auto each = moves_.rbegin(); each != moves_.rend(); ++each) {
        if (!known.starts_with(below(each->to)))
            continue;
        known = below(each->from) + known.substr(below(each->to).size());
        known_.insert(known);
    }
    nodes_[std::move(path)] = std::move(made);
    ++generation_;
}

const tree_model::node* tree_model::find(const store_path& path) const
{
    const auto found = nodes_.find(path.string());
    return found == nodes_.end() ? nullptr : &found->second;
}

bool tree_model::is_directory(const store_path& path) const
{
    const auto* const found = find(path);
    return found != nullptr && found->is_directory();
}

bool tree_model::has_children(const std::string& path) const
{
    const auto prefix = below(path);
    const auto next = nodes_.upper_bound(prefix);
    return next != nodes_.end() && next->first.starts_with(prefix);
}

std::set<std::string> tree_model::names_in(const store_path& directory) const
{
    std::set<std::string> names;
    const auto prefix = below(directory.string());
    for (auto at = nodes_.upper_bound(prefix); at != nodes_.end() && at->first.starts_with(prefix); ++at) {
        auto name = at->first.substr(prefix.size());
        if (name.find('/') == std::string::npos)
            names.insert(std::move(name));
    }
    return names;
}

std::map<std::string, tree_model::node>::iterator tree_model::find_by_id(file_id id)
{
    return std::ranges::find_if(nodes_, [id](const auto& each) { return each.second.id == id; });
}

bool tree_model::make_directory(const store_path& path)
{
    if (!is_directory(path.parent()) || find(path) != nullptr)
        return false;
    set(path.string(), {++last_id_, nullptr});
    return true;
}

bool tree_model::remove_directory(const store_path& path)
{
    if (path.is_root() || !is_directory(path) || has_children(path.string()))
        return false;
    nodes_.erase(path.string());
    ++generation_;
    return true;
}

bool tree_model::remove_file(const store_path& path)
{
    if (find(path) == nullptr || is_directory(path))
        return false;
    nodes_.erase(path.string());
    ++generation_;
    return true;
}

bool tree_model::rename(const store_path& from, const store_path& to)
{
    const auto* const source = find(from);
    if (from.is_root() || to.is_root() || source == nullptr || !is_directory(to.parent()) || from.contains(to.parent()))
        return false;
    if (from == to)
        return true;
    if (const auto* const target = find(to);
        target != nullptr && (target->is_directory() != source->is_directory() || has_children(to.string())))
        return false;

    if (source->is_directory())
        moves_.push_back({from.string(), to.string()});
    std::vector<std::pair<std::string, node>> moved{{to.string(), *source}};
    const auto prefix = below(from.string());
    for (auto at = nodes_.upper_bound(prefix); at != nodes_.end() && at->first.starts_with(prefix);) {
        moved.emplace_back(below(to.string()) + at->first.substr(prefix.size()), std::move(at->second));
        at = nodes_.erase(at);
    }
    nodes_.erase(from.string());
    for (auto& [path, what] : moved)
        set(path, std::move(what));
    return true;
}

bool tree_model::begin_writing(const store_path& path, const write_options& options)
{
    const auto* const found = find(path);
    if (!is_directory(path.parent()) || is_directory(path) || (options.mode == write_mode::create && found != nullptr))
        return false;
    if (options.mode == write_mode::replace || options.mode == write_mode::create)
        return true;
    const auto offset = options.mode == write_mode::resume ? options.offset : 0;
    if (found != nullptr)
        return offset <= found->content->size();
    if (offset != 0)
        return false;
    set(path.string(), {++last_id_, std::make_shared<const std::string>()});
    return true;
}

bool tree_model::put(file_id directory, std::string_view name, std::string content, write_mode mode)
{
    const auto where = find_by_id(directory);
    if (where == nodes_.end())
        return false;
    auto path = below(where->first) + std::string{name};
    const auto old = nodes_.find(path);
    if (old != nodes_.end() && (mode == write_mode::create || old->second.is_directory()))
        return false;
    set(std::move(path), {++last_id_, std::make_shared<const std::string>(std::move(content))});
    return true;
}

bool tree_model::change(file_id file, std::optional<std::uint64_t> offset, std::string_view more)
{
    const auto found = find_by_id(file);
    if (found == nodes_.end() || offset.value_or(0) > found->second.content->size())
        return false;
    auto content = *found->second.content;
    content.resize(static_cast<std::size_t>(offset.value_or(content.size())));
    content += more;
    found->second.content = std::make_shared<const std::string>(std::move(content));
    ++generation_;
    return true;
}

} // namespace libftp::simulation
