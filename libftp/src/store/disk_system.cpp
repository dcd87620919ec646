// Resolves paths beneath a root by openat2(2), so that the kernel itself keeps every access inside.
#include "disk_system.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
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

void append_number(std::string& text, std::uint64_t number, int base)
{
    std::array<char, 20> digits;
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr);
}

/// Not all file systems have all of it at hand: some must ask another machine for a size or a time.
unsigned mask_for(fact_set facts) noexcept
{
    constexpr struct {
        fact needs;
        unsigned field;
    } fields[] = {{fact::size, STATX_SIZE},
                  {fact::modify, STATX_MTIME},
                  {fact::create, STATX_BTIME},
                  {fact::unique, STATX_INO},
                  {fact::unix_mode, STATX_MODE | STATX_NLINK},
                  {fact::unix_owner, STATX_UID},
                  {fact::unix_group, STATX_GID}};
    unsigned mask = STATX_TYPE;
    for (const auto& [needs, field] : fields)
        mask |= facts.has(needs) ? field : 0U;
    return mask;
}

/// Such a name needs no search: the kernel looks at one directory, and no way leads out of it but a link.
bool is_directly_in_root(const store_path& path) noexcept
{
    return !path.is_root() && path.name().size() == path.relative().size();
}

result<descriptor> duplicate(int number)
{
    const auto second = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (second == -1)
        return last_error();
    return descriptor{second};
}

result<descriptor> open_relative(const root_directory& root, const char* relative, int flags, mode_t mode)
{
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

constexpr unsigned all_fields = STATX_BASIC_STATS | STATX_BTIME;

std::error_code look(int directory, const char* name, int flags, unsigned mask, file_status& status)
{
    // As for stat(2), looking at a mount point must not mount it.
    if (::statx(directory, name, flags | AT_NO_AUTOMOUNT, mask, &status) == -1)
        return last_name_error();
    return {};
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
    return open_relative(root, path.is_root() ? "." : path.string().c_str() + 1, flags, mode);
}

result<descriptor> enter_beneath(const root_directory& root, const store_path& path)
{
    // Looking `.` up in it takes the right to search it, which opening it as a place does not.
    const auto inside = path.is_root() ? std::string{"."} : std::string{path.relative()} + "/.";
    return open_relative(root, inside.c_str(), O_PATH | O_DIRECTORY, 0);
}

result<place> find_place(const root_directory& root, const store_path& path)
{
    auto directory =
        is_directly_in_root(path) ? duplicate(root.number) : open_beneath(root, path.parent(), O_PATH | O_DIRECTORY);
    if (!directory)
        return directory.error();
    return place{*std::move(directory), std::string{path.name()}};
}

result<file_status> status_of(const descriptor& file)
{
    file_status status{};
    if (const auto error = look(file.number(), "", AT_EMPTY_PATH, all_fields, status))
        return error;
    return status;
}

result<file_status> status_at(int directory, const char* name)
{
    file_status status{};
    if (const auto error = look(directory, name, AT_SYMLINK_NOFOLLOW, all_fields, status))
        return error;
    return status;
}

std::error_code find_status(int directory, const char* name, fact_set facts, file_status& status)
{
    return look(directory, name, AT_SYMLINK_NOFOLLOW, mask_for(facts), status);
}

result<file_status> status_beneath(const root_directory& root, const store_path& path)
{
    if (is_directly_in_root(path)) {
        auto status = status_at(root.number, path.string().c_str() + 1);
        if (!status || !S_ISLNK(status->stx_mode))
            return status;
    }
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
    describe(status, fact_set::all(), info);
    info.name = name;
    return info;
}

void describe(const file_status& status, fact_set facts, file_info& info)
{
    info.clear();
    info.type = type_of(status.stx_mode);
    if (facts.has(fact::size))
        info.size = status.stx_size;
    if (facts.has(fact::modify))
        info.modified = to_file_time(status.stx_mtime);
    if (facts.has(fact::create) && (status.stx_mask & STATX_BTIME) != 0)
        info.created = to_file_time(status.stx_btime);
    if (facts.has(fact::unix_mode)) {
        info.mode = status.stx_mode & 07777U;
        info.links = status.stx_nlink;
    }
    if (facts.has(fact::unix_owner))
        append_number(info.owner, status.stx_uid, 10);
    if (facts.has(fact::unix_group))
        append_number(info.group, status.stx_gid, 10);
    if (facts.has(fact::unique)) {
        append_number(info.unique, ::makedev(status.stx_dev_major, status.stx_dev_minor), 16);
        info.unique += 'g';
        append_number(info.unique, status.stx_ino, 16);
    }
}

} // namespace libftp::disk
