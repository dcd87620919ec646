// Serves a directory of the file system; every name is looked up beneath it by the kernel (see disk_system.hpp).
#include <libftp/store/disk_store.hpp>

#include "disk_directory.hpp"
#include "disk_file.hpp"
#include "disk_new_file.hpp"
#include "disk_system.hpp"

#include <cstdio>

#include <fcntl.h>

namespace libftp {
namespace {

using disk::descriptor;
using disk::file_status;
using disk::restarted;

constexpr mode_t new_file_mode = 0666; // Less the umask.
constexpr mode_t new_directory_mode = 0777;

/// A name and the directory that holds it, for calls that act on the name itself and not on what a link leads to.
struct place {
    descriptor directory;
    std::string name;
};

/// Precondition: not the root.
result<place> find_place(int root, const store_path& path)
{
    auto directory = disk::open_beneath(root, path.parent(), O_PATH | O_DIRECTORY);
    if (!directory)
        return directory.error();
    return place{*std::move(directory), std::string{path.name()}};
}

struct regular_file {
    descriptor file;
    std::uint64_t size;
};

result<regular_file> open_regular(int root, const store_path& path, int flags)
{
    // Merely opening a device or a queue can have effects, so it is looked at first. What is then opened may be another
    // by now, so it is looked at again; and until then it must not block.
    if (const auto before = disk::status_beneath(root, path)) {
        if (const auto refusal = disk::refusal_of_irregular(*before))
            return refusal;
    }
    const auto mode = (flags & O_CREAT) != 0 ? new_file_mode : mode_t{0};
    auto file = disk::open_beneath(root, path, flags | O_NONBLOCK | O_NOCTTY, mode);
    if (!file)
        return file.error();
    const auto status = disk::status_of(*file);
    if (!status)
        return status.error();
    if (const auto refusal = disk::refusal_of_irregular(*status))
        return refusal;
    return regular_file{*std::move(file), static_cast<std::uint64_t>(status->st_size)};
}

result<std::unique_ptr<file_writer>> open_replacing(int root, const store_path& path)
{
    const auto old = disk::status_beneath(root, path);
    if (!old && old.error() != store_errc::not_found)
        return old.error();
    if (old) {
        if (const auto refusal = disk::refusal_of_irregular(*old))
            return refusal;
    }
    auto target = find_place(root, path);
    if (!target)
        return target.error();
    const auto mode = old ? old->st_mode & 0777 : new_file_mode;
    auto created = disk::new_file::create(std::move(target->directory), mode);
    if (!created)
        return created.error();
    // The umask has its say in the mode of new files, but not in one that was there already.
    if (old && ::fchmod((*created)->file().number(), mode) == -1)
        return disk::last_error();
    return disk::make_replacing_writer(*std::move(created), std::move(target->name));
}

result<std::unique_ptr<file_writer>> open_appending(int root, const store_path& path)
{
    auto opened = open_regular(root, path, O_WRONLY | O_APPEND | O_CREAT);
    if (!opened)
        return opened.error();
    return disk::make_changing_writer(std::move(opened->file), std::nullopt);
}

result<std::unique_ptr<file_writer>> open_resuming(int root, const store_path& path, std::uint64_t offset)
{
    auto opened = open_regular(root, path, offset == 0 ? O_WRONLY | O_CREAT : O_WRONLY);
    if (!opened)
        return opened.error();
    if (offset > opened->size)
        return store_errc::offset_invalid;
    return disk::make_changing_writer(std::move(opened->file), offset);
}

} // namespace

result<std::shared_ptr<disk_store>> disk_store::open(const std::string& root)
{
    const auto opened = restarted([&] { return ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); });
    if (opened == -1)
        return std::error_code{errno, std::system_category()};
    descriptor directory{opened};
    // Without openat2, in an old kernel or a sandbox, there is no safe way to serve anything.
    const auto usable = disk::open_beneath(directory.number(), store_path{}, O_PATH | O_DIRECTORY);
    if (!usable)
        return usable.error();
    return std::shared_ptr<disk_store>{new disk_store{directory.release()}};
}

disk_store::~disk_store()
{
    ::close(root_);
}

result<file_info> disk_store::stat(const store_path& path)
{
    const auto status = disk::status_beneath(root_, path);
    if (!status)
        return status.error();
    return disk::describe(*status, path.name());
}

result<std::unique_ptr<file_reader>> disk_store::open_read(const store_path& path, std::uint64_t offset)
{
    auto opened = open_regular(root_, path, O_RDONLY);
    if (!opened)
        return opened.error();
    if (offset > opened->size)
        return store_errc::offset_invalid;
    ::posix_fadvise(opened->file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return disk::make_reader(std::move(opened->file), offset, opened->size);
}

result<std::unique_ptr<file_writer>> disk_store::open_write(const store_path& path, write_mode mode,
                                                            std::uint64_t offset)
{
    switch (mode) {
    case write_mode::replace: return open_replacing(root_, path);
    case write_mode::append: return open_appending(root_, path);
    case write_mode::resume: return open_resuming(root_, path, offset);
    }
    return store_errc::not_supported;
}

result<std::unique_ptr<directory_reader>> disk_store::open_directory(const store_path& path)
{
    auto directory = disk::open_beneath(root_, path, O_RDONLY | O_DIRECTORY);
    if (!directory)
        return directory.error();
    return disk::make_directory_reader(*std::move(directory));
}

result<void> disk_store::make_directory(const store_path& path)
{
    if (path.is_root())
        return store_errc::already_exists;
    const auto at = find_place(root_, path);
    if (!at)
        return at.error();
    if (::mkdirat(at->directory.number(), at->name.c_str(), new_directory_mode) == -1)
        return disk::last_name_error();
    return {};
}

result<void> disk_store::remove_directory(const store_path& path)
{
    if (path.is_root())
        return store_errc::permission_denied;
    const auto at = find_place(root_, path);
    if (!at)
        return at.error();
    if (::unlinkat(at->directory.number(), at->name.c_str(), AT_REMOVEDIR) == -1)
        return disk::last_error();
    return {};
}

result<void> disk_store::remove_file(const store_path& path)
{
    if (path.is_root())
        return store_errc::is_a_directory;
    const auto at = find_place(root_, path);
    if (!at)
        return at.error();
    if (::unlinkat(at->directory.number(), at->name.c_str(), 0) == -1)
        return disk::last_error();
    return {};
}

result<void> disk_store::rename(const store_path& from, const store_path& to)
{
    if (from.is_root() || to.is_root())
        return store_errc::permission_denied;
    const auto source = find_place(root_, from);
    if (!source)
        return source.error();
    const auto target = find_place(root_, to);
    if (!target)
        return target.error();
    if (::renameat(source->directory.number(), source->name.c_str(), target->directory.number(),
                   target->name.c_str()) == -1)
        return disk::last_name_error();
    return {};
}

} // namespace libftp
