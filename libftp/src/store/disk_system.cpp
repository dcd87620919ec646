// Resolves paths beneath a root by openat2(2), so that the kernel itself keeps every access inside.
#include "disk_system.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace libftp::disk {
namespace {

file_type type_of(mode_t mode) noexcept
{
    switch (mode & S_IFMT) {
    case S_IFREG: return file_type::file;
    case S_IFDIR: return file_type::directory;
    case S_IFLNK: return file_type::symbolic_link;
    default: return file_type::other;
    }
}

file_time to_file_time(const timespec& time) noexcept
{
    using namespace std::chrono;
    // Some file systems keep times that do not fit into nanoseconds.
    constexpr auto limit = static_cast<time_t>(duration_cast<seconds>(file_time::duration::max()).count() - 1);
    return file_time{seconds{std::clamp(time.tv_sec, -limit, limit)} + nanoseconds{time.tv_nsec}};
}

} // namespace

std::error_code last_error()
{
    const std::error_code error{errno, std::system_category()};
    const auto refusal = to_store_errc(error);
    return refusal ? make_error_code(*refusal) : error;
}

std::error_code last_name_error()
{
    return errno == EINVAL ? make_error_code(store_errc::name_not_allowed) : last_error();
}

result<descriptor> open_beneath(int root, const store_path& path, int flags, mode_t mode)
{
    const char* const relative = path.is_root() ? "." : path.string().c_str() + 1;
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;

    // EAGAIN: a rename elsewhere kept the kernel from making sure that `..` in a link stays beneath the root.
    long number = -1;
    for (int attempts = 0; attempts < 32; ++attempts) {
        number = restarted([&] { return ::syscall(SYS_openat2, root, relative, &how, sizeof how); });
        if (number != -1 || errno != EAGAIN)
            break;
    }
    if (number != -1)
        return descriptor{static_cast<int>(number)};

    switch (errno) {
    case EXDEV: return store_errc::permission_denied;
    case ENXIO: return store_errc::not_a_file;
    default: return last_name_error();
    }
}

result<file_status> status_of(const descriptor& file)
{
    file_status status{};
    if (::fstat(file.number(), &status) == -1)
        return last_error();
    return status;
}

result<file_status> status_beneath(int root, const store_path& path)
{
    const auto found = open_beneath(root, path, O_PATH);
    if (!found)
        return found.error();
    return status_of(*found);
}

std::error_code refusal_of_irregular(const file_status& status)
{
    if (S_ISDIR(status.st_mode))
        return store_errc::is_a_directory;
    if (!S_ISREG(status.st_mode))
        return store_errc::not_a_file;
    return {};
}

file_info describe(const file_status& status, std::string_view name)
{
    file_info info;
    info.name = name;
    info.type = type_of(status.st_mode);
    info.size = static_cast<std::uint64_t>(status.st_size);
    info.modified = to_file_time(status.st_mtim);
    info.mode = status.st_mode & 07777;
    info.links = static_cast<std::uint32_t>(status.st_nlink);
    info.owner = fmt::to_string(status.st_uid);
    info.group = fmt::to_string(status.st_gid);
    info.unique = fmt::format("{:x}g{:x}", status.st_dev, status.st_ino);
    return info;
}

} // namespace libftp::disk
