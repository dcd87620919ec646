// Goes down the pattern's components, one directory level each.
#include "name_expansion.hpp"

#include "words.hpp"

#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <utility>

using libftp::client_result;
using libftp::file_type;

namespace {

bool may_be_directory(const libftp::file_info& entry)
{
    return entry.type == file_type::directory || entry.type == file_type::symbolic_link;
}

std::string join(const std::string& directory, std::string_view name)
{
    const bool needs_slash = !directory.empty() && !directory.ends_with('/');
    return directory + (needs_slash ? "/" : "") + std::string{name};
}

/// What fits in one of the directories.
client_result<std::vector<found_name>> expand_in(const std::string& directory, std::string_view pattern,
                                                 const directory_lister& list)
{
    auto listed = list(directory);
    if (!listed)
        return std::move(listed.error());
    std::vector<found_name> found;
    for (auto& entry : listed->entries) {
        const bool is_listed_itself =
            entry.type == file_type::current_directory || entry.type == file_type::parent_directory;
        if (!is_listed_itself && fits_pattern(pattern, entry.name)) {
            auto path = directory.empty() ? path_of_name(entry.name) : join(directory, entry.name);
            found.push_back({std::move(path), std::move(entry), listed->sizes_by});
        }
    }
    return found;
}

} // namespace

bool fits_pattern(std::string_view pattern, std::string_view name)
{
    return (!name.starts_with('.') || pattern.starts_with('.')) && libftp::glob_matches(pattern, name);
}

client_result<std::vector<found_name>> expand_name(std::string_view pattern, const directory_lister& list)
{
    if (!libftp::is_glob(pattern))
        return std::vector{found_name{std::string{pattern}, {.name = std::string{pattern}}}};

    std::vector<found_name> found{{pattern.starts_with('/') ? "/" : "", {.type = file_type::directory}}};
    pattern.remove_prefix(std::min(pattern.find_first_not_of('/'), pattern.size()));
    while (!pattern.empty()) {
        const auto component = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(component.size());
        pattern.remove_prefix(std::min(pattern.find_first_not_of('/'), pattern.size()));
        std::vector<found_name> deeper;
        for (const auto& each : found) {
            if (!libftp::is_glob(component)) {
                deeper.push_back({join(each.path, component), {.name = std::string{component}}});
                deeper.back().info.type = pattern.empty() ? file_type::file : file_type::directory;
            } else if (auto fitting = expand_in(each.path, component, list); !fitting) {
                return std::move(fitting.error());
            } else {
                std::ranges::move(*fitting, std::back_inserter(deeper));
            }
        }
        if (!pattern.empty())
            std::erase_if(deeper, [](const found_name& each) { return !may_be_directory(each.info); });
        found = std::move(deeper);
    }
    std::ranges::sort(found, {}, &found_name::path);
    return found;
}
