// The files of a user as POSIX and the XDG specification have them: a relative path in a variable counts for nothing.
#include "user_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

std::string folder_of(const char* variable, const std::string& home, std::string_view folder_at_home)
{
    const auto* folder = std::getenv(variable);
    if (folder != nullptr && *folder == '/')
        return folder;
    return home.empty() ? "" : fmt::format("{}/{}", home, folder_at_home);
}

class open_file {
public:
    explicit open_file(const std::string& path) noexcept : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~open_file()
    {
        if (descriptor_ >= 0)
            close(descriptor_);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] bool is_open_to_others() const noexcept
    {
        struct stat facts {};
        return fstat(descriptor_, &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 ||
               (facts.st_uid != geteuid() && facts.st_uid != 0);
    }
    [[nodiscard]] libftp::result<libftp::secret> read_all() const
    {
        std::string text(max_private_bytes, '\0');
        std::size_t size = 0;
        while (size < text.size()) {
            const auto got = read(descriptor_, text.data() + size, text.size() - size);
            if (got < 0)
                return std::error_code{errno, std::generic_category()};
            if (got == 0)
                break;
            size += static_cast<std::size_t>(got);
        }
        libftp::secret content{std::string_view{text}.substr(0, size)};
        libftp::wipe(text.data(), size);
        return content;
    }

private:
    int descriptor_;
};

} // namespace

user_folders find_user_folders()
{
    const auto* variable = std::getenv("HOME");
    const std::string home = variable == nullptr ? "" : variable;
    return {.home = home,
            .configuration = folder_of("XDG_CONFIG_HOME", home, ".config"),
            .state = folder_of("XDG_STATE_HOME", home, ".local/state")};
}

libftp::result<libftp::secret, std::string> read_private_file(const std::string& path)
{
    const open_file file{path};
    if (!file.is_open())
        return errno == ENOENT || errno == ENOTDIR
                   ? ""
                   : fmt::format("{} cannot be read: {}.", path, std::generic_category().message(errno));
    if (file.is_open_to_others())
        return fmt::format("{} is not used, because others can read or write it: chmod 600 {}", path, path);
    auto content = file.read_all();
    if (!content)
        return fmt::format("{} cannot be read: {}.", path, content.error().message());
    return *std::move(content);
}

std::string make_private_folder()
{
    std::error_code error;
    auto path = (std::filesystem::temp_directory_path(error) / "ftp-client-XXXXXX").string();
    return !error && mkdtemp(path.data()) != nullptr ? path : ""; // mode 0700
}
