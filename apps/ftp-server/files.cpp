// Whole files at once, by the library's own reader and writer of single files.
#include "files.hpp"

#include "../common/sentence.hpp"

#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace libftp;

namespace {

class private_umask {
public:
    private_umask() : before_(umask(077)) {}
    ~private_umask() { umask(before_); }
    private_umask(const private_umask&) = delete;
    private_umask& operator=(const private_umask&) = delete;

private:
    mode_t before_;
};

/// So that whoever could read a file still can when somebody else has rewritten it: the server's user after root, say.
void give_to_owner(const std::string& path, const struct stat& before)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    struct stat written {};
    // Only what was written here: its name may have become that of another file already.
    if (::fstat(file, &written) == 0 && S_ISREG(written.st_mode) && written.st_nlink == 1 &&
        written.st_uid == ::geteuid())
        static_cast<void>(::fchown(file, before.st_uid, before.st_gid) == 0);
    ::close(file);
}

/// What it leads to, be it there or not, if it is a symbolic link.
std::filesystem::path behind_links(std::filesystem::path path)
{
    constexpr int max_links = 40; // as the kernel has it
    std::error_code error;
    for (int links = 0; links < max_links && std::filesystem::is_symlink(path, error); ++links) {
        const auto text = std::filesystem::read_symlink(path, error);
        if (error)
            break;
        path = path.parent_path() / text;
    }
    return path;
}

} // namespace

result<std::string> read_file(const std::string& path)
{
    auto file = open_local_file(behind_links(path).string());
    if (!file)
        return file.error();
    std::string text;
    std::array<char, 4096> piece;
    while (true) {
        const auto n = (*file)->read(piece);
        if (!n)
            return n.error();
        if (*n == 0)
            return text;
        text.append(piece.data(), *n);
    }
}

std::string fault_of_reading(const std::string& path)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        error = std::make_error_code(std::errc::is_a_directory);
    else if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0)
        error = {errno, std::generic_category()};
    else
        return {};
    return fmt::format("cannot read '{}': {}{}", path, as_sentence(error.message()),
                       error == std::errc::permission_denied ? " The user who runs this server has to be able to."
                                                             : "");
}

std::error_code fault_of_writing(const std::string& path)
{
    std::error_code error;
    const auto file = behind_links(path);
    if (std::filesystem::is_directory(file, error))
        return std::make_error_code(std::errc::is_a_directory);
    const auto needed = std::filesystem::exists(file, error) ? file : file.parent_path() / ".";
    if (::faccessat(AT_FDCWD, needed.c_str(), W_OK, AT_EACCESS) != 0)
        return {errno, std::generic_category()};
    return {};
}

result<void> write_secret_file(const std::string& path, std::string_view text)
{
    const private_umask nobody_else;
    const auto real_path = behind_links(path).string();
    struct stat before {};
    const bool is_replaced = ::stat(real_path.c_str(), &before) == 0;
    auto file = create_local_file(real_path);
    if (!file)
        return file.error();
    if (auto written = (*file)->write(text); !written)
        return written;
    auto done = (*file)->commit();
    if (done && is_replaced)
        give_to_owner(real_path, before);
    return done;
}

file_lock::file_lock(const std::string& path)
    : folder_(::open((behind_links(path).parent_path() / ".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
    if (folder_ < 0)
        return; // whoever reads and writes the file is told why
    while (::flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
    }
}

file_lock::~file_lock()
{
    if (folder_ >= 0)
        ::close(folder_);
}
