// Gives files and directories of Windows other names, also one that belongs to a file which is open.
#include "disk_windows_name.hpp"
#include "disk_windows_system.hpp"

#include <libftp/store/store_error.hpp>

#include <cstring>
#include <vector>

namespace libftp::disk {
namespace {

result<void> rename_once(const handle& file, HANDLE directory, std::string_view name, if_taken taken)
{
    if (!is_plain_windows_name(name))
        return store_errc::name_not_allowed;
    const auto wide = to_wide(name);
    if (!wide)
        return wide.error();
    const auto bytes = wide->size() * sizeof(wchar_t);
    std::vector<std::byte> memory(sizeof(FILE_RENAME_INFORMATION) + bytes);
    auto* const order = reinterpret_cast<FILE_RENAME_INFORMATION*>(memory.data());
    order->ReplaceIfExists = taken == if_taken::replace ? TRUE : FALSE;
    order->RootDirectory = directory;
    order->FileNameLength = static_cast<ULONG>(bytes);
    std::memcpy(order->FileName, wide->data(), bytes);
    IO_STATUS_BLOCK outcome{};
    const auto status =
        ::NtSetInformationFile(file.get(), &outcome, order, static_cast<ULONG>(memory.size()), FileRenameInformation);
    if (status < 0)
        return error_from(status);
    return {};
}

/// Gives what is open another name, while the file that has it is open elsewhere: that one keeps a hidden name until it
/// is closed. For a moment neither has it.
result<void> rename_by_turns(const handle& file, const place& to)
{
    constexpr store_errc refused = store_errc::permission_denied;
    const auto old = open_in(to.directory.get(), to.name, {DELETE | FILE_READ_ATTRIBUTES});
    if (!old)
        return refused;
    const auto moved = status_of(file);
    const auto replaced = status_of(*old);
    if (!moved || !replaced || unique_of(*moved) == unique_of(*replaced))
        return refused; // what is to be kept must not be what goes
    if (const auto refusal = refusal_of_irregular(replaced->dwFileAttributes))
        return refusal;
    if ((replaced->dwFileAttributes & FILE_ATTRIBUTE_READONLY) != 0 ||
        !rename_once(*old, to.directory.get(), new_hidden_name(), if_taken::fail))
        return refused;
    auto renamed = rename_once(file, to.directory.get(), to.name, if_taken::fail);
    if (renamed)
        static_cast<void>(decide(*old, at_close::goes));
    else
        static_cast<void>(rename_once(*old, to.directory.get(), to.name, if_taken::fail));
    return renamed;
}

} // namespace

result<void> rename(const handle& file, const place& to, if_taken taken)
{
    auto renamed = rename_once(file, to.directory.get(), to.name, taken);
    // So Windows also says that what has the name is a directory, or open.
    if (!renamed && taken == if_taken::replace && renamed.error() == store_errc::permission_denied)
        return rename_by_turns(file, to);
    return renamed;
}

} // namespace libftp::disk
