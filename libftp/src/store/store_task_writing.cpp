// Tasks that write one file from others: a copy (SITE CPTO) and the parts of an upload made one (COMB).
#include <libftp/store/store_task.hpp>

#include "store_task_steps.hpp"

#include <algorithm>

namespace libftp {
namespace {

/// What a copy does not get: mode bits that its source has not either.
std::uint32_t withheld_from_copy(const file_info& source)
{
    return source.mode ? 0777U & ~*source.mode : 0U;
}

class copy_task final : public store_task {
public:
    copy_task(std::shared_ptr<file_store> store, store_path from, store_path to, std::optional<std::uint32_t> umask)
        : store_(std::move(store)), from_(std::move(from)), to_(std::move(to)), umask_(umask)
    {
    }

    result<task_step> step() override
    {
        if (!reader_) {
            if (auto opened = open(); !opened)
                return opened.error();
        }
        if (auto copied = reader_->step([this](std::string_view bytes) { return target_->write(bytes); }); !copied) {
            target_->discard(copied.error());
            return copied.error();
        }
        if (reader_->at_end()) {
            if (auto committed = target_->commit(); !committed)
                return committed.error();
        }
        return task_step{reader_->at_end(), {}, reader_->bytes()};
    }

private:
    result<void> open()
    {
        if (from_ == to_)
            return store_errc::name_not_allowed;
        const auto known = store_->stat(from_);
        if (!known)
            return known.error();
        auto source = store_->open_read(from_, 0);
        if (!source)
            return source.error();
        auto target = store_->open_write(to_, {.umask = umask_, .withheld = withheld_from_copy(*known)});
        if (!target)
            return target.error();
        reader_.emplace(*std::move(source));
        target_.emplace(*std::move(target));
        return {};
    }

    std::shared_ptr<file_store> store_;
    store_path from_;
    store_path to_;
    std::optional<std::uint32_t> umask_;
    std::optional<stepwise_reader> reader_;
    std::optional<uncommitted_file> target_;
};

class combine_task final : public store_task {
public:
    combine_task(std::shared_ptr<file_store> store, store_path target, std::vector<store_path> parts,
                 std::optional<std::uint32_t> umask)
        : store_(std::move(store)), target_path_(std::move(target)), parts_(std::move(parts)), umask_(umask)
    {
    }

    result<task_step> step() override
    {
        if (auto advanced = advance(); !advanced) {
            if (target_)
                target_->discard(advanced.error());
            return advanced.error();
        }
        return task_step{
            phase_ == phase::done, {}, bytes_ + (reader_ ? reader_->bytes() : 0), phase_ == phase::removing};
    }

private:
    enum class phase : std::uint8_t { beginning, checking, appending, removing, done };

    result<void> advance()
    {
        switch (phase_) {
        case phase::beginning: return begin();
        case phase::checking: return check_parts();
        case phase::appending: return append();
        case phase::removing: return remove_parts();
        case phase::done: break;
        }
        return {};
    }

    void enter(phase next) noexcept
    {
        phase_ = next;
        next_part_ = 0;
    }

    result<void> begin()
    {
        if (std::find(parts_.begin(), parts_.end(), target_path_) != parts_.end())
            return store_errc::name_not_allowed;
        auto known = store_->stat(target_path_);
        if (known)
            old_target_ = *std::move(known);
        else if (!means(known.error(), store_errc::not_found))
            return known.error();
        enter(phase::checking);
        return {};
    }

    /// All of them before anything is written: a target that grows in place does not shrink again.
    result<void> check_parts()
    {
        for (std::size_t names = 0; names < max_step_names && next_part_ < parts_.size(); ++names, ++next_part_) {
            const auto part = store_->stat(parts_[next_part_]);
            if (!part)
                return part.error();
            if (part->is_directory())
                return store_errc::is_a_directory;
            withheld_ |= withheld_from_copy(*part);
            // Another name of the target would feed it to itself without end.
            if (old_target_ && !part->unique.empty() && part->unique == old_target_->unique)
                return store_errc::name_not_allowed;
        }
        return next_part_ == parts_.size() ? open_target() : result<void>{};
    }

    result<void> open_target()
    {
        const auto mode = old_target_ ? write_mode::append : write_mode::create;
        auto opened = store_->open_write(target_path_, {.mode = mode, .umask = umask_, .withheld = withheld_});
        if (!opened)
            return opened.error();
        target_.emplace(*std::move(opened));
        enter(phase::appending);
        return {};
    }

    result<void> append()
    {
        if (!reader_) {
            if (next_part_ == parts_.size()) {
                enter(phase::removing);
                return target_->commit();
            }
            auto opened = store_->open_read(parts_[next_part_], 0);
            if (!opened)
                return opened.error();
            reader_.emplace(*std::move(opened));
        }
        auto copied = reader_->step([this](std::string_view bytes) { return target_->write(bytes); });
        if (copied && reader_->at_end()) {
            bytes_ += reader_->bytes();
            reader_.reset();
            ++next_part_;
        }
        return copied;
    }

    result<void> remove_parts()
    {
        for (std::size_t names = 0; names < max_step_names && next_part_ < parts_.size(); ++names, ++next_part_) {
            auto removed = store_->remove_file(parts_[next_part_]);
            if (!removed && !means(removed.error(), store_errc::not_found))
                return removed;
        }
        if (next_part_ == parts_.size())
            enter(phase::done);
        return {};
    }

    std::shared_ptr<file_store> store_;
    store_path target_path_;
    std::vector<store_path> parts_;
    std::optional<std::uint32_t> umask_;
    std::uint32_t withheld_ = 0;
    phase phase_ = phase::beginning;
    std::size_t next_part_ = 0; ///< Of this phase.
    std::optional<file_info> old_target_;
    std::optional<uncommitted_file> target_;
    std::optional<stepwise_reader> reader_;
    std::uint64_t bytes_ = 0; ///< Of the parts that were read to their end.
};

} // namespace

std::shared_ptr<store_task> make_copy_task(std::shared_ptr<file_store> store, store_path from, store_path to,
                                           std::optional<std::uint32_t> umask)
{
    return std::make_shared<copy_task>(std::move(store), std::move(from), std::move(to), umask);
}

std::shared_ptr<store_task> make_combine_task(std::shared_ptr<file_store> store, store_path target,
                                              std::vector<store_path> parts, std::optional<std::uint32_t> umask)
{
    return std::make_shared<combine_task>(std::move(store), std::move(target), std::move(parts), umask);
}

} // namespace libftp
