// Names of files on this side: the system's bytes, and UTF-8 on Windows, where the C++ library takes other names for
// texts in an old code page.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

inline std::filesystem::path to_path(std::string_view name)
{
    return std::u8string{name.begin(), name.end()};
}

inline std::string to_name(const std::filesystem::path& path)
{
    const auto name = path.u8string();
    return {name.begin(), name.end()};
}

/// A name as people type it, with slashes alone.
inline std::string with_slashes(std::string name)
{
    if constexpr (std::filesystem::path::preferred_separator != '/')
        std::ranges::replace(name, '\\', '/');
    return name;
}
