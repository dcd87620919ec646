// `bookmarks` among the user's configuration files.
#include "bookmark_file.hpp"

#include "local_names.hpp"
#include "user_files.hpp"

#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace {

std::string place()
{
    return configuration_file("bookmarks");
}

std::error_code replace_file(const std::string& path, std::string_view text)
{
    std::error_code error;
    std::filesystem::create_directories(to_path(path).parent_path(), error);
    if (error)
        return error;
    auto file = libftp::create_local_file(path);
    if (!file)
        return file.error();
    if (const auto written = (*file)->write(text); !written)
        return written.error();
    const auto committed = (*file)->commit();
    return committed ? std::error_code{} : committed.error();
}

} // namespace

std::string read_bookmarks()
{
    std::ifstream file{to_path(place()), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

libftp::result<void, std::string> write_bookmarks(std::string_view text)
{
    const auto path = place();
    if (path.empty())
        return std::string{"There is no place for bookmarks: HOME is not set."};
    if (const auto error = replace_file(path, text))
        return fmt::format("The bookmarks in {} cannot be written: {}.", path, error.message());
    return {};
}
