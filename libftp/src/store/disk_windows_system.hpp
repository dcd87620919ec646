// What a disk store needs of Windows: handles that close themselves, and names that are looked up beneath a root.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/result.hpp>
#include <libftp/store/store_path.hpp>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <windows.h>
#include <winternl.h>

namespace libftp::disk {

/// Owns an open file or directory.
class handle {
public:
    explicit handle(HANDLE open) noexcept : open_(open) {}
    handle(handle&& other) noexcept : open_(std::exchange(other.open_, nullptr)) {}
    handle& operator=(handle&& other) noexcept
    {
        std::swap(open_, other.open_);
        return *this;
    }
    ~handle()
    {
        if (open_)
            ::CloseHandle(open_);
    }

    [[nodiscard]] HANDLE get() const noexcept { return open_; }
    [[nodiscard]] HANDLE release() noexcept { return std::exchange(open_, nullptr); }

private:
    HANDLE open_;
};

/// What an error of Windows means to a store; itself where that is nothing in particular.
std::error_code error_from(DWORD number);
std::error_code error_from(NTSTATUS status);
/// What GetLastError says.
std::error_code last_error();

/// Names are UTF-8 outside and UTF-16 inside. Error: store_errc::name_not_allowed for what is not.
result<std::wstring> to_wide(std::string_view text);
result<std::string> from_wide(std::wstring_view text);

/// What NtCreateFile is asked for.
struct opening {
    ACCESS_MASK access;
    ULONG disposition = FILE_OPEN;
    ULONG options = 0;
};

/// Opens the name itself in an open directory: what would lead elsewhere is opened as such and not followed. An empty
/// name is the directory again.
result<handle> open_in(HANDLE directory, std::string_view name, const opening& how);

/// Opens what `path` names beneath `root`, each name in the open directory before it. Error: store_errc::not_found
/// where it is or passes what leads elsewhere.
result<handle> open_beneath(HANDLE root, const store_path& path, const opening& how);

/// A name and the directory that holds it.
struct place {
    handle directory;
    std::string name;
};

/// Precondition: not the root.
result<place> find_place(HANDLE root, const store_path& path);

using file_status = BY_HANDLE_FILE_INFORMATION;
result<file_status> status_of(const handle& file);

/// Whether it leads elsewhere: a symbolic link, a junction, what is kept on another machine.
bool leads_elsewhere(DWORD attributes) noexcept;
file_type type_of(DWORD attributes) noexcept;
/// Why something of these attributes cannot be read or written like a file; no error if it can.
std::error_code refusal_of_irregular(DWORD attributes);

/// Nothing for what a file_time cannot hold, and for 0, which stands for a time that is not known.
std::optional<file_time> to_file_time(std::int64_t time);
std::int64_t from_file_time(file_time time);

constexpr std::uint64_t joined(DWORD high, DWORD low) noexcept
{
    return std::uint64_t{high} << 32U | low;
}

/// The fact of RFC 3659 7.5.2.
std::string unique_of(DWORD volume, std::uint64_t number);
std::string unique_of(const file_status& status);

/// Whether unfinished files go by names like this one, in any case.
bool is_name_of_unfinished(std::string_view name);
/// One that nothing has.
std::string new_hidden_name();

/// Whether what is open goes away when the last handle to it is closed, which is also when the process dies.
enum class at_close : std::uint8_t { remains, goes };
result<void> decide(const handle& file, at_close then);

enum class if_taken : std::uint8_t {
    replace, ///< At once, unless it is open.
    fail,    ///< It stays: store_errc::already_exists.
};

/// Gives what is open the name `to`.
result<void> rename(const handle& file, const place& to, if_taken taken);

} // namespace libftp::disk
