// Looks at the environment anew each time.
#include "user_files.hpp"

#include "local_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace {

std::string in_folder(const std::string& folder, std::string_view name)
{
    return folder.empty() ? "" : fmt::format("{}/libftp/{}", folder, name);
}

} // namespace

std::string configuration_file(std::string_view name)
{
    return in_folder(find_user_folders().configuration, name);
}

std::string state_file(std::string_view name)
{
    return in_folder(find_user_folders().state, name);
}

std::string home_file(std::string_view name)
{
    const auto home = find_user_folders().home;
    return home.empty() ? "" : fmt::format("{}/{}", home, name);
}

std::string expand_home(const std::string& path)
{
    const bool is_at_home = path == "~" || path.starts_with("~/");
    const auto home = is_at_home ? home_file(path.substr(std::min<std::size_t>(path.size(), 2))) : "";
    return with_slashes(home.empty() ? path : home);
}
