// Opens each name in the directory that is open already, by NtCreateFile, so that no link can lead out of the root.
#include "disk_windows_system.hpp"

#include "../protocol/ascii.hpp"
#include "disk_hidden_name.hpp"
#include "disk_windows_name.hpp"
#include "local_name.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <limits>
#include <random>

namespace libftp::disk {
namespace {

constexpr ULONG shared_by_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr opening as_directory{FILE_TRAVERSE | FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_DIRECTORY_FILE};

/// What Windows counts in: 100 nanoseconds since 1601.
using ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
constexpr std::chrono::seconds epoch_of_windows{-11'644'473'600};

std::optional<store_errc> to_refusal(DWORD number) noexcept
{
    constexpr DWORD disk_quota_exceeded = 1295; // Not every header of Windows has its name.
    switch (number) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: return store_errc::not_found;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD: return store_errc::permission_denied;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: return store_errc::already_exists;
    case ERROR_DIRECTORY: return store_errc::not_a_directory;
    case ERROR_DIR_NOT_EMPTY: return store_errc::directory_not_empty;
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_FILENAME_EXCED_RANGE: return store_errc::name_not_allowed;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION: return store_errc::busy;
    case ERROR_HANDLE_DISK_FULL:
    case ERROR_DISK_FULL: return store_errc::insufficient_storage;
    case disk_quota_exceeded: return store_errc::quota_exceeded;
    case ERROR_NOT_SAME_DEVICE:
    case ERROR_NOT_SUPPORTED: return store_errc::not_supported;
    case ERROR_WRITE_PROTECT: return store_errc::read_only;
    default: return std::nullopt;
    }
}

/// As a short path, since in a long one `.` would be a name like others. Empty where the system has none.
std::wstring final_path(const handle& file)
{
    constexpr DWORD max_units = 32768;
    std::wstring path(max_units, L'\0');
    const auto units = ::GetFinalPathNameByHandleW(file.get(), path.data(), max_units, 0);
    path.resize(units < max_units ? units : 0);
    constexpr std::wstring_view on_a_server = LR"(\\?\UNC\)";
    constexpr std::wstring_view on_a_drive = LR"(\\?\)";
    if (path.starts_with(on_a_server))
        path.replace(0, on_a_server.size(), LR"(\\)");
    else if (path.starts_with(on_a_drive))
        path.erase(0, on_a_drive.size());
    return path;
}

} // namespace

std::error_code error_from(DWORD number)
{
    const auto refusal = to_refusal(number);
    return refusal ? make_error_code(*refusal) : std::error_code{static_cast<int>(number), std::system_category()};
}

std::error_code error_from(NTSTATUS status)
{
    constexpr auto is_a_directory = static_cast<NTSTATUS>(0xC00000BA);
    constexpr auto delete_pending = static_cast<NTSTATUS>(0xC0000056);
    // As numbers of Win32 these two are ERROR_ACCESS_DENIED.
    switch (status) {
    case is_a_directory: return store_errc::is_a_directory;
    case delete_pending: return store_errc::not_found;
    default: return error_from(::RtlNtStatusToDosError(status));
    }
}

std::error_code last_error()
{
    return error_from(::GetLastError());
}

result<std::wstring> to_wide(std::string_view text)
{
    if (text.empty())
        return std::wstring{};
    std::wstring wide(text.size(), L'\0'); // UTF-16 never takes more units than UTF-8 takes bytes.
    const auto units = ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), static_cast<int>(text.size()),
                                             wide.data(), static_cast<int>(wide.size()));
    if (units == 0)
        return store_errc::name_not_allowed;
    wide.resize(static_cast<std::size_t>(units));
    return wide;
}

result<std::string> from_wide(std::wstring_view text)
{
    if (text.empty())
        return std::string{};
    std::string bytes(text.size() * 3, '\0');
    const auto size = ::WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text.data(), static_cast<int>(text.size()),
                                            bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr);
    if (size == 0)
        return store_errc::name_not_allowed;
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

result<handle> open_in(HANDLE directory, std::string_view name, const opening& how)
{
    // The kernel would take a backslash for a separator, and a colon for a stream of the file.
    if (!name.empty() && !is_plain_windows_name(name))
        return store_errc::name_not_allowed;
    auto wide = to_wide(name);
    if (!wide)
        return wide.error();
    const auto bytes = static_cast<USHORT>(wide->size() * sizeof(wchar_t));
    UNICODE_STRING text{bytes, bytes, wide->data()};
    OBJECT_ATTRIBUTES object{};
    object.Length = sizeof object;
    object.RootDirectory = directory;
    object.ObjectName = &text;
    object.Attributes = OBJ_CASE_INSENSITIVE;
    IO_STATUS_BLOCK outcome{};
    HANDLE opened = nullptr;
    const auto status = ::NtCreateFile(
        &opened, how.access | SYNCHRONIZE, &object, &outcome, nullptr, FILE_ATTRIBUTE_NORMAL, shared_by_all,
        how.disposition, how.options | FILE_OPEN_REPARSE_POINT | FILE_SYNCHRONOUS_IO_NONALERT, nullptr, 0);
    if (status < 0)
        return error_from(status);
    return handle{opened};
}

