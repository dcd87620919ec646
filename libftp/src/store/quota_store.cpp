// Takes what is written from a quota, and gives back what is not there any more.
#include <libftp/store/quota_store.hpp>

#include "quota_ledger.hpp"

#include <libftp/store/store_decorator.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace libftp {
namespace {

constexpr std::uint32_t owners_permissions = 0700;

std::optional<file_info> find(file_store& store, const store_path& path)
{
    auto found = store.stat(path);
    if (!found)
        return std::nullopt;
    return *std::move(found);
}

std::uint64_t bytes_of(const std::optional<file_info>& entry) noexcept
{
    return entry && entry->type == file_type::file ? entry->size.value_or(0) : 0;
}

/// Equal for two names of one file, where the store can tell.
std::string identity_of(const store_path& path, const std::optional<file_info>& entry)
{
    return entry && !entry->unique.empty() ? entry->unique : path.string();
}

/// What an unfinished upload has taken; given back with it, unless it is kept.
class reservation {
public:
    explicit reservation(std::shared_ptr<quota> from) : from_(std::move(from)) {}
    reservation(reservation&& other) noexcept
        : from_(std::move(other.from_)), taken_(std::exchange(other.taken_, usage{}))
    {
    }
    reservation& operator=(reservation&&) = delete;
    ~reservation() { give_back(); }

    [[nodiscard]] bool take_bytes(std::uint64_t count) noexcept
    {
        const bool has_room = from_->take_bytes(count);
        taken_.bytes += has_room ? count : 0;
        return has_room;
    }

    [[nodiscard]] bool take_file() noexcept
    {
        const bool has_room = from_->take_file();
        taken_.files += has_room ? 1 : 0;
        return has_room;
    }

    [[nodiscard]] bool has_file() const noexcept { return taken_.files > 0; }
    void keep() noexcept { taken_ = {}; }

    void give_back() noexcept
    {
        if (const auto taken = std::exchange(taken_, usage{}); taken != usage{})
            from_->give_back(taken);
    }

private:
    std::shared_ptr<quota> from_;
    usage taken_;
};

/// An upload as open_write() began it.
struct begun_upload {
    std::shared_ptr<file_store> store;
    std::shared_ptr<quota> limit;
    store_path path;
    std::uint64_t moved_directories; ///< The ledger's count at that time.
    reservation taken;
    std::unique_ptr<file_writer> writer;

    /// Whether the path still leads to where the writer writes.
    [[nodiscard]] bool is_path_valid() const noexcept { return limit->ledger().moved_directories == moved_directories; }
};

class new_file_writer final : public file_writer {
public:
    explicit new_file_writer(begun_upload begun) : upload_(std::move(begun)) {}

    result<void> write(std::string_view bytes) override
    {
        if (!upload_.taken.take_bytes(bytes.size()))
            return store_errc::quota_exceeded;
        return upload_.writer->write(bytes);
    }

    result<void> commit() override
    {
        auto& ledger = upload_.limit->ledger();
        const std::lock_guard lock{ledger.mutex};
        const auto old = upload_.is_path_valid() ? find(*upload_.store, upload_.path) : std::nullopt;
        if (ledger.changing.contains(identity_of(upload_.path, old)))
            return store_errc::busy;
        if (!old && !upload_.taken.has_file() && !upload_.taken.take_file())
            return store_errc::quota_exceeded;
        auto committed = upload_.writer->commit();
        if (!committed)
            return committed;
        if (old)
            upload_.limit->give_back({bytes_of(old), upload_.taken.has_file() ? 1U : 0U});
        upload_.taken.keep();
        return committed;
    }

    void discard(std::error_code reason) override
    {
        upload_.writer->discard(reason);
        upload_.taken.give_back();
    }

private:
    begun_upload upload_;
};

/// What it has written may stay in the file even if it fails, so the file's size is looked up in the end.
class changing_writer final : public file_writer {
public:
    /// `identity` is in the ledger as long as the file is being changed.
    changing_writer(begun_upload begun, std::string identity, std::uint64_t size, std::uint64_t position)
        : upload_(std::move(begun)), identity_(std::move(identity)), counted_bytes_(size), position_(position)
    {
    }
    changing_writer(const changing_writer&) = delete;
    changing_writer& operator=(const changing_writer&) = delete;

    ~changing_writer() override
    {
        upload_.writer.reset();
        settle();
    }

    result<void> write(std::string_view bytes) override
    {
        const auto end = position_ + bytes.size();
        if (end > counted_bytes_) {
            if (!upload_.taken.take_bytes(end - counted_bytes_))
                return store_errc::quota_exceeded;
            counted_bytes_ = end;
        }
        auto written = upload_.writer->write(bytes);
        if (written)
            position_ = end;
        return written;
    }

    result<void> commit() override
    {
        auto committed = upload_.writer->commit();
        settle();
        return committed;
    }

