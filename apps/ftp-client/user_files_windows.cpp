// The files of a user as Windows has them: its folders of a user are open to nobody else but administrators.
#include "user_files.hpp"

#include "local_names.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <random>
#include <system_error>

namespace fs = std::filesystem;

namespace {

std::string folder_of(const char* variable)
{
    const auto* folder = std::getenv(variable);
    return folder == nullptr ? "" : with_slashes(folder);
}

} // namespace

user_folders find_user_folders()
{
    return {
        .home = folder_of("USERPROFILE"), .configuration = folder_of("APPDATA"), .state = folder_of("LOCALAPPDATA")};
}

libftp::result<libftp::secret, std::string> read_private_file(const std::string& path)
{
    std::ifstream file;
    file.rdbuf()->pubsetbuf(nullptr, 0); // a buffer would keep a copy
    file.open(to_path(path), std::ios::binary);
    if (!file) {
        const std::error_code error{errno, std::generic_category()};
        return error == std::errc::no_such_file_or_directory
                   ? ""
                   : fmt::format("{} cannot be read: {}.", path, error.message());
    }
    std::string text(max_private_bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    const auto size = static_cast<std::size_t>(file.gcount());
    libftp::secret content{std::string_view{text}.substr(0, size)};
    libftp::wipe(text.data(), size);
    return content;
}

std::string make_private_folder()
{
    std::error_code error;
    std::random_device random;
    const auto path = fs::temp_directory_path(error) / fmt::format("ftp-client-{:08x}{:08x}", random(), random());
    return !error && fs::create_directory(path, error) ? with_slashes(to_name(path)) : "";
}