result<place> find_place(HANDLE root, const store_path& path)
{
    auto directory = open_in(root, {}, as_directory);
    if (!directory)
        return directory.error();
    auto rest = path.relative();
    for (auto slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
        auto next = open_in(directory->get(), rest.substr(0, slash), as_directory);
        if (!next)
            return next.error();
        const auto status = status_of(*next);
        if (!status)
            return status.error();
        if (leads_elsewhere(status->dwFileAttributes))
            return store_errc::not_found;
        directory = std::move(next);
        rest.remove_prefix(slash + 1);
    }
    return place{*std::move(directory), std::string{rest}};
}

result<handle> open_beneath(HANDLE root, const store_path& path, const opening& how)
{
    if (path.is_root())
        return open_in(root, {}, how);
    const auto at = find_place(root, path);
    if (!at)
        return at.error();
    auto opened = open_in(at->directory.get(), at->name, how);
    if (!opened)
        return opened;
    const auto status = status_of(*opened);
    if (!status)
        return status.error();
    if (leads_elsewhere(status->dwFileAttributes))
        return store_errc::not_found;
    return opened;
}

result<file_status> status_of(const handle& file)
{
    file_status status{};
    if (!::GetFileInformationByHandle(file.get(), &status))
        return last_error();
    return status;
}

bool leads_elsewhere(DWORD attributes) noexcept
{
    return (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

file_type type_of(DWORD attributes) noexcept
{
    if (leads_elsewhere(attributes))
        return file_type::symbolic_link;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? file_type::directory : file_type::file;
}

std::error_code refusal_of_irregular(DWORD attributes)
{
    switch (type_of(attributes)) {
    case file_type::file: return {};
    case file_type::directory: return store_errc::is_a_directory;
    default: return store_errc::not_a_file;
    }
}

std::optional<file_time> to_file_time(std::int64_t time)
{
    using std::chrono::nanoseconds;
    constexpr auto least = std::chrono::ceil<ticks>(nanoseconds::min()) - epoch_of_windows;
    constexpr auto most = std::chrono::floor<ticks>(nanoseconds::max()) - epoch_of_windows;
    const ticks since_1601{time};
    if (time == 0 || since_1601 < least || since_1601 > most)
        return std::nullopt;
    return file_time{std::chrono::duration_cast<file_time::duration>(since_1601 + epoch_of_windows)};
}

std::int64_t from_file_time(file_time time)
{
    return (std::chrono::floor<ticks>(time.time_since_epoch()) - epoch_of_windows).count();
}

std::string unique_of(DWORD volume, std::uint64_t number)
{
    return fmt::format("{:x}g{:x}", volume, number);
}

std::string unique_of(const file_status& status)
{
    return unique_of(status.dwVolumeSerialNumber, joined(status.nFileIndexHigh, status.nFileIndexLow));
}

bool is_name_of_unfinished(std::string_view name)
{
    return is_hidden_name(ascii::in_lower_case(name));
}

std::string new_hidden_name()
{
    std::random_device chance;
    return hidden_name(std::uint64_t{chance()} << 32U | chance());
}

result<void> decide(const handle& file, at_close then)
{
    FILE_DISPOSITION_INFO removal{then == at_close::goes};
    if (!::SetFileInformationByHandle(file.get(), FileDispositionInfo, &removal, sizeof removal))
        return last_error();
    return {};
}

} // namespace libftp::disk

namespace libftp {

std::string follow_local_link(const std::string& path)
{
    const auto link = disk::to_wide(path);
    if (!link)
        return path;
    const auto attributes = ::GetFileAttributesW(link->c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES || (attributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0)
        return path;
    const HANDLE opened = ::CreateFileW(link->c_str(), FILE_READ_ATTRIBUTES, disk::shared_by_all, nullptr,
                                        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (opened == INVALID_HANDLE_VALUE)
        return path;
    const auto target = disk::from_wide(disk::final_path(disk::handle{opened}));
    return target && !target->empty() ? *target : path;
}

} // namespace libftp
