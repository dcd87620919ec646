// Changes times, mode, group, access control list and users' attributes through a descriptor, so that no name is looked
// up a second time.
#include "disk_attributes.hpp"

#include "../protocol/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <sys/xattr.h>

namespace libftp::disk {
namespace {

static_assert(sizeof(time_t) == 8, "times behind 2038 need _TIME_BITS=64");

constexpr auto same_owner = static_cast<uid_t>(-1);
constexpr auto same_group = static_cast<gid_t>(-1);
constexpr std::size_t max_attribute_bytes = 64 * 1024; // Linux has none that are longer (XATTR_SIZE_MAX).

/// By number or by name.
result<gid_t> find_group(const std::string& text)
{
    gid_t number = same_group;
    const auto* const end = text.data() + text.size();
    if (const auto parsed = std::from_chars(text.data(), end, number); parsed.ptr == end) {
        if (parsed.ec != std::errc{} || number == same_group)
            return store_errc::name_not_allowed;
        return number;
    }

    // Members are read along with a group, and there may be many.
    constexpr std::size_t max_bytes = 1024 * 1024;
    for (std::vector<char> buffer(1024); buffer.size() <= max_bytes; buffer.resize(buffer.size() * 2)) {
        ::group entry{};
        ::group* found = nullptr;
        const auto error = ::getgrnam_r(text.c_str(), &entry, buffer.data(), buffer.size(), &found);
        if (found)
            return entry.gr_gid;
        if (error != ERANGE)
            break; // Systems have many numbers for a group that does not exist.
    }
    return store_errc::name_not_allowed;
}

timespec to_timespec(const std::optional<file_time>& time)
{
    if (!time)
        return {0, UTIME_OMIT};
    const auto whole = std::chrono::floor<std::chrono::seconds>(*time);
    return {whole.time_since_epoch().count(), static_cast<long>((*time - whole).count())};
}

timespec to_timespec(const statx_timestamp& time)
{
    return {time.tv_sec, static_cast<long>(time.tv_nsec)};
}

result<void> set_group(const descriptor& file, gid_t group)
{
    if (::chown(path_to(file.number()).c_str(), same_owner, group) == -1)
        return last_error();
    return {};
}

/// The times of access and modification, as utimensat(2) takes them.
using both_times = std::array<timespec, 2>;

result<void> utime(const descriptor& file, const both_times& times)
{
    // A descriptor of O_PATH is accepted here from Linux 5.8 on; before, only by the longer way through /proc.
    if (::utimensat(file.number(), "", times.data(), AT_EMPTY_PATH) == -1 &&
        ::utimensat(AT_FDCWD, path_to(file.number()).c_str(), times.data(), 0) == -1)
        return last_error();
    return {};
}

result<void> set_times(const descriptor& file, const attribute_changes& changes, const file_status& old)
{
    const both_times times{to_timespec(changes.accessed), to_timespec(changes.modified)};
    if (auto set = utime(file, times); !set)
        return set;
    // A file system silently takes the nearest time that it can keep; some only count every other second.
    const auto status = status_of(file);
    if (!changes.modified || !status || std::abs(status->stx_mtime.tv_sec - times[1].tv_sec) < 2)
        return {};
    static_cast<void>(utime(file, {to_timespec(old.stx_atime), to_timespec(old.stx_mtime)}));
    return std::make_error_code(std::errc::result_out_of_range);
}

} // namespace

result<void> set_attributes(const descriptor& file, const attribute_changes& changes)
{
    const auto status = status_of(file);
    if (!status)
        return status.error();
    if (!S_ISREG(status->stx_mode) && !S_ISDIR(status->stx_mode))
        return store_errc::not_a_file;
    if (changes.created)
        return store_errc::not_supported;
    if (changes.mode && (*changes.mode & ~0777U) != 0)
        return store_errc::permission_denied;

    const auto group = changes.group.empty() ? result<gid_t>{same_group} : find_group(changes.group);
    if (!group)
        return group.error();

    // The times first: only they can be set without being kept, and are then set back.
    if (changes.modified || changes.accessed) {
        if (auto set = set_times(file, changes, *status); !set)
            return set;
    }
    if (*group != same_group) {
        if (auto set = set_group(file, *group); !set)
            return set;
    }
    if (changes.mode)
        return set_mode(file, *changes.mode);
    return {};
}

result<void> set_mode(const descriptor& file, mode_t mode)
{
    if (::chmod(path_to(file.number()).c_str(), mode) == -1)
        return last_error();
    return {};
}

result<void> copy_access_list(const descriptor& old, const descriptor& file)
{
    constexpr const char* access_list = "system.posix_acl_access";
    const auto way = path_to(old.number());
    const auto size = ::getxattr(way.c_str(), access_list, nullptr, 0);
    if (size > 0) {
        std::vector<char> list(static_cast<std::size_t>(size));
        const auto taken = ::getxattr(way.c_str(), access_list, list.data(), list.size());
        if (taken == -1 ||
            ::fsetxattr(file.number(), access_list, list.data(), static_cast<std::size_t>(taken), 0) == -1)
            return last_error();
    } else if (::fgetxattr(file.number(), access_list, nullptr, 0) > 0 &&
               ::fremovexattr(file.number(), access_list) == -1) {
        return last_error();
    }
    return {};
}

void copy_user_attributes(const descriptor& old, const descriptor& file)
{
    const auto way = path_to(old.number());
    auto size = ::listxattr(way.c_str(), nullptr, 0);
    if (size <= 0)
        return;
    std::vector<char> names(static_cast<std::size_t>(size));
    size = ::listxattr(way.c_str(), names.data(), names.size());
    std::vector<char> value;
    for (std::string_view rest{names.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))}; !rest.empty();) {
        const std::string name{ascii::take_until(rest, '\0')};
        if (!name.starts_with("user."))
            continue;
        value.resize(max_attribute_bytes);
        const auto taken = ::getxattr(way.c_str(), name.c_str(), value.data(), value.size());
        if (taken != -1)
            static_cast<void>(
                ::fsetxattr(file.number(), name.c_str(), value.data(), static_cast<std::size_t>(taken), 0));
    }
}

} // namespace libftp::disk