    void discard(std::error_code reason) override
    {
        upload_.writer->discard(reason);
        settle();
    }

private:
    void settle()
    {
        if (std::exchange(is_settled_, true))
            return;
        auto& ledger = upload_.limit->ledger();
        const std::lock_guard lock{ledger.mutex};
        ledger.changing.erase(identity_);
        upload_.taken.keep();
        if (!upload_.is_path_valid())
            return;
        const auto file = upload_.store->stat(upload_.path);
        if (file && file->size)
            upload_.limit->give_back({counted_bytes_ - std::min(counted_bytes_, *file->size), 0});
        else if (!file && to_store_errc(file.error()) == store_errc::not_found)
            upload_.limit->give_back({counted_bytes_, 1});
    }

    begun_upload upload_;
    std::string identity_;
    std::uint64_t counted_bytes_; ///< Of this file, in the quota.
    std::uint64_t position_;
    bool is_settled_ = false;
};

/// `rename` does it, in one way or the other.
template <class Rename>
result<void> rename_counted(file_store& store, quota& limit, const store_path& from, const store_path& to,
                            const Rename& rename)
{
    auto& ledger = limit.ledger();
    const std::lock_guard lock{ledger.mutex};
    const auto source = find(store, from);
    const auto old = find(store, to);
    const auto source_identity = identity_of(from, source);
    const auto old_identity = identity_of(to, old);
    if (ledger.changing.contains(source_identity) || ledger.changing.contains(old_identity))
        return store_errc::busy;

    result<void> renamed = rename();
    if (!renamed)
        return renamed;
    if (!source || source->is_directory())
        ++ledger.moved_directories;
    // Of two names of one file, rename(2) leaves both.
    if (old && !old->is_directory() && old_identity != source_identity)
        limit.give_back({bytes_of(old), 1});
    return renamed;
}

class quota_store final : public store_decorator {
public:
    quota_store(std::shared_ptr<file_store> inner, std::shared_ptr<quota> shared)
        : store_decorator(std::move(inner)), quota_(std::move(shared))
    {
    }

    [[nodiscard]] bool can(store_ability needed) const noexcept override
    {
        return needed != store_ability::symbolic_links && inner()->can(needed);
    }

    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        auto& ledger = quota_->ledger();
        const std::lock_guard lock{ledger.mutex};
        const auto old = find(*inner(), path);
        if (ledger.changing.contains(identity_of(path, old)))
            return store_errc::busy;
        reservation taken{quota_};
        if (!old && !taken.take_file())
            return store_errc::quota_exceeded;
        auto writer = inner()->open_write(path, options);
        if (!writer)
            return writer;

        begun_upload begun{inner(), quota_, path, ledger.moved_directories, std::move(taken), *std::move(writer)};
        if (options.mode == write_mode::replace || options.mode == write_mode::create)
            return std::make_unique<new_file_writer>(std::move(begun));
        auto identity = identity_of(path, find(*inner(), path)); // Some stores have made the file by now.
        ledger.changing.insert(identity);
        const auto size = bytes_of(old);
        const auto position = options.mode == write_mode::append ? size : options.offset;
        return std::make_unique<changing_writer>(std::move(begun), std::move(identity), size, position);
    }

    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override
    {
        return inner()->make_directory(path, umask ? std::optional{*umask & ~owners_permissions} : umask);
    }

    result<void> remove_file(const store_path& path) override
    {
        auto& ledger = quota_->ledger();
        const std::lock_guard lock{ledger.mutex};
        const auto old = find(*inner(), path);
        if (ledger.changing.contains(identity_of(path, old)))
            return store_errc::busy;
        auto removed = inner()->remove_file(path);
        if (removed)
            quota_->give_back({bytes_of(old), 1});
        return removed;
    }

    result<void> rename(const store_path& from, const store_path& to) override
    {
        return rename_counted(*inner(), *quota_, from, to, [&] { return inner()->rename(from, to); });
    }

    result<void> rename_to_new(const store_path& from, const store_path& to) override
    {
        return rename_counted(*inner(), *quota_, from, to, [&] { return inner()->rename_to_new(from, to); });
    }

    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override
    {
        if (changes.mode && (*changes.mode & owners_permissions) != owners_permissions) {
            const auto known = inner()->stat(path);
            if (!known)
                return known.error();
            if (known->is_directory())
                return store_errc::permission_denied;
        }
        return inner()->set_attributes(path, changes);
    }

    result<void> make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/) override
    {
        return store_errc::not_supported;
    }

    result<std::uint64_t> available_space(const store_path& path) override
    {
        auto space = inner()->available_space(path);
        if (space)
            *space = std::min(*space, quota_->bytes_left());
        return space;
    }

private:
    std::shared_ptr<quota> quota_;
};

} // namespace

std::shared_ptr<file_store> make_quota_store(std::shared_ptr<file_store> inner, std::shared_ptr<quota> shared)
{
    return std::make_shared<quota_store>(std::move(inner), std::move(shared));
}

} // namespace libftp
