// Serves a directory of Windows; every name is looked up in a directory that is open already (see
// disk_windows_system.hpp).
#include <libftp/store/disk_store.hpp>

#include "disk_windows_directory.hpp"
#include "disk_windows_file.hpp"
#include "disk_windows_system.hpp"

namespace libftp {
namespace {

using disk::if_taken;
using disk::opening;

constexpr opening to_look{FILE_READ_ATTRIBUTES};
constexpr opening to_list{FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_DIRECTORY_FILE};
constexpr opening to_read{FILE_READ_DATA | FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_SEQUENTIAL_ONLY};

/// Where something new can be: with a name, and not with one that is kept for unfinished files.
result<disk::place> find_new_place(HANDLE root, const store_path& path, store_errc if_root)
{
    if (path.is_root())
        return if_root;
    if (disk::is_name_of_unfinished(path.name()))
        return store_errc::name_not_allowed;
    return disk::find_place(root, path);
}

result<std::unique_ptr<disk::unnamed_file>> create_unnamed(HANDLE root, const store_path& path, if_taken taken)
{
    auto target =
        find_new_place(root, path, taken == if_taken::fail ? store_errc::already_exists : store_errc::is_a_directory);
    if (!target)
        return target.error();
    const auto old = disk::open_in(target->directory.get(), target->name, to_look);
    if (old) {
        if (taken == if_taken::fail)
            return store_errc::already_exists;
        const auto status = disk::status_of(*old);
        if (!status)
            return status.error();
        if (const auto refusal = disk::refusal_of_irregular(status->dwFileAttributes))
            return refusal;
    } else if (old.error() != store_errc::not_found) {
        return old.error();
    }
    return disk::make_unnamed_file(*std::move(target), taken);
}

result<std::unique_ptr<file_writer>> open_new(HANDLE root, const store_path& path, if_taken taken)
{
    auto created = create_unnamed(root, path, taken);
    if (!created)
        return created.error();
    return disk::make_publishing_writer(*std::move(created));
}

/// Without an offset, at the end.
result<std::unique_ptr<file_writer>> open_to_change(HANDLE root, const store_path& path,
                                                    std::optional<std::uint64_t> offset)
{
    const auto target = find_new_place(root, path, store_errc::is_a_directory);
    if (!target)
        return target.error();
    const ACCESS_MASK access = (offset ? FILE_WRITE_DATA : FILE_APPEND_DATA) | FILE_READ_ATTRIBUTES;
    const ULONG disposition = offset.value_or(0) == 0 ? FILE_OPEN_IF : FILE_OPEN;
    auto file = disk::open_in(target->directory.get(), target->name, {access, disposition, FILE_NON_DIRECTORY_FILE});
    if (!file)
        return file.error();
    const auto status = disk::status_of(*file);
    if (!status)
        return status.error();
    if (const auto refusal = disk::refusal_of_irregular(status->dwFileAttributes))
        return refusal;
    if (offset.value_or(0) > disk::joined(status->nFileSizeHigh, status->nFileSizeLow))
        return store_errc::offset_invalid;
    return disk::make_changing_writer(*std::move(file), offset);
}

result<void> remove_at(HANDLE root, const store_path& path, ULONG kind)
{
    const auto at = disk::find_place(root, path);
    if (!at)
        return at.error();
    const auto found = disk::open_in(at->directory.get(), at->name, {DELETE, FILE_OPEN, kind});
    if (!found)
        return found.error();
    return disk::decide(*found, disk::at_close::goes);
}

/// Rename replaces no directory on Windows, not even an empty one: that goes first.
result<void> make_way(const disk::handle& moved, const disk::place& target)
{
    const auto old = disk::open_in(target.directory.get(), target.name, {DELETE | FILE_READ_ATTRIBUTES});
    if (!old)
        return old.error() == store_errc::not_found ? result<void>{} : old.error();
    const auto to_move = disk::status_of(moved);
    const auto to_replace = disk::status_of(*old);
    if (!to_move || !to_replace)
        return (to_move ? to_replace : to_move).error();
    if (disk::unique_of(*to_move) == disk::unique_of(*to_replace))
        return {}; // at most the case of its letters changes
    const bool moves_directory = disk::type_of(to_move->dwFileAttributes) == file_type::directory;
    const bool replaces_directory = disk::type_of(to_replace->dwFileAttributes) == file_type::directory;
    if (moves_directory != replaces_directory)
        return replaces_directory ? store_errc::is_a_directory : store_errc::not_a_directory;
    return replaces_directory ? disk::decide(*old, disk::at_close::goes) : result<void>{};
}

result<void> rename_at(HANDLE root, const store_path& from, const store_path& to, if_taken taken)
{
    if (from.is_root())
        return store_errc::permission_denied;
    const auto source = disk::find_place(root, from);
    if (!source)
        return source.error();
    const auto target = find_new_place(root, to, store_errc::permission_denied);
    if (!target)
        return target.error();
    const auto file = disk::open_in(source->directory.get(), source->name, {DELETE | FILE_READ_ATTRIBUTES});
    if (!file)
        return file.error();
    if (from != to && from.contains(to))
        return store_errc::name_not_allowed;
    if (from != to && to.contains(from))
        return taken == if_taken::fail ? store_errc::already_exists : store_errc::directory_not_empty;
    if (taken == if_taken::replace) {
        if (auto way = make_way(*file, *target); !way)
            return way;
    }
    return disk::rename(*file, *target, taken);
}

result<disk::handle> open_folder(const std::string& path)
{
    const auto name = disk::to_wide(path);
    if (!name)
        return name.error();
    const HANDLE opened = ::CreateFileW(name->c_str(), FILE_LIST_DIRECTORY | FILE_TRAVERSE | FILE_READ_ATTRIBUTES,
                                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                        FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (opened == INVALID_HANDLE_VALUE)
        return disk::last_error();
    disk::handle folder{opened};
    const auto status = disk::status_of(folder);
    if (!status)
        return status.error();
    if ((status->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
        return store_errc::not_a_directory;
    return folder;
}

} // namespace

result<std::unique_ptr<disk::unnamed_file>> disk::make_unnamed_file(const local_name& where)
{
    const auto folder = open_folder(where.folder);
    if (!folder)
        return folder.error();
    return create_unnamed(folder->get(), where.name, if_taken::replace);
}

result<std::shared_ptr<disk_store>> disk_store::open(const std::string& root, link_rule links)
{
    if (root.find('\0') != std::string::npos) // else what is in front of it would be opened
        return std::make_error_code(std::errc::invalid_argument);
    auto directory = open_folder(root);
    if (!directory)
        return directory.error();
    return std::shared_ptr<disk_store>{new disk_store{directory->release(), links, false}};
}

disk_store::~disk_store()
{
    ::CloseHandle(root_);
}

bool disk_store::follows_links() const noexcept
{
    // Another case, or a short name of the kind `PROGRA~1`, leads to the same file.
    return true;
}

bool disk_store::can(store_ability needed) const noexcept
{
    return needed == store_ability::none || needed == store_ability::set_times || needed == store_ability::space;
}

result<file_info> disk_store::stat(const store_path& path)
{
    const auto found = disk::open_beneath(root_, path, to_look);
    if (!found)
        return found.error();
    const auto status = disk::status_of(*found);
    if (!status)
        return status.error();
    const auto time = [](const FILETIME& of) {
        return disk::to_file_time(static_cast<std::int64_t>(disk::joined(of.dwHighDateTime, of.dwLowDateTime)));
    };
    file_info info;
    info.name = path.name();
    info.type = disk::type_of(status->dwFileAttributes);
    if (info.type == file_type::file)
        info.size = disk::joined(status->nFileSizeHigh, status->nFileSizeLow);
    info.modified = time(status->ftLastWriteTime);
    info.created = time(status->ftCreationTime);
    info.links = status->nNumberOfLinks;
    info.unique = disk::unique_of(*status);
    return info;
}

result<void> disk_store::find_directory(const store_path& path)
{
    return file_store::find_directory(path);
}

result<std::unique_ptr<file_reader>> disk_store::open_read(const store_path& path, std::uint64_t offset)
{
    auto file = disk::open_beneath(root_, path, to_read);
    if (!file)
        return file.error();
    const auto status = disk::status_of(*file);
    if (!status)
        return status.error();
    if (const auto refusal = disk::refusal_of_irregular(status->dwFileAttributes))
        return refusal;
    const auto size = disk::joined(status->nFileSizeHigh, status->nFileSizeLow);
    if (offset > size)
        return store_errc::offset_invalid;
    return disk::make_reader(*std::move(file), offset, size);
}

result<std::unique_ptr<file_writer>> disk_store::open_write(const store_path& path, const write_options& options)
{
    switch (options.mode) {
    case write_mode::replace: return open_new(root_, path, if_taken::replace);
    case write_mode::create: return open_new(root_, path, if_taken::fail);
    case write_mode::append: return open_to_change(root_, path, std::nullopt);
    case write_mode::resume: return open_to_change(root_, path, options.offset);
    }
    return store_errc::not_supported;
}

result<std::unique_ptr<directory_reader>> disk_store::open_directory(const store_path& path)
{
    auto directory = disk::open_beneath(root_, path, to_list);
    if (!directory)
        return directory.error();
    return disk::make_directory_reader(*std::move(directory));
}

result<void> disk_store::make_directory(const store_path& path, std::optional<std::uint32_t> /*umask*/)
{
    const auto at = find_new_place(root_, path, store_errc::already_exists);
    if (!at)
        return at.error();
    const auto made =
        disk::open_in(at->directory.get(), at->name, {FILE_READ_ATTRIBUTES, FILE_CREATE, FILE_DIRECTORY_FILE});
    return made ? result<void>{} : made.error();
}

result<void> disk_store::remove_directory(const store_path& path)
{
    return path.is_root() ? store_errc::permission_denied : remove_at(root_, path, FILE_DIRECTORY_FILE);
}

result<void> disk_store::remove_file(const store_path& path)
{
    return path.is_root() ? store_errc::is_a_directory : remove_at(root_, path, FILE_NON_DIRECTORY_FILE);
}

result<void> disk_store::rename(const store_path& from, const store_path& to)
{
    return rename_at(root_, from, to, if_taken::replace);
}

result<void> disk_store::rename_to_new(const store_path& from, const store_path& to)
{
    return rename_at(root_, from, to, if_taken::fail);
}

result<void> disk_store::set_attributes(const store_path& path, const attribute_changes& changes)
{
    if (changes.created || changes.mode || !changes.group.empty())
        return store_errc::not_supported;
    const auto found = disk::open_beneath(root_, path, {FILE_WRITE_ATTRIBUTES | FILE_READ_ATTRIBUTES});
    if (!found)
        return found.error();
    // What is zero stays.
    FILE_BASIC_INFO times{};
    const auto set = [](LARGE_INTEGER& to, const std::optional<file_time>& from) {
        if (from)
            to.QuadPart = disk::from_file_time(*from);
    };
    set(times.LastWriteTime, changes.modified);
    set(times.LastAccessTime, changes.accessed);
    if (!::SetFileInformationByHandle(found->get(), FileBasicInfo, &times, sizeof times))
        return disk::last_error();
    return {};
}

result<void> disk_store::make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/)
{
    return store_errc::not_supported;
}

result<std::uint64_t> disk_store::available_space(const store_path& path)
{
    const auto found = disk::open_beneath(root_, path, to_look);
    if (!found)
        return found.error();
    IO_STATUS_BLOCK outcome{};
    FILE_FS_SIZE_INFORMATION space{};
    const auto status =
        ::NtQueryVolumeInformationFile(found->get(), &outcome, &space, sizeof space, FileFsSizeInformation);
    if (status < 0)
        return disk::error_from(status);
    return static_cast<std::uint64_t>(space.AvailableAllocationUnits.QuadPart) * space.SectorsPerAllocationUnit *
           space.BytesPerSector;
}

} // namespace libftp
