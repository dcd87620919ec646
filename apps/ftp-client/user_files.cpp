// Looks at the environment anew each time.
#include "user_files.hpp"

#include "local_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

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

libftp::result<std::string> read_text(const std::string& path)
{
    const auto name = to_path(path);
    std::error_code ignored; // opening tells
    if (std::filesystem::is_directory(name, ignored))
        return std::make_error_code(std::errc::is_a_directory); // which may be opened, and be taken for empty
    std::ifstream file{name, std::ios::binary};
    if (!file)
        return std::error_code{errno, std::generic_category()};
    std::string text;
    std::array<char, 4096> piece{};
    while (file) {
        file.read(piece.data(), piece.size()); // unlike its buffer, it throws nothing
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad())
        return std::make_error_code(std::errc::io_error);
    return text;
}

std::string expand_home(const std::string& path)
{
    const bool is_at_home = path == "~" || path.starts_with("~/");
    const auto home = is_at_home ? home_file(path.substr(std::min<std::size_t>(path.size(), 2))) : "";
    return with_slashes(home.empty() ? path : home);
}
