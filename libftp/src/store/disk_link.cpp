// Writes the way from one directory of a disk store to another file of it, and goes the way of links outside of stores.
#include "disk_link.hpp"

#include "local_name.hpp"

#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <string_view>

namespace libftp::disk {
namespace {

/// By the path from the process's own root.
result<std::string> host_path(int directory)
{
    std::array<char, PATH_MAX> buffer;
    const auto size = ::readlink(path_to(directory).c_str(), buffer.data(), buffer.size());
    if (size == -1)
        return last_error();
    return std::string{buffer.data(), static_cast<std::size_t>(size)};
}

} // namespace

result<store_path> path_beneath(const root_directory& root, const descriptor& directory)
{
    auto above = host_path(root.number);
    if (!above)
        return above.error();
    const auto path = host_path(directory.number());
    if (!path)
        return path.error();
    if (*path == *above)
        return store_path{};
    if (!above->ends_with('/'))
        *above += '/';
    if (!path->starts_with(*above))
        return store_errc::not_found;
    return store_path{}.resolve(std::string_view{*path}.substr(above->size()));
}

std::string link_text(store_path directory, const store_path& target)
{
    std::string text;
    for (; !directory.contains(target); directory = directory.parent())
        text += "../";
    auto rest = target.relative();
    rest.remove_prefix(std::min(directory.is_root() ? 0 : directory.string().size(), rest.size()));
    text += rest;
    if (text.ends_with('/'))
        text.pop_back();
    return text.empty() ? "." : text;
}

} // namespace libftp::disk

namespace libftp {

std::string follow_local_link(const std::string& path)
{
    struct ::stat status {};
    if (::lstat(path.c_str(), &status) == -1 || !S_ISLNK(status.st_mode))
        return path;
    std::array<char, PATH_MAX> buffer;
    return ::realpath(path.c_str(), buffer.data()) ? std::string{buffer.data()} : path;
}

} // namespace libftp
