// Reads and writes the open files of Windows by offset, and keeps a new one beside its place until it is whole.
#include "disk_windows_file.hpp"

#include <algorithm>

namespace libftp::disk {
namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 30U;

OVERLAPPED at_offset(std::uint64_t offset) noexcept
{
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(offset);
    where.OffsetHigh = static_cast<DWORD>(offset >> 32U);
    return where;
}

/// Without an offset, at the end.
result<void> write_all(const handle& file, std::string_view bytes, std::optional<std::uint64_t> offset)
{
    constexpr auto end_of_file = ~std::uint64_t{0};
    while (!bytes.empty()) {
        auto where = at_offset(offset.value_or(end_of_file));
        DWORD written = 0;
        const auto share = static_cast<DWORD>(std::min(bytes.size(), most_at_once));
        if (!::WriteFile(file.get(), bytes.data(), share, &written, &where))
            return last_error();
        bytes.remove_prefix(written);
        if (offset)
            *offset += written;
    }
    return {};
}

class windows_reader final : public file_reader {
public:
    windows_reader(handle file, std::uint64_t offset, std::uint64_t size)
        : file_(std::move(file)), offset_(offset), size_(size)
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto room = std::min<std::uint64_t>(std::min(buffer.size(), most_at_once), size_ - offset_);
        auto where = at_offset(offset_);
        DWORD bytes = 0;
        if (!::ReadFile(file_.get(), buffer.data(), static_cast<DWORD>(room), &bytes, &where) &&
            ::GetLastError() != ERROR_HANDLE_EOF)
            return last_error();
        offset_ += bytes;
        return std::size_t{bytes};
    }

    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return size_ - offset_; }

private:
    handle file_;
    std::uint64_t offset_;
    std::uint64_t size_; ///< When it was opened: what is announced is what is sent, though the file may grow.
};

/// Has a hidden name until then.
class windows_file final : public unnamed_file {
public:
    windows_file(handle file, place target, if_taken taken)
        : file_(std::move(file)), target_(std::move(target)), taken_(taken)
    {
    }

    result<void> write(std::string_view bytes, std::uint64_t offset) override
    {
        return write_all(file_, bytes, offset);
    }

    /// Closes it, too: were it removed while it is open, it would not go.
    result<void> publish() override
    {
        if (auto kept = decide(file_, at_close::remains); !kept)
            return kept;
        auto renamed = rename(file_, target_, taken_);
        if (renamed)
            file_ = handle{nullptr};
        else
            static_cast<void>(decide(file_, at_close::goes));
        return renamed;
    }

private:
    handle file_;
    place target_;
    if_taken taken_;
};

class publishing_writer final : public file_writer {
public:
    explicit publishing_writer(std::unique_ptr<unnamed_file> file) : file_(std::move(file)) {}

    result<void> write(std::string_view bytes) override
    {
        auto written = file_->write(bytes, offset_);
        if (written)
            offset_ += bytes.size();
        return written;
    }

    result<void> commit() override { return file_->publish(); }

private:
    std::unique_ptr<unnamed_file> file_;
    std::uint64_t offset_ = 0;
};

class changing_writer final : public file_writer {
public:
    changing_writer(handle file, std::optional<std::uint64_t> offset) : file_(std::move(file)), offset_(offset) {}

    result<void> write(std::string_view bytes) override
    {
        if (auto cut = cut_off(); !cut)
            return cut;
        auto written = write_all(file_, bytes, offset_);
        if (written && offset_)
            *offset_ += bytes.size();
        return written;
    }

    /// Closes it, too: were it removed while it is open, it would not go.
    result<void> commit() override
    {
        auto cut = cut_off();
        file_ = handle{nullptr};
        return cut;
    }

private:
    /// What is behind the offset goes when the first new bytes come: a transfer that never began takes nothing away.
    result<void> cut_off()
    {
        if (offset_ && !is_cut_) {
            FILE_END_OF_FILE_INFO end{};
            end.EndOfFile.QuadPart = static_cast<std::int64_t>(*offset_);
            if (!::SetFileInformationByHandle(file_.get(), FileEndOfFileInfo, &end, sizeof end))
                return last_error();
        }
        is_cut_ = true;
        return {};
    }

    handle file_;
    std::optional<std::uint64_t> offset_;
    bool is_cut_ = false;
};

} // namespace

std::unique_ptr<file_reader> make_reader(handle file, std::uint64_t offset, std::uint64_t size)
{
    return std::make_unique<windows_reader>(std::move(file), offset, size);
}

result<std::unique_ptr<unnamed_file>> make_unnamed_file(place target, if_taken taken)
{
    auto made = open_in(target.directory.get(), new_hidden_name(),
                        {FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | DELETE, FILE_CREATE, FILE_NON_DIRECTORY_FILE});
    if (!made)
        return made.error();
    // Until it is whole: a server that dies leaves nothing behind.
    if (const auto fleeting = decide(*made, at_close::goes); !fleeting)
        return fleeting.error();
    return std::make_unique<windows_file>(*std::move(made), std::move(target), taken);
}

std::unique_ptr<file_writer> make_publishing_writer(std::unique_ptr<unnamed_file> file)
{
    return std::make_unique<publishing_writer>(std::move(file));
}

std::unique_ptr<file_writer> make_changing_writer(handle file, std::optional<std::uint64_t> offset)
{
    return std::make_unique<changing_writer>(std::move(file), offset);
}

} // namespace libftp::disk
