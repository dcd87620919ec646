// Serves a directory of the file system; every name is looked up beneath it by the kernel (see disk_system.hpp).
#include <libftp/store/disk_store.hpp>

#include "disk_attributes.hpp"
#include "disk_directory.hpp"
#include "disk_hidden_name.hpp"
#include "disk_link.hpp"
#include "disk_new_file.hpp"
#include "disk_open.hpp"
#include "disk_system.hpp"

#include <cstdio>

#include <fcntl.h>
#include <sys/statvfs.h>

namespace libftp {
namespace {

using disk::descriptor;
using disk::restarted;

constexpr mode_t new_directory_mode = 0777;

/// Not by the name, which may lead elsewhere by now.
result<void> set_exact_mode_of_directory(const disk::place& at, mode_t mode)
{
    const descriptor made{restarted([&] {
        return ::openat(at.directory.number(), at.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    })};
    if (made.number() == -1)
        return disk::last_error();
    const auto status = disk::status_of(made);
    if (!status)
        return status.error();
    // A directory may take the set-group-ID bit over from the one above it.
    return disk::set_mode(made, (status->stx_mode & mode_t{S_ISGID}) | mode);
}

/// Whether it holds nothing but remains of unfinished files, which reading it removes.
bool shows_nothing(const disk::place& at)
{
    descriptor directory{restarted([&] {
        return ::openat(at.directory.number(), at.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    })};
    if (directory.number() == -1)
        return false;
    const auto reader = disk::make_directory_reader(std::move(directory));
    file_info entry;
    if (!reader)
        return false;
    const auto found = (*reader)->next(entry);
    return found && !*found;
}

result<void> rename_at(const disk::root_directory& root, const store_path& from, const store_path& to, unsigned flags)
{
    if (from.is_root() || to.is_root())
        return store_errc::permission_denied;
    if (disk::is_hidden_name(to.name()))
        return store_errc::name_not_allowed;
    const auto source = disk::find_place(root, from);
    if (!source)
        return source.error();
    const auto target = disk::find_place(root, to);
    if (!target)
        return target.error();
    if (::renameat2(source->directory.number(), source->name.c_str(), target->directory.number(), target->name.c_str(),
                    flags) == -1)
        return disk::last_name_error();
    return {};
}

} // namespace

result<std::shared_ptr<disk_store>> disk_store::open(const std::string& root, link_rule links)
{
    if (root.find('\0') != std::string::npos) // else what is in front of it would be opened
        return std::make_error_code(std::errc::invalid_argument);
    const auto opened = restarted([&] { return ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); });
    if (opened == -1)
        return std::error_code{errno, std::system_category()};
    descriptor directory{opened};
    // Without openat2, in an old kernel or a sandbox, there is no safe way to serve anything.
    const auto usable = disk::open_beneath(directory.number(), store_path{}, O_PATH | O_DIRECTORY);
    if (!usable)
        return usable.error();
    const bool is_local = disk::is_on_local_file_system(directory);
    return std::shared_ptr<disk_store>{new disk_store{directory.release(), links, is_local}};
}

disk_store::~disk_store()
{
    ::close(root_);
}

bool disk_store::follows_links() const noexcept
{
    return links_ == link_rule::follow;
}

bool disk_store::can(store_ability needed) const noexcept
{
    return needed != store_ability::set_created && (needed != store_ability::symbolic_links || follows_links());
}

result<file_info> disk_store::stat(const store_path& path)
{
    const auto status = disk::status_beneath({root_, links_}, path);
    if (!status)
        return status.error();
    return disk::describe(*status, path.name());
}

result<void> disk_store::find_directory(const store_path& path)
{
    const auto found = disk::enter_beneath({root_, links_}, path);
    if (!found)
        return found.error();
    return {};
}

result<std::unique_ptr<file_reader>> disk_store::open_read(const store_path& path, std::uint64_t offset)
{
    return disk::open_read({root_, links_}, path, offset);
}

result<std::unique_ptr<file_writer>> disk_store::open_write(const store_path& path, const write_options& options)
{
    if (disk::is_hidden_name(path.name()))
        return store_errc::name_not_allowed;
    return disk::open_write({root_, links_}, path, options);
}

result<std::unique_ptr<directory_reader>> disk_store::open_directory(const store_path& path)
{
    auto directory = disk::open_beneath({root_, links_}, path, O_RDONLY | O_DIRECTORY);
    if (!directory)
        return directory.error();
    return disk::make_directory_reader(*std::move(directory));
}

result<void> disk_store::make_directory(const store_path& path, std::optional<std::uint32_t> umask)
{
    if (path.is_root())
        return store_errc::already_exists;
    if (disk::is_hidden_name(path.name()))
        return store_errc::name_not_allowed;
    const auto at = disk::find_place({root_, links_}, path);
    if (!at)
        return at.error();
    const auto mode = new_directory_mode & ~umask.value_or(0);
    if (::mkdirat(at->directory.number(), at->name.c_str(), mode) == -1)
        return disk::last_name_error();
    if (umask)
        return set_exact_mode_of_directory(*at, mode);
    return {};
}

result<void> disk_store::remove_directory(const store_path& path)
{
    if (path.is_root())
        return store_errc::permission_denied;
    const auto at = disk::find_place({root_, links_}, path);
    if (!at)
        return at.error();
    const auto remove = [&]() -> result<void> {
        if (::unlinkat(at->directory.number(), at->name.c_str(), AT_REMOVEDIR) == -1)
            return disk::last_error();
        return {};
    };
    auto removed = remove();
    // What is not shown to a client must not be in its way.
    if (!removed && removed.error() == store_errc::directory_not_empty && shows_nothing(*at))
        removed = remove();
    return removed;
}

result<void> disk_store::remove_file(const store_path& path)
{
    if (path.is_root())
        return store_errc::is_a_directory;
    const auto at = disk::find_place({root_, links_}, path);
    if (!at)
        return at.error();
    if (::unlinkat(at->directory.number(), at->name.c_str(), 0) == -1)
        return disk::last_error();
    return {};
}

result<void> disk_store::rename(const store_path& from, const store_path& to)
{
    return rename_at({root_, links_}, from, to, 0);
}

result<void> disk_store::rename_to_new(const store_path& from, const store_path& to)
{
    auto renamed = rename_at({root_, links_}, from, to, RENAME_NOREPLACE);
    const bool can_not = !renamed && renamed.error() == std::errc::invalid_argument; // this file system, or into itself
    return can_not ? file_store::rename_to_new(from, to) : renamed;
}

result<void> disk_store::set_attributes(const store_path& path, const attribute_changes& changes)
{
    const auto found = disk::open_beneath({root_, links_}, path, O_PATH);
    if (!found)
        return found.error();
    return disk::set_attributes(*found, changes);
}

result<void> disk_store::make_symbolic_link(const store_path& target, const store_path& link)
{
    if (!can(store_ability::symbolic_links))
        return store_errc::not_supported;
    if (link.is_root())
        return store_errc::already_exists;
    if (disk::is_hidden_name(link.name()))
        return store_errc::name_not_allowed;
    const auto at = disk::find_place({root_, links_}, link);
    if (!at)
        return at.error();
    // Where the target is below by its path, the text does not climb, though a link may lead to the directory itself.
    const auto directory = link.parent().contains(target) ? result<store_path>{link.parent()}
                                                          : disk::path_beneath({root_, links_}, at->directory);
    if (!directory)
        return directory.error();
    const auto text = disk::link_text(*directory, target);
    if (::symlinkat(text.c_str(), at->directory.number(), at->name.c_str()) == -1)
        return disk::last_name_error();
    return {};
}

result<std::uint64_t> disk_store::available_space(const store_path& path)
{
    const auto found = disk::open_beneath({root_, links_}, path, O_PATH);
    if (!found)
        return found.error();
    struct ::statvfs space {};
    if (restarted([&] { return ::fstatvfs(found->number(), &space); }) == -1)
        return disk::last_error();
    return std::uint64_t{space.f_bavail} * space.f_frsize;
}

} // namespace libftp
