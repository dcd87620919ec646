// Resolves paths beneath a root by openat2(2), so that the kernel itself keeps every access inside.
#include "disk_system.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

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

file_time to_file_time(const statx_timestamp& time) noexcept
{
    using namespace std::chrono;
    // Some file systems keep times that do not fit into nanoseconds.
    constexpr auto limit = static_cast<std::int64_t>(duration_cast<seconds>(file_time::duration::max()).count() - 1);
    return file_time{seconds{std::clamp<std::int64_t>(time.tv_sec, -limit, limit)} + nanoseconds{time.tv_nsec}};
}

result<file_status> look(int directory, const char* name, int flags)
{
    file_status status{};
    // As for stat(2), looking at a mount point must not mount it.
    if (::statx(directory, name, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, &status) == -1)
        return last_name_error();
    return status;
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

result<descriptor> open_beneath(const root_directory& root, const store_path& path, int flags, mode_t mode)
{
    const char* const relative = path.is_root() ? "." : path.string().c_str() + 1;
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    if (root.links == link_rule::refuse)
        how.resolve |= RESOLVE_NO_SYMLINKS;

    // EAGAIN: a rename elsewhere kept the kernel from making sure that `..` in a link stays beneath the root.
    long number = -1;
    for (int attempts = 0; attempts < 32; ++attempts) {
        number = restarted([&] { return ::syscall(SYS_openat2, root.number, relative, &how, sizeof how); });
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

result<place> find_place(const root_directory& root, const store_path& path)
{
    auto directory = open_beneath(root, path.parent(), O_PATH | O_DIRECTORY);
    if (!directory)
        return directory.error();
    return place{*std::move(directory), std::string{path.name()}};
}

result<file_status> status_of(const descriptor& file)
{
    return look(file.number(), "", AT_EMPTY_PATH);
}

result<file_status> status_at(int directory, const char* name)
{
    return look(directory, name, AT_SYMLINK_NOFOLLOW);
}

result<file_status> status_beneath(const root_directory& root, const store_path& path)
{
    const auto found = open_beneath(root, path, O_PATH);
    if (!found)
        return found.error();
    return status_of(*found);
}

bool is_on_local_file_system(const descriptor& file) noexcept
{
    constexpr std::uint32_t xfs = 0x58465342;
    constexpr std::uint32_t zfs = 0x2fc12fc1;
    constexpr std::uint32_t local[] = {EXT4_SUPER_MAGIC,     xfs, zfs, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, TMPFS_MAGIC,
                                       OVERLAYFS_SUPER_MAGIC};
    struct ::statfs found {};
    return ::fstatfs(file.number(), &found) == 0 &&
           std::ranges::find(local, static_cast<std::uint32_t>(found.f_type)) != std::end(local);
}

std::string path_to(int file)
{
    return fmt::format("/proc/self/fd/{}", file);
}

std::error_code refusal_of_irregular(const file_status& status)
{
    if (S_ISDIR(status.stx_mode))
        return store_errc::is_a_directory;
    if (!S_ISREG(status.stx_mode))
        return store_errc::not_a_file;
    return {};
}

file_info describe(const file_status& status, std::string_view name)
{
    file_info info;
    info.name = name;
    info.type = type_of(status.stx_mode);
    info.size = status.stx_size;
    info.modified = to_file_time(status.stx_mtime);
    if ((status.stx_mask & STATX_BTIME) != 0)
        info.created = to_file_time(status.stx_btime);
    info.mode = status.stx_mode & 07777U;
    info.links = status.stx_nlink;
    info.owner = fmt::to_string(status.stx_uid);
    info.group = fmt::to_string(status.stx_gid);
    info.unique = fmt::format("{:x}g{:x}", ::makedev(status.stx_dev_major, status.stx_dev_minor), status.stx_ino);
    return info;
}

} // namespace libftp::disk
