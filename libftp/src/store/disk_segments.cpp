// Writes the parts of one new file, and gives it its name when all are there.
#include "disk_segments.hpp"

#include "local_segments.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <utility>

namespace libftp::disk {

class segmented_file::writer final : public file_writer {
public:
    writer(std::shared_ptr<segmented_file> whole, std::uint64_t offset, std::uint64_t length)
        : whole_(std::move(whole)), offset_(offset), length_(length)
    {
    }

    result<void> write(std::string_view bytes) override
    {
        // What comes past the end would be another part's.
        if (bytes.size() > length_ - written_)
            return std::make_error_code(std::errc::file_too_large);
        auto written = whole_->file_->write(bytes, offset_ + written_);
        if (written)
            written_ += bytes.size();
        return written;
    }

    result<void> commit() override
    {
        if (written_ != length_)
            return protocol_errc::transfer_incomplete;
        return whole_->commit(offset_, length_);
    }

private:
    std::shared_ptr<segmented_file> whole_;
    std::uint64_t offset_;
    std::uint64_t length_;
    std::uint64_t written_ = 0;
};

segmented_file::segmented_file(std::unique_ptr<unnamed_file> file, std::uint64_t size) noexcept
    : file_(std::move(file)), size_(size)
{
}

result<std::shared_ptr<segmented_file>> segmented_file::create(const local_name& where, std::uint64_t size)
{
    auto made = make_unnamed_file(where);
    if (!made)
        return made.error();
    return std::shared_ptr<segmented_file>{new segmented_file{*std::move(made), size}};
}

bool segmented_file::takes_parts_of(std::uint64_t size) const
{
    const std::lock_guard lock{mutex_};
    return size == size_ && !is_published_;
}

result<std::unique_ptr<file_writer>> segmented_file::open(std::uint64_t offset, std::uint64_t length)
{
    if (offset > size_ || length > size_ - offset)
        return store_errc::offset_invalid;
    return std::make_unique<writer>(shared_from_this(), offset, length);
}

result<void> segmented_file::commit(std::uint64_t offset, std::uint64_t length)
{
    const std::lock_guard lock{mutex_};
    const auto part = committed_.emplace(offset, length);
    if (is_published_ || !is_covered())
        return {};
    auto published = file_->publish();
    is_published_ = published.has_value();
    if (!is_published_)
        committed_.erase(part);
    return published;
}

bool segmented_file::is_covered() const
{
    std::uint64_t end = 0;
    for (const auto& [offset, length] : committed_) {
        if (offset > end)
            return false;
        end = std::max(end, offset + length);
    }
    return end == size_;
}

} // namespace libftp::disk

namespace libftp {

result<std::unique_ptr<file_writer>> local_segments::open(const std::string& path, std::uint64_t offset,
                                                          std::uint64_t length, std::uint64_t whole)
{
    auto file = file_.lock();
    if (!file || !file->takes_parts_of(whole)) {
        const auto where = find_local(path);
        if (!where)
            return where.error();
        auto created = disk::segmented_file::create(*where, whole);
        if (!created)
            return created.error();
        file = *std::move(created);
        file_ = file;
    }
    return file->open(offset, length);
}

} // namespace libftp
