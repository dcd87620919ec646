// Looks at the environment anew each time; a relative path in it counts for nothing, as the XDG specification has it.
#include "user_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace {

std::string in_folder(const char* variable, std::string_view folder_at_home, std::string_view name)
{
    const auto* folder = std::getenv(variable);
    if (folder != nullptr && *folder == '/')
        return fmt::format("{}/libftp/{}", folder, name);
    return home_file(fmt::format("{}/libftp/{}", folder_at_home, name));
}

} // namespace

std::string configuration_file(std::string_view name)
{
    return in_folder("XDG_CONFIG_HOME", ".config", name);
}

std::string state_file(std::string_view name)
{
    return in_folder("XDG_STATE_HOME", ".local/state", name);
}

std::string home_file(std::string_view name)
{
    const auto* home = std::getenv("HOME");
    return home != nullptr && *home != '\0' ? fmt::format("{}/{}", home, name) : "";
}

std::string expand_home(const std::string& path)
{
    const bool is_at_home = path == "~" || path.starts_with("~/");
    const auto home = is_at_home ? home_file(path.substr(std::min<std::size_t>(path.size(), 2))) : "";
    return home.empty() ? path : home;
}
