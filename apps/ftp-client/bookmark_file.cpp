// `bookmarks` among the user's configuration files.
#include "bookmark_file.hpp"

#include "../common/sentence.hpp"
#include "local_names.hpp"
#include "user_files.hpp"

#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace {

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

std::string bookmarks_file()
{
    return configuration_file("bookmarks");
}

libftp::result<std::string> read_bookmarks()
{
    auto text = read_text(bookmarks_file());
    if (!text && text.error() == std::errc::no_such_file_or_directory)
        return std::string{};
    return text;
}

libftp::result<void, std::string> write_bookmarks(std::string_view text)
{
    const auto path = bookmarks_file();
    if (path.empty())
        return std::string{"There is no place for bookmarks: HOME is not set."};
    if (const auto error = replace_file(path, text))
        return fmt::format("The bookmarks in {} cannot be written: {}", path, as_sentence(error.message()));
    return {};
}
