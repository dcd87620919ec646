// Reads a directory of Windows, leaving out what a listing cannot or must not show.
#include "disk_windows_directory.hpp"

#include "disk_windows_name.hpp"

#include <libftp/protocol/listing_format.hpp>
#include <libftp/store/store_error.hpp>

#include <array>
#include <cstddef>

// winternl.h leaves it out.
extern "C" NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE directory, HANDLE event, PIO_APC_ROUTINE, PVOID context,
                                               PIO_STATUS_BLOCK, PVOID entries, ULONG size, FILE_INFORMATION_CLASS,
                                               BOOLEAN one_entry, PUNICODE_STRING pattern, BOOLEAN from_beginning);

namespace libftp::disk {
namespace {

class windows_directory_reader final : public directory_reader {
public:
    windows_directory_reader(handle directory, DWORD volume) : directory_(std::move(directory)), volume_(volume) {}

    void expect_only(fact_set facts) override
    {
        one_by_one_ = !facts.is_within({fact::type, fact::perm, fact::media_type});
    }

    result<bool> next(file_info& entry) override
    {
        for (;;) {
            if (!has_next_) {
                const auto more = read_portion();
                if (!more || !*more)
                    return more;
            }
            const auto* const found = reinterpret_cast<const FILE_ID_BOTH_DIR_INFORMATION*>(portion_.data() + next_);
            has_next_ = found->NextEntryOffset != 0;
            next_ += found->NextEntryOffset;
            if (describe(*found, entry))
                return true;
        }
    }

private:
    result<bool> read_portion()
    {
        constexpr auto no_more_files = static_cast<NTSTATUS>(0x80000006);
        IO_STATUS_BLOCK outcome{};
        const auto status = ::NtQueryDirectoryFile(
            directory_.get(), nullptr, nullptr, nullptr, &outcome, portion_.data(), static_cast<ULONG>(portion_.size()),
            FileIdBothDirectoryInformation, one_by_one_ ? TRUE : FALSE, nullptr, FALSE);
        if (status == no_more_files)
            return false;
        if (status < 0) {
            const auto error = error_from(status);
            return error == store_errc::not_found ? result<bool>{false} : error; // the directory was removed
        }
        next_ = 0;
        has_next_ = true;
        return true;
    }

    /// False for what is not shown.
    bool describe(const FILE_ID_BOTH_DIR_INFORMATION& found, file_info& entry) const
    {
        const auto name = from_wide({found.FileName, found.FileNameLength / sizeof(wchar_t)});
        if (!name || !is_plain_windows_name(*name) || !is_listable_name(*name) || is_name_of_unfinished(*name))
            return false;
        entry = file_info{};
        entry.name = *name;
        entry.type = type_of(found.FileAttributes);
        if (entry.type == file_type::file)
            entry.size = static_cast<std::uint64_t>(found.EndOfFile.QuadPart);
        entry.modified = to_file_time(found.LastWriteTime.QuadPart);
        entry.created = to_file_time(found.CreationTime.QuadPart);
        entry.unique = unique_of(volume_, static_cast<std::uint64_t>(found.FileId.QuadPart));
        return true;
    }

    handle directory_;
    DWORD volume_;
    bool one_by_one_ = true; ///< What is read ahead may change and vanish before it is told.
    alignas(FILE_ID_BOTH_DIR_INFORMATION) std::array<std::byte, std::size_t{32} * 1024> portion_;
    std::size_t next_ = 0;
    bool has_next_ = false;
};

} // namespace

result<std::unique_ptr<directory_reader>> make_directory_reader(handle directory)
{
    const auto status = status_of(directory);
    if (!status)
        return status.error();
    return std::make_unique<windows_directory_reader>(std::move(directory), status->dwVolumeSerialNumber);
}

} // namespace libftp::disk
