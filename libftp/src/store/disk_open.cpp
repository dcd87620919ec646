// Opens the files of a disk store: only regular ones, and new ones with the mode that they are to have.
#include "disk_open.hpp"

#include "disk_attributes.hpp"
#include "disk_system.hpp"

#include <fcntl.h>
#include <sys/file.h>

namespace libftp::disk {
namespace {

constexpr mode_t new_file_mode = 0666; // Less a umask: the one asked for, or else the process's.

constexpr std::uint64_t fetched_at_once = 128 * 1024; // by the kernel's usual reading ahead

struct regular_file {
    descriptor file;
    std::uint64_t size;
};

result<regular_file> open_regular(const root_directory& root, const store_path& path, int flags)
{
    // Merely opening a device or a queue can have effects, so it is looked at first. What is then opened may be another
    // by now, so it is looked at again; and until then it must not block.
    if (const auto before = status_beneath(root, path)) {
        if (const auto refusal = refusal_of_irregular(*before))
            return refusal;
    }
    auto file = open_beneath(root, path, flags | O_NONBLOCK | O_NOCTTY);
    if (!file)
        return file.error();
    const auto status = status_of(*file);
    if (!status)
        return status.error();
    if (const auto refusal = refusal_of_irregular(*status))
        return refusal;
    return regular_file{*std::move(file), status->stx_size};
}

/// The mode of a new file.
struct wanted_mode {
    mode_t bits;
    bool is_exact; ///< In spite of the process's umask.
};

wanted_mode mode_of_new(const write_options& options)
{
    return {new_file_mode & ~options.withheld & ~options.umask.value_or(0), options.umask.has_value()};
}

result<void> make_exact(const descriptor& new_file, wanted_mode mode)
{
    if (mode.is_exact && ::fchmod(new_file.number(), mode.bits) == -1)
        return last_error();
    return {};
}

/// Opens a file to change it in place, and makes it where it is not there.
result<regular_file> open_or_make(const root_directory& root, const store_path& path, int flags,
                                  const write_options& options)
{
    auto opened = open_regular(root, path, flags);
    if (opened || opened.error() != store_errc::not_found)
        return opened;
    const auto mode = mode_of_new(options);
    auto made = open_beneath(root, path, flags | O_CREAT | O_EXCL, mode.bits);
    // Others were faster, or it is a link that leads nowhere.
    if (!made && made.error() == store_errc::already_exists)
        return open_regular(root, path, flags);
    if (!made)
        return made.error();
    if (const auto set = make_exact(*made, mode); !set)
        return set.error();
    return regular_file{*std::move(made), 0};
}

/// As far as this process may give a file away; if it is in the group, that at least is kept.
void keep_owner_and_group(const descriptor& new_file, const file_status& old)
{
    struct ::stat made {};
    if (::fstat(new_file.number(), &made) == 0 && made.st_uid == old.stx_uid && made.st_gid == old.stx_gid)
        return;
    constexpr auto same_owner = static_cast<uid_t>(-1);
    if (::fchown(new_file.number(), old.stx_uid, old.stx_gid) == -1)
        static_cast<void>(::fchown(new_file.number(), same_owner, old.stx_gid) == 0);
}

/// Where a file has an access control list, the bits of its mode for the group are what the list grants at most, which
/// without the list would be the group's own.
result<void> keep_list_and_attributes(const root_directory& root, const store_path& path, const descriptor& new_file)
{
    const auto old = open_beneath(root, path, O_PATH);
    if (!old)
        return {}; // It is not there any more.
    copy_user_attributes(*old, new_file);
    return copy_access_list(*old, new_file);
}

/// `old`: what it is to take the place of, if anything.
result<replacement> make_new(place target, wanted_mode mode, const file_status* old, if_taken taken)
{
    auto created = new_file::create(std::move(target.directory), mode.bits);
    if (!created)
        return created.error();
    if (old)
        keep_owner_and_group((*created)->file(), *old);
    if (const auto set = make_exact((*created)->file(), mode); !set)
        return set.error();
    return replacement{*std::move(created), std::move(target.name), taken};
}

/// Whether no other file can take the place of `file`, which would show only when all has been received: its attributes
/// or the directory's forbid it to everybody, or the sticky bit to others than the owners of the two.
bool is_kept_in_place(const descriptor& directory, const file_status& file)
{
    constexpr auto keeping = std::uint64_t{STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND};
    const auto status = status_of(directory);
    if (!status)
        return false;
    if (((file.stx_attributes | status->stx_attributes) & keeping) != 0)
        return true;
    const auto user = ::geteuid();
    return (status->stx_mode & S_ISVTX) != 0 && user != 0 && user != file.stx_uid && user != status->stx_uid;
}

/// Why this process may not write to the file of that name, or put another there. Any other obstacle shows when the new
/// file is made.
std::error_code refusal_of_protected(const place& entry, const file_status& file)
{
    constexpr int flags = AT_EACCESS | AT_SYMLINK_NOFOLLOW;
    if (::faccessat(entry.directory.number(), entry.name.c_str(), W_OK, flags) == -1 && errno == EACCES)
        return last_error();
    if (is_kept_in_place(entry.directory, file))
        return store_errc::permission_denied;
    return {};
}

result<std::unique_ptr<file_writer>> open_replacing(const root_directory& root, const store_path& path,
                                                    const write_options& options)
{
    auto made = make_replacement(root, path, options);
    if (!made)
        return made.error();
    return make_publishing_writer(*std::move(made));
}

result<std::unique_ptr<file_writer>> open_creating(const root_directory& root, const store_path& path,
                                                   const write_options& options)
{
    if (path.is_root())
        return store_errc::already_exists;
    auto target = find_place(root, path);
    if (!target)
        return target.error();
    const auto taken = status_at(target->directory.number(), target->name.c_str());
    if (taken)
        return store_errc::already_exists;
    if (taken.error() != store_errc::not_found)
        return taken.error();
    auto made = make_new(*std::move(target), mode_of_new(options), nullptr, if_taken::fail);
    if (!made)
        return made.error();
    return make_publishing_writer(*std::move(made));
}

/// Keeps those who would change the file in place at the same time away until it is closed: `how` is LOCK_EX against
/// all of them, LOCK_SH against those alone who want it for themselves. On a file system without locks nobody is kept
/// away.
result<void> claim(const descriptor& file, int how)
{
    if (restarted([&] { return ::flock(file.number(), how | LOCK_NB); }) == -1 && errno == EWOULDBLOCK)
        return store_errc::busy;
    return {};
}

result<std::unique_ptr<file_writer>> open_appending(const root_directory& root, const store_path& path,
                                                    const write_options& options)
{
    auto opened = open_or_make(root, path, O_WRONLY | O_APPEND, options);
    if (!opened)
        return opened.error();
    // What several append at once stays as a whole, and in the file.
    if (auto claimed = claim(opened->file, LOCK_SH); !claimed)
        return claimed.error();
    return make_changing_writer(std::move(opened->file), std::nullopt);
}

result<std::unique_ptr<file_writer>> open_resuming(const root_directory& root, const store_path& path,
                                                   const write_options& options)
{
    auto opened =
        options.offset == 0 ? open_or_make(root, path, O_WRONLY, options) : open_regular(root, path, O_WRONLY);
    if (!opened)
        return opened.error();
    if (auto claimed = claim(opened->file, LOCK_EX); !claimed)
        return claimed.error();
    const auto status = status_of(opened->file); // Others may have cut it until now.
    if (!status)
        return status.error();
    if (options.offset > status->stx_size)
        return store_errc::offset_invalid;
    return make_changing_writer(std::move(opened->file), options.offset);
}

} // namespace

result<std::unique_ptr<file_reader>> open_read(const root_directory& root, const store_path& path, std::uint64_t offset)
{
    auto opened = open_regular(root, path, O_RDONLY);
    if (!opened)
        return opened.error();
    if (offset > opened->size)
        return store_errc::offset_invalid;
    if (opened->size > fetched_at_once)
        ::posix_fadvise(opened->file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return make_reader(std::move(opened->file), offset, opened->size);
}

result<std::unique_ptr<file_writer>> open_write(const root_directory& root, const store_path& path,
                                                const write_options& options)
{
    switch (options.mode) {
    case write_mode::replace: return open_replacing(root, path, options);
    case write_mode::create: return open_creating(root, path, options);
    case write_mode::append: return open_appending(root, path, options);
    case write_mode::resume: return open_resuming(root, path, options);
    }
    return store_errc::not_supported;
}

result<replacement> make_replacement(const root_directory& root, const store_path& path, const write_options& options)
{
    if (path.is_root())
        return store_errc::is_a_directory;
    auto target = find_place(root, path);
    if (!target)
        return target.error();
    auto old = status_at(target->directory.number(), target->name.c_str());
    const auto taken = old ? if_taken::replace_known : if_taken::replace;
    // Permission for the directory is enough to replace a file in it, but not what somebody who protected it wanted.
    if (old && S_ISREG(old->stx_mode)) {
        if (const auto refusal = refusal_of_protected(*target, *old))
            return refusal;
    }
    if (old && S_ISLNK(old->stx_mode))
        old = status_beneath(root, path);
    if (!old && old.error() != store_errc::not_found)
        return old.error();
    if (old) {
        if (const auto refusal = refusal_of_irregular(*old))
            return refusal;
    }
    // A umask counts for new files, but a file that is replaced keeps its mode.
    const auto mode = old ? wanted_mode{mode_t{old->stx_mode} & 0777U, true} : mode_of_new(options);
    auto made = make_new(*std::move(target), mode, old ? &*old : nullptr, taken);
    if (!made || !old)
        return made;
    if (const auto kept = keep_list_and_attributes(root, path, made->file->file()); !kept)
        return kept.error();
    return made;
}

} // namespace libftp::disk
