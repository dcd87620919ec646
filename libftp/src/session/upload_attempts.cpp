// The attempts of an upload: how each opens the near file, and where in it the next one begins.
#include "upload.hpp"

#include "../store/read_within.hpp"
#include "file_facts.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

/// Feeds digests with what is read; so it has no native file to send from.
class digesting_reader final : public file_reader {
public:
    digesting_reader(std::unique_ptr<file_reader> file, std::shared_ptr<digest_set> digests) noexcept
        : file_(std::move(file)), digests_(std::move(digests))
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        auto filled = read_within(*file_, buffer);
        if (filled)
            digests_->update({buffer.data(), *filled});
        return filled;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return file_->remaining(); }

private:
    std::unique_ptr<file_reader> file_;
    std::shared_ptr<digest_set> digests_;
};

operation::upload_verb verb_for(existing_file existing)
{
    switch (existing) {
    case existing_file::append: return operation::upload_verb::append;
    case existing_file::keep_unique: return operation::upload_verb::store_unique;
    case existing_file::replace:
    case existing_file::resume: return operation::upload_verb::store;
    }
    return operation::upload_verb::store;
}

} // namespace

bool is_missing(const operation_error& why)
{
    return why.code == protocol_errc::refused_permanently && why.answer.code == to_int(reply_code::file_unavailable);
}

client_result<upload::opened_file> upload::opening::operator()() const
{
    opened_file file;
    if (auto facts = place->stat(); facts) {
        if (!*facts)
            return near_failure(store_errc::not_found);
        if (before && ((*facts)->size != before->size || (*facts)->modified != before->modified))
            return mismatch(protocol_errc::changed_meanwhile);
        file.facts = *std::move(facts);
    } else if (resumes || facts.error() != store_errc::not_supported) {
        return near_failure(facts.error());
    }

    if (resumes && file.facts->size.value_or(0) < position)
        return mismatch(protocol_errc::changed_meanwhile);
    if (hashes) {
        file.digests = std::make_shared<digest_set>(digest_algorithms());
        if (const auto read = file.digests->update_from(*place, position); !read)
            return near_failure(read.error());
    }
    if (resumes && position != 0 && file.facts->size == position)
        return file;
    auto reader = place->open_read(position);
    if (!reader)
        return near_failure(reader.error());
    file.reader = *std::move(reader);
    if (hashes)
        file.reader = std::make_unique<digesting_reader>(std::move(file.reader), file.digests);
    return file;
}

void upload::open()
{
    const bool resumes = resumes_file() || position_ != start_;
    call(opening{place_, near_, position_, resumes, options().verify == verification::hash},
         [this](client_result<opened_file> opened) {
             if (!opened)
                 return fail(opened.error().code == store_errc::not_supported && failure_.code
                                 ? failure_
                                 : std::move(opened.error()));
             near_ = opened->facts;
             digests_ = opened->digests;
             if (opened->reader)
                 return attempt(*std::move(opened));
             sent_to_ = position_;
             verify();
         });
}

void upload::attempt(opened_file file)
{
    const auto left = file.reader->remaining();
    end_ = left ? std::optional{position_ + *left} : std::nullopt;
    operation::upload what{.path = path_,
                           .source = std::move(file.reader),
                           .type = options().type,
                           .offset = appends_ ? 0 : position_,
                           .verb = verb_for(appends_ ? existing_file::append : options().existing),
                           .rate = options().rate};
    progress_listener listener;
    if (options().progress)
        listener = [this](const transfer_progress& made) { report_progress(made); };
    operate(
        std::move(what),
        [this](client_result<transfer_result> made) {
            if (made)
                attempt_succeeded(*made);
            else
                attempt_failed(std::move(made.error()));
        },
        std::move(listener));
}

void upload::report_progress(const transfer_progress& made) const
{
    options().progress({.bytes = position_ - start_ + made.bytes,
                        .offset = start_,
                        .total = near_ ? near_->size : made.total,
                        .bytes_per_second = made.bytes_per_second});
}

void upload::attempt_succeeded(const transfer_result& made)
{
    add_up(made);
    sent_to_ = position_ + made.bytes;
    if (options().existing == existing_file::keep_unique)
        path_ = made.remote_name;
    verify();
}

void upload::attempt_failed(operation_error why)
{
    result_so_far().bytes += why.bytes;
    // The server may take in later what an attempt before has sent.
    sent_to_ = std::max(position_ == start_ ? 0 : sent_to_, position_ + why.bytes);
    failure_ = why;
    if (refuses_restart(why) && resumes_file() && !appends_) {
        appends_ = true;
        return look_again();
    }
    if (refuses_restart(why) && position_ != start_) {
        can_restart_ = false;
        return look_again();
    }
    if (only_adds() && why.bytes != 0)
        return fail(std::move(why));
    const bool may_be_whole = why.step == operation_step::transfer && why.answer.is_completion() &&
                              options().type == representation_type::image && end_ == position_ + why.bytes;
    if (may_be_whole)
        return check_confirmed(std::move(why));
    try_again(attempt_, std::move(why), [this] { look_again(); });
}

/// Some servers reset the data connection when they have read everything. Whether they have, the kernel on this side
/// cannot tell, and the confirmation alone is no proof.
void upload::check_confirmed(operation_error why)
{
    look_up(path_, attempt_, [this, why = std::move(why)](const client_result<listed_entry>& found) {
        if (!found || found->size != end_)
            return try_again(attempt_, why, [this] { look_again(); });
        result_so_far().is_confirmed = true;
        result_so_far().verified = verification::size;
        sent_to_ = *end_;
        if (options().verify == verification::hash)
            return verify_hash();
        keep_time();
    });
}

/// What the server has now may be the beginning of this upload, or still what was there before.
void upload::look_again()
{
    if (!before_ || !can_restart_) {
        position_ = start_;
        return open();
    }
    look_up(path_, attempt_, [this](const client_result<listed_entry>& found) {
        if (resumes_file())
            return resume_again(found);
        const bool may_be_ours = found && found->size && before_->size && !is_same_file(*before_, to_known(*found)) &&
                                 *found->size >= start_ && *found->size <= sent_to_;
        position_ = may_be_ours ? *found->size : start_;
        open();
    });
}

void upload::resume_again(const client_result<listed_entry>& found)
{
    if (!found && !is_missing(found.error()))
        return fail(failure_);
    const auto size = found ? found->size : 0;
    if (!size)
        return fail(failure_);
    if (*size > sent_to_)
        return fail(mismatch(protocol_errc::changed_meanwhile));
    position_ = *size;
    start_ = std::min(start_, position_);
    open();
}

} // namespace libftp
