// Reads and writes the open files of a disk store by offset, so that zero-copy transfers can take over at any point.
#include "disk_file.hpp"

#include <algorithm>

#include <fcntl.h>

namespace libftp::disk {
namespace {

static_assert(sizeof(off_t) == 8, "files of 2 GiB and more need _FILE_OFFSET_BITS=64");

/// Whether all that was written has been taken.
result<void> confirm_written(const descriptor& file)
{
    if (is_on_local_file_system(file))
        return {};
    // Network file systems tell of a write that failed when a descriptor is closed. Closing a second one asks them
    // while the first is still of use.
    const auto second = ::fcntl(file.number(), F_DUPFD_CLOEXEC, 0);
    if (second == -1 || (::close(second) == -1 && errno != EINTR))
        return last_error();
    return {};
}

result<std::size_t> read_at(const descriptor& file, std::span<char> buffer, std::uint64_t offset)
{
    const auto bytes =
        restarted([&] { return ::pread(file.number(), buffer.data(), buffer.size(), static_cast<off_t>(offset)); });
    if (bytes == -1)
        return last_error();
    return static_cast<std::size_t>(bytes);
}

/// Those that the kernel writes while they are read (/proc) say that they are empty.
class sizeless_reader final : public file_reader {
public:
    explicit sizeless_reader(descriptor file) : file_(std::move(file)) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto bytes = read_at(file_, buffer, offset_);
        offset_ += bytes.value_or(0);
        return bytes;
    }

    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

private:
    descriptor file_;
    std::uint64_t offset_ = 0;
};

class disk_reader final : public file_reader {
public:
    disk_reader(descriptor file, std::uint64_t offset, std::uint64_t size)
        : file_(std::move(file)), offset_(offset), size_(size)
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - offset_));
        const auto bytes = read_at(file_, buffer.first(wanted), offset_);
        offset_ += bytes.value_or(0);
        return bytes;
    }

    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return size_ - offset_; }

    [[nodiscard]] std::optional<native_file> native() const override { return native_file{file_.number(), offset_}; }
    void skip(std::uint64_t bytes) override { offset_ += bytes; }

private:
    descriptor file_;
    std::uint64_t offset_;
    std::uint64_t size_; ///< When it was opened: what is announced is what is sent, though the file may grow.
};

class publishing_writer final : public file_writer {
public:
    explicit publishing_writer(replacement made) : made_(std::move(made)) {}

    result<void> write(std::string_view bytes) override
    {
        auto written = write_all(made_.file->file(), bytes, offset_);
        if (written)
            offset_ += bytes.size();
        return written;
    }

    result<void> commit() override { return made_.publish(); }

    [[nodiscard]] std::optional<native_file> native() const override
    {
        return native_file{made_.file->file().number(), offset_};
    }
    void skip(std::uint64_t bytes) override { offset_ += bytes; }

private:
    replacement made_;
    std::uint64_t offset_ = 0;
};

class changing_writer final : public file_writer {
public:
    changing_writer(descriptor file, std::optional<std::uint64_t> offset) : file_(std::move(file)), offset_(offset) {}

    result<void> write(std::string_view bytes) override
    {
        if (auto cut = cut_off(); !cut)
            return cut;
        auto written = write_all(file_, bytes, offset_);
        if (written)
            skip(bytes.size());
        return written;
    }

    result<void> commit() override
    {
        if (auto cut = cut_off(); !cut)
            return cut;
        if (auto kept = confirm_kept(); !kept)
            return kept;
        return confirm_written(file_);
    }

    /// Not before the rest was cut off, and never to append: the end of a file that others append to as well is at no
    /// offset that would stay the same.
    [[nodiscard]] std::optional<native_file> native() const override
    {
        if (!offset_ || !is_cut_)
            return std::nullopt;
        return native_file{file_.number(), *offset_};
    }
    void skip(std::uint64_t bytes) override
    {
        if (offset_)
            *offset_ += bytes;
    }

private:
    /// What is behind the offset goes when the first new bytes come: a transfer that never began takes nothing away,
    /// and one that is interrupted leaves no mixture.
    result<void> cut_off()
    {
        if (offset_ && !is_cut_ &&
            restarted([&] { return ::ftruncate(file_.number(), static_cast<off_t>(*offset_)); }) == -1)
            return last_error();
        is_cut_ = true;
        return {};
    }

    /// Whether others have left the file its name and its end. Some file systems that are not local count no names.
    [[nodiscard]] result<void> confirm_kept() const
    {
        struct ::stat status {};
        if (::fstat(file_.number(), &status) == -1)
            return last_error();
        if (status.st_nlink == 0 && is_on_local_file_system(file_))
            return store_errc::not_found;
        if (offset_ && static_cast<std::uint64_t>(status.st_size) < *offset_)
            return store_errc::busy;
        return {};
    }

    descriptor file_;
    std::optional<std::uint64_t> offset_;
    bool is_cut_ = false;
};

} // namespace

result<void> write_all(const descriptor& file, std::string_view bytes, std::optional<std::uint64_t> offset)
{
    while (!bytes.empty()) {
        const auto written = restarted([&] {
            return offset ? ::pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(*offset))
                          : ::write(file.number(), bytes.data(), bytes.size());
        });
        if (written == -1)
            return last_error();
        bytes.remove_prefix(static_cast<std::size_t>(written));
        if (offset)
            *offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

result<void> replacement::publish() const
{
    if (auto confirmed = confirm_written(file->file()); !confirmed)
        return confirmed;
    return file->publish(name, taken);
}

result<std::unique_ptr<file_reader>> make_reader(descriptor file, std::uint64_t offset, std::uint64_t size)
{
    if (size == 0) {
        char first{};
        const auto found = read_at(file, {&first, 1}, 0);
        if (!found)
            return found.error();
        if (*found != 0)
            return std::make_unique<sizeless_reader>(std::move(file));
    }
    return std::make_unique<disk_reader>(std::move(file), offset, size);
}

std::unique_ptr<file_writer> make_publishing_writer(replacement made)
{
    return std::make_unique<publishing_writer>(std::move(made));
}

std::unique_ptr<file_writer> make_changing_writer(descriptor file, std::optional<std::uint64_t> offset)
{
    return std::make_unique<changing_writer>(std::move(file), offset);
}

} // namespace libftp::disk
